/** Why does this run now? The sentence, the chain of causes back to the start, and what is probably wrong. */
import type { Lint } from '../trace/lint.js';
import { narrate } from '../trace/narrate.js';
import type { TraceStore } from '../trace/store.js';
import type { ScopeState } from '../trace/state.js';
import { whyAt } from '../trace/why.js';
import { formatDuration } from '../trace/format.js';
import { hueOf } from './format.js';
import type { Intents } from './intents.js';
import './why.css';

export function WhyView(props: {
  readonly store: TraceStore;
  readonly state: ScopeState;
  readonly position: number;
  readonly findings: readonly Lint[];
  readonly intents: Intents;
}) {
  const { store, position, intents, findings } = props;
  const chain = position === 0 ? undefined : whyAt(store, position, 30);
  return (
    <div class="why scroll" tabIndex={0} role="group" aria-label="Why">
      {findings.map((finding) => (
        <button
          type="button"
          key={`${finding.code}${finding.event}`}
          class={`finding ${finding.severity}`}
          onClick={() => {
            intents.seek(finding.event + 1);
          }}
        >
          <strong>{finding.text}</strong>
          <span>{finding.advice}</span>
        </button>
      ))}
      {position === 0 ? (
        <p class="empty-note">Nothing has happened yet.</p>
      ) : (
        <>
          <p class="why-now">{narrate(store, position - 1)}</p>
          {chain !== undefined && (
            <>
              <h2>Because</h2>
              <ol>
                {chain.links.map((link) => (
                  <li key={link.event} class={`hue-${hueOf(link.task)}`}>
                    <button
                      type="button"
                      onClick={() => {
                        intents.seek(link.event + 1);
                      }}
                    >
                      <span class="why-time num">
                        {formatDuration(store.timeAt(link.event), 3)}
                      </span>
                      <span>{link.text}</span>
                    </button>
                  </li>
                ))}
              </ol>
              {!chain.complete && <p class="muted why-more">The chain goes on.</p>}
            </>
          )}
        </>
      )}
    </div>
  );
}
