/** The middle of the loop: the one handle that runs, with its coroutines; or what the loop waits for. */
import type { HandleState, LoopState, ScopeState, TaskState } from '../../trace/state.js';
import { formatDuration } from '../../trace/format.js';
import { numberText } from '../../trace/names.js';
import { handleLabel, hueOf } from '../format.js';
import { StatusIcon } from '../status.js';
import type { LoopProps } from './props.js';

export function Stage(props: LoopProps) {
  const { state, intents } = props;
  const { loop } = state;
  const handle = loop?.running === undefined ? undefined : state.handles.get(loop.running);
  // Just before and after its step the handle is still the task's.
  const owner = loop?.task ?? handle?.task;
  const task = owner === undefined ? undefined : state.tasks.get(owner);
  return (
    <section class="stage" aria-label="Running now">
      <h2>Running</h2>
      {handle === undefined && task === undefined ? (
        <Idle state={state} loop={loop} time={props.time} />
      ) : (
        <Running handle={handle} task={task} onLine={intents.showLine} />
      )}
    </section>
  );
}

function Running(props: {
  readonly handle: HandleState | undefined;
  readonly task: TaskState | undefined;
  readonly onLine: (line: number) => void;
}) {
  const { handle, task } = props;
  const owner = task?.id;
  const inStep = task?.status === 'running';
  const key = inStep ? `t${task.id}` : `h${handle?.id ?? 0}`;
  return (
    <div class={`runner hue-${hueOf(owner)}`} data-glide={key}>
      <div class="runner-name">
        <StatusIcon status="running" />
        <span class="ellipsis">
          {task?.name ?? `Handle ${handle === undefined ? 0 : numberText(handle.id)}`}
        </span>
        <span class="runner-step num">
          {inStep ? `step ${task.steps}` : handleLabel(handle?.label ?? '')}
        </span>
      </div>
      {inStep && <Frames task={task} onLine={props.onLine} />}
      {task === undefined && handle?.loc !== undefined && (
        <p class="runner-note">{handle.loc.func}</p>
      )}
      {task?.throws !== undefined && <p class="runner-throws">{task.throws} thrown in</p>}
    </div>
  );
}

/** The coroutine stack, outermost first, as it was when the task was last suspended. */
function Frames(props: { readonly task: TaskState; readonly onLine: (line: number) => void }) {
  const { task } = props;
  if (task.stack.length === 0) {
    return (
      <ol class="frames">
        <li>
          <span class="frame">
            <code>{task.coro}</code>
            <span class="frame-line">{task.steps <= 1 ? 'begins' : ''}</span>
          </span>
        </li>
      </ol>
    );
  }
  return (
    <ol class="frames" aria-label="Coroutine stack, outermost first">
      {task.stack.map((frame, depth) => (
        <li key={depth} style={{ '--depth': depth }}>
          <button
            type="button"
            class="frame"
            onClick={() => {
              props.onLine(frame.line);
            }}
          >
            <code class="ellipsis">{frame.func}</code>
            <span class="frame-line num">line {frame.line}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Idle(props: {
  readonly state: ScopeState;
  readonly loop: LoopState | undefined;
  readonly time: number;
}) {
  const { loop, state } = props;
  const [title, text] = idleText(state, loop, props.time);
  return (
    <div class={`idle ${loop?.phase.kind ?? 'none'}`}>
      <svg viewBox="0 0 48 48" aria-hidden="true" class="idle-ring">
        <circle cx="24" cy="24" r="18" />
        <path d="M19 1.8 27 6l-8 4.2Z" />
      </svg>
      <strong>{title}</strong>
      <span>{text}</span>
    </div>
  );
}

function idleText(
  state: ScopeState,
  loop: LoopState | undefined,
  time: number,
): readonly [string, string] {
  if (state.end !== undefined) {
    return [
      state.end.outcome === 'exited' ? 'The program has ended' : 'The program crashed',
      state.end.error ?? `exit code ${state.end.code}`,
    ];
  }
  if (loop === undefined) return ['Before the loop', 'main() has not made one yet.'];
  const { phase } = loop;
  switch (phase.kind) {
    case 'new':
      return ['The loop is not running', 'What is scheduled now waits for its first turn.'];
    case 'polling':
      if (phase.timeout === 0) return ['Looks for I/O', 'There are handles ready: no waiting.'];
      if (phase.until === null) return ['Waits', 'Nothing is ready and no timer is set.'];
      return [
        'Waits for the next timer',
        `in ${formatDuration(Math.max(0, phase.until - time), 3)}`,
      ];
    case 'running':
    case 'between':
      return loop.batchEnd === Infinity
        ? ['Collects what is due', 'Timers that are due go to the ready queue.']
        : loop.batchLeft > 0
          ? ['Between two handles', `${loop.batchLeft} left in this turn`]
          : ['The turn is over', 'The next one begins.'];
    case 'stopped':
      return ['The loop has stopped', 'What is left stays in its queues.'];
    case 'closed':
      return ['The loop is closed', 'Nothing runs on it any more.'];
  }
}
