import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectExamples, lacking, parseExample } from './examples.js';

const about =
  '---\ntitle: Hello\nteaches: One thing.\norder: 20\ngroup: first\n---\n\nThe *body*.\n';

describe('a card of the gallery', () => {
  it('is read from the front matter and the text below it', () => {
    expect(parseExample('hello', { about, cpp: 'int main() {}' })).toEqual({
      name: 'hello',
      title: 'Hello',
      teaches: 'One thing.',
      group: 'first',
      order: 20,
      body: 'The *body*.',
      source: { cpp: 'int main() {}' },
    });
  });

  it('keeps a colon within a value and takes quotes off', () => {
    const text = about.replace('Hello', '"Wait: what?"');
    expect(parseExample('hello', { about: text }).title).toBe('Wait: what?');
  });

  it('says what a program needs that WebAssembly does not have, and in which language it matters', () => {
    const needing = about.replace('order: 20', 'order: 20\nneeds: threads');
    const example = parseExample('hello', { about: needing });
    expect(example.needs).toBe('threads');
    expect(lacking(example, 'cpp')).toBe('threads');
    expect(lacking(example, 'python')).toBeUndefined();
    expect(lacking(parseExample('hello', { about }), 'cpp')).toBeUndefined();
    const signals = parseExample('hello', { about: needing.replace('threads', 'signals') });
    expect(lacking(signals, 'python')).toBe('signals');
    expect(() => parseExample('hello', { about: needing.replace('threads', 'luck') })).toThrow(
      'examples/hello/about.md: "needs" is "luck"; it can be threads, descriptors, signals',
    );
  });

  it('says which example lacks which field', () => {
    expect(() => parseExample('hello', { about: about.replace(/teaches.*\n/, '') })).toThrow(
      'examples/hello/about.md: "teaches" is missing',
    );
    expect(() => parseExample('hello', {})).toThrow('examples/hello/about.md: no front matter');
    expect(() => parseExample('hello', { about: about.replace('20', 'soon') })).toThrow(
      '"order" is not a number',
    );
  });
});

describe('the gallery', () => {
  it('is in the order that the cards ask for, with both languages of each', () => {
    const found = collectExamples({
      '../examples/b/about.md': about.replace('20', '1'),
      '../examples/b/main.cpp': 'cpp',
      '../examples/b/main.py': 'py',
      '../examples/a/about.md': about,
      '../examples/a/notes.txt': 'not an example file',
    });
    expect(found.map((example) => example.name)).toEqual(['b', 'a']);
    expect(found[0]?.source).toEqual({ cpp: 'cpp', python: 'py' });
  });
});

describe('the cards of the gallery', () => {
  const folder = new URL('../../../examples/', import.meta.url);
  const cards = readdirSync(folder).map(
    (name) => [name, readFileSync(new URL(`${name}/about.md`, folder), 'utf8')] as const,
  );
  /** The card as it reads in one language: code that differs stands as `C++`|`Python`. */
  const inCpp = (card: string) => card.replace(/`([^`]+)`\|`[^`]+`/g, '`$1`');
  const inPython = (card: string) => card.replace(/`[^`]+`\|`([^`]+)`/g, '`$1`');

  it.each(cards)('%s speaks each language in its own words', (_name, card) => {
    const words = (text: string) => [...text.matchAll(/`([^`]*)`/g)].map(([, code]) => code ?? '');
    const cpp =
      /co_(await|return|yield|main)|::|->|\bthrow;|\bnullptr\b|^(true|false)$|\bint main\b/;
    const python = /\b(await |async |raise\b|None\b|True\b|asyncio\.)/;
    expect(words(inPython(card)).filter((word) => cpp.test(word))).toEqual([]);
    expect(words(inCpp(card)).filter((word) => python.test(word.replace('co_await', '')))).toEqual(
      [],
    );
    expect(card.replace(/`[^`]*`/g, '')).not.toMatch(/co_(await|return|yield|main)/);
  });

  it.each(cards)('%s says what a reader can see and do', (_name, card) => {
    expect(card).not.toMatch(/who awaits whom|native build|natively/i);
  });
});
