/** How sentences call the things of a trace. */
import { isResourceAwait, isTaskAwait, isYield } from '../protocol/events.js';
import type { ResourceAwaiting } from '../protocol/events.js';
import type {
  Awaiting,
  Cause,
  EventOf,
  FutureId,
  HandleId,
  ResourceId,
  SourceLocation,
  TaskId,
} from '../protocol/trace.js';
import { lastOf, scheduledOf, sleeperOf, taskOfHandle } from './causes.js';
import { formatDuration } from './format.js';
import type { TraceStore } from './store.js';

/** `Task-2`. */
export function taskName(store: TraceStore, task: TaskId): string {
  return store.creationOf(task)?.name ?? `task ${numberText(task)}`;
}

/** How a sentence calls a task: `Task-2`, `task download`, `task "my download"`. */
export function taskText(store: TraceStore, task: TaskId): string {
  const name = taskName(store, task);
  if (/^(Task-|task )\d+$/.test(name)) return name;
  return `task ${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}`;
}

/** `12`; of the second thread that made any `2:12`: each counts in a range of its own. */
export function numberText(id: HandleId | FutureId | ResourceId | TaskId): string {
  const thread = Math.floor(id / 2 ** 32);
  return thread === 0 ? `${id}` : `${thread + 1}:${id % 2 ** 32}`;
}

/** `main.cpp:12`. */
export function placeText(loc: SourceLocation): string {
  return `${loc.file}:${loc.line}`;
}

/** ` (main.cpp:12)`, or nothing. */
export function placeSuffix(loc: SourceLocation | undefined): string {
  return loc === undefined ? '' : ` (${placeText(loc)})`;
}

/** `fetch(), line 12`. */
export function frameText(loc: SourceLocation): string {
  return loc.func === '' ? `line ${loc.line}` : `${functionText(loc.func)}, line ${loc.line}`;
}

/** `fetch()`. */
export function functionText(name: string): string {
  return name === 'lambda' ? 'a lambda' : `${name}()`;
}

/** `the callback #5 (main.cpp:12)`, `a step of Task-2`, `the timer #4 of Task-1’s sleep`. */
export function handleText(store: TraceStore, handle: HandleId): string {
  const task = taskOfHandle(store, handle);
  if (task !== undefined) return `a step of ${taskText(store, task)}`;
  const scheduled = scheduledOf(store, handle)?.event;
  if (scheduled === undefined) return `handle #${numberText(handle)}`;
  const where = placeSuffix(scheduled.loc);
  switch (scheduled.label) {
    case 'sleep': {
      const sleeper = sleeperOf(store, handle);
      return sleeper === undefined
        ? `the timer #${numberText(handle)} of a sleep`
        : `the timer #${numberText(handle)} of ${taskText(store, sleeper)}'s sleep`;
    }
    case 'timer':
      return `the timer #${numberText(handle)}${where}`;
    case 'timeout':
      return `the timer #${numberText(handle)}${where} of a timeout`;
    case 'io_ready':
      return `the callback #${numberText(handle)}${where} of a file descriptor`;
    case 'executor':
      return `the callback #${numberText(handle)} that brings a thread's result`;
    case 'signal':
      return `the callback #${numberText(handle)}${where} of a signal`;
    case 'callback':
      return `the callback #${numberText(handle)}${where}`;
    case 'done_callback':
      return doneCallbackText(store, handle, scheduled, where);
    case 'threadsafe':
      return `the callback #${numberText(handle)} from another thread${where}`;
    default:
      return `${scheduled.label} #${numberText(handle)}${where}`;
  }
}

/** The program's own say where they were registered; the library's say what they are for. */
function doneCallbackText(
  store: TraceStore,
  handle: HandleId,
  scheduled: EventOf<'scheduled'>,
  where: string,
): string {
  const what = `the done callback #${numberText(handle)}${where}`;
  if (scheduled.loc !== undefined || scheduled.by === undefined) return what;
  const collector = collectorOf(store, scheduled.by);
  const of = causeText(store, scheduled.by);
  if (collector !== undefined)
    return `the callback #${numberText(handle)} that tells ${collector} that ${of} is done`;
  return `the callback #${numberText(handle)} that tells the loop that ${of} is done`;
}

/** The combinator that collects a task or future: `gather 1`. */
function collectorOf(store: TraceStore, child: Cause): string | undefined {
  const future = store.collectorOf(child);
  return future === undefined ? undefined : futureText(store, future);
}

/** `future 3`, `gather 5`; of a place at a resource `Task-2's wait for lock 1`. */
export function futureText(store: TraceStore, future: FutureId): string {
  const wait = suspensionAtResource(store, future);
  if (wait !== undefined)
    return `${taskText(store, wait.task)}'s wait for ${awaitingText(store, wait.awaiting)}`;
  return `${futureType(store, future)} ${numberText(future)}`;
}

/** `future`, `gather`, `sleep` ... */
export function futureType(store: TraceStore, future: FutureId): string {
  const indexes = store.eventsOfFuture(future);
  const created = lastOf(store, indexes, 'future_created', Infinity);
  if (created !== undefined) return created.event.type;
  const awaiting = lastOf(store, indexes, 'task_suspended', Infinity)?.event.awaiting;
  return awaiting?.kind ?? 'future';
}

/** `lock 1`, `task group 2`. */
export function resourceText(type: string, resource: ResourceId): string {
  return `${type.replaceAll('_', ' ')} ${numberText(resource)}`;
}

/** The suspension in which a task awaits its place at a resource, if that is what the future is. */
function suspensionAtResource(
  store: TraceStore,
  future: FutureId,
): { readonly task: TaskId; readonly awaiting: ResourceAwaiting } | undefined {
  const suspended = lastOf(store, store.eventsOfFuture(future), 'task_suspended', Infinity)?.event;
  if (suspended === undefined || !isResourceAwait(suspended.awaiting)) return undefined;
  return { task: suspended.task, awaiting: suspended.awaiting };
}

/** What the task that waited with this future awaited, if that was its place at a resource. */
export function waitAtResource(store: TraceStore, future: FutureId): ResourceAwaiting | undefined {
  return suspensionAtResource(store, future)?.awaiting;
}

/** `an item of queue 1`, `event 2 to be set`. */
export function resourceWaitText(awaiting: ResourceAwaiting): string {
  const name = resourceText(awaiting.kind, awaiting.resource);
  switch (awaiting.op) {
    case 'get':
      return `an item of ${name}`;
    case 'put':
      return `room in ${name}`;
    case 'join':
      return `the last item of ${name} to be done`;
    case 'send':
      return `${name} to take what it sends`;
    case 'receive':
      return `something out of ${name}`;
    case 'notification':
      return `a notification of ${name}`;
    default:
      return awaiting.kind === 'event' ? `${name} to be set` : name;
  }
}

/** The tasks that wait for a future just before an event, in the order in which they came. */
export function waitersOf(store: TraceStore, future: FutureId, before: number): TaskId[] {
  const waiting: TaskId[] = [];
  for (const index of store.eventsOfFuture(future)) {
    if (index >= before) break;
    const event = store.event(index);
    if (event?.kind !== 'task_suspended') continue;
    const own = store.eventsOfTask(event.task);
    const last = lastOf(store, own, 'task_suspended', before);
    const step = lastOf(store, own, 'task_step_begin', before);
    if (last?.index === index && (step?.index ?? 0) < index) waiting.push(event.task);
  }
  return waiting;
}

/** Who did it: `Task-1`, `the callback #5 (main.cpp:12)`, `code outside the loop`. */
export function causeText(store: TraceStore, cause: Cause): string {
  switch (cause.kind) {
    case 'task':
      return taskText(store, cause.id);
    case 'future':
      return futureText(store, cause.id);
    case 'handle':
      return handleText(store, cause.id);
    case 'yield':
      return 'its own sleep(0)';
    case 'outside':
      return 'code outside the loop';
  }
}

/** What a task waits for: `Task-2`, `gather 5 of Task-2 and Task-3`, `a sleep that ends at 1 s`, `lock 1`. */
export function awaitingText(store: TraceStore, awaiting: Awaiting): string {
  if (isYield(awaiting)) return 'its next turn';
  if (isTaskAwait(awaiting)) return taskText(store, awaiting.id);
  if ('when' in awaiting) return `a sleep that ends at ${formatDuration(awaiting.when)}`;
  if (isResourceAwait(awaiting)) return resourceWaitText(awaiting);
  const future = (awaiting as { readonly id: FutureId }).id;
  const created = lastOf(store, store.eventsOfFuture(future), 'future_created', Infinity);
  const children = created?.event.children ?? [];
  if (children.length === 0) return `${awaiting.kind} ${numberText(future)}`;
  return `${awaiting.kind} ${numberText(future)} of ${childrenText(store, children)}`;
}

/** `Task-2, Task-3 and Task-4`; long lists are cut: `Task-2, Task-3 and 98 more`. */
export function childrenText(store: TraceStore, children: readonly Cause[]): string {
  return shortList(children.map((child) => causeText(store, child)));
}

/** All of up to four names; of more the first two: `a, b and 98 more`. */
export function shortList(names: readonly string[]): string {
  if (names.length <= 4) return listText(names);
  return listText([...names.slice(0, 2), `${names.length - 2} more`]);
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 handle`, `3 handles`. */
export function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}

/** With a capital, unless it begins with a name out of the program, such as `main()`. */
export function capitalised(sentence: string): string {
  if (!/^[a-z]+ /.test(sentence)) return sentence;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
