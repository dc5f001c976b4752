import { expect, it } from 'vitest';
import { hueOf } from './format.js';

it('gives neighbours different colours, and the first tasks of several threads as well', () => {
  expect([1, 2, 8, 9].map(hueOf)).toEqual([1, 2, 8, 1]);
  const firsts = [0, 1, 2, 3].map((thread) => hueOf(thread * 2 ** 32 + 1));
  expect(new Set(firsts).size).toBe(4);
  expect([undefined, 0].map(hueOf)).toEqual([0, 0]);
});
