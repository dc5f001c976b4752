/** What tasks share or live in: who has it, how full it is, and who stands in its line. */
import { formatDuration } from '../../trace/format.js';
import { resourceText } from '../../trace/names.js';
import { resourceWaiters } from '../../trace/resources.js';
import type { ResourceState, TaskState } from '../../trace/state.js';
import { hueOf } from '../format.js';
import { StatusIcon } from '../status.js';
import type { LoopProps } from './props.js';
import { cardsAtMost, linesOf, shownResources } from './shared_list.js';

const namesAtMost = 6;
/** More than so many cells say no more than a number does. */
const cellsAtMost = 20;

export function Shared(props: LoopProps) {
  const { state } = props;
  const shown = shownResources(state);
  if (shown.length === 0) return null;
  return (
    <section class="shared" aria-label="What tasks share, and who waits for it">
      <h2>
        Shared <span class="count">{shown.length}</span>
      </h2>
      <ul class="resources">
        {shown.slice(0, cardsAtMost).map((resource) => (
          <Card key={resource.id} resource={resource} {...props} />
        ))}
        {shown.length > cardsAtMost && (
          <li class="more-note">and {shown.length - cardsAtMost} more</li>
        )}
      </ul>
    </section>
  );
}

function Card(props: LoopProps & { readonly resource: ResourceState }) {
  const { resource, state, time } = props;
  const waiting = resourceWaiters(state).get(resource.id) ?? [];
  const holders = resource.holders.flatMap((id) => state.tasks.get(id) ?? []);
  const changed = resource.changedAt === state.position - 1;
  return (
    <li class={`resource ${resource.type}${changed ? ' changed' : ''}`}>
      <div class="resource-head">
        <span class="resource-name">{resourceText(resource.type, resource.id)}</span>
        <span class="resource-state num ellipsis">
          {resource.state}
          {resource.when !== undefined &&
            `, ${formatDuration(Math.max(0, resource.when - time), 3)} left`}
        </span>
      </div>
      <Cells resource={resource} />
      {holders.length > 0 && <Names title="held by" tasks={holders} {...props} />}
      {linesOf(waiting).map(([title, tasks]) => (
        <Names key={title} title={title} tasks={tasks} line {...props} />
      ))}
    </li>
  );
}

/** What is in it, one cell each: items of a queue, tasks at a barrier, permits that are taken. */
function Cells({ resource }: { readonly resource: ResourceState }) {
  const { type, value, limit } = resource;
  if (value === undefined) return null;
  const taken = type === 'semaphore' && limit !== undefined ? Math.max(0, limit - value) : value;
  const most = Math.max(limit ?? taken, taken);
  if (most === 0) return null;
  if (most > cellsAtMost) {
    return limit === undefined ? null : (
      <div class="fill" aria-hidden="true" style={{ '--part': Math.min(1, taken / limit) }} />
    );
  }
  return (
    <div class={`cells${limit !== undefined && taken >= limit ? ' full' : ''}`} aria-hidden="true">
      {Array.from({ length: most }, (_, index) => (
        <span key={index} class={index < taken ? 'cell taken' : 'cell'} />
      ))}
    </div>
  );
}

function Names(
  props: LoopProps & {
    readonly title: string;
    readonly tasks: readonly TaskState[];
    /** They stand in a line: the first is the next. */
    readonly line?: boolean;
  },
) {
  const { title, tasks, line, selected, intents } = props;
  return (
    <div class="resource-tasks">
      <span class="resource-title">
        {tasks.length === 1 ? title.replace(/^wait/, 'waits') : title}
      </span>
      <ol class={line ? 'line' : ''}>
        {tasks.slice(0, namesAtMost).map((task) => (
          <li key={task.id}>
            <button
              type="button"
              class={`resource-task hue-${hueOf(task.id)}${
                selected !== null && selected !== task.id ? ' dim' : ''
              }`}
              onClick={() => {
                intents.selectTask(selected === task.id ? null : task.id);
              }}
            >
              <StatusIcon status={task.status} />
              <span class="ellipsis">{task.name}</span>
            </button>
          </li>
        ))}
        {tasks.length > namesAtMost && (
          <li class="more-note">and {tasks.length - namesAtMost} more</li>
        )}
      </ol>
    </div>
  );
}
