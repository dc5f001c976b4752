/**
 * The options of embed.html, as its query says them: `embed.html?example=gather&theme=dark&panels=code,timeline`. Null where
 * it does not say.
 */

export const panelNames = ['code', 'loop', 'timeline', 'console', 'events', 'why'] as const;
export type PanelName = (typeof panelNames)[number];

export interface EmbedOptions {
  /** Null: the first of the gallery, or the code in the fragment. */
  readonly example: string | null;
  readonly guest: 'cpp' | 'python' | null;
  readonly theme: 'light' | 'dark' | 'auto';
  readonly readonly: boolean;
  readonly clock: 'virtual' | 'real' | null;
  /** Runs as soon as it is shown; otherwise nothing of the runtime is loaded before a click. */
  readonly autorun: boolean;
  /** Start position: an event index. */
  readonly t: number | null;
  readonly panels: readonly PanelName[];
  /** What was not understood, for the console of whoever writes the embed. */
  readonly complaints: readonly string[];
}

/** Never throws: an unknown value is named in `complaints` and its default is taken. */
export function readEmbedOptions(query: string): EmbedOptions {
  const given = new URLSearchParams(query);
  const complaints: string[] = [];
  const oneOf = <T extends string>(key: string, allowed: readonly T[]): T | null => {
    const value = given.get(key);
    if (value === null) return null;
    const found = allowed.find((choice) => choice === value);
    if (found === undefined) {
      complaints.push(`${key}="${value}": expected one of ${allowed.join(', ')}`);
    }
    return found ?? null;
  };
  const flag = (key: string): boolean => {
    const value = given.get(key);
    return value !== null && value !== '0' && value !== 'false';
  };
  const panels: PanelName[] = [];
  for (const name of (given.get('panels') ?? '').split(',').filter(Boolean)) {
    const panel = panelNames.find((known) => known === name);
    if (panel === undefined) {
      complaints.push(`panels: "${name}" is none of ${panelNames.join(', ')}`);
    } else if (!panels.includes(panel)) panels.push(panel);
  }
  const t = given.get('t');
  const event = t === null ? null : Number(t);
  if (event !== null && !(Number.isInteger(event) && event >= 0)) {
    complaints.push(`t="${t ?? ''}": expected the number of an event`);
  }
  return {
    example: given.get('example'),
    guest: oneOf('guest', ['cpp', 'python']),
    theme: oneOf('theme', ['light', 'dark', 'auto']) ?? 'auto',
    readonly: flag('readonly'),
    clock: oneOf('clock', ['virtual', 'real']),
    autorun: flag('autorun'),
    t: event !== null && Number.isInteger(event) && event >= 0 ? event : null,
    panels: panels.length > 0 ? panels : ['code', 'loop', 'timeline', 'console'],
    complaints,
  };
}
