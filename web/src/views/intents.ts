/** What a view can ask for. Views change nothing themselves. */
import type { TaskId } from '../protocol/trace.js';

export interface Intents {
  /** Show the moment after so many events. */
  readonly seek: (position: number) => void;
  /** Look at one task everywhere; null looks at all. */
  readonly selectTask: (task: TaskId | null) => void;
  /** Show this line in the editor. */
  readonly showLine: (line: number) => void;
}
