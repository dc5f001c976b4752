/** What the program wrote, as a terminal shows it, with time and task beside it; a click goes back to that moment. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ProgramEnd, ScopeState } from '../trace/state.js';
import { formatDuration } from '../trace/format.js';
import { Button } from '../ui/controls.js';
import { Ansi, newParser } from './ansi.js';
import {
  terminalLines,
  terminalText,
  type Answer,
  type Piece,
  type TerminalLine,
} from './console_lines.js';
import { hueOf } from './format.js';
import type { Intents } from './intents.js';
import './console.css';

/** The last lines; all of them only when asked for, for they have to be laid out anew at every seek. */
const linesAtFirst = 60;
const linesAtMost = 5000;

export function ConsoleView(props: {
  readonly state: ScopeState;
  readonly answers: readonly Answer[];
  readonly intents: Intents;
  readonly note: string | undefined;
}) {
  const { state, intents, answers } = props;
  const [all, setAll] = useState(false);
  const [plain, setPlain] = useState(false);
  const limit = all || plain ? linesAtMost : linesAtFirst;
  const { lines, more } = terminalLines(state.console, answers, state.position, limit);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [state.console.size, plain]);
  const parser = newParser();
  return (
    <div
      class="console scroll"
      ref={box}
      tabIndex={0}
      role="log"
      aria-label="Console"
      aria-live="off"
    >
      {more && (
        <button
          type="button"
          class="button console-more"
          disabled={all || plain}
          onClick={() => {
            setAll(true);
          }}
        >
          {all || plain ? 'Earlier lines are in the events tab' : 'Show earlier lines'}
        </button>
      )}
      {lines.length === 0 && (
        <p class="empty-note">{props.note ?? 'Nothing has been written up to here.'}</p>
      )}
      {plain ? (
        <pre class="console-plain">{terminalText(lines)}</pre>
      ) : (
        lines.map((line, index) => (
          <Line
            key={line[0].event}
            line={line}
            before={lines[index - 1]}
            {...{ state, intents, parser }}
          />
        ))
      )}
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
          {endText(state.end, lines.at(-1))}
        </p>
      )}
      {lines.length > 0 && (
        <Tools
          plain={plain}
          onPlain={setPlain}
          text={() =>
            terminalText(terminalLines(state.console, answers, state.position, Infinity).lines)
          }
        />
      )}
    </div>
  );
}

/** A crash whose error stands right above is not told again. */
function endText(end: ProgramEnd, last: TerminalLine | undefined): string {
  const code = `The program ended with exit code ${end.code}.`;
  if (end.outcome === 'exited') return code;
  const said = terminalText(last === undefined ? [] : [last]).trim();
  if (end.error !== undefined && said.includes(end.error)) return code;
  return `The program crashed: ${end.error ?? 'no reason is known'}.`;
}

function Tools(props: {
  readonly plain: boolean;
  readonly onPlain: (plain: boolean) => void;
  readonly text: () => string;
}) {
  const { plain, onPlain, text } = props;
  const [copied, setCopied] = useState(false);
  return (
    <div class="console-tools">
      <button
        type="button"
        class="button"
        aria-pressed={plain}
        title="Without time and task: as in a terminal"
        onClick={() => {
          onPlain(!plain);
        }}
      >
        Plain
      </button>
      <Button
        label={copied ? 'Copied' : 'Copy'}
        onClick={() => {
          void navigator.clipboard.writeText(text()).then(() => {
            setCopied(true);
            setTimeout(() => {
              setCopied(false);
            }, 2000);
          });
        }}
      />
    </div>
  );
}

function Line(props: {
  readonly line: TerminalLine;
  readonly before: TerminalLine | undefined;
  readonly state: ScopeState;
  readonly intents: Intents;
  readonly parser: ReturnType<typeof newParser>;
}) {
  const { line, before, state, intents, parser } = props;
  const [first] = line;
  const same = before?.[0];
  const task = first.task === undefined ? undefined : state.tasks.get(first.task);
  const isEmpty = line.every(({ text }) => text === '');
  return (
    <div class={`console-line hue-${hueOf(first.task)}`}>
      <span class="console-time num">
        {same?.time === first.time ? '' : formatDuration(first.time, 3)}
      </span>
      <code class="console-text">
        {isEmpty
          ? ' '
          : line.map((piece, index) => <Part key={index} {...{ piece, intents, parser }} />)}
      </code>
      <span class="console-task ellipsis" title={task?.name}>
        {same?.task === first.task && same?.stream === first.stream ? '' : (task?.name ?? '')}
      </span>
    </div>
  );
}

function Part(props: {
  readonly piece: Piece;
  readonly intents: Intents;
  readonly parser: ReturnType<typeof newParser>;
}) {
  const { piece, intents, parser } = props;
  return (
    <button
      type="button"
      class={`console-piece ${piece.stream} ${piece.level ?? ''}`}
      title="Go to this moment"
      onClick={() => {
        intents.seek(piece.event + 1);
      }}
    >
      <Ansi text={piece.text} parser={parser} />
    </button>
  );
}
