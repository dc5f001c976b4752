/**
 * Where we are in a trace, and how we move through it. It holds a position, never a state: every view derives what it
 * shows from (trace, position), so that no two can disagree.
 *
 * Playing does not follow the trace's own clock: under the virtual clock a thousand events share one instant, and then
 * an hour passes in one step. `Pace` (pace.ts) says how long each event is shown.
 */
import type { ReadonlySignal } from '@preact/signals';
import { batch, signal } from '@preact/signals';
import type { ClockKind, Nanoseconds } from '../protocol/trace.js';
import type { Frames } from './frames.js';
import { Pace } from './pace.js';

/** What playback must know about a trace; a `TraceStore` is one. */
export interface Track {
  readonly length: number;
  timeAt(index: number): Nanoseconds;
  positionAtTime(time: Nanoseconds): number;
  stops(unit: 'step' | 'turn'): readonly number[];
  subscribe(listener: (length: number) => void): () => void;
}

/** `event`: one event. `step`: to the beginning of a task's step or a callback. `turn`: to the beginning of a turn. */
export type StepUnit = 'event' | 'step' | 'turn';
export type Direction = 'forward' | 'back';

/** What `rate` can be. */
export const MIN_RATE = 0.1;
export const MAX_RATE = 100;

/** After a longer pause between two frames (a hidden page) playing goes on from where it was. */
const LONGEST_FRAME = 250;

export class Playback {
  readonly #frames: Frames;
  readonly #position = signal(0);
  readonly #time = signal(0 as Nanoseconds);
  readonly #playhead = signal(0);
  readonly #playing = signal(false);
  readonly #rate = signal(1);
  readonly #following = signal(false);
  readonly #length = signal(0);
  readonly #live = signal<ClockKind | null>(null);

  #track: Track | null = null;
  #pace: Pace | null = null;
  #unsubscribe: () => void = () => undefined;
  #request: number | null = null;
  /** When the last frame was, on the clock of `Frames`. */
  #lastFrame: number | null = null;
  /** How far the playhead is behind its position, in ms. */
  #beyond = 0;
  /** While following a live trace: ms since its last event. */
  #sinceGrowth = 0;

  /** `frames`: where the beats come from; `browserFrames` in a page. */
  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Events that have happened: 0 ... length. */
  get position(): ReadonlySignal<number> {
    return this.#position;
  }

  /** The trace's time at the playhead; while playing it moves on smoothly between two events. */
  get time(): ReadonlySignal<Nanoseconds> {
    return this.#time;
  }

  /** The playhead on the scale of `pace`, in ms; smooth like `time`. */
  get playhead(): ReadonlySignal<number> {
    return this.#playhead;
  }

  get playing(): ReadonlySignal<boolean> {
    return this.#playing;
  }

  get rate(): ReadonlySignal<number> {
    return this.#rate;
  }

  /** Sticks to the end while events stream in. Any seek or step away from the end lets go of it. */
  get following(): ReadonlySignal<boolean> {
    return this.#following;
  }

  /** The last position; grows while events stream in. */
  get length(): ReadonlySignal<number> {
    return this.#length;
  }

  /** The clock of the run whose events are still coming; null for a trace that is complete. */
  get live(): ReadonlySignal<ClockKind | null> {
    return this.#live;
  }

  /** The scale of the trace shown; null without one. */
  get pace(): Pace | null {
    return this.#pace;
  }

  /** Shows another trace (or none), paused at its start. `live`: its events are still coming. */
  load(track: Track | null, live: ClockKind | null = null): void {
    this.#unsubscribe();
    this.#track = track;
    this.#pace = track === null ? null : new Pace(track);
    this.#unsubscribe = track?.subscribe(() => this.#grew()) ?? (() => undefined);
    batch(() => {
      this.#live.value = live;
      this.#length.value = track?.length ?? 0;
      this.#playing.value = false;
      this.#following.value = false;
      this.#show(0);
    });
    this.#beat();
  }

  /** The run has ended: no more events come. Playing and following stop at the end. */
  finish(): void {
    batch(() => {
      this.#live.value = null;
      if (this.#following.value) this.#show(this.#length.value);
      this.#following.value = false;
    });
    this.#beat();
  }

  /** At the end: of a live trace it follows, else it starts over from the beginning. */
  play(): void {
    if (this.#track === null || this.#following.value) return;
    const atEnd = this.#position.value >= this.#length.value;
    batch(() => {
      if (atEnd && this.#live.value === null) this.#show(0);
      this.#playing.value = true;
    });
    this.#beat();
  }

  /** Stands still where it is; a live trace grows on without being followed. */
  pause(): void {
    batch(() => {
      this.#playing.value = false;
      this.#following.value = false;
    });
    this.#beat();
  }

  toggle(): void {
    if (this.#playing.value || this.#following.value) this.pause();
    else this.play();
  }

  /** Kept within MIN_RATE and MAX_RATE. */
  setRate(rate: number): void {
    if (Number.isNaN(rate)) return;
    this.#rate.value = Math.max(MIN_RATE, Math.min(MAX_RATE, rate));
  }

  /** To the next or previous stop of `unit`, or to the end or start when there is none. Pauses. */
  step(direction: Direction, unit: StepUnit): void {
    const target = this.#stop(direction, unit);
    this.pause();
    this.seek(target);
  }

  /** Kept within the trace; does not change whether it plays. */
  seek(position: number): void {
    if (Number.isNaN(position)) return;
    const target = Math.max(0, Math.min(Math.trunc(position), this.#length.value));
    batch(() => {
      this.#following.value = false;
      this.#show(target);
    });
    this.#beat();
  }

  /** To the last event that happened at `time` or before. */
  seekTime(time: Nanoseconds): void {
    if (this.#track !== null) this.seek(this.#track.positionAtTime(time));
  }

  /** To a place on the scale of `pace`, also between two events. */
  seekPlayhead(playhead: number): void {
    if (this.#pace === null || Number.isNaN(playhead)) return;
    batch(() => {
      this.#following.value = false;
      this.#moveTo(Math.max(0, playhead));
    });
    this.#beat();
  }

  toStart(): void {
    this.seek(0);
  }

  /** To the last event; a live trace is followed from there. */
  toEnd(): void {
    if (this.#live.value !== null) this.follow();
    else this.seek(this.#length.value);
  }

  /** To the end, and stay there while events stream in. */
  follow(): void {
    batch(() => {
      this.#playing.value = false;
      this.#following.value = this.#live.value !== null;
      this.#sinceGrowth = 0;
      this.#show(this.#length.value);
    });
    this.#beat();
  }

  /** Ends it: no frame and no track is held any more. */
  dispose(): void {
    this.load(null);
  }

  #stop(direction: Direction, unit: StepUnit): number {
    const position = this.#position.value;
    if (unit === 'event') return direction === 'forward' ? position + 1 : position - 1;
    const stops = this.#track?.stops(unit) ?? [];
    const next = countUpTo(stops, position);
    if (direction === 'forward') return stops[next] ?? this.#length.value;
    return stops[countUpTo(stops, position - 1) - 1] ?? 0;
  }

  /** Events came in: the scale may have changed under the playhead. */
  #grew(): void {
    const track = this.#track;
    if (track === null) return;
    batch(() => {
      const position = this.#position.value;
      this.#length.value = track.length;
      this.#sinceGrowth = 0;
      if (this.#following.value) this.#show(track.length);
      else this.#placePlayhead(position);
    });
    this.#beat();
  }

  /** Puts the playhead as far behind a position as it was, but not beyond its interval. */
  #placePlayhead(position: number): void {
    if (this.#pace === null) return;
    const begin = this.#pace.at(position);
    const end = this.#pace.at(position + 1);
    this.#beyond = Math.min(this.#beyond, (end - begin) * 0.999);
    this.#playhead.value = begin + this.#beyond;
  }

  /** Shows a position, with the playhead just on it. */
  #show(position: number): void {
    this.#position.value = position;
    this.#beyond = 0;
    this.#playhead.value = this.#pace?.at(position) ?? 0;
    this.#time.value = this.#timeOf(position);
  }

  #timeOf(position: number): Nanoseconds {
    const track = this.#track;
    if (track === null || track.length === 0) return 0 as Nanoseconds;
    return track.timeAt(Math.max(0, position - 1));
  }

  #moveTo(playhead: number): void {
    const pace = this.#pace;
    if (pace === null) return;
    const place = Math.min(playhead, pace.total);
    this.#position.value = pace.positionAt(place);
    this.#beyond = place - pace.at(this.#position.value);
    this.#playhead.value = place;
    this.#time.value = pace.timeAt(place);
  }

  // -- Frames --

  #needsFrames(): boolean {
    return this.#playing.value || (this.#following.value && this.#live.value === 'real');
  }

  /** Asks for a frame if one is needed, and takes the wish back if none is. */
  #beat(): void {
    if (this.#needsFrames()) {
      this.#request ??= this.#frames.request((now) => this.#frame(now));
      return;
    }
    if (this.#request !== null) this.#frames.cancel(this.#request);
    this.#request = null;
    this.#lastFrame = null;
  }

  #frame(now: number): void {
    this.#request = null;
    const passed = this.#lastFrame === null ? 0 : Math.min(now - this.#lastFrame, LONGEST_FRAME);
    this.#lastFrame = now;
    batch(() => {
      if (this.#playing.value) this.#playOn(passed);
      else this.#waitOn(passed);
    });
    this.#beat();
  }

  #playOn(passed: number): void {
    const pace = this.#pace;
    if (pace === null) return;
    this.#moveTo(this.#playhead.value + passed * this.#rate.value);
    if (this.#playhead.value < pace.total) return;
    // The end of what there is: of a live trace, playing has caught up with the program.
    if (this.#live.value === null) {
      this.#playing.value = false;
    } else if (this.#live.value === 'real' && this.#length.value > 0) {
      this.#playing.value = false;
      this.#following.value = true;
      this.#sinceGrowth = 0;
    }
  }

  /** Following a program on the real clock: time passes although nothing happens. */
  #waitOn(passed: number): void {
    this.#sinceGrowth += passed;
    this.#time.value = (this.#timeOf(this.#length.value) + this.#sinceGrowth * 1e6) as Nanoseconds;
  }
}

/** How many of the ascending `numbers` are at most `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
