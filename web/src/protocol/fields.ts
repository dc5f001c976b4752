/**
 * The fields of every kind of event, as data: what the checks at the edge go by. The compiler holds it to the types of
 * trace.ts, a test holds it to native/schema/trace.v1.schema.json.
 */
import type { EventOf, TraceKind } from './trace.js';

export type FieldType =
  /** An integer >= 0 that a double holds exactly. */
  | 'count'
  /** An id: an integer >= 1. */
  | 'id'
  /** An id, or 0 for none. */
  | 'id-or-0'
  /** An integer, of ns or an exit code. */
  | 'integer'
  | 'integer-or-null'
  | 'text'
  | 'place'
  | 'places'
  | 'cause'
  | 'causes'
  | 'awaiting'
  /** One of a few words. */
  | readonly string[];

export interface Field {
  readonly type: FieldType;
  readonly optional?: true;
}

type Own<K extends TraceKind> = Exclude<keyof EventOf<K>, 'seq' | 't' | 'loop' | 'turn' | 'kind'>;
type FieldsOf<K extends TraceKind> = {
  readonly [F in Own<K>]: undefined extends EventOf<K>[F]
    ? { readonly type: FieldType; readonly optional: true }
    : { readonly type: FieldType };
};

const OUTCOME = ['result', 'exception', 'cancelled'] as const;

/** What every event has, `kind` aside. */
export const COMMON_FIELDS = {
  seq: { type: 'count' },
  t: { type: 'count' },
  loop: { type: 'count' },
  turn: { type: 'count' },
} as const;

export const FIELDS: { readonly [K in TraceKind]: FieldsOf<K> } = {
  loop_start: {},
  loop_stop: { ready: { type: 'count' }, timers: { type: 'count' } },
  loop_close: {},
  turn_begin: {
    ready: { type: 'count' },
    timers: { type: 'count' },
    timeout: { type: 'integer-or-null' },
  },
  turn_end: { ran: { type: 'count' } },
  scheduled: {
    handle: { type: 'id' },
    parent: { type: 'id-or-0' },
    label: { type: 'text' },
    task: { type: 'id', optional: true },
    by: { type: 'cause', optional: true },
    when: { type: 'integer', optional: true },
    loc: { type: 'place', optional: true },
  },
  timer_due: { handle: { type: 'id' }, when: { type: 'integer' } },
  handle_cancelled: { handle: { type: 'id' }, parent: { type: 'id-or-0' } },
  dropped: { handle: { type: 'id' } },
  abandoned: { handle: { type: 'id' } },
  run_begin: { handle: { type: 'id' }, task: { type: 'id', optional: true } },
  run_end: {
    handle: { type: 'id' },
    outcome: { type: ['ok', 'raised'] },
    error: { type: 'text', optional: true },
  },
  task_created: {
    task: { type: 'id' },
    name: { type: 'text' },
    coro: { type: 'text' },
    parent: { type: 'id-or-0' },
    loc: { type: 'place', optional: true },
  },
  task_step_begin: {
    task: { type: 'id' },
    throws: { type: 'text', optional: true },
    loc: { type: 'place', optional: true },
  },
  task_suspended: {
    task: { type: 'id' },
    awaiting: { type: 'awaiting' },
    stack: { type: 'places' },
  },
  task_wakeup: { task: { type: 'id' }, handle: { type: 'id' }, by: { type: 'cause' } },
  task_cancel_requested: {
    task: { type: 'id' },
    by: { type: 'cause' },
    loc: { type: 'place', optional: true },
  },
  task_uncancelled: {
    task: { type: 'id' },
    left: { type: 'count' },
    loc: { type: 'place', optional: true },
  },
  task_done: {
    task: { type: 'id' },
    outcome: { type: OUTCOME },
    value: { type: 'text', optional: true },
    error: { type: 'text', optional: true },
    loc: { type: 'place', optional: true },
  },
  future_created: {
    future: { type: 'id' },
    type: { type: 'text' },
    children: { type: 'causes', optional: true },
    loc: { type: 'place', optional: true },
  },
  future_done: {
    future: { type: 'id' },
    outcome: { type: OUTCOME },
    by: { type: 'cause' },
    error: { type: 'text', optional: true },
    loc: { type: 'place', optional: true },
  },
  resource: {
    id: { type: 'id' },
    type: { type: 'text' },
    op: { type: 'text' },
    state: { type: 'text' },
    value: { type: 'integer', optional: true },
    limit: { type: 'integer', optional: true },
    waiters: { type: 'count' },
    by: { type: 'cause' },
    when: { type: 'integer', optional: true },
    item: { type: 'text', optional: true },
    loc: { type: 'place', optional: true },
  },
  output: {
    stream: { type: ['stdout', 'stderr'] },
    text: { type: 'text' },
    loc: { type: 'place', optional: true },
  },
  log: { level: { type: ['warning', 'error'] }, text: { type: 'text' } },
  io_ready: { fd: { type: 'count' }, interest: { type: ['read', 'write'] } },
  truncated: { what: { type: ['events', 'output', 'turns'] }, dropped: { type: 'count' } },
  program_end: {
    outcome: { type: ['exited', 'crashed'] },
    code: { type: 'integer' },
    error: { type: 'text', optional: true },
  },
};
