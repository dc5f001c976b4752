/** The line between two panes: drag it, or move it with the arrow keys. */
import { useState } from 'preact/hooks';

interface Props {
  readonly label: string;
  /** `vertical`: an upright line between left and right. */
  readonly orientation: 'vertical' | 'horizontal';
  /** Size of the pane it controls, in pixels. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** -1 where the controlled pane lies right of or below the line. */
  readonly direction?: 1 | -1;
  readonly onChange: (value: number) => void;
}

export function Splitter(props: Props) {
  const { orientation, value, min, max, direction = 1 } = props;
  const [dragging, setDragging] = useState(false);
  const clamp = (to: number) => Math.round(Math.min(max, Math.max(min, to)));
  const drag = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
    event.preventDefault();
    const line = event.currentTarget;
    const along = (e: PointerEvent) => (orientation === 'vertical' ? e.clientX : e.clientY);
    const from = along(event);
    line.setPointerCapture(event.pointerId);
    setDragging(true);
    const move = (e: PointerEvent) => {
      props.onChange(clamp(value + (along(e) - from) * direction));
    };
    const end = () => {
      setDragging(false);
      line.removeEventListener('pointermove', move);
    };
    line.addEventListener('pointermove', move);
    line.addEventListener('lostpointercapture', end, { once: true });
  };
  const keys = (event: KeyboardEvent) => {
    const forward = orientation === 'vertical' ? 'ArrowRight' : 'ArrowDown';
    const back = orientation === 'vertical' ? 'ArrowLeft' : 'ArrowUp';
    const step = event.key === forward ? 24 : event.key === back ? -24 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    props.onChange(clamp(value + step * direction));
  };
  return (
    <div
      class={`splitter${dragging ? ' dragging' : ''}`}
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={drag}
      onKeyDown={keys}
    />
  );
}
