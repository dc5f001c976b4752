import { describe, expect, test } from 'vitest';
import type { Nanoseconds } from '../protocol/trace.js';
import { ALL_RESTS, LONGEST_REST, Pace, shortenedGap } from './pace.js';

const MS = 1_000_000;

/** A trace whose events happen at these times, in ms. */
function paceOf(...times: number[]): Pace {
  return new Pace({
    length: times.length,
    timeAt: (index) => ((times[index] ?? 0) * MS) as Nanoseconds,
  });
}

describe('pace', () => {
  test('gives events that take no time equal room', () => {
    const pace = paceOf(0, 0, 0, 0);
    expect([0, 1, 2, 3, 4].map((n) => pace.at(n))).toEqual([0, 120, 240, 360, 480]);
  });

  test('keeps waits of up to a second and shortens longer ones to a second for each power of ten', () => {
    expect(shortenedGap(250 * MS)).toBe(250);
    expect(shortenedGap(1000 * MS)).toBe(1000);
    expect(shortenedGap(10_000 * MS)).toBe(2000);
    expect(shortenedGap(3600_000 * MS)).toBeCloseTo(4556, 0);
    const pace = paceOf(0, 3600_000, 3600_000);
    expect(pace.total).toBeCloseTo(3 * LONGEST_REST + 4556, 0);
  });

  test('rests less in a long trace: all rests together have a limit', () => {
    const pace = paceOf(...Array.from({ length: 10_000 }, () => 0));
    expect(pace.total).toBeCloseTo(ALL_RESTS, 6);
  });

  test('finds the position at every place', () => {
    const pace = paceOf(0, 0, 500, 500, 90_000);
    for (let n = 0; n <= 5; n++) {
      expect(pace.positionAt(pace.at(n))).toBe(n);
      if (n > 0) expect(pace.positionAt(pace.at(n) - 0.001)).toBe(n - 1);
    }
    expect(pace.positionAt(1e9)).toBe(5);
    expect(pace.positionAt(-1)).toBe(0);
  });

  test('lets the time stand during a rest and pass between two events', () => {
    const pace = paceOf(0, 1000);
    const reached = pace.at(1);
    expect(pace.timeAt(reached)).toBe(0);
    expect(pace.timeAt(reached + LONGEST_REST)).toBe(0);
    expect(pace.timeAt(reached + LONGEST_REST + 250)).toBe(250 * MS);
    expect(pace.timeAt(pace.at(2))).toBe(1000 * MS);
  });

  test('of nothing is nothing', () => {
    const pace = paceOf();
    expect([pace.total, pace.positionAt(5), pace.timeAt(5)]).toEqual([0, 0, 0]);
  });
});
