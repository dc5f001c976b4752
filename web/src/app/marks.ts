/** Where in the source each task is at this moment. */
import type { Mark, Problem } from '../editor/editor.js';
import { placeOf, type AnyEvent } from '../protocol/events.js';
import type { Diagnostic } from '../protocol/runtime.js';
import type { SourceLocation, TaskId } from '../protocol/trace.js';
import { isOver, type ScopeState, type TaskState } from '../trace/state.js';
import type { TraceStore } from '../trace/store.js';
import { hueOf } from '../views/format.js';

const marksAtMost = 60;

export interface Marks {
  /** The running task's first, so that it is nearest to the code. */
  readonly marks: readonly Mark[];
  /** The line to keep in sight: that of the event shown. */
  readonly follow: number | null;
}

/** One mark for each task that has a line. */
export function marksAt(store: TraceStore, state: ScopeState, source: string): Marks {
  const event = store.event(state.position - 1);
  const shown = event === undefined ? undefined : placeOf(event);
  const line = shown !== undefined && isProgram(shown) ? shown.line : undefined;
  const actor = event === undefined ? undefined : actorOf(state, event);
  const marks: Mark[] = [];
  for (const task of state.tasks) {
    const mark = markOf(store, state, task, source);
    if (mark !== undefined) marks.push(mark);
    if (marks.length >= marksAtMost) break;
  }
  if (line !== undefined && actor === undefined) marks.push(programMark(line));
  marks.sort((a, b) => rank(a) - rank(b));
  const followed = actor === undefined ? undefined : state.tasks.get(actor);
  const near = followed && lineOf(store, state, followed, source);
  return { marks, follow: line ?? near?.line ?? null };
}

/** The task whose line an event is about: the one that runs, or has just stopped. */
function actorOf(state: ScopeState, event: AnyEvent): TaskId | undefined {
  if (event.kind === 'task_suspended' || event.kind === 'task_done') return event.task;
  return state.loop?.steps.at(-1);
}

function markOf(
  store: TraceStore,
  state: ScopeState,
  task: TaskState,
  source: string,
): Mark | undefined {
  const found = lineOf(store, state, task, source);
  if (found === undefined) return undefined;
  return {
    line: found.line,
    hue: hueOf(task.id),
    name: task.name,
    state: stateOf(task, found.exact),
    title: `${task.name} ${words(task, found.exact)}`,
  };
}

/** Code outside any task: main(), or a callback. */
function programMark(line: number): Mark {
  const name = 'the program';
  return { line, hue: 0, name, state: 'running', title: `${name} is here, outside any task` };
}

/** Of a task that has ended only at that very moment, and if it is known where. */
function lineOf(
  store: TraceStore,
  state: ScopeState,
  task: TaskState,
  source: string,
): { readonly line: number; readonly exact: boolean } | undefined {
  const { location, status } = task;
  if (isOver(task) && (task.doneAt !== state.position - 1 || task.locatedAt !== task.doneAt))
    return undefined;
  const exact = status !== 'running' || isStill(store, state, task.locatedAt);
  if (location !== undefined && isProgram(location)) return { line: location.line, exact };
  for (const frame of task.stack.toReversed())
    if (isProgram(frame))
      return { line: frame.line, exact: exact && location === task.stack.at(-1) };
  if (status !== 'running') return undefined;
  const begin = definitionOf(task.coro, source);
  return begin === undefined ? undefined : { line: begin, exact: false };
}

/** Whether nothing of the program has run since event `at`: the loop schedules at once what follows from it. */
function isStill(store: TraceStore, state: ScopeState, at: number | undefined): boolean {
  if (at === undefined) return false;
  for (let index = state.position - 1; index > at; index--) {
    const kind = store.event(index)?.kind;
    if (kind !== 'scheduled' && kind !== 'task_wakeup') return false;
  }
  return true;
}

/** The program itself, and not a header or a module of somebody else's. */
function isProgram({ file }: SourceLocation): boolean {
  return !/\.(hpp|h|hh|ipp)$/.test(file);
}

/** Compilers do not say where a function begins; its name does. */
function definitionOf(name: string, source: string): number | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const heading = new RegExp(
    `^\\s*(?:async\\s+def|[\\w:][\\w:<>,*&\\s]*[>\\w*&])\\s+${name}\\s*\\(`,
  );
  const at = source.split('\n').findIndex((line) => heading.test(line) && !/;\s*$/.test(line));
  return at < 0 ? undefined : at + 1;
}

function stateOf(task: TaskState, exact: boolean): Mark['state'] {
  if (task.status === 'running') return exact ? 'running' : 'past';
  return task.status === 'ready' ? 'ready' : isOver(task) ? 'running' : 'waiting';
}

function words(task: TaskState, exact: boolean): string {
  if (isOver(task)) return 'ended here';
  if (task.status === 'running') return exact ? 'is here' : 'is somewhere after this line';
  return task.status === 'ready' ? 'will go on from here' : 'waits here';
}

function rank(mark: Mark): number {
  return ['running', 'past', 'ready', 'waiting'].indexOf(mark.state);
}

export function problemsOf(diagnostics: readonly Diagnostic[]): readonly Problem[] {
  return diagnostics.map((found) => ({
    ...found,
    message: [found.message, ...found.notes].join('\n'),
  }));
}
