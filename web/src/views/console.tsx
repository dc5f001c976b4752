/** What the program wrote, each line with its time and task; a click goes back to that moment. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ScopeState } from '../trace/state.js';
import { formatDuration } from '../trace/format.js';
import { hueOf } from './format.js';
import type { Intents } from './intents.js';
import './console.css';

/** The last lines; all of them only when asked for, for they have to be laid out anew at every seek. */
const linesAtFirst = 60;
const linesAtMost = 5000;

export function ConsoleView(props: {
  readonly state: ScopeState;
  readonly intents: Intents;
  readonly note: string | undefined;
}) {
  const { state, intents } = props;
  const [all, setAll] = useState(false);
  const from = Math.max(0, state.console.size - (all ? linesAtMost : linesAtFirst));
  const lines = state.console.slice(from);
  const bottom = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = bottom.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  }, [state.console.size]);
  return (
    <div
      class="console scroll"
      ref={bottom}
      tabIndex={0}
      role="log"
      aria-label="Console"
      aria-live="off"
    >
      {from > 0 && (
        <button
          type="button"
          class="button console-more"
          disabled={all}
          onClick={() => {
            setAll(true);
          }}
        >
          {all ? `${from} more lines are in the events tab` : `Show ${from} earlier lines`}
        </button>
      )}
      {lines.length === 0 && (
        <p class="empty-note">{props.note ?? 'Nothing has been written up to here.'}</p>
      )}
      {lines.map((line) => {
        const task = line.task === undefined ? undefined : state.tasks.get(line.task);
        return (
          <button
            type="button"
            key={line.event}
            class={`console-line ${line.stream} ${line.level ?? ''} hue-${hueOf(line.task)}`}
            title="Go to this moment"
            onClick={() => {
              intents.seek(line.event + 1);
            }}
          >
            <span class="console-time num">{formatDuration(line.time, 3)}</span>
            <span class="console-task ellipsis">{task?.name ?? ''}</span>
            <code class="console-text">{line.text === '' ? ' ' : line.text}</code>
          </button>
        );
      })}
      {state.truncations.map((cut) => (
        <p class="console-cut" key={cut.event}>
          From here on {cut.what} {cut.what === 'output' ? 'is' : 'are'} no longer recorded: the
          limit is reached
          {cut.dropped > 0 ? ` (${cut.dropped} dropped)` : ''}.
        </p>
      ))}
      {state.end !== undefined && (
        <p
          class={`console-end${state.end.outcome === 'crashed' || state.end.code !== 0 ? ' bad' : ''}`}
        >
          {state.end.outcome === 'exited'
            ? `The program ended with exit code ${state.end.code}.`
            : `The program crashed: ${state.end.error ?? 'no reason known'}`}
        </p>
      )}
    </div>
  );
}
