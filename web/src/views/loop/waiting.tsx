/** Below the loop: the suspended tasks, each under the one that waits for it, and those that are over. */
import { waitGraph, deadlockOf, type WaitNode } from '../../trace/awaits.js';
import { census, LOOKED_AT } from '../../trace/census.js';
import { formatDuration } from '../../trace/format.js';
import { numberText } from '../../trace/names.js';
import { isCancelling, type ScopeState, type TaskState } from '../../trace/state.js';
import { deadlineText, hueOf } from '../format.js';
import { StatusIcon, statusWord } from '../status.js';
import { awaitForest, type AwaitRow } from './await_tree.js';
import type { LoopProps } from './props.js';

const rowsAtMost = 30;

export function Waiting(props: LoopProps) {
  const { state } = props;
  const { rows, more } = awaitForest(state, rowsAtMost);
  const { waiting, over, lastOver } = census(state);
  const deadlock = state.loop === undefined ? undefined : deadlockOf(state, state.loop);
  const few = waiting > 0 && waiting <= LOOKED_AT;
  const ring = few ? waitGraph(state).cycles[0] : undefined;
  return (
    <>
      <section class="waiting" aria-label="Waiting tasks and what they wait for">
        <h2>
          Waiting <span class="count">{waiting}</span>
        </h2>
        {deadlock !== undefined && <p class="deadlock">{deadlock.text}</p>}
        {deadlock === undefined && ring !== undefined && (
          <p class="deadlock">
            A ring: {ring.map((node) => nodeName(state, node)).join(' → ')} →{' '}
            {ring[0] === undefined ? '' : nodeName(state, ring[0])}. Each waits for the next.
          </p>
        )}
        {rows.length === 0 ? (
          <p class="none">No task is suspended.</p>
        ) : (
          <ul class="await-tree">
            {rows.map((row, index) => (
              <Row key={index} row={row} {...props} />
            ))}
            {more && <li class="more-note">and more</li>}
          </ul>
        )}
      </section>
      {over > 0 && (
        <section class="finished" aria-label="Finished tasks">
          <h2>
            Finished <span class="count">{over}</span>
          </h2>
          <ul>
            {lastOver.map((task) => (
              <Over key={task.id} task={task} {...props} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function nodeName(state: ScopeState, node: WaitNode): string {
  const task = node.kind === 'task' ? state.tasks.get(node.id) : undefined;
  if (task !== undefined) return task.name;
  return `${node.kind} ${numberText(node.id)}`;
}

function Row(props: LoopProps & { readonly row: AwaitRow }) {
  const { row, state, selected } = props;
  if (row.kind === 'future') {
    return (
      <li class="await-row collects" style={{ '--depth': row.depth }}>
        <span class="await-branch" aria-hidden="true" />
        <span class="combinator">{row.future.type}</span>
        <span class="muted num">
          {row.done} of {row.of} done
        </span>
      </li>
    );
  }
  const { task } = row;
  const dim = selected !== null && task.id !== selected;
  return (
    <li
      class={`await-row hue-${hueOf(task.id)}${dim ? ' dim' : ''} ${task.status}`}
      style={{ '--depth': row.depth }}
    >
      {row.depth > 0 && <span class="await-branch" aria-hidden="true" />}
      <button
        type="button"
        class="await-task"
        data-glide={
          task.status === 'waiting' && row.repeated === undefined ? `t${task.id}` : undefined
        }
        onClick={() => {
          props.intents.selectTask(selected === task.id ? null : task.id);
        }}
      >
        <StatusIcon status={task.status} />
        <span class="ellipsis">{task.name}</span>
        <code class="ellipsis">{task.coro}</code>
      </button>
      <span class="await-on">
        {row.repeated === 'seen' && <span class="muted">as above</span>}
        {row.repeated === 'cycle' && <strong class="bad">a ring of waits</strong>}
        {row.repeated === undefined && <What {...props} row={row} />}
        {row.repeated === undefined && isCancelling(task) && (
          <span class="cancelling">being cancelled</span>
        )}
        <Line task={task} onLine={props.intents.showLine} />
      </span>
      <span class="visually-hidden">{state.position === 0 ? '' : statusWord(task.status)}</span>
    </li>
  );
}

function What(props: LoopProps & { readonly row: AwaitRow & { readonly kind: 'task' } }) {
  const { row, store, time } = props;
  const { task, sleep } = row;
  if (sleep !== undefined) {
    const until = sleep.when;
    const from = store.timeAt(task.since);
    const passed = until > from ? Math.min(1, Math.max(0, (time - from) / (until - from))) : 1;
    return (
      <>
        <span class="sleep-bar" style={{ '--passed': passed }} />
        <span class="num await-left">
          sleep{' '}
          <span>{until > time ? formatDuration(until - time, 3) : deadlineText(until - time)}</span>
        </span>
      </>
    );
  }
  if (row.on !== undefined) return <span>{row.on}</span>;
  if (task.status !== 'waiting') return <span class="muted">{statusWord(task.status)}</span>;
  return <span class="muted">waits for</span>;
}

function Line(props: { readonly task: TaskState; readonly onLine: (line: number) => void }) {
  const { location, status, coro } = props.task;
  if (location === undefined || status !== 'waiting') return null;
  return (
    <button
      type="button"
      class="line-link num"
      onClick={() => {
        props.onLine(location.line);
      }}
    >
      {location.func !== '' && location.func !== coro && `${location.func}, `}line {location.line}
    </button>
  );
}

function Over(props: LoopProps & { readonly task: TaskState }) {
  const { task, selected, store } = props;
  const dim = selected !== null && task.id !== selected;
  const text =
    task.error ??
    (task.value !== undefined
      ? `returned ${task.value}`
      : task.cancel?.stage === 'swallowed'
        ? 'swallowed its cancellation'
        : statusWord(task.status));
  return (
    <li class={`over hue-${hueOf(task.id)}${dim ? ' dim' : ''}`} data-glide={`t${task.id}`}>
      <button
        type="button"
        title={`${task.name} ${text}`}
        onClick={() => {
          props.intents.seek((task.doneAt ?? store.length - 1) + 1);
        }}
      >
        <StatusIcon status={task.status} />
        <span class="over-name ellipsis">{task.name}</span>
        <span class={`over-text ellipsis ${task.status === 'failed' ? 'bad' : 'muted'}`}>
          {text}
        </span>
      </button>
    </li>
  );
}
