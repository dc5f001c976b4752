/** All events of one run, in order, with what is needed to find them and to give the state at any position. */
import type { AnyEvent } from '../protocol/events.js';
import type { EventIndex, HandleId, Nanoseconds, TaskId, TraceHeader } from '../protocol/trace.js';
import type { ScopeState } from './state.js';

/** Where stepping stops: after every event; when a task's step or a callback has just begun; when a turn has. */
export type StepUnit = 'event' | 'step' | 'turn';

export class TraceStore {
  constructor(readonly header: TraceHeader) {}

  /** How many events there are; also the last position. */
  get length(): number {
    throw new Error('not there yet');
  }

  /** Adds events at the end. They must be in order; listeners are told once. */
  append(events: readonly AnyEvent[]): void {
    void events;
    throw new Error('not there yet');
  }

  event(index: number): AnyEvent | undefined {
    void index;
    throw new Error('not there yet');
  }

  /** The state after the first `position` events (cut to what there is): backward or forward, the same. */
  stateAt(position: number): ScopeState {
    void position;
    throw new Error('not there yet');
  }

  /**
   * When event `index` happened, on one time axis for the whole trace that never runs backwards: where a later loop's
   * clock starts anew at 0, its events follow those before.
   */
  timeAt(index: number): Nanoseconds {
    void index;
    throw new Error('not there yet');
  }

  /** The last position at which no event later than `time` has happened. */
  positionAtTime(time: Nanoseconds): number {
    void time;
    throw new Error('not there yet');
  }

  /** The positions at which stepping by `unit` stops, ascending; for `event` every position does. */
  stops(unit: 'step' | 'turn'): readonly number[] {
    void unit;
    throw new Error('not there yet');
  }

  /** The events that are about this task, this handle. Ascending. */
  eventsOfTask(task: TaskId): readonly EventIndex[] {
    void task;
    throw new Error('not there yet');
  }

  eventsOfHandle(handle: HandleId): readonly EventIndex[] {
    void handle;
    throw new Error('not there yet');
  }

  /** Called after each append with the new length; returns what ends it. */
  subscribe(listener: (length: number) => void): () => void {
    void listener;
    throw new Error('not there yet');
  }
}
