/** The loop itself: what is ready, what runs, which timers are set, and who waits for whom. */
import { useRef, useState } from 'preact/hooks';
import { sleeperOf } from '../../trace/causes.js';
import { readyQueue, timerHeap } from '../../trace/queues.js';
import type { HandleState, LoopState, ScopeState } from '../../trace/state.js';
import { formatDuration } from '../../trace/format.js';
import { numberText } from '../../trace/names.js';
import { handleLabel, hueOf } from '../format.js';
import { useGlide } from '../glide.js';
import { StatusIcon } from '../status.js';
import type { LoopProps } from './props.js';
import { Shared } from './shared.js';
import { Stage } from './stage.js';
import { Waiting } from './waiting.js';
import './loop.css';
import './shared.css';

/** As many as help; the count above says how many there are, and the last line shows them. */
const shownAtFirst = 8;
const shownAtMost = 500;
/** Events between two pictures; from further apart things do not glide, they are simply somewhere else. */
const furthestGlide = 60;

export function LoopView(props: LoopProps) {
  const { state } = props;
  const root = useRef<HTMLDivElement>(null);
  const last = useRef(state.position);
  const jump = Math.abs(state.position - last.current) > furthestGlide;
  last.current = state.position;
  useGlide(root, jump ? 0 : props.glide);
  const { loop } = state;
  return (
    <div class="loop scroll" ref={root}>
      <Phases loop={loop} state={state} />
      <div class="loop-lanes">
        <Ready {...props} />
        <Stage {...props} />
        <Timers {...props} />
      </div>
      <Shared {...props} />
      <Waiting {...props} />
    </div>
  );
}

/** One turn of the loop in three steps, and where in it we are. */
function Phases(props: { readonly loop: LoopState | undefined; readonly state: ScopeState }) {
  const { loop } = props;
  const kind = loop?.phase.kind ?? 'new';
  const beforeBatch = loop?.batchEnd === Infinity;
  const at =
    loop === undefined || kind === 'new' || kind === 'stopped' || kind === 'closed'
      ? 0
      : kind === 'polling'
        ? 1
        : kind === 'running' || !beforeBatch
          ? 3
          : 2;
  const steps = ['wait', 'timers due', 'run the ready'];
  return (
    <div class="phases">
      <span class="phase-turn num">
        {loop === undefined ? 'No loop yet' : `Turn ${loop.turn}`}
        {props.state.loops.length > 1 && ` · loop ${loop?.id ?? 0} of ${props.state.loops.length}`}
      </span>
      <ol aria-label="Steps of a turn">
        {steps.map((name, index) => (
          <li key={name} aria-current={at === index + 1 ? 'step' : undefined}>
            {name}
          </li>
        ))}
      </ol>
      {(kind === 'stopped' || kind === 'closed') && <span class="phase-end">{kind}</span>}
    </div>
  );
}

function Ready(props: LoopProps) {
  const { state } = props;
  const { loop } = state;
  const [all, setAll] = useState(false);
  const most = all ? shownAtMost : shownAtFirst;
  const shown = loop === undefined ? [] : readyQueue(state, loop, most);
  const count = loop?.readyCount ?? 0;
  const firstOfNext = shown.findIndex((entry) => !entry.inBatch);
  return (
    <section class="queue ready-queue" aria-label="Ready queue">
      <h2>
        Ready queue <span class="count">{count}</span>
      </h2>
      <ol>
        {shown.map((entry, index) => (
          <>
            {index === firstOfNext && index > 0 && (
              <li class="next-turn" key="next">
                next turn
              </li>
            )}
            <HandleChip key={entry.handle.id} handle={entry.handle} {...props}>
              {index === 0 && <span class="chip-note">next</span>}
            </HandleChip>
          </>
        ))}
        <More of={count} shown={shown.length} all={all} onAll={setAll} />
        {count === 0 && <li class="none">Nothing is ready.</li>}
      </ol>
    </section>
  );
}

function Timers(props: LoopProps) {
  const { state, store } = props;
  const { loop } = state;
  const [all, setAll] = useState(false);
  const most = all ? shownAtMost : shownAtFirst;
  const shown = loop === undefined ? [] : timerHeap(state, loop, most);
  const count = loop?.timerCount ?? 0;
  // Deadlines count on the loop's own clock; `time` on the trace's axis, which goes on where an earlier loop ended.
  const last = store.event(props.state.position - 1);
  const offset = last === undefined ? 0 : store.timeAt(props.state.position - 1) - last.t;
  return (
    <section class="queue timer-queue" aria-label="Timers by deadline">
      <h2>
        Timers <span class="count">{count}</span>
      </h2>
      <ol>
        {shown.map(({ handle, when }) => {
          const toGo = Math.max(0, when + offset - props.time);
          const set = store.timeAt(handle.scheduledAt);
          const whole = when + offset - set;
          const passed = whole > 0 ? Math.min(1, Math.max(0, 1 - toGo / whole)) : 1;
          return (
            <HandleChip key={handle.id} handle={handle} {...props}>
              <span class="timer-left num">
                {handle.cancelled
                  ? 'cancelled'
                  : toGo === 0
                    ? 'due'
                    : `in ${formatDuration(toGo, 3)}`}
              </span>
              <span class="timer-bar" style={{ '--passed': passed }} />
            </HandleChip>
          );
        })}
        <More of={count} shown={shown.length} all={all} onAll={setAll} />
        {count === 0 && <li class="none">No timer is set.</li>}
      </ol>
    </section>
  );
}

/** The end of a list that is cut short, or that was opened by this very button. */
function More(props: {
  readonly of: number;
  readonly shown: number;
  readonly all: boolean;
  readonly onAll: (all: boolean) => void;
}) {
  const { of, shown, all, onAll } = props;
  if (of <= shownAtFirst) return null;
  return (
    <li>
      <button
        type="button"
        class="more-note"
        onClick={() => {
          onAll(!all);
        }}
      >
        {all
          ? shown < of
            ? `${of - shown} more; show fewer`
            : 'Show fewer'
          : `and ${of - shown} more`}
      </button>
    </li>
  );
}

function HandleChip(
  props: LoopProps & { readonly handle: HandleState; readonly children?: preact.ComponentChildren },
) {
  const { handle, state, store, selected } = props;
  const task = handle.task === undefined ? undefined : state.tasks.get(handle.task);
  const owner = task ?? sleeper(props);
  const dim = selected !== null && owner?.id !== selected;
  const title =
    store.event(handle.scheduledAt) === undefined ? '' : `handle ${numberText(handle.id)}`;
  return (
    <li
      class={`handle hue-${hueOf(owner?.id)}${handle.cancelled ? ' is-cancelled' : ''}${dim ? ' dim' : ''}`}
      data-glide={task === undefined ? `h${handle.id}` : `t${task.id}`}
      title={title}
    >
      <span class="handle-name">
        {task !== undefined && <StatusIcon status={task.status} />}
        <span class="ellipsis">{owner?.name ?? handleLabel(handle.label)}</span>
      </span>
      <span class="handle-kind">
        {owner === undefined ? `handle ${numberText(handle.id)}` : handleLabel(handle.label)}
      </span>
      {props.children}
    </li>
  );
}

/** The task that sleeps until this timer. */
function sleeper(props: LoopProps & { readonly handle: HandleState }) {
  const { state, store, handle } = props;
  const id = sleeperOf(store, handle.id);
  const task = id === undefined ? undefined : state.tasks.get(id);
  const awaiting = task?.awaiting;
  const sleeps = awaiting?.kind === 'sleep' && 'handle' in awaiting;
  return sleeps && awaiting.handle === handle.id ? task : undefined;
}
