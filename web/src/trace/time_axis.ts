/**
 * One time axis for a whole trace. Each loop tells the time of its own clock: where a second loop's clock starts anew,
 * its events are moved so that they follow what came before.
 */
import type { AnyEvent } from '../protocol/events.js';
import type { Nanoseconds } from '../protocol/trace.js';

export class TimeAxis {
  #times = new Float64Array(1024);
  #length = 0;
  readonly #shifts = new Map<number, number>();

  get length(): number {
    return this.#length;
  }

  /** Appends an event; when it happened on this axis. Never earlier than the event before. */
  add(event: AnyEvent): Nanoseconds {
    const last = this.#length > 0 ? (this.#times[this.#length - 1] ?? 0) : 0;
    const time = Math.max(last, this.#place(event, last));
    if (this.#length === this.#times.length) {
      const longer = new Float64Array(this.#length * 2);
      longer.set(this.#times);
      this.#times = longer;
    }
    this.#times[this.#length++] = time;
    return time as Nanoseconds;
  }

  at(index: number): Nanoseconds {
    return (this.#times[index] ?? 0) as Nanoseconds;
  }

  /** How many events happened at `time` or before. */
  countUntil(time: Nanoseconds): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #place(event: AnyEvent, last: number): number {
    // Outside any loop it is the recorder that tells the time.
    if (event.loop === 0) return event.t;
    let shift = this.#shifts.get(event.loop);
    if (shift === undefined) {
      shift = Math.max(0, last - event.t);
      this.#shifts.set(event.loop, shift);
    }
    return event.t + shift;
  }
}
