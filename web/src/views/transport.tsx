/** The film's caption and its controls: the sentence for this moment, and every way to move through the trace. */
import type { Playback } from '../playback/playback.js';
import { Button } from '../ui/controls.js';
import { formatClock } from './format.js';
import './transport.css';

export const rates = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100] as const;

/** The next faster or slower of the speeds offered. */
export function nextRate(rate: number, direction: 1 | -1): number {
  return direction === 1
    ? (rates.find((r) => r > rate * 1.001) ?? 100)
    : ([...rates].reverse().find((r) => r < rate * 0.999) ?? 0.1);
}

export function Transport(props: {
  readonly playback: Playback;
  readonly turn: number | undefined;
  /** A program is running and events stream in. */
  readonly live: boolean;
}) {
  const { playback } = props;
  const position = playback.position.value;
  const length = playback.length.value;
  const playing = playback.playing.value;
  const nothing = length === 0;
  return (
    <div class="transport" role="group" aria-label="Playback">
      <div class="transport-buttons">
        <Button
          icon="first"
          label="To the start"
          iconOnly
          keys="Home"
          disabled={nothing || position === 0}
          onClick={() => {
            playback.toStart();
          }}
        />
        <Steps playback={playback} direction="back" disabled={nothing || position === 0} />
        <Button
          class="play"
          kind="primary"
          iconOnly
          icon={playing ? 'pause' : 'run'}
          label={playing ? 'Pause' : 'Play'}
          keys="Space"
          disabled={nothing}
          onClick={() => {
            playback.toggle();
          }}
        />
        <Steps playback={playback} direction="forward" disabled={nothing || position >= length} />
        <Button
          icon="last"
          label={props.live ? 'Follow the end' : 'To the end'}
          iconOnly
          keys="End"
          disabled={nothing}
          onClick={() => {
            if (props.live) playback.follow();
            else playback.toEnd();
          }}
        />
      </div>
      <Scrubber playback={playback} />
      <div class="readout num">
        {props.live && playback.following.value && <span class="live-dot">live</span>}
        <span class="readout-time" title="Time on the loop's clock">
          {formatClock(playback.time.value)}
        </span>
        <span class="readout-turn">{props.turn === undefined ? '' : `turn ${props.turn}`}</span>
      </div>
      <Speed playback={playback} />
    </div>
  );
}

function Steps(props: {
  readonly playback: Playback;
  readonly direction: 'back' | 'forward';
  readonly disabled: boolean;
}) {
  const { playback, direction, disabled } = props;
  const back = direction === 'back';
  const word = back ? 'back' : 'forward';
  const arrow = back ? '←' : '→';
  const turn = (
    <Button
      key="turn"
      class="step-turn"
      icon={back ? 'backTurn' : 'forwardTurn'}
      label={`One turn ${word}`}
      iconOnly
      keys={`Alt+${arrow}`}
      disabled={disabled}
      onClick={() => {
        playback.step(direction, 'turn');
      }}
    />
  );
  const step = (
    <Button
      key="step"
      class="step-task"
      icon={back ? 'backTask' : 'forwardTask'}
      label={`One task step ${word}`}
      iconOnly
      keys={`Shift+${arrow}`}
      disabled={disabled}
      onClick={() => {
        playback.step(direction, 'step');
      }}
    />
  );
  const event = (
    <Button
      key="event"
      icon={back ? 'back' : 'forward'}
      label={`One event ${word}`}
      iconOnly
      keys={arrow}
      disabled={disabled}
      onClick={() => {
        playback.step(direction, 'event');
      }}
    />
  );
  return <>{back ? [turn, step, event] : [event, step, turn]}</>;
}

/** A range input, restyled: it comes with keyboard, touch and a screen reader's value. */
function Scrubber({ playback }: { readonly playback: Playback }) {
  const position = playback.position.value;
  const length = playback.length.value;
  return (
    <label class="scrubber">
      <span class="visually-hidden">Event</span>
      <input
        type="range"
        min={0}
        max={Math.max(1, length)}
        step={1}
        value={position}
        disabled={length === 0}
        style={{ '--done': length === 0 ? 0 : position / length }}
        aria-valuetext={`event ${position} of ${length}, ${formatClock(playback.time.peek())}`}
        onInput={(event) => {
          playback.pause();
          playback.seek(Number(event.currentTarget.value));
        }}
      />
      <span class="scrubber-count num">
        {position}
        <span class="muted"> / {length}</span>
      </span>
    </label>
  );
}

function Speed({ playback }: { readonly playback: Playback }) {
  const rate = playback.rate.value;
  return (
    <div class="speed" role="group" aria-label="Speed">
      <button
        type="button"
        class="speed-step"
        aria-label="Slower"
        title="Slower ([)"
        aria-keyshortcuts="["
        disabled={rate <= 0.1}
        onClick={() => {
          playback.setRate(nextRate(rate, -1));
        }}
      >
        −
      </button>
      <output class="num" aria-label="Speed">
        {rate < 1 ? String(Number(rate.toFixed(2))) : String(Math.round(rate))}×
      </output>
      <button
        type="button"
        class="speed-step"
        aria-label="Faster"
        title="Faster (])"
        aria-keyshortcuts="]"
        disabled={rate >= 100}
        onClick={() => {
          playback.setRate(nextRate(rate, 1));
        }}
      >
        +
      </button>
    </div>
  );
}
