/** A few words about an event: whose it is, and what kind, for tables and colours. */
import type { AnyEvent } from '../../protocol/events.js';
import type { TaskId } from '../../protocol/trace.js';

/** The task that an event is about, if it is about one. */
export function taskOfEvent(event: AnyEvent): TaskId | undefined {
  return 'task' in event && typeof event.task === 'number' ? event.task : undefined;
}

/** The kind as words: `task_step_begin` is "task step begin". */
export function kindWords(event: AnyEvent): string {
  return (event.kind === 'unknown' ? event.name : event.kind).replaceAll('_', ' ');
}
