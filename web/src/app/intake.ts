/**
 * Takes what a program tells in slices, so that the page answers however much it tells: after a few milliseconds of work
 * the page gets a frame, and the views hear of new events a few times a second, not at each message.
 */
import type { AnyEvent } from '../protocol/events.js';
import { TraceReader } from '../protocol/reader.js';
import { TraceStore } from '../trace/store.js';

/** The longest stretch of work between two frames, in ms. */
const SLICE = 8;
/** The views are told of new events at most so often, in ms; less often where drawing them takes long. */
const TOLD_EVERY = 50;
/** Of the time, drawing what is new may take one part in so many. */
const SHARE = 4;

export interface IntakeListener {
  /** The header was read. */
  begin(store: TraceStore): void;
  /** There is more in the store, and the views know. */
  grew(store: TraceStore): void;
}

export class Intake {
  readonly reader = new TraceReader();
  readonly #listener: IntakeListener;
  #store: TraceStore | null = null;
  #untold = false;
  #toldAt = -Infinity;
  #drawing = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sliceEnd = 0;

  constructor(listener: IntakeListener) {
    this.#listener = listener;
  }

  get store(): TraceStore | null {
    return this.#store;
  }

  /** The events of a block. Resolves when the page can take the next one. */
  async take(bytes: Uint8Array): Promise<readonly AnyEvent[]> {
    if (performance.now() >= this.#sliceEnd) {
      await nextFrame();
      this.#sliceEnd = performance.now() + SLICE;
    }
    const events = this.reader.push(bytes);
    this.#add(events);
    return events;
  }

  /** No more blocks come. */
  end(): void {
    this.#add(this.reader.end());
    this.tell();
  }

  /** Nothing of this run is shown any more. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#untold = false;
  }

  /** The views hear of everything that was taken. */
  tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#untold || this.#store === null) return;
    this.#untold = false;
    const begin = performance.now();
    this.#store.announce();
    this.#listener.grew(this.#store);
    this.#toldAt = performance.now();
    // The views draw in a microtask that the lines above have asked for.
    queueMicrotask(() =>
      queueMicrotask(() => {
        this.#toldAt = performance.now();
        this.#drawing = this.#toldAt - begin;
      }),
    );
  }

  #add(events: readonly AnyEvent[]): void {
    if (this.#store === null && this.reader.header !== null) {
      this.#store = new TraceStore(this.reader.header);
      this.#listener.begin(this.#store);
    }
    if (events.length === 0) return;
    this.#store?.add(events);
    this.#untold = true;
    const wait = this.#toldAt + Math.max(TOLD_EVERY, this.#drawing * SHARE) - performance.now();
    if (wait <= 0) this.tell();
    else this.#timer ??= setTimeout(() => this.tell(), wait);
  }
}

/** A hidden page has no frames. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, 50);
    // Behind the frame, so that it is drawn first.
    const frame = requestAnimationFrame(() => setTimeout(done, 0));
  });
}
