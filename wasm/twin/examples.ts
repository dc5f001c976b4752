/** The gallery's examples, as folders: main.cpp, and about.md, the card. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseExample, type Example } from '../../web/src/gallery/examples.js';

export function exampleSource(repository: URL, name: string): URL | null {
  if (!/^[\w-]+$/.test(name)) return null;
  const file = new URL(`examples/${name}/main.cpp`, repository);
  return existsSync(file) ? file : null;
}

/** Throws an Error that says what is wrong with the card. */
export function readExample(repository: URL, name: string): Example {
  const card = new URL(`examples/${name}/about.md`, repository);
  return parseExample(name, existsSync(card) ? { about: readFileSync(card, 'utf8') } : {});
}

/** In the gallery's order. */
export function listExamples(repository: URL): Example[] {
  const folder = new URL('examples/', repository);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => exampleSource(repository, name) !== null)
    .map((name) => readExample(repository, name))
    .sort((a, b) => a.order - b.order);
}
