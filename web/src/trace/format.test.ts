import { expect, test } from 'vitest';
import { formatDuration } from './format.js';

test.each([
  [0, '0 s'],
  [1, '1 ns'],
  [250_000, '250 µs'],
  [1_500_000, '1.5 ms'],
  [100_000_000, '100 ms'],
  [1_000_000_000, '1 s'],
  [1_234_567_891, '1.235 s'],
  [59_999_000_000, '60 s'],
  [60_000_000_000, '1 min'],
  [90_000_000_000, '1 min 30 s'],
  [3_600_000_000_000, '1 h'],
  [5_425_250_000_000, '1 h 30 min 25.25 s'],
  [-1_500_000_000, '-1.5 s'],
])('%d ns reads as %s', (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});
