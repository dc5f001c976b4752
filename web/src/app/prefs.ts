/** What a person has set up for themself: how the page looks, and which language they write. */
import { effect, signal } from '@preact/signals';
import type { Guest } from '../gallery/examples.js';

export type Theme = 'auto' | 'light' | 'dark';

export interface Prefs {
  readonly theme: Theme;
  readonly guest: Guest;
  readonly galleryOpen: boolean;
  readonly galleryWidth: number;
  /** Width of the loop, share of the window in per cent. */
  readonly loopShare: number;
  /** Height of the lower part, share of the window in per cent. */
  readonly lowerShare: number;
  /** Of the details, where they lie beside the timeline. */
  readonly tabsWidth: number;
  /** Height of the details, share of the window in per cent, where they lie below the loop. */
  readonly tabsShare: number;
  readonly axis: 'both' | 'time' | 'steps';
}

const key = 'loopscope.prefs.2';

const defaults: Prefs = {
  theme: 'auto',
  guest: 'cpp',
  galleryOpen: true,
  galleryWidth: 212,
  loopShare: 36,
  lowerShare: 38,
  tabsWidth: 380,
  tabsShare: 17,
  axis: 'both',
};

const choices: Partial<Record<string, readonly unknown[]>> = {
  theme: ['auto', 'light', 'dark'],
  guest: ['cpp', 'python'],
  axis: ['both', 'time', 'steps'],
};

/** What does not fit is dropped, not trusted: the store may be from another version. */
export function readPrefs(text: string | null): Prefs {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? 'null');
  } catch {
    return defaults;
  }
  if (typeof stored !== 'object' || stored === null) return defaults;
  const kept = Object.entries(stored).filter(
    ([name, value]) =>
      Object.hasOwn(defaults, name) &&
      typeof value === typeof defaults[name as keyof Prefs] &&
      choices[name]?.includes(value) !== false,
  );
  return { ...defaults, ...Object.fromEntries(kept) };
}

/** The settings of one page or frame. */
export class PrefStore {
  readonly #storage: Storage | null;
  readonly #prefs = signal(defaults);

  /** Null keeps nothing: an embedded player looks as the page around it says. */
  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#prefs.value = readPrefs(storage?.getItem(key) ?? null);
  }

  get value(): Prefs {
    return this.#prefs.value;
  }

  set<K extends keyof Prefs>(name: K, value: Prefs[K]): void {
    this.#prefs.value = { ...this.#prefs.value, [name]: value };
    try {
      this.#storage?.setItem(key, JSON.stringify(this.#prefs.value));
    } catch {
      // Full or forbidden: the setting holds until the page closes.
    }
  }

  /** Keeps `data-theme` on the document in step with the setting and the system; returns what ends it. */
  followTheme(): () => void {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const dark = signal(system.matches);
    const changed = (event: MediaQueryListEvent) => {
      dark.value = event.matches;
    };
    system.addEventListener('change', changed);
    const end = effect(() => {
      const { theme } = this.value;
      const resolved = theme === 'auto' ? (dark.value ? 'dark' : 'light') : theme;
      document.documentElement.dataset['theme'] = resolved;
    });
    return () => {
      end();
      system.removeEventListener('change', changed);
    };
  }
}
