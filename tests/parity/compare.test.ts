import { expect, test } from 'vitest';
import { comparable, eventCount, firstDifference, isComplete, printed } from './compare.mjs';

const header = (host: string): string => `{"schema":"loopscope.trace","host":{"twin":"${host}"}}\n`;

test('traces of different twins are equal when all but the host is', () => {
  const events = '{"seq":0}\n{"seq":1}\n';
  expect(firstDifference(header('native') + events, header('wasm') + events)).toBeUndefined();
});

test('the first line that differs is shown from both sides', () => {
  const left = `${header('a')}{"seq":0}\n{"seq":1}\n`;
  const right = `${header('b')}{"seq":0}\n{"seq": 1}\n`;
  expect(firstDifference(left, right)).toEqual({ line: 3, left: '{"seq":1}', right: '{"seq": 1}' });
});

test('a trace that ends early differs, even where only the last line end is missing', () => {
  const whole = `${header('a')}{"seq":0}\n{"seq":1}\n`;
  expect(firstDifference(whole, `${header('a')}{"seq":0}\n`)?.line).toBe(3);
  expect(firstDifference(whole, whole.slice(0, -1))).toEqual({
    line: 4,
    left: '',
    right: undefined,
  });
});

test('another header is a difference in line 1', () => {
  const other = '{"schema":"loopscope.trace","clock":"real","host":{}}\n';
  expect(firstDifference(header('a'), other)?.line).toBe(1);
});

test('what is no trace is an error, not a difference of nothing', () => {
  expect(() => comparable('')).toThrow('empty');
  expect(() => comparable('{"schema":"loopscope.trace"}\n')).toThrow('where the trace was made');
});

test('a trace is complete when it tells the end of the program', () => {
  expect(isComplete(`${header('a')}{"kind":"program_end"}\n`)).toBe(true);
  expect(isComplete(`${header('a')}{"kind":"program_end"}`)).toBe(false);
  expect(isComplete(`${header('a')}{"kind":"output"}\n`)).toBe(false);
  expect(eventCount(`${header('a')}{"seq":0}\n{"seq":1}\n`)).toBe(2);
});

test('what a program printed is in its trace, and its errors and other events are not part of it', () => {
  const output = (stream: string, text: string): string =>
    `${JSON.stringify({ kind: 'output', stream, text })}\n`;
  const events = `${output('stdout', 'a ')}{"kind":"turn_end"}\n${output('stderr', 'no')}`;
  expect(printed(header('a') + events + output('stdout', 'b\n'))).toBe('a b\n');
});
