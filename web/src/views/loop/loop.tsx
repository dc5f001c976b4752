/** The loop itself: what is ready, what runs, which timers are set, and who waits for whom. */
import { useRef, useState } from 'preact/hooks';
import { readyQueue, timerHeap } from '../../trace/queues.js';
import type { HandleState, LoopState, ScopeState } from '../../trace/state.js';
import { numberText } from '../../trace/names.js';
import { deadlineText, hueOf } from '../format.js';
import { useGlide } from '../glide.js';
import { StatusIcon } from '../status.js';
import { handleName } from './handle_name.js';
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
  const waits = loop?.phase.kind !== 'polling' || loop.phase.timeout !== 0;
  const steps = [waits ? 'wait' : 'no wait', 'timers due', 'run what is ready'];
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
  return (
    <section class="queue timer-queue" aria-label="Timers by deadline">
      <h2>
        Timers <span class="count">{count}</span>
      </h2>
      <ol>
        {shown.map(({ handle, when }) => {
          const whole = when - store.timeAt(handle.scheduledAt);
          const toGo = Math.max(0, when - props.time);
          const passed = whole > 0 ? Math.min(1, Math.max(0, 1 - toGo / whole)) : 1;
          return (
            <HandleChip key={handle.id} handle={handle} {...props}>
              <span class="timer-left num">
                {handle.cancelled ? 'cancelled' : deadlineText(when - props.time)}
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
  const { handle, state, store, selected, intents } = props;
  const { owner, name, what } = handleName(store, state, handle);
  const isStep = handle.task !== undefined;
  const dim = selected !== null && owner?.id !== selected;
  return (
    <li
      class={`handle hue-${hueOf(owner?.id)}${handle.cancelled ? ' is-cancelled' : ''}${dim ? ' dim' : ''}`}
      data-glide={isStep ? `t${handle.task}` : `h${handle.id}`}
    >
      <button
        type="button"
        class="handle-go"
        title={`Handle ${numberText(handle.id)}: go to where it was scheduled`}
        onClick={() => {
          intents.seek(handle.scheduledAt + 1);
        }}
      >
        <span class="handle-name">
          {isStep && owner !== undefined && <StatusIcon status={owner.status} />}
          <span class="ellipsis">{name}</span>
        </span>
        <span class="handle-kind">{what}</span>
      </button>
      {props.children}
    </li>
  );
}
