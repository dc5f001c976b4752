/** Sentences about locks, queues and what else tasks share. */
import type { EventOf } from '../protocol/trace.js';
import { formatDuration } from './format.js';
import { causeText, count, placeSuffix, resourceText } from './names.js';
import type { TraceStore } from './store.js';

/** `Task-1 <before> lock 1 <after>`; `{}` stands for the item. */
const VERBS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  acquired: ['now has', ''],
  released: ['releases', ''],
  set: ['sets', ''],
  cleared: ['clears', ''],
  notified: ['notifies', ''],
  put: ['puts {} into', ''],
  got: ['takes {} out of', ''],
  done: ['is done with an item of', ''],
  shut_down: ['shuts', ' down'],
  arrived: ['arrives at', ''],
  left: ['leaves', ''],
  reset: ['resets', ''],
  aborted: ['breaks', ''],
  entered: ['enters', ''],
  exited: ['leaves', ''],
  cancelled: ['cancels', ''],
  rescheduled: ['reschedules', ''],
  closed: ['closes', ''],
  sent: ['sends {} into', ''],
  passed: ['passes {} on at', ''],
  received: ['receives {} out of', ''],
  submitted: ['hands a call to', ''],
};

export function narrateResource(store: TraceStore, event: EventOf<'resource'>): string {
  const until = event.when === undefined ? '' : `, until ${formatDuration(event.when)}`;
  const waiting =
    event.waiters === 0
      ? ''
      : `; ${count(event.waiters, 'task')} ${event.waiters === 1 ? 'waits' : 'wait'}`;
  const known = SAYS_IT_ALL.includes(event.op) || (event.type === 'lock' && event.op !== 'created');
  return `${deedText(store, event)}${known ? '' : `: ${event.state}`}${until}${waiting}.`;
}

/** What was done says all there is to say of its state. */
const SAYS_IT_ALL: readonly string[] = ['set', 'cleared', 'notified'];

function deedText(store: TraceStore, event: EventOf<'resource'>): string {
  const who = causeText(store, event.by);
  const what = resourceText(event.type, event.id);
  if (event.op === 'created') return `${who} makes ${what}${placeSuffix(event.loc)}`;
  if (event.op === 'expired') return `${what} expires`;
  if (event.op === 'returned') return `a call in ${what} has returned`;
  const verb = VERBS[event.op];
  if (verb === undefined) return `${what}: ${event.op.replaceAll('_', ' ')} by ${who}`;
  // A function, for an item may contain what replace() takes for a pattern.
  return `${who} ${verb[0].replace('{}', () => event.item ?? 'an item')} ${what}${verb[1]}`;
}
