/**
 * The gallery's examples, read at build time from `examples/<name>/`: `about.md` is the card, `main.cpp` and
 * `main.py` the same program twice.
 */

export type Guest = 'cpp' | 'python';

/**
 * What an example may need that WebAssembly does not have, and in which language: a Python program's threads take turns
 * there. Such a program is recorded natively when the page is built.
 */
const needsNative = {
  threads: ['cpp'],
  descriptors: ['cpp', 'python'],
  signals: ['cpp', 'python'],
} as const satisfies Record<string, readonly Guest[]>;
export type Need = keyof typeof needsNative;

export interface Example {
  /** The folder's name: key in share links and of the prebuilt module. */
  readonly name: string;
  readonly title: string;
  /** One line: what one learns. */
  readonly teaches: string;
  /** Its heading in the gallery. */
  readonly group: string;
  readonly order: number;
  /** What WebAssembly lacks of what it needs. */
  readonly needs?: Need;
  /** Markdown of the few sentences below the front matter. */
  readonly body: string;
  readonly source: { readonly cpp?: string; readonly python?: string };
}

export interface ExampleFiles {
  readonly about?: string;
  readonly cpp?: string;
  readonly python?: string;
}

/** Reads one card. Throws an Error that names the example and the field where the front matter is not as it must be. */
export function parseExample(name: string, files: ExampleFiles): Example {
  const about = files.about ?? '';
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/.exec(about);
  if (match === null) throw new Error(`examples/${name}/about.md: no front matter (--- ... ---)`);
  const fields = new Map<string, string>();
  for (const line of (match[1] ?? '').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      fields.set(line.slice(0, colon).trim(), unquote(line.slice(colon + 1).trim()));
    }
  }
  const field = (key: string): string => {
    const value = fields.get(key);
    if (value === undefined || value === '') {
      throw new Error(`examples/${name}/about.md: "${key}" is missing`);
    }
    return value;
  };
  const needs = fields.get('needs');
  if (needs !== undefined && !isNeed(needs)) {
    const known = Object.keys(needsNative).join(', ');
    throw new Error(`examples/${name}/about.md: "needs" is "${needs}"; it can be ${known}`);
  }
  const order = Number(field('order'));
  if (!Number.isFinite(order))
    throw new Error(`examples/${name}/about.md: "order" is not a number`);
  return {
    name,
    title: field('title'),
    teaches: field('teaches'),
    group: field('group'),
    order,
    ...(needs === undefined ? {} : { needs }),
    body: (match[2] ?? '').trim(),
    source: {
      ...(files.cpp === undefined ? {} : { cpp: files.cpp }),
      ...(files.python === undefined ? {} : { python: files.python }),
    },
  };
}

function isNeed(text: string): text is Need {
  return Object.hasOwn(needsNative, text);
}

/** Why the example cannot run as WebAssembly in this language; undefined where it can. */
export function lacking(example: Pick<Example, 'needs'>, guest: Guest): Need | undefined {
  const { needs } = example;
  if (needs === undefined) return undefined;
  const guests: readonly Guest[] = needsNative[needs];
  return guests.includes(guest) ? needs : undefined;
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

/** All examples in the gallery's order, from files keyed by path (`…/examples/<name>/<file>`). */
export function collectExamples(files: Readonly<Record<string, string>>): readonly Example[] {
  const byName = new Map<string, { about?: string; cpp?: string; python?: string }>();
  for (const [path, text] of Object.entries(files)) {
    const match = /examples\/([^/]+)\/(about\.md|main\.cpp|main\.py)$/.exec(path);
    if (match === null) continue;
    const name = match[1] ?? '';
    const entry = byName.get(name) ?? {};
    if (match[2] === 'about.md') entry.about = text;
    else if (match[2] === 'main.cpp') entry.cpp = text;
    else entry.python = text;
    byName.set(name, entry);
  }
  return [...byName]
    .map(([name, entry]) => parseExample(name, entry))
    .sort((a, b) => a.order - b.order || a.name.localeCompare(b.name));
}
