/**
 * Where we are in a trace, and how we move through it. It holds a position, never a state: every view derives what it
 * shows from (trace, position), so that no two can disagree.
 *
 * Playing does not follow the trace's own clock: under the virtual clock a thousand events share one instant, and then
 * an hour passes in one step. `Pace` (pace.ts) says how long each event is shown.
 */
import type { ReadonlySignal } from '@preact/signals';
import type { Nanoseconds } from '../protocol/trace.js';
import type { Frames } from './frames.js';

/** What playback must know about a trace; a `TraceStore` is one. */
export interface Track {
  readonly length: number;
  timeAt(index: number): Nanoseconds;
  positionAtTime(time: Nanoseconds): number;
  stops(unit: 'step' | 'turn'): readonly number[];
  subscribe(listener: (length: number) => void): () => void;
}

export type StepUnit = 'event' | 'step' | 'turn';
export type Direction = 'forward' | 'back';

/** Rates that `rate` can have: 0.1 to 100. */
export const MIN_RATE = 0.1;
export const MAX_RATE = 100;

export interface Playback {
  /** Events that have happened: 0 ... track.length. */
  readonly position: ReadonlySignal<number>;
  /** The trace's time at the playhead; while playing it moves on smoothly between two events. */
  readonly time: ReadonlySignal<Nanoseconds>;
  /** The playhead on the axis of `Pace`, in ms; smooth like `time`. */
  readonly playhead: ReadonlySignal<number>;
  readonly playing: ReadonlySignal<boolean>;
  readonly rate: ReadonlySignal<number>;
  /** Sticks to the end while events stream in. Any seek or step away from the end lets go of it. */
  readonly following: ReadonlySignal<boolean>;
  /** The last position; grows while events stream in. */
  readonly length: ReadonlySignal<number>;

  /** Shows another trace (or none) from its start. */
  load(track: Track | null): void;
  /** At the end it starts over from the beginning. */
  play(): void;
  pause(): void;
  toggle(): void;
  /** Kept within MIN_RATE and MAX_RATE. */
  setRate(rate: number): void;
  /** To the next or previous stop of `unit`, or to the end or start when there is none. Pauses. */
  step(direction: Direction, unit: StepUnit): void;
  /** Kept within the trace; does not change whether it plays. */
  seek(position: number): void;
  seekTime(time: Nanoseconds): void;
  toStart(): void;
  toEnd(): void;
  /** To the end, and stay there. */
  follow(): void;
  dispose(): void;
}

/** `frames`: where the beats come from; `browserFrames` in a page. */
export function createPlayback(frames: Frames): Playback {
  void frames;
  throw new Error('not there yet');
}
