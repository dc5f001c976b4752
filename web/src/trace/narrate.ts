/** Every event as one plain sentence that says why it happened. */
import { placeOf, type AnyEvent } from '../protocol/events.js';
import type { EventOf, Nanoseconds } from '../protocol/trace.js';
import { causeOf, lastOf, scheduledOf, sleeperOf, taskAt, wakeupOf } from './causes.js';
import { formatDuration } from './format.js';
import {
  awaitingText,
  capitalised,
  causeText,
  childrenText,
  count,
  functionText,
  futureText,
  handleText,
  numberText,
  placeSuffix,
  taskText,
  waitAtResource,
} from './names.js';
import { narrateResource } from './narrate_resource.js';
import { narrateFutureDone, narrateTask, outcomeText, quoted } from './narrate_task.js';
import type { TraceStore } from './store.js';

/** The sentence for event `index`: `Task-2 is put into the ready queue because Task-1, which it awaits, returned 7.` */
export function narrate(store: TraceStore, index: number): string {
  const event = store.event(index);
  if (event === undefined) return '';
  const text = sentence(store, index, event);
  return capitalised(
    endsWithPlace(event) ? `${text.slice(0, -1)}${placeSuffix(placeOf(event))}.` : text,
  );
}

/** The others say within the sentence where it was, if they do. */
function endsWithPlace(event: AnyEvent): boolean {
  switch (event.kind) {
    case 'task_step_begin':
    case 'task_cancel_requested':
    case 'task_uncancelled':
    case 'task_done':
    case 'future_done':
    case 'output':
      return true;
    case 'scheduled':
      return event.label === 'sleep';
    case 'resource':
      return event.op !== 'created';
    default:
      return false;
  }
}

function sentence(store: TraceStore, index: number, event: AnyEvent): string {
  switch (event.kind) {
    case 'loop_start':
    case 'loop_stop':
    case 'loop_close':
    case 'turn_begin':
    case 'turn_end':
      return narrateLoop(store, index, event);
    case 'scheduled':
      return narrateScheduled(store, index, event);
    case 'timer_due':
    case 'handle_cancelled':
    case 'dropped':
    case 'abandoned':
    case 'run_begin':
    case 'run_end':
      return narrateHandle(store, index, event);
    case 'task_created':
    case 'task_step_begin':
    case 'task_suspended':
    case 'task_wakeup':
    case 'task_cancel_requested':
    case 'task_uncancelled':
    case 'task_done':
      return narrateTask(store, index, event);
    case 'future_created':
      return narrateFutureCreated(store, index, event);
    case 'future_done':
      return narrateFutureDone(store, index, event);
    default:
      return narrateOther(store, index, event);
  }
}

type LoopEvent = Extract<
  AnyEvent,
  { kind: 'loop_start' | 'loop_stop' | 'loop_close' | 'turn_begin' | 'turn_end' }
>;

function narrateLoop(store: TraceStore, index: number, event: LoopEvent): string {
  const loop = loopText(store, event.loop);
  switch (event.kind) {
    case 'loop_start':
      return `${loop} ${event.turn > 0 ? 'runs again' : 'starts'}.`;
    case 'loop_stop': {
      if (stuckBefore(store, index))
        return `${loop} stops: nothing is ready and no timer is set, so it would wait forever.`;
      const rest = leftText(event.ready, event.timers);
      return `${loop} stops${stopReason(store, index)}; ${rest === '' ? 'its queues are empty' : rest}.`;
    }
    case 'loop_close':
      return `${loop} is closed.`;
    case 'turn_begin':
      return `turn ${event.turn} begins: ${waitText(event)}.`;
    case 'turn_end':
      return `turn ${event.turn} ends; ${event.ran === 0 ? 'nothing' : count(event.ran, 'handle')} ran.`;
  }
}

function loopText(store: TraceStore, loop: number): string {
  return store.loops.length > 1 ? `loop ${loop}` : 'the event loop';
}

function leftText(ready: number, timers: number): string {
  const left = [
    ready > 0 ? `${count(ready, 'handle')} in the ready queue` : '',
    timers > 0 ? `${count(timers, 'timer')} in the heap` : '',
  ].filter((text) => text !== '');
  if (left.length === 0) return '';
  return `${left.join(' and ')} ${ready + timers === 1 ? 'is' : 'are'} left`;
}

/** ` because Task-1 is done`: in the last turn the loop was told that what it ran for is done. */
function stopReason(store: TraceStore, index: number): string {
  for (let at = index - 1; at >= 0; at--) {
    const event = store.event(at);
    if (event === undefined || event.kind === 'turn_begin') return '';
    if (event.kind !== 'run_begin') continue;
    const scheduled = scheduledOf(store, event.handle)?.event;
    if (scheduled?.label !== 'done_callback' || scheduled.loc !== undefined) continue;
    const { by } = scheduled;
    if (by !== undefined && store.collectorOf(by) === undefined)
      return ` because ${causeText(store, by)} is done`;
  }
  return '';
}

function stuckBefore(store: TraceStore, index: number): boolean {
  const before = store.event(index - 1);
  return before?.kind === 'turn_begin' && before.timeout === null;
}

function waitText(event: EventOf<'turn_begin'>): string {
  const { ready, timers, timeout } = event;
  if (ready > 0)
    return `${count(ready, 'handle')} ${ready === 1 ? 'is' : 'are'} ready, so the loop does not wait`;
  if (timeout === null)
    return 'nothing is ready and no timer is set, so the loop waits until something wakes it from outside';
  if (timeout > 0)
    return `nothing is ready, so the loop waits ${formatDuration(timeout)}, until the next timer is due`;
  return timers > 0
    ? 'a timer is due already, so the loop does not wait'
    : 'the loop does not wait';
}

function narrateScheduled(store: TraceStore, index: number, event: EventOf<'scheduled'>): string {
  if (event.task !== undefined) return narrateStepScheduled(store, index, event);
  const who = requesterText(store, index, event);
  const where = placeSuffix(event.loc);
  switch (event.label) {
    case 'sleep':
      return `${who} sets the timer #${numberText(event.handle)} to end its sleep at ${atText(event.when)}.`;
    case 'timer':
      return `${who} sets the timer #${numberText(event.handle)}${where} for ${atText(event.when)}, ${inText(event)}.`;
    case 'timeout':
      return `${who} sets the timer #${numberText(event.handle)}${where} to end its timeout at ${atText(event.when)}, ${inText(event)}.`;
    case 'io_ready':
      return `${handleText(store, event.handle)} is put into the ready queue because a file descriptor is ready.`;
    case 'executor':
      return `${handleText(store, event.handle)} is put into the ready queue because the call has returned.`;
    case 'signal':
      return `${handleText(store, event.handle)} is put into the ready queue because the signal has come.`;
    case 'callback':
      return `${who} puts the callback #${numberText(event.handle)}${where} into the ready queue with call_soon.`;
    case 'threadsafe':
      return `${who} puts the callback #${numberText(event.handle)}${where} into the ready queue with call_soon_threadsafe.`;
    case 'done_callback': {
      const cause = causeOf(store, index);
      const why =
        cause === undefined ? 'what it is registered on is done' : doneText(store, cause.event);
      return `${handleText(store, event.handle)} is put into the ready queue because ${why}.`;
    }
    default:
      return `${who} schedules ${event.label} #${numberText(event.handle)}${where}.`;
  }
}

function narrateStepScheduled(
  store: TraceStore,
  index: number,
  event: EventOf<'scheduled'>,
): string {
  const task = event.task === undefined ? '' : taskText(store, event.task);
  const cause = causeOf(store, index)?.event;
  const by = wakeupOf(store, index)?.event.by;
  if (by?.kind === 'yield')
    return `${task} is put at the end of the ready queue at once: sleep(0) only lets the others run first.`;
  if (cause?.kind === 'task_created')
    return `${task} is put into the ready queue because it is new: this will be its first step.`;
  if (cause !== undefined)
    return `${task} is put into the ready queue because ${awaitedDoneText(store, index, cause)}.`;
  return `${task} is put into the ready queue.`;
}

/** `Task-1, which it awaits, returned 7`; `its sleep is over`. */
function awaitedDoneText(store: TraceStore, index: number, cause: AnyEvent): string {
  if (cause.kind === 'task_done')
    return `${taskText(store, cause.task)}, which it awaits, ${outcomeText(cause)}`;
  if (cause.kind !== 'future_done') return 'it asked for it';
  const event = store.event(index);
  const task = event?.kind === 'scheduled' ? event.task : undefined;
  const awaiting =
    task === undefined
      ? undefined
      : lastOf(store, store.eventsOfTask(task), 'task_suspended', index)?.event.awaiting;
  if (awaiting?.kind === 'sleep')
    return cause.outcome === 'cancelled'
      ? `its sleep was cancelled by ${causeText(store, cause.by)}`
      : 'its sleep is over';
  const wait = waitAtResource(store, cause.future);
  if (wait !== undefined && cause.outcome !== 'exception') {
    const how =
      cause.outcome === 'cancelled' ? `was cancelled by ${causeText(store, cause.by)}` : 'is over';
    return `its wait for ${awaitingText(store, wait)} ${how}`;
  }
  const what = futureText(store, cause.future);
  if (cause.outcome === 'cancelled')
    return `${what}, which it awaits, was cancelled by ${causeText(store, cause.by)}`;
  return `${what}, which it awaits, ${outcomeText(cause)}`;
}

/** `Task-1 returned 7`; `future 3 has its result`. */
function doneText(store: TraceStore, event: AnyEvent): string {
  if (event.kind === 'task_done') return `${taskText(store, event.task)} ${outcomeText(event)}`;
  if (event.kind === 'future_done')
    return `${futureText(store, event.future)} ${outcomeText(event)}`;
  return 'what it is registered on is done';
}

/** Who scheduled something. */
function requesterText(store: TraceStore, index: number, event: EventOf<'scheduled'>): string {
  if (event.label === 'threadsafe' && event.parent === 0) return 'another thread';
  const task = taskAt(store, index);
  if (task !== undefined) return taskText(store, task);
  if (event.parent !== 0) return handleText(store, event.parent);
  return event.loc?.func === undefined || event.loc.func === ''
    ? 'code outside the loop'
    : functionText(event.loc.func);
}

function atText(when: Nanoseconds | undefined): string {
  return when === undefined ? 'some time' : formatDuration(when);
}

function inText(event: EventOf<'scheduled'>): string {
  const left = (event.when ?? event.t) - event.t;
  return left > 0 ? `${formatDuration(left)} from now` : 'which is now';
}

type HandleEvent = Extract<
  AnyEvent,
  {
    kind: 'timer_due' | 'handle_cancelled' | 'dropped' | 'abandoned' | 'run_begin' | 'run_end';
  }
>;

function narrateHandle(store: TraceStore, index: number, event: HandleEvent): string {
  const what = handleText(store, event.handle);
  switch (event.kind) {
    case 'timer_due':
      return `${what} is due at ${formatDuration(event.when)} and moves to the end of the ready queue.`;
    case 'handle_cancelled': {
      const queue = scheduledOf(store, event.handle)?.event.when === undefined ? 'queue' : 'heap';
      const task = taskAt(store, index);
      const who =
        task !== undefined
          ? taskText(store, task)
          : event.parent === 0
            ? 'code outside the loop'
            : handleText(store, event.parent);
      const target =
        task !== undefined && sleeperOf(store, event.handle) === task
          ? `the timer #${numberText(event.handle)} of its sleep`
          : what;
      return `${who} cancels ${target}; it stays in the ${queue} until the loop comes across it.`;
    }
    case 'dropped':
      return `${what} was cancelled, so the loop drops it without running it.`;
    case 'abandoned':
      return `${what} will never run: it was still waiting when the loop was closed.`;
    case 'run_begin':
      return narrateRunBegin(store, event);
    case 'run_end':
      return narrateRunEnd(store, event, what);
  }
}

function narrateRunBegin(store: TraceStore, event: EventOf<'run_begin'>): string {
  if (event.task !== undefined)
    return `the loop takes ${taskText(store, event.task)} from the front of the ready queue (handle #${numberText(event.handle)}).`;
  const sleeper = sleeperOf(store, event.handle);
  if (sleeper !== undefined)
    return `the timer #${numberText(event.handle)} runs: ${taskText(store, sleeper)} has slept long enough.`;
  return `${handleText(store, event.handle)} runs.`;
}

function narrateRunEnd(store: TraceStore, event: EventOf<'run_end'>, what: string): string {
  if (event.outcome === 'raised')
    return `${what} raised ${event.error ?? 'an exception'}: the exception handler is told, and the loop goes on.`;
  const scheduled = scheduledOf(store, event.handle)?.event;
  const ended = scheduled?.task === undefined ? `${what} has run` : 'the step is over';
  return `${ended}; the loop goes on.`;
}

function narrateFutureCreated(
  store: TraceStore,
  index: number,
  event: EventOf<'future_created'>,
): string {
  const task = taskAt(store, index);
  const who = task === undefined ? 'the program' : taskText(store, task);
  const what = `${event.type} ${numberText(event.future)}`;
  const where = placeSuffix(event.loc);
  if (event.children === undefined) return `${who} makes ${what}${where}.`;
  return `${who} makes ${what}${where}: it will be done when ${childrenText(store, event.children)} ${
    event.children.length === 1 ? 'is' : 'are'
  }.`;
}

/** The first time it says that the limit is reached; at the end, how much there would have been. */
function narrateTruncated(store: TraceStore, index: number, event: EventOf<'truncated'>): string {
  const before = store.stateAt(index).truncations.some(({ what }) => what === event.what);
  const unit = event.what === 'output' ? 'byte' : event.what.slice(0, -1);
  if (before)
    return `in all, ${count(event.dropped, unit)} of ${event.what === 'output' ? 'output' : 'the trace'} were not recorded.`;
  const are = event.what === 'output' ? 'it is' : 'they are';
  return `the limit for ${event.what} is reached: from here on ${are} no longer recorded.`;
}

function narrateOther(store: TraceStore, index: number, event: AnyEvent): string {
  switch (event.kind) {
    case 'resource':
      return narrateResource(store, event);
    case 'output': {
      const task = taskAt(store, index);
      const who = task === undefined ? 'the program' : taskText(store, task);
      return `${who} writes ${quoted(event.text)}${event.stream === 'stderr' ? ' to stderr' : ''}.`;
    }
    case 'log':
      return `the loop logs ${event.level === 'error' ? 'an error' : 'a warning'}: ${event.text.trimEnd().replaceAll('\n', ' ')}`;
    case 'io_ready':
      return `file descriptor ${event.fd} is ready to ${event.interest}.`;
    case 'truncated':
      return narrateTruncated(store, index, event);
    case 'program_end':
      return event.outcome === 'exited'
        ? `the program ends with exit code ${event.code}.`
        : `the program crashes: ${event.error ?? 'no reason is known'}.`;
    case 'unknown':
      return `"${event.name}", a kind of event that this version does not know: ${JSON.stringify(event.fields)}`;
    default:
      return event.kind;
  }
}
