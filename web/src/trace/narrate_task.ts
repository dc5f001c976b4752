/** Sentences about tasks and futures. */
import type { AnyEvent } from '../protocol/events.js';
import { isResourceAwait } from '../protocol/events.js';
import type { Awaiting, Cause, EventOf, Outcome } from '../protocol/trace.js';
import { lastOf, wakeupOf } from './causes.js';
import { formatDuration } from './format.js';
import {
  awaitingText,
  causeText,
  childrenText,
  frameText,
  functionText,
  futureText,
  futureType,
  handleText,
  numberText,
  placeSuffix,
  shortList,
  taskText,
  waitAtResource,
  waitersOf,
} from './names.js';
import type { TraceStore } from './store.js';

type TaskEvent = Extract<
  AnyEvent,
  {
    kind:
      | 'task_created'
      | 'task_step_begin'
      | 'task_suspended'
      | 'task_wakeup'
      | 'task_cancel_requested'
      | 'task_uncancelled'
      | 'task_done';
  }
>;

/** What asyncio.run() makes at its end, for a reader who has not written it. */
const CLEAN_UP: Readonly<Record<string, string>> = {
  shutdown_default_executor: ', which waits for the threads to end',
  shutdown_asyncgens: ', which closes the async generators',
};

export function narrateTask(store: TraceStore, index: number, event: TaskEvent): string {
  const name = taskText(store, event.task);
  switch (event.kind) {
    case 'task_created': {
      const who = event.parent === 0 ? 'the program' : taskText(store, event.parent);
      return `${who} creates ${name} to run ${functionText(event.coro)}${placeSuffix(event.loc)}${CLEAN_UP[event.coro] ?? ''}; nothing of it runs yet.`;
    }
    case 'task_step_begin':
      return narrateStep(store, index, event, name);
    case 'task_suspended':
      return narrateSuspended(store, index, event, name);
    case 'task_wakeup':
      return event.by.kind === 'yield'
        ? `${name} will go on with handle #${numberText(event.handle)}, because it only let the others run.`
        : `${name} will go on with handle #${numberText(event.handle)}, woken by ${wakerText(store, event.by, index)}.`;
    case 'task_cancel_requested':
      return narrateCancel(store, index, event, name);
    case 'task_uncancelled': {
      const left =
        event.left === 0 ? '' : `; ${event.left} more ${event.left === 1 ? 'stands' : 'stand'}`;
      return `a request to cancel ${name} is taken back: whoever asked has dealt with it${left}.`;
    }
    case 'task_done':
      return narrateDone(store, index, event, name);
  }
}

/** `Task-1`, `future 3`, `the end of its sleep`. */
function wakerText(store: TraceStore, by: Cause, index: number): string {
  const wait = by.kind === 'future' ? waitAtResource(store, by.id) : undefined;
  if (by.kind !== 'future' || (wait === undefined && futureType(store, by.id) !== 'sleep'))
    return causeText(store, by);
  const done = lastOf(store, store.eventsOfFuture(by.id), 'future_done', index)?.event;
  const what = wait === undefined ? 'sleep' : `wait for ${awaitingText(store, wait)}`;
  return `the ${done?.outcome === 'cancelled' ? 'cancellation' : 'end'} of its ${what}`;
}

/** The cancel request that a CancelledError at event `index` comes from. */
function requestBefore(
  store: TraceStore,
  task: EventOf<'task_done'>['task'],
  index: number,
): EventOf<'task_cancel_requested'> | undefined {
  return lastOf(store, store.eventsOfTask(task), 'task_cancel_requested', index)?.event;
}

/** The same, unless every request has been taken back since. */
function standingRequest(
  store: TraceStore,
  task: EventOf<'task_done'>['task'],
  index: number,
): EventOf<'task_cancel_requested'> | undefined {
  const events = store.eventsOfTask(task);
  const request = lastOf(store, events, 'task_cancel_requested', index);
  const back = lastOf(store, events, 'task_uncancelled', index);
  if (back?.event.left === 0 && back.index > (request?.index ?? 0)) return undefined;
  return request?.event;
}

function narrateStep(
  store: TraceStore,
  index: number,
  event: EventOf<'task_step_begin'>,
  name: string,
): string {
  const suspended = lastOf(store, store.eventsOfTask(event.task), 'task_suspended', index)?.event;
  const frame = suspended?.stack.at(-1);
  const where = frame === undefined ? '' : ` in ${frameText(frame)}`;
  if (event.throws !== undefined) {
    const request = requestBefore(store, event.task, index);
    const why =
      event.throws === 'CancelledError' && request !== undefined
        ? `, because ${requesterText(store, request)} cancelled it`
        : resumeReason(store, index, event, ', because ');
    return suspended === undefined
      ? `${name} gets ${event.throws} before it could begin${why}.`
      : `${name} goes on${where === '' ? '' : `${where},`} with ${event.throws} thrown into it${why}.`;
  }
  if (suspended === undefined) {
    const created = store.creationOf(event.task);
    return `${name} begins to run${created === undefined ? '' : ` ${functionText(created.coro)}`}.`;
  }
  return `${name} goes on${where}${resumeReason(store, index, event, ': ')}.`;
}

/** What gave the task this step: `, because Task-2, which it awaited, returned 7`. */
function resumeReason(
  store: TraceStore,
  index: number,
  event: EventOf<'task_step_begin'>,
  before: string,
): string {
  const scheduled = lastOf(store, store.eventsOfTask(event.task), 'scheduled', index);
  const by = scheduled === undefined ? undefined : wakeupOf(store, scheduled.index)?.event.by;
  switch (by?.kind) {
    case 'yield':
      return `${before}the others have had their turn`;
    case 'task': {
      const done = lastOf(store, store.eventsOfTask(by.id), 'task_done', index)?.event;
      const how = done === undefined ? 'is done' : outcomeText(done);
      return `${before}${taskText(store, by.id)}, which it awaited, ${how}`;
    }
    case 'future': {
      const done = lastOf(store, store.eventsOfFuture(by.id), 'future_done', index)?.event;
      const over = done?.outcome === 'result';
      if (over && futureType(store, by.id) === 'sleep') return `${before}its sleep is over`;
      const wait = waitAtResource(store, by.id);
      if (over && wait !== undefined)
        return `${before}its wait for ${awaitingText(store, wait)} is over`;
      const how = done === undefined ? 'is done' : outcomeText(done);
      return `${before}${futureText(store, by.id)}, which it awaited, ${how}`;
    }
    default:
      return '';
  }
}

function narrateSuspended(
  store: TraceStore,
  index: number,
  event: EventOf<'task_suspended'>,
  name: string,
): string {
  const frame = event.stack.at(-1);
  const where = frame === undefined ? '' : ` in ${frameText(frame)}`;
  const { awaiting } = event;
  if (awaiting.kind === 'yield')
    return `${name} is suspended${where}: sleep(0) lets the others run first, it waits for nothing.`;
  if ('when' in awaiting)
    return `${name} is suspended${where}: it sleeps until ${formatDuration(awaiting.when)}.`;
  return `${name} is suspended${where}: it waits for ${awaitingText(store, awaiting)}${holderSuffix(store, index, awaiting)}.`;
}

/** `, which Task-1 holds`: of a lock that is waited for. */
function holderSuffix(store: TraceStore, index: number, awaiting: Awaiting): string {
  if (!isResourceAwait(awaiting) || awaiting.kind !== 'lock') return '';
  const own = store.eventsOfResource(awaiting.resource);
  for (
    let last = lastOf(store, own, 'resource', index);
    last !== undefined && last.event.op !== 'released';
    last = lastOf(store, own, 'resource', last.index)
  ) {
    if (last.event.op !== 'acquired') continue;
    const { by } = last.event;
    return by.kind === 'task' ? `, which ${taskText(store, by.id)} holds` : '';
  }
  return '';
}

function requesterText(store: TraceStore, request: EventOf<'task_cancel_requested'>): string {
  if (request.by.kind === 'task' && request.by.id === request.task) return 'it';
  return causeText(store, request.by);
}

function narrateCancel(
  store: TraceStore,
  index: number,
  event: EventOf<'task_cancel_requested'>,
  name: string,
): string {
  const who =
    event.by.kind === 'outside'
      ? 'code outside the loop (run() does so with what is left)'
      : causeText(store, event.by);
  const self = event.by.kind === 'task' && event.by.id === event.task;
  const asks = `${who} asks ${self ? 'for its own cancellation' : `${name} to cancel`}`;
  const next = store.event(index + 1);
  // Waiting for something cancellable: that is cancelled at once, by the very next event.
  if (next?.kind === 'future_done' && next.outcome === 'cancelled')
    return `${asks}: what it waits for is cancelled first.`;
  const waits = lastOf(store, store.eventsOfTask(event.task), 'task_suspended', index)?.event;
  if (next?.kind === 'task_cancel_requested' && waits !== undefined) {
    const them = waits.awaiting.kind === 'task' ? 'that' : 'them';
    return `${asks}: it waits for ${awaitingText(store, waits.awaiting)}, so the request goes on to ${them}.`;
  }
  return `${asks}: CancelledError will be thrown into it when it runs next.`;
}

function narrateDone(
  store: TraceStore,
  index: number,
  event: EventOf<'task_done'>,
  name: string,
): string {
  const request = standingRequest(store, event.task, index);
  const steps = lastOf(store, store.eventsOfTask(event.task), 'task_suspended', index);
  const step = lastOf(store, store.eventsOfTask(event.task), 'task_step_begin', index)?.event;
  if (event.outcome === 'cancelled') {
    if (steps === undefined && step?.throws !== undefined)
      return `${name} is cancelled; it never began.`;
    const who = request === undefined ? '' : `, as ${requesterText(store, request)} asked`;
    return `${name} ends cancelled${who}.`;
  }
  const swallowed = request !== undefined && wasDelivered(store, event, index);
  const rest = swallowed ? ' although it was cancelled: it caught CancelledError and kept it' : '';
  return `${name} ${outcomeText(event)}${rest}.`;
}

/** Whether CancelledError was thrown into the task before event `index`. */
function wasDelivered(store: TraceStore, event: EventOf<'task_done'>, index: number): boolean {
  const indexes = store.eventsOfTask(event.task);
  let before: number = index;
  for (;;) {
    const step = lastOf(store, indexes, 'task_step_begin', before);
    if (step === undefined) return false;
    if (step.event.throws === 'CancelledError') return true;
    before = step.index;
  }
}

/** `returned 7`, `ended with ValueError: x`, `was cancelled`; for futures `has its result`. */
export function outcomeText(event: EventOf<'task_done'> | EventOf<'future_done'>): string {
  if (event.outcome === 'exception') return `ended with ${event.error ?? 'an exception'}`;
  if (event.outcome === 'cancelled') return 'was cancelled';
  if (event.kind === 'future_done') return 'has its result';
  return event.value === undefined ? 'returned' : `returned ${event.value}`;
}

export function narrateFutureDone(
  store: TraceStore,
  index: number,
  event: EventOf<'future_done'>,
): string {
  const waiters = waitersOf(store, event.future, index).map((task) => taskText(store, task));
  const type = futureType(store, event.future);
  if (type === 'sleep' && waiters[0] !== undefined) {
    const sleep = `${waiters[0]}'s sleep`;
    return event.outcome === 'cancelled'
      ? `${sleep} is cancelled by ${causeText(store, event.by)}.`
      : `${sleep} is over.`;
  }
  const what = futureText(store, event.future);
  if (event.outcome !== 'exception' && waitAtResource(store, event.future) !== undefined)
    return `${what} is ${event.outcome === 'cancelled' ? 'cancelled' : 'ended'} by ${byText(store, event)}.`;
  const wait = waiters.length === 1 ? 'waits' : 'wait';
  const whose = waiters.length === 0 ? '' : `, for which ${shortList(waiters)} ${wait},`;
  return `${what}${whose} ${futureOutcome(store, index, event)}.`;
}

const FUTURE_VERBS: Record<Outcome, string> = {
  result: 'gets its result',
  exception: 'gets an exception',
  cancelled: 'is cancelled',
};

function futureOutcome(store: TraceStore, index: number, event: EventOf<'future_done'>): string {
  const created = lastOf(store, store.eventsOfFuture(event.future), 'future_created', index)?.event;
  const children = created?.children;
  if (children !== undefined && event.outcome === 'result')
    return `is done, because ${childrenText(store, children)} ${children.length === 1 ? 'is' : 'all are'}`;
  if (event.outcome === 'exception')
    return children === undefined
      ? `gets ${event.error ?? 'an exception'} from ${byText(store, event)}`
      : `ends with ${event.error ?? 'an exception'}, as one of its children did`;
  return `${FUTURE_VERBS[event.outcome]}${event.outcome === 'result' ? ' from' : ' by'} ${byText(store, event)}`;
}

function byText(store: TraceStore, event: EventOf<'future_done'>): string {
  return event.by.kind === 'handle' ? handleText(store, event.by.id) : causeText(store, event.by);
}

/** Text as the program wrote it, in quotes, on one line. */
export function quoted(text: string): string {
  const line = text.replace(/\r?\n$/, '');
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}
