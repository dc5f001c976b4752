/**
 * How long playing shows each event, in ms at rate 1.
 *
 * After an event the playhead rests, so that it can be seen: {@link LONGEST_REST}, less in a long trace, of which all
 * rests together take no more than {@link ALL_RESTS}. Then the time to the next event passes: as it is up to a second,
 * shortened beyond that to a second for each power of ten (an hour takes 4.6 s). So steps that take no time on the
 * virtual clock get equal room, and nobody waits for a long sleep. The same scale serves as an axis to draw along.
 */
import type { Nanoseconds } from '../protocol/trace.js';

export const LONGEST_REST = 120;
export const ALL_RESTS = 30_000;
const SECOND = 1000;

/** What pace must know about a trace. */
export interface Times {
  readonly length: number;
  timeAt(index: number): Nanoseconds;
}

/** How long, in ms, playing takes over a wait of so many ns. */
export function shortenedGap(ns: number): number {
  const ms = ns / 1e6;
  return ms <= SECOND ? Math.max(0, ms) : SECOND * (1 + Math.log10(ms / SECOND));
}

/** How long the playhead rests after each event of a trace of so many. */
export function restOf(length: number): number {
  return length === 0 ? LONGEST_REST : Math.min(LONGEST_REST, ALL_RESTS / length);
}

/** The scale of one trace. Grows with it; while a trace grows its rests get shorter, so that points on it move. */
export class Pace {
  /** Sums of the shortened gaps before each position. */
  readonly #gaps: number[] = [0];
  readonly #times: Times;

  constructor(times: Times) {
    this.#times = times;
  }

  /** How long the playhead rests after each event. */
  get rest(): number {
    return restOf(this.#times.length);
  }

  /** Where the last position is. */
  get total(): number {
    return this.at(this.#times.length);
  }

  /** Where a position is: when, in playing, it is reached. */
  at(position: number): number {
    return this.atWith(position, this.rest);
  }

  /** The same with another rest: as it was when the trace was shorter. */
  atWith(position: number, rest: number): number {
    const place = Math.max(0, Math.min(position, this.#times.length));
    this.#grow(place);
    return (this.#gaps[place] ?? 0) + place * rest;
  }

  /** The last position reached at `playhead`. */
  positionAt(playhead: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.at(middle) <= playhead) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The trace's time at `playhead`: it stands during a rest and passes between two events. */
  timeAt(playhead: number): Nanoseconds {
    const position = this.positionAt(playhead);
    const from = this.#happened(position);
    if (position >= this.#times.length) return from as Nanoseconds;
    const to = this.#times.timeAt(position);
    const begin = this.at(position) + this.rest;
    const length = this.at(position + 1) - begin;
    const part = length > 0 ? Math.max(0, Math.min(1, (playhead - begin) / length)) : 0;
    return (from + (to - from) * part) as Nanoseconds;
  }

  #happened(position: number): number {
    return position > 0
      ? this.#times.timeAt(position - 1)
      : this.#times.length > 0
        ? this.#times.timeAt(0)
        : 0;
  }

  #grow(place: number): void {
    for (let k = this.#gaps.length; k <= place; k++) {
      const gap = k > 1 ? this.#times.timeAt(k - 1) - this.#times.timeAt(k - 2) : 0;
      this.#gaps.push((this.#gaps[k - 1] ?? 0) + shortenedGap(gap));
    }
  }
}
