import { describe, expect, it } from 'vitest';
import type { Nanoseconds } from '../../protocol/trace.js';
import { formatDuration } from '../../trace/format.js';
import { axisTicks, buildAxis, type AxisSource } from './axis.js';

/** Ten events at 0 s, then ten at 2 s, then one at an hour. */
const times = [...Array<number>(10).fill(0), ...Array<number>(10).fill(2e9), 3600e9];
const source: AxisSource = { length: times.length, timeAt: (i) => (times[i] ?? 0) as Nanoseconds };

describe.each(['both', 'time', 'steps'] as const)('the axis "%s"', (kind) => {
  const axis = buildAxis(kind, source);

  it('never runs backwards', () => {
    for (let i = 1; i < times.length; i++) {
      expect(axis.at(i)).toBeGreaterThanOrEqual(axis.at(i - 1));
    }
    expect(axis.at(times.length - 1)).toBe(axis.end);
  });

  it('finds the position of every place it gave away', () => {
    for (let i = 0; i < times.length; i++) {
      const position = axis.positionAt(axis.at(i));
      expect(axis.at(position - 1)).toBe(axis.at(i));
    }
    expect(axis.positionAt(-1)).toBe(0);
    expect(axis.positionAt(axis.end + 1)).toBe(times.length);
  });

  it('keeps the playhead between the event that happened and the next', () => {
    for (let position = 1; position < times.length; position++) {
      const head = axis.head(position, times[position - 1] ?? 0, 0);
      expect(head).toBeGreaterThanOrEqual(axis.at(position - 1));
      expect(head).toBeLessThanOrEqual(axis.at(position));
    }
  });
});

describe('an axis', () => {
  it('puts events of one instant in one place along the time, and side by side otherwise', () => {
    expect(buildAxis('time', source).at(9)).toBe(0);
    expect(buildAxis('steps', source).at(9)).toBe(9);
    const both = buildAxis('both', source);
    expect(both.at(9)).toBeGreaterThan(both.at(8));
    expect(both.at(10) - both.at(9)).toBeGreaterThan(both.at(9) - both.at(8));
  });

  it('has room for an hour beside two seconds', () => {
    const both = buildAxis('both', source);
    const wait = both.at(20) - both.at(19);
    expect(wait).toBeLessThan((both.at(10) - both.at(9)) * 5);
  });

  it('marks instants on the mixed axis and round numbers on the others', () => {
    const labels = (kind: 'both' | 'steps') => {
      const axis = buildAxis(kind, source);
      const view = { from: 0, to: axis.end };
      return axisTicks(axis, source, view, 1000, 60, (ns) => `${ns / 1e9}`).map((t) => t.label);
    };
    expect(labels('both')).toEqual(['0', '2', '3600']);
    expect(labels('steps')).toEqual(['0', '2', '4', '6', '8', '10', '12', '14', '16', '18', '20']);
  });

  it('has no two neighbouring ticks that say the same', () => {
    const close = [2.0811e9, 2.0812e9, 2.0819e9];
    const near: AxisSource = { length: 3, timeAt: (i) => (close[i] ?? 0) as Nanoseconds };
    for (const kind of ['both', 'time'] as const) {
      const axis = buildAxis(kind, near);
      const view = { from: axis.at(0), to: axis.end };
      const labels = axisTicks(axis, near, view, 1000, 60, formatDuration).map((t) => t.label);
      expect(labels.length).toBeGreaterThan(2);
      expect(new Set(labels).size, labels.join()).toBe(labels.length);
    }
  });

  it('stands for an empty trace too', () => {
    const empty: AxisSource = { length: 0, timeAt: () => 0 as Nanoseconds };
    const axis = buildAxis('both', empty);
    expect(axis.positionAt(5)).toBe(0);
    expect(axis.head(0, 0, 0)).toBe(0);
    expect(axis.end).toBeGreaterThan(0);
  });
});
