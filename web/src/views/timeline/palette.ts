/** The colours that the canvas draws with, read from the page's tokens. */
import { signal, type ReadonlySignal } from '@preact/signals';

export interface Palette {
  readonly tasks: readonly string[];
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly panel: string;
  readonly sunken: string;
  readonly ok: string;
  readonly bad: string;
  readonly warn: string;
  readonly now: string;
  readonly nowInk: string;
  readonly sans: string;
}

function read(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    tasks: Array.from({ length: 9 }, (_, index) => token(`task-${index}`)),
    ink: token('ink'),
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    line: token('line'),
    lineStrong: token('line-strong'),
    panel: token('panel'),
    sunken: token('sunken'),
    ok: token('ok'),
    bad: token('bad'),
    warn: token('warn'),
    now: token('now'),
    nowInk: token('now-ink'),
    sans: token('sans'),
  };
}

let shared: ReadonlySignal<Palette> | undefined;

/** Changes with the theme. */
export function palette(): ReadonlySignal<Palette> {
  if (shared === undefined) {
    const current = signal(read());
    new MutationObserver(() => {
      current.value = read();
    }).observe(document.documentElement, { attributeFilter: ['data-theme'] });
    shared = current;
  }
  return shared;
}
