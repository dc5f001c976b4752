/** One loop's part of a fold: its phase, its ready queue and its timers. */
import type { HandleId, Nanoseconds, TaskId } from '../protocol/trace.js';
import type { LoopPhase, LoopState } from './state.js';
import { Vector, VectorDraft } from './vector.js';

/** Dead timers are thrown out of the list once it holds this many and most are dead. */
const COMPACT_AT = 64;

export class LoopDraft {
  #phase: LoopPhase;
  #turn: number;
  #running: HandleId | undefined;
  #steps: readonly TaskId[];
  #readyCount: number;
  #timerCount: number;
  #batchLeft: number;
  #batchEnd: number;
  readonly #queue: VectorDraft<HandleId>;
  #head: number;
  #timers: VectorDraft<HandleId>;
  /** What freeze() gave, while it still holds. */
  #frozen: LoopState | undefined;

  constructor(
    readonly id: number,
    base?: LoopState,
  ) {
    this.#phase = base?.phase ?? { kind: 'new' };
    this.#turn = base?.turn ?? 0;
    this.#running = base?.running;
    this.#steps = base?.steps ?? [];
    this.#readyCount = base?.readyCount ?? 0;
    this.#timerCount = base?.timerCount ?? 0;
    this.#batchLeft = base?.batchLeft ?? 0;
    this.#batchEnd = base?.batchEnd ?? 0;
    this.#queue = new VectorDraft(base?.queue ?? Vector.empty());
    this.#head = base?.head ?? 0;
    this.#timers = new VectorDraft(base?.timers ?? Vector.empty());
    this.#frozen = base;
  }

  set phase(phase: LoopPhase) {
    this.#phase = phase;
    this.#frozen = undefined;
  }

  set turn(turn: number) {
    if (turn === this.#turn) return;
    this.#turn = turn;
    this.#frozen = undefined;
  }

  set running(handle: HandleId | undefined) {
    this.#running = handle;
    this.#frozen = undefined;
  }

  get steps(): readonly TaskId[] {
    return this.#steps;
  }

  set steps(steps: readonly TaskId[]) {
    this.#steps = steps;
    this.#frozen = undefined;
  }

  get timerCount(): number {
    return this.#timerCount;
  }

  set timerCount(count: number) {
    this.#timerCount = count;
    this.#frozen = undefined;
  }

  /** Something of a handle in its queues changed. */
  touch(): void {
    this.#frozen = undefined;
  }

  /** The loop goes into the poller: all that is ready when it comes back is this turn's batch. */
  beginTurn(now: Nanoseconds, timeout: Nanoseconds | null): void {
    this.phase = {
      kind: 'polling',
      since: now,
      timeout,
      until: timeout === null ? null : ((now + timeout) as Nanoseconds),
    };
    this.#batchEnd = Infinity;
    this.#batchLeft = this.#readyCount;
  }

  /** What is ready now is of no batch. */
  leaveTurn(phase: LoopPhase): void {
    this.phase = phase;
    this.running = undefined;
    this.#steps = [];
    this.#batchEnd = 0;
    this.#batchLeft = 0;
  }

  /** What the loop does from here on is not known, nor what is left in its queues. */
  loseSight(): void {
    this.leaveTurn({ kind: 'unrecorded' });
    this.#readyCount = 0;
    this.#timerCount = 0;
    this.#head = this.#queue.size;
    this.#timers = new VectorDraft();
  }

  /** Puts a handle at the end of the ready queue; its place there. */
  enqueue(handle: HandleId): number {
    this.#queue.push(handle);
    this.#readyCount++;
    if (this.#batchEnd === Infinity) this.#batchLeft++;
    this.#frozen = undefined;
    return this.#queue.size - 1;
  }

  /** Takes the handle at `place` out; `isReady` tells which of those behind it are still in. */
  dequeue(place: number, isReady: (handle: HandleId) => boolean): void {
    // The first handle that leaves the queue in a turn fixes the turn's batch.
    if (this.#batchEnd === Infinity) this.#batchEnd = this.#queue.size;
    if (place < this.#batchEnd) this.#batchLeft--;
    this.#readyCount--;
    while (this.#head < this.#queue.size) {
      const handle = this.#queue.at(this.#head);
      if (handle !== undefined && isReady(handle)) break;
      this.#head++;
    }
    this.#frozen = undefined;
  }

  addTimer(handle: HandleId, isTimer: (handle: HandleId) => boolean): void {
    this.#timers.push(handle);
    this.timerCount++;
    if (this.#timers.size < COMPACT_AT || this.#timers.size < 4 * this.#timerCount) return;
    const live = this.#timers.freeze().slice().filter(isTimer);
    this.#timers = new VectorDraft();
    for (const timer of live) this.#timers.push(timer);
  }

  freeze(): LoopState {
    this.#frozen ??= {
      id: this.id,
      phase: this.#phase,
      turn: this.#turn,
      running: this.#running,
      task: this.#steps.at(-1),
      readyCount: this.#readyCount,
      timerCount: this.#timerCount,
      batchLeft: this.#batchLeft,
      steps: this.#steps,
      queue: this.#queue.freeze(),
      head: this.#head,
      batchEnd: this.#batchEnd,
      timers: this.#timers.freeze(),
    };
    return this.#frozen;
  }
}
