/** The middle of the loop: the one handle that runs, with its coroutines; or what the loop waits for. */
import { useEffect, useState } from 'preact/hooks';
import type { HandleState, LoopState, ScopeState, TaskState } from '../../trace/state.js';
import { formatDuration } from '../../trace/format.js';
import type { TraceStore } from '../../trace/store.js';
import { hueOf } from '../format.js';
import { StatusIcon } from '../status.js';
import { handleName } from './handle_name.js';
import type { LoopProps } from './props.js';

export function Stage(props: LoopProps) {
  const { state, store, intents } = props;
  const { loop } = state;
  const handle = loop?.running === undefined ? undefined : state.handles.get(loop.running);
  // Just before and after its step the handle is still the task's.
  const owner = loop?.task ?? handle?.task;
  const task = owner === undefined ? undefined : state.tasks.get(owner);
  return (
    <section class="stage" aria-label="Running now">
      <h2>Running</h2>
      {handle === undefined && task === undefined ? (
        <Idle store={store} state={state} loop={loop} time={props.time} />
      ) : (
        <Running {...props} handle={handle} task={task} onLine={intents.showLine} />
      )}
    </section>
  );
}

function Running(
  props: LoopProps & {
    readonly handle: HandleState | undefined;
    readonly task: TaskState | undefined;
    readonly onLine: (line: number) => void;
  },
) {
  const { handle, task, store, state } = props;
  const owner = task?.id;
  const inStep = task?.status === 'running';
  const key = inStep ? `t${task.id}` : `h${handle?.id ?? 0}`;
  const named = handle === undefined ? undefined : handleName(store, state, handle);
  const isAfter = task !== undefined && task.status !== 'ready' && task.status !== 'running';
  const event = store.event(state.position - 1);
  const thrown =
    event?.kind === 'task_step_begin' && event.task === owner ? event.throws : undefined;
  return (
    <div class={`runner hue-${hueOf(owner)}`} data-glide={key}>
      <div class="runner-name">
        <StatusIcon status="running" />
        <span class="ellipsis">{task?.name ?? named?.name ?? 'a callback'}</span>
        <span class="runner-step num">
          {inStep ? `step ${task.steps}` : isAfter ? 'its step is over' : named?.what}
        </span>
      </div>
      {inStep && <Frames task={task} onLine={props.onLine} />}
      {thrown !== undefined && <p class="runner-throws">{thrown} is thrown at its await</p>}
      <Blocking {...props} />
    </div>
  );
}

/** The coroutine stack, outermost first, as it was when the task was last suspended. */
function Frames(props: { readonly task: TaskState; readonly onLine: (line: number) => void }) {
  const { task } = props;
  const { location } = task;
  if (task.stack.length === 0 && location !== undefined) {
    return (
      <ol class="frames">
        <li>
          <Frame func={task.coro} line={location.line} onLine={props.onLine} />
        </li>
      </ol>
    );
  }
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
  const innermost = task.stack.length - 1;
  return (
    <ol class="frames" aria-label="Coroutine stack, outermost first">
      {task.stack.map((frame, depth) => (
        <li key={depth} style={{ '--depth': depth }}>
          <Frame
            func={frame.func}
            line={frame.func === location?.func && depth === innermost ? location.line : frame.line}
            onLine={props.onLine}
          />
        </li>
      ))}
    </ol>
  );
}

function Frame(props: {
  readonly func: string;
  readonly line: number;
  readonly onLine: (line: number) => void;
}) {
  const { func, line, onLine } = props;
  return (
    <button
      type="button"
      class="frame"
      onClick={() => {
        onLine(line);
      }}
    >
      <code class="ellipsis">{func}</code>
      <span class="frame-line num">line {line}</span>
    </button>
  );
}

/** What lets time pass between two events of a step: nothing else can run meanwhile. */
function Blocking({ store, state, live }: LoopProps) {
  const { position } = state;
  const atEnd = position >= store.length;
  const busy = useSilence(position, live === 'runs' && atEnd);
  if (live === 'asks' && atEnd)
    return <p class="runner-blocks">input() blocks the loop: nothing else can run.</p>;
  const passed = atEnd ? busy : store.timeAt(position) - store.timeAt(position - 1);
  if (passed < longUnnoticed) return null;
  return (
    <p class="runner-blocks">
      {atEnd ? 'Has blocked' : 'Blocks'} the loop for {formatDuration(passed, 2)}: nothing else can
      run.
    </p>
  );
}

/** A step that takes longer is felt by whoever waits. asyncio's debug mode warns from here on. */
const longUnnoticed = 100e6;

/** For how many ns of real time nothing has come, told once a second. */
function useSilence(position: number, listening: boolean): number {
  const [silence, setSilence] = useState(0);
  useEffect(() => {
    setSilence(0);
    if (!listening) return undefined;
    const since = performance.now();
    const timer = setInterval(() => {
      setSilence((performance.now() - since) * 1e6);
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [position, listening]);
  return silence;
}

function Idle(props: {
  readonly store: TraceStore;
  readonly state: ScopeState;
  readonly loop: LoopState | undefined;
  readonly time: number;
}) {
  const { loop, state } = props;
  const [title, text] = idleText(props.store, state, loop, props.time);
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
  store: TraceStore,
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
      if (phase.timeout === 0)
        return ['Does not wait', 'There are handles ready: it only looks for I/O.'];
      if (phase.until === null) return ['Waits', 'Nothing is ready and no timer is set.'];
      return [
        'Waits for the next timer',
        `in ${formatDuration(Math.max(0, phase.until - time), 3)}`,
      ];
    case 'running':
    case 'between':
      if (store.event(state.position - 1)?.kind === 'loop_start')
        return ['The loop starts', 'Its first turn begins next.'];
      return loop.batchEnd === Infinity
        ? ['Collects what is due', 'Timers that are due go to the ready queue.']
        : loop.batchLeft > 0
          ? ['Between two handles', `${loop.batchLeft} left in this turn`]
          : ['The turn is over', 'The next one begins.'];
    case 'stopped':
      return ['The loop has stopped', 'What is left stays in its queues.'];
    case 'unrecorded':
      return [
        'No longer recorded',
        'The trace is full: what the loop does from here on is not in it, but for what is printed.',
      ];
    case 'closed':
      return ['The loop is closed', 'Nothing runs on it any more.'];
  }
}
