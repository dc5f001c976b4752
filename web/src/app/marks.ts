/** Where in the source each task is at this moment. */
import type { Mark, Problem } from '../editor/editor.js';
import type { Diagnostic } from '../protocol/runtime.js';
import { isOver, type ScopeState, type TaskState } from '../trace/state.js';
import { hueOf } from '../views/format.js';

const marksAtMost = 60;

/** One mark per task that has a line; the running one first, so that it is nearest to the code. */
export function taskMarks(state: ScopeState): readonly Mark[] {
  const marks: Mark[] = [];
  for (const task of state.tasks) {
    const line = markedLine(task);
    if (line === undefined || isOver(task)) continue;
    marks.push({
      line,
      hue: hueOf(task.id),
      name: task.name,
      state: task.status === 'running' ? 'running' : task.status === 'ready' ? 'ready' : 'waiting',
      title: `${task.name} ${words(task)}`,
    });
    if (marks.length >= marksAtMost) break;
  }
  return marks.sort((a, b) => rank(a) - rank(b));
}

/** The line a task is on: the innermost frame that lies in the program itself and not in a header. */
function markedLine(task: TaskState): number | undefined {
  for (let depth = task.stack.length - 1; depth >= 0; depth--) {
    const frame = task.stack[depth];
    if (frame !== undefined && isProgram(frame.file)) return frame.line;
  }
  const { location } = task;
  return location !== undefined && isProgram(location.file) ? location.line : undefined;
}

function isProgram(file: string): boolean {
  return !/\.(hpp|h|hh|ipp)$/.test(file);
}

function words(task: TaskState): string {
  if (task.status === 'running') return 'went on from here';
  return task.status === 'ready' ? 'will go on from here' : 'waits here';
}

function rank(mark: Mark): number {
  return mark.state === 'running' ? 0 : mark.state === 'ready' ? 1 : 2;
}

export function problemsOf(diagnostics: readonly Diagnostic[]): readonly Problem[] {
  return diagnostics.map((found) => ({
    ...found,
    message: [found.message, ...found.notes].join('\n'),
  }));
}
