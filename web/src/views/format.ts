/** Times and names as the page writes them. */
import { formatDuration } from '../trace/format.js';

/** A moment with fixed digits, for a display that must not jump: `1.500 s`. */
export function formatClock(ns: number): string {
  const seconds = ns / 1e9;
  if (seconds < 120) return `${seconds.toFixed(3)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = seconds - minutes * 60;
  if (minutes < 120) return `${minutes}:${rest.toFixed(2).padStart(5, '0')}`;
  const hours = Math.floor(minutes / 60);
  return `${hours}:${String(minutes % 60).padStart(2, '0')}:${rest.toFixed(0).padStart(2, '0')}`;
}

/** Each thread numbers its tasks in a range of its own. */
const range = 2 ** 32;

/** Number of a task's colour, 1 to 8; 0 for what is no task. The first tasks of several threads have several colours. */
export function hueOf(task: number | undefined): number {
  if (task === undefined || task <= 0) return 0;
  const thread = Math.floor(task / range);
  return (((task % range) - 1 + 4 * thread + Math.floor(thread / 2)) % 8) + 1;
}

/** How far away a deadline is: `in 1 s`, `due`, `1.5 s overdue`. */
export function deadlineText(left: number): string {
  if (left === 0) return 'due';
  return left > 0 ? `in ${formatDuration(left, 3)}` : `${formatDuration(-left, 3)} overdue`;
}
