/** Lanes of the timeline in the making. */
import type { AnyEvent } from '../protocol/events.js';
import type { Cause, EventIndex, EventOf, HandleId } from '../protocol/trace.js';
import type { LaneEnd, LoopLane, LoopSpan, TaskLane, TaskSpan } from './spans.js';

export class TaskLaneDraft {
  readonly loop: number;
  readonly #created: EventOf<'task_created'>;
  readonly #createdAt: EventIndex;
  readonly #spans: TaskSpan[] = [];
  #cancelsAt: readonly EventIndex[] = [];
  #outcome: LaneEnd | undefined;
  #doneAt: EventIndex | undefined;
  #frozen: TaskLane | undefined;

  constructor(created: EventOf<'task_created'>, at: EventIndex) {
    this.loop = created.loop;
    this.#created = created;
    this.#createdAt = at;
    this.#open({ kind: 'created', from: at });
  }

  makeReady(event: EventOf<'scheduled'> | EventOf<'run_begin'>, at: EventIndex): void {
    const kind = event.kind === 'run_begin' ? 'running' : 'ready';
    const last = this.#last();
    if (last === undefined || (kind === 'ready' && last.kind === 'running')) return;
    // After sleep(0) it is ready before its next step is scheduled.
    if (kind === last.kind) this.#change({ handle: event.handle });
    else this.#open({ kind, from: at, handle: event.handle });
  }

  setWokenBy(by: Cause): void {
    if (this.#last()?.kind === 'ready') this.#change({ wokenBy: by });
  }

  beginStep(event: EventOf<'task_step_begin'>, at: EventIndex): void {
    if (this.#last()?.kind !== 'running') this.#open({ kind: 'running', from: at });
    this.#change({ throws: event.throws });
  }

  add(
    event: EventOf<'task_suspended'> | EventOf<'task_cancel_requested'> | EventOf<'task_done'>,
    at: EventIndex,
  ): void {
    switch (event.kind) {
      case 'task_suspended': {
        const kind = event.awaiting.kind === 'yield' ? 'ready' : 'waiting';
        this.#open({ kind, from: at, awaiting: event.awaiting });
        break;
      }
      case 'task_cancel_requested':
        this.#cancelsAt = [...this.#cancelsAt, at];
        this.#frozen = undefined;
        break;
      case 'task_done':
        this.#end(event.outcome, at);
        break;
    }
  }

  /** Nothing more of it will be seen, though it is not done. */
  leave(how: 'abandoned' | 'unrecorded', at: EventIndex): void {
    if (this.#doneAt === undefined) this.#end(how, at);
  }

  freeze(): TaskLane {
    this.#frozen ??= {
      task: this.#created.task,
      loop: this.loop,
      name: this.#created.name,
      coro: this.#created.coro,
      parent: this.#created.parent,
      createdAt: this.#createdAt,
      spans: this.#spans,
      outcome: this.#outcome,
      doneAt: this.#doneAt,
      cancelsAt: this.#cancelsAt,
    };
    return this.#frozen;
  }

  #last(): TaskSpan | undefined {
    return this.#doneAt === undefined ? this.#spans.at(-1) : undefined;
  }

  #open(span: Partial<TaskSpan> & Pick<TaskSpan, 'kind' | 'from'>): void {
    if (this.#doneAt !== undefined) return;
    this.#close(span.from);
    this.#spans.push({
      to: undefined,
      awaiting: undefined,
      wokenBy: undefined,
      throws: undefined,
      handle: undefined,
      ...span,
    });
    this.#frozen = undefined;
  }

  #change(part: Partial<TaskSpan>): void {
    const last = this.#last();
    if (last === undefined) return;
    this.#spans[this.#spans.length - 1] = { ...last, ...part };
    this.#frozen = undefined;
  }

  #close(to: EventIndex): void {
    if (this.#last()?.to === undefined) this.#change({ to });
  }

  #end(outcome: LaneEnd, at: EventIndex): void {
    if (this.#doneAt !== undefined) return;
    this.#close(at);
    this.#outcome = outcome;
    this.#doneAt = at;
    this.#frozen = undefined;
  }
}

export class LoopLaneDraft {
  readonly #spans: LoopSpan[] = [];
  readonly #turns: EventIndex[] = [];
  #frozen: LoopLane | undefined;

  constructor(readonly loop: number) {}

  add(event: AnyEvent, at: EventIndex): void {
    const last = this.#spans.at(-1);
    // Whatever happens next ends the wait; a callback ends with its own run_end.
    if (last?.to === undefined && (last?.kind === 'polling' || event.kind === 'run_end'))
      this.#close(at);
    switch (event.kind) {
      case 'turn_begin':
        this.#turns.push(at);
        this.#frozen = undefined;
        if (event.timeout !== 0) this.#open('polling', at, undefined);
        break;
      case 'run_begin':
        if (event.task === undefined) this.#open('callback', at, event.handle);
        break;
      default:
    }
  }

  freeze(): LoopLane {
    this.#frozen ??= { loop: this.loop, spans: this.#spans, turns: this.#turns };
    return this.#frozen;
  }

  #open(kind: LoopSpan['kind'], from: EventIndex, handle: HandleId | undefined): void {
    this.#spans.push({ kind, from, to: undefined, handle });
    this.#frozen = undefined;
  }

  #close(to: EventIndex): void {
    const last = this.#spans.at(-1);
    if (last === undefined) return;
    this.#spans[this.#spans.length - 1] = { ...last, to };
    this.#frozen = undefined;
  }
}
