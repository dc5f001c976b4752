/** How a run lets time pass: decided from the clock that was asked for, the program, and where it runs. */
import type { ClockKind } from '../../protocol/trace.js';

export interface Waiting {
  readonly clock: ClockKind;
  /** `host`: the host's timers, its event loop lives; `blocking`: the thread sleeps; `virtual`: nothing waits. */
  readonly waiting: 'host' | 'blocking' | 'virtual';
  /** Why it is not the clock that was asked for. */
  readonly reason?: string;
}

/** Mangled name of `asyncio::Coro<int> co_main(int, char**)`. */
const CO_MAIN = '_Z7co_mainiPPc';

export function hasCoMain(side: WebAssembly.Module): boolean {
  return WebAssembly.Module.exports(side).some(({ name }) => name === CO_MAIN);
}

/** `mayBlock`: Atomics.wait works here. */
export function chooseWaiting(clock: ClockKind, coMain: boolean, mayBlock: boolean): Waiting {
  if (clock === 'virtual') return { clock, waiting: 'virtual' };
  if (coMain) return { clock, waiting: 'host' };
  if (mayBlock) return { clock, waiting: 'blocking' };
  return {
    clock: 'virtual',
    waiting: 'virtual',
    reason:
      'main() blocks while it waits, which this page may not do, so time is virtual. ' +
      'A program with co_main() instead of main() runs live everywhere.',
  };
}

/** The name of the loop implementation (`asyncio::available_backends()`) that waits so. */
export function backendOf(waiting: Waiting['waiting']): string {
  switch (waiting) {
    case 'host':
      return 'js';
    case 'blocking':
      return 'js-blocking';
    case 'virtual':
      return 'virtual';
  }
}
