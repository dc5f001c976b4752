/** The loop, or what stands in its place before there is a trace. */
import { Button } from '../ui/controls.js';
import { Logo } from '../ui/icons.js';
import { LoopView } from '../views/loop/loop.js';
import { reducedMotion } from './media.js';
import type { Page } from './page.js';

export function LoopPane({ page }: { readonly page: Page }) {
  const { session } = page;
  const trace = session.trace.value;
  const state = session.state.value;
  return (
    <section class={`pane loop-pane${session.stale.value ? ' stale' : ''}`} aria-label="The loop">
      {trace === null || state === null ? (
        <Empty page={page} />
      ) : (
        <LoopView
          store={trace.store}
          state={state}
          time={session.moment.value.time}
          glide={glideTime(page)}
          selected={session.selected.value}
          live={!session.busy.value ? undefined : session.asked.value === null ? 'runs' : 'asks'}
          intents={page.intents}
        />
      )}
    </section>
  );
}

/** Things glide while a person can follow them; in a fast film they jump. */
function glideTime(page: Page): number {
  const { playback } = page.session;
  if (reducedMotion.value) return 0;
  if (!playback.playing.value) return 220;
  // While events pour in, the time is theirs.
  if (playback.live.value === 'virtual') return 0;
  const rate = playback.rate.value;
  return rate > 2 || playback.length.value > 600 ? 0 : Math.min(260, 110 / rate);
}

function Empty({ page }: { readonly page: Page }) {
  const { session } = page;
  const run = session.run.value;
  const [title, text] = emptyText(page);
  return (
    <div class="empty">
      <div class={`empty-mark${run.kind === 'busy' ? ' busy' : ''}`}>
        <Logo size={56} />
      </div>
      <h2>{title}</h2>
      <p>{text}</p>
      {run.kind !== 'busy' && (
        <Button kind="primary" icon="run" label="Run" keys="Ctrl+Enter" onClick={page.run} />
      )}
    </div>
  );
}

function emptyText(page: Page): readonly [string, string] {
  const { session } = page;
  const run = session.run.value;
  if (run.kind === 'busy') return ['Getting ready', 'The loop appears with its first event.'];
  if (run.kind === 'ended' && run.how === 'not-compiled') {
    return [
      session.guest.value === 'cpp' ? 'It does not compile' : 'Python does not understand it',
      'There is no run to show. The messages are below the code.',
    ];
  }
  if (run.kind === 'ended' && run.how === 'failed') {
    return ['No run to show', 'The runtime could not go on; the message above says why.'];
  }
  if (session.lacking.value !== undefined) {
    return [
      'Watch a recording',
      `This program needs ${session.lacking.value}, and there are none in a page. What it does was recorded natively, under the virtual clock, when this page was built.`,
    ];
  }
  return [
    'Watch the loop run',
    'Run the program, then step through every event, forward and back: what is ready, what runs, which timers are set, and who waits for whom.',
  ];
}
