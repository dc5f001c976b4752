/** The sentence for the moment shown; read aloud when a person steps, not while the film plays. */
import { narrate } from '../trace/narrate.js';
import type { TraceStore } from '../trace/store.js';
import { taskOfEvent } from './events/event_facts.js';
import { hueOf } from './format.js';

export function Narration(props: {
  readonly store: TraceStore;
  readonly position: number;
  readonly playing: boolean;
  /** A finding of the lints at this very moment. */
  readonly finding: string | undefined;
}) {
  const { store, position } = props;
  const event = store.event(position - 1);
  const text =
    position === 0
      ? store.length === 0
        ? 'Waiting for the first event.'
        : 'Before the first event. Press Space to play, or the arrow keys to step.'
      : narrate(store, position - 1);
  const task = event === undefined ? undefined : taskOfEvent(event);
  return (
    <p class={`narration hue-${hueOf(task)}`}>
      <span
        class="narration-text"
        role="status"
        aria-live={props.playing ? 'off' : 'polite'}
        aria-atomic="true"
      >
        {text}
      </span>
      {props.finding !== undefined && <span class="narration-finding">{props.finding}</span>}
    </p>
  );
}
