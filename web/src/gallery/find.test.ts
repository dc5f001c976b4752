import { describe, expect, it } from 'vitest';
import type { Example } from './examples.js';
import { findExamples, inGroups } from './find.js';

const example = (name: string, more: Partial<Example> = {}): Example => ({
  name,
  title: name,
  teaches: '',
  group: 'first steps',
  order: 1,
  body: '',
  source: {},
  ...more,
});
const examples = [
  example('hello', { source: { cpp: 'co_await sleep(1s);' } }),
  example('locks', { title: 'A lock', teaches: 'One at a time.', group: 'sharing' }),
  example('queues', { title: 'A queue', teaches: 'Work in a line.', group: 'sharing' }),
  example('turns', { body: 'A lock is no part of it. Nor is print.', source: { python: 'sleep' } }),
];
const found = (query: string) => findExamples(examples, query).map(({ name }) => name);

describe('finding an example', () => {
  it('takes all for an empty query', () => {
    expect(found('  ')).toEqual(['hello', 'locks', 'queues', 'turns']);
  });

  it('finds every word, in title, name, lesson or group, in any case', () => {
    expect(found('LINE queue')).toEqual(['queues']);
    expect(found('sharing')).toEqual(['locks', 'queues']);
  });

  it('leaves out those that only mention it where others are about it', () => {
    expect(found('lock')).toEqual(['locks']);
  });

  it('looks into text and code where none is about it', () => {
    expect(found('sleep')).toEqual(['hello', 'turns']);
    expect(found('print')).toEqual(['turns']);
    expect(found('nothing of the kind')).toEqual([]);
  });
});

it('puts each group once, in the order of the examples', () => {
  const groups = inGroups(findExamples(examples.slice(0, 3), ''));
  expect(groups.map(([group, those]) => [group, those.length])).toEqual([
    ['first steps', 1],
    ['sharing', 2],
  ]);
});
