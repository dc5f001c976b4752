/** The gallery's examples, as folders: main.cpp, and about.md, the card. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface ExampleCard {
  readonly name: string;
  readonly title: string;
  readonly teaches: string;
}

export function exampleSource(repository: URL, name: string): URL | null {
  if (!/^[\w-]+$/.test(name)) return null;
  const file = new URL(`examples/${name}/main.cpp`, repository);
  return existsSync(file) ? file : null;
}

/** In the gallery's order. */
export function listExamples(repository: URL): ExampleCard[] {
  const folder = new URL('examples/', repository);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => exampleSource(repository, name) !== null)
    .map((name) => ({ name, fields: readCard(new URL(`${name}/about.md`, folder)) }))
    .sort((a, b) => Number(a.fields.get('order')) - Number(b.fields.get('order')))
    .map(({ name, fields }) => ({
      name,
      title: fields.get('title') ?? name,
      teaches: fields.get('teaches') ?? '',
    }));
}

/** The front matter: `key: value` lines between two lines of dashes. */
function readCard(file: URL): Map<string, string> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  const fields = new Map<string, string>();
  for (const line of front.split(/\r?\n/)) {
    const [, key, quoted, plain] = /^(\w+):\s*(?:"(.*)"|(.*))$/.exec(line) ?? [];
    if (key !== undefined) fields.set(key, quoted ?? plain ?? '');
  }
  return fields;
}
