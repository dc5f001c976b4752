/** The editor with its head, the progress of a run that is being prepared, and the compiler's messages. */
import { useMemo } from 'preact/hooks';
import { Code } from '../editor/code.js';
import type { Diagnostic, Phase } from '../protocol/runtime.js';
import { Segmented } from '../ui/controls.js';
import { ClockSwitch } from './header.js';
import { marksAt, problemsOf, type Marks } from './marks.js';
import { narrow, touch } from './media.js';
import type { Page } from './page.js';
import type { Guest } from './session.js';

const noMarks: Marks = { marks: [], follow: null };

export function CodePane(props: {
  readonly page: Page;
  readonly readOnly?: boolean;
  /** The clock has no place of its own in the header. */
  readonly clock?: boolean;
}) {
  const { page } = props;
  const { session } = page;
  const state = session.state.value;
  const trace = session.linesMatch.value ? session.trace.value : null;
  const { marks, follow } =
    state === null || trace === null ? noMarks : marksAt(trace.store, state, session.source.value);
  const diagnostics = session.diagnostics.value;
  const problems = useMemo(() => problemsOf(diagnostics), [diagnostics]);
  return (
    <section class="pane code-pane" aria-label="Program">
      <div class="pane-head">
        <GuestSwitch page={page} />
        {!narrow.value && (
          <span class="file-name mono">
            {session.guest.value === 'cpp' ? 'main.cpp' : 'main.py'}
          </span>
        )}
        {session.edited.value && <span class="badge">edited</span>}
        {props.clock === true && (
          <>
            <span class="header-space" />
            <ClockSwitch page={page} />
          </>
        )}
      </div>
      <div class="code-host">
        <Progress page={page} />
        <Origin page={page} />
        <Code
          value={session.source.value}
          revision={session.revision.value}
          language={session.guest.value}
          readOnly={props.readOnly ?? false}
          label={`${session.title.value}, source code`}
          marks={marks}
          problems={problems}
          rich={!narrow.value && !touch.value}
          follow={follow}
          onChange={page.edit}
          onRun={page.run}
          onReady={(editor) => {
            page.editor = editor;
          }}
        />
      </div>
      {diagnostics.length > 0 && <Problems page={page} diagnostics={diagnostics} />}
    </section>
  );
}

/** Beside a trace that does not say its source, what this code is to it. */
function Origin({ page }: { readonly page: Page }) {
  const { session } = page;
  const trace = session.trace.value;
  if (trace === null || trace.file === null || trace.source !== null) return null;
  return (
    <p class="origin" role="status">
      {trace.file} comes without its source.{' '}
      {session.linesMatch.value
        ? `This is the gallery’s “${session.title.value}” as it is today.`
        : 'The code below is not what it ran.'}
    </p>
  );
}

/** A language is offered where the example is written in it. */
function GuestSwitch({ page }: { readonly page: Page }) {
  const { session } = page;
  return (
    <Segmented<Guest>
      label="Language"
      value={session.guest.value}
      choices={[
        { value: 'cpp', label: 'C++', disabled: !session.has('cpp') },
        {
          value: 'python',
          label: 'Python',
          disabled: !session.has('python'),
        },
      ]}
      onChange={(guest) => {
        page.setGuest(guest);
      }}
    />
  );
}

const phases: Readonly<Record<Phase, string>> = {
  'loading-runtime': 'Loading the runtime',
  'loading-compiler': 'Loading the compiler',
  compiling: 'Compiling',
  linking: 'Linking',
  running: 'Running',
};

function Progress({ page }: { readonly page: Page }) {
  const run = page.session.run.value;
  if (run.kind !== 'busy') return null;
  const { progress } = run;
  const percent = progress === undefined ? undefined : Math.round(progress * 100);
  return (
    <div class={`progress${run.phase === 'running' ? ' only-line' : ''}`} role="status">
      <div
        class={`progress-bar${percent === undefined ? ' unknown' : ''}`}
        role="progressbar"
        aria-label={phases[run.phase]}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        style={{ '--part': progress ?? 1 }}
      />
      <span class="progress-text">
        {phases[run.phase]}
        {percent === undefined ? '' : ` ${percent} %`}
        {run.detail !== undefined && <span class="muted"> {run.detail}</span>}
      </span>
    </div>
  );
}

function Problems(props: { readonly page: Page; readonly diagnostics: readonly Diagnostic[] }) {
  const { page, diagnostics } = props;
  const errors = diagnostics.filter((found) => found.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const counted = [
    errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : '',
    warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '',
  ].filter((text) => text !== '');
  return (
    <div
      class="problems scroll"
      role="region"
      aria-label={page.session.guest.value === 'cpp' ? 'Compiler messages' : 'Python’s messages'}
    >
      <h2>{counted.join(', ')}</h2>
      <ul>
        {diagnostics.map((found, index) => (
          <li key={index}>
            <button
              type="button"
              class={`problem ${found.severity}`}
              onClick={() => page.editor?.goTo(found.startLine, found.startColumn)}
            >
              <span class="problem-place num">
                {found.startLine}:{found.startColumn}
              </span>
              <span>
                <span class="visually-hidden">{found.severity}: </span>
                {found.message}
                {found.notes.map((note, at) => (
                  <span class="problem-note" key={at}>
                    {note}
                  </span>
                ))}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
