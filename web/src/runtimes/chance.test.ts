import { expect, test } from 'vitest';
import { byteStream } from './chance.js';

test('the bytes are those of the native twin', () => {
  const bytes = byteStream(0);
  const word = (): number => {
    const [a, b, c, d] = [bytes(), bytes(), bytes(), bytes()];
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  };
  // As std::random_device gives them: tests/cli/capture_test.cpp.
  expect([word(), word(), word(), word()]).toEqual([
    2799343531, 2904771938, 1846331766, 2251366831,
  ]);
});
