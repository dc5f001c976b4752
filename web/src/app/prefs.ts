/** What a person has set up for themself; kept in localStorage where the page may use it (a sandboxed frame may not). */
import { effect, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';

export interface Prefs {
  readonly theme: Theme;
  readonly galleryOpen: boolean;
  readonly galleryWidth: number;
  /** Width of the loop, share of the window in per cent. */
  readonly loopShare: number;
  /** Height of the lower part, share of the window in per cent. */
  readonly lowerShare: number;
  readonly tabsWidth: number;
  readonly axis: 'both' | 'time' | 'steps';
  readonly follow: boolean;
}

const key = 'loopscope.prefs.1';

const defaults: Prefs = {
  theme: 'auto',
  galleryOpen: true,
  galleryWidth: 232,
  loopShare: 44,
  lowerShare: 40,
  tabsWidth: 416,
  axis: 'both',
  follow: true,
};

/** Values of the wrong type are dropped, not trusted: the store may be from another version. */
export function readPrefs(text: string | null): Prefs {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? 'null');
  } catch {
    return defaults;
  }
  if (typeof stored !== 'object' || stored === null) return defaults;
  const kept = Object.entries(stored).filter(
    ([name, value]) => name in defaults && typeof value === typeof defaults[name as keyof Prefs],
  );
  return { ...defaults, ...Object.fromEntries(kept) };
}

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export const prefs = signal<Prefs>(readPrefs(storage()?.getItem(key) ?? null));

export function setPref<K extends keyof Prefs>(name: K, value: Prefs[K]): void {
  prefs.value = { ...prefs.value, [name]: value };
  try {
    storage()?.setItem(key, JSON.stringify(prefs.value));
  } catch {
    // Full or forbidden: the setting holds until the page closes.
  }
}

/** Keeps `data-theme` on the document in step with the setting and the system. */
export function followTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const dark = signal(system.matches);
  system.addEventListener('change', (event) => {
    dark.value = event.matches;
  });
  effect(() => {
    const { theme } = prefs.value;
    const resolved = theme === 'auto' ? (dark.value ? 'dark' : 'light') : theme;
    document.documentElement.dataset['theme'] = resolved;
  });
}
