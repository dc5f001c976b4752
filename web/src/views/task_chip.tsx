/** A task's name in its colour with the shape of its state: the same token in every view. */
import type { TaskState } from '../trace/state.js';
import { hueOf } from './format.js';
import { StatusIcon } from './status.js';

export function TaskChip(props: {
  readonly task: TaskState;
  readonly onSelect?: (task: TaskState) => void;
}) {
  const { task, onSelect } = props;
  const inside = (
    <>
      <StatusIcon status={task.status} />
      <span class="ellipsis">{task.name}</span>
    </>
  );
  const name = `task-chip hue-${String(hueOf(task.id))} ${task.status}`;
  if (onSelect === undefined) return <span class={name}>{inside}</span>;
  return (
    <button
      type="button"
      class={name}
      onClick={() => {
        onSelect(task);
      }}
    >
      {inside}
    </button>
  );
}
