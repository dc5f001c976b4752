/** How the editors show where tasks are. */
import type { Mark } from './editor.js';

/** Its pill; an arrow says that the task is further down, and stays in it where the line is wrapped. */
export function markText(mark: Mark): string {
  return mark.state === 'past' ? `${mark.name}\u00a0↓` : mark.name;
}

/** The class of a line that has marks. */
export function lineClass(marks: readonly Mark[], line: number): string {
  const here = marks.filter((mark) => mark.line === line);
  if (here.some((mark) => mark.state === 'running')) return 'line-now';
  return here.some((mark) => mark.state === 'past') ? 'line-past' : 'line-marked';
}

export function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return (
    a.length === b.length &&
    a.every((mark, i) => {
      const other = b[i];
      return (
        other !== undefined &&
        mark.line === other.line &&
        mark.hue === other.hue &&
        mark.name === other.name &&
        mark.state === other.state
      );
    })
  );
}
