import { describe, expect, test } from 'vitest';
import { Outbox } from './outbox.js';

function outbox() {
  const sent: number[] = [];
  const clock = { now: 0 };
  const box = new Outbox(
    (bytes) => sent.push(bytes.length),
    () => clock.now,
  );
  return { box, sent, clock };
}

describe('what a worker tells the page', () => {
  test('goes at once as long as it is little', () => {
    const { box, sent } = outbox();
    for (let i = 0; i < 100; i++) box.push(new Uint8Array(10));
    expect(sent).toHaveLength(100);
  });

  test('goes in larger blocks once the program floods, and nothing is lost', () => {
    const { box, sent, clock } = outbox();
    for (let i = 0; i < 100_000; i++) {
      clock.now += 0.01;
      box.push(new Uint8Array(10));
    }
    box.flush();
    expect(sent.length).toBeLessThan(2500 + 300);
    expect(sent.reduce((sum, size) => sum + size, 0)).toBe(1_000_000);
  });

  test('goes at once where it is the last that the page hears: that the trace is full', () => {
    const { box, sent } = outbox();
    for (let i = 0; i < 5000; i++) box.push(new Uint8Array(10));
    box.push(new TextEncoder().encode('{"seq":5000,"kind":"truncated","what":"events"}\n'));
    expect(sent.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(50_000);
  });

  test('goes at once again after a rest', () => {
    const { box, sent, clock } = outbox();
    for (let i = 0; i < 5000; i++) box.push(new Uint8Array(10));
    const before = sent.length;
    clock.now += 100;
    box.push(new Uint8Array(10));
    expect(sent).toHaveLength(before + 1);
    expect(sent.reduce((sum, size) => sum + size, 0)).toBe(50_010);
  });
});
