/** How a Python run lets time pass. */
import type { ClockKind } from '../../protocol/trace.js';

export interface Waiting {
  readonly clock: ClockKind;
  readonly waiting: 'host' | 'virtual';
  /** Why it is not the clock that was asked for. */
  readonly reason?: string;
}

export function chooseWaiting(clock: ClockKind, canSuspend: boolean): Waiting {
  if (clock === 'virtual') return { clock, waiting: 'virtual' };
  if (canSuspend) return { clock, waiting: 'host' };
  return {
    clock: 'virtual',
    waiting: 'virtual',
    reason:
      'Python can wait in a browser only where WebAssembly has JSPI (Chromium 137, Firefox 153, Safari 27 or newer), so time is virtual.',
  };
}
