/** How a Python run lets time pass, and the waits themselves. */
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
      'Python can wait in a browser only where WebAssembly has JSPI (Chromium 137, Firefox 139 or newer), so time is virtual.',
  };
}

/** setTimeout() counts milliseconds in 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/** The wait of one loop: over after its time, or when somebody wakes it. */
export class LoopWait {
  #woken = false;
  #end: (() => void) | null = null;

  /** A negative time is for ever. */
  wait(seconds: number): Promise<void> {
    if (this.#woken) {
      this.#woken = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const timer =
        seconds < 0
          ? undefined
          : setTimeout(() => this.#finish(), Math.min(seconds * 1000, LONGEST_MS));
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    if (this.#end === null) this.#woken = true;
    else this.#finish();
  }

  #finish(): void {
    const end = this.#end;
    this.#end = null;
    end?.();
  }
}
