import { describe, expect, test } from 'vitest';
import { HEADER } from '../trace/testing/model_loop.js';
import { runRandomProgram, seeded } from '../trace/testing/random_program.js';
import { TraceReader, readTrace } from './reader.js';

const encoder = new TextEncoder();
const { events } = runRandomProgram(7, 60);
const LINES = [HEADER, ...events].map((value) => JSON.stringify(value));

function bytes(lines: readonly string[]): Uint8Array {
  return encoder.encode(lines.map((line) => `${line}\n`).join(''));
}

/** The good file with one line replaced; lines count from 1. */
function withLine(line: number, text: string): Uint8Array {
  return bytes(LINES.map((good, index) => (index + 1 === line ? text : good)));
}

/** A good event with some fields changed. */
function changed(line: number, fields: object): Uint8Array {
  return withLine(
    line,
    JSON.stringify({ ...(JSON.parse(LINES[line - 1] ?? '') as object), ...fields }),
  );
}

function problemOf(file: Uint8Array): string | undefined {
  return readTrace(file).problem?.message;
}

describe('reading a trace', () => {
  test('gives the header and every event', () => {
    const trace = readTrace(bytes(LINES));
    expect(trace.problem).toBeNull();
    expect(trace.header).toEqual(HEADER);
    expect(trace.events).toEqual(events);
    expect(trace.ended).toBe(true);
  });

  test('gives the same however its bytes are cut into blocks', () => {
    const lines = [...LINES];
    lines.splice(
      1,
      lines.length,
      JSON.stringify({
        seq: 0,
        t: 0,
        loop: 0,
        turn: 0,
        kind: 'output',
        stream: 'stdout',
        text: 'Grüße 🙂 здравствуй\n',
      }),
      JSON.stringify({
        seq: 1,
        t: 0,
        loop: 0,
        turn: 0,
        kind: 'program_end',
        outcome: 'exited',
        code: 0,
      }),
    );
    const file = bytes(lines);
    const whole = readTrace(file).events;
    for (let cut = 0; cut <= file.length; cut++) {
      const reader = new TraceReader();
      const read = [
        ...reader.push(file.subarray(0, cut)),
        ...reader.push(file.subarray(cut)),
        ...reader.end(),
      ];
      expect(reader.problem).toBeNull();
      expect(read).toEqual(whole);
    }
    const random = seeded(1);
    for (let round = 0; round < 50; round++) {
      const reader = new TraceReader();
      const read = [];
      for (let at = 0; at < file.length;) {
        const end = at + Math.floor(random() * 9);
        // The buffer is used again, as a transferring worker might.
        const block = file.slice(at, end);
        read.push(...reader.push(block));
        block.fill(0);
        at = end;
      }
      expect([...read, ...reader.end()]).toEqual(whole);
    }
  });

  test('bears Windows line ends, empty lines, a byte order mark and a last line without an end', () => {
    const text = `\uFEFF${LINES.join('\r\n\r\n')}`;
    const trace = readTrace(encoder.encode(text));
    expect(trace.problem).toBeNull();
    expect(trace.events).toHaveLength(events.length);
  });

  test('keeps events of kinds it does not know', () => {
    const last = { seq: events.length, t: 5, loop: 1, turn: 2, kind: 'moon', phase: 'full' };
    const trace = readTrace(bytes([...LINES, JSON.stringify(last)]));
    expect(trace.problem).toBeNull();
    expect(trace.events.at(-1)).toEqual({
      seq: events.length,
      t: 5,
      loop: 1,
      turn: 2,
      kind: 'unknown',
      name: 'moon',
      fields: { phase: 'full' },
    });
  });
});

describe('what is wrong with a trace is said with its line', () => {
  test('an empty file', () => {
    expect(problemOf(new Uint8Array())).toBe('the file is empty: there is no trace in it');
    expect(readTrace(new Uint8Array()).problem?.code).toBe('empty');
  });

  test.each([
    '#include <iostream>\nint main() {}\n',
    '{"schema":"other"}\n',
    '[1,2]\n',
    '12\n',
    '\0\x01\xff',
  ])('something that is no trace: %j', (text) => {
    expect(problemOf(encoder.encode(text))).toMatch(
      /^line 1: this is not a Loopscope trace: the first line/,
    );
  });

  test.each([
    [2, 'line 1: the trace is of version 2; this program reads version 1'],
    ['x', 'line 1: the trace is of version "x"; this program reads version 1'],
    [undefined, 'line 1: the trace does not say its version; this program reads version 1'],
  ])('version %j', (version, message) => {
    const file = withLine(1, JSON.stringify({ ...HEADER, version }));
    expect(readTrace(file).problem).toMatchObject({ code: 'unknown-version', line: 1, message });
    expect(readTrace(file).events).toEqual([]);
  });

  test.each([
    [{ t: 'x' }, 'line 12: `t` must be an integer of 0 or more, is "x"', 't'],
    [{ t: -1 }, 'line 12: `t` must be an integer of 0 or more, is -1', 't'],
    [{ turn: 1.5 }, 'line 12: `turn` must be an integer of 0 or more, is 1.5', 'turn'],
    [{ seq: 12 }, 'line 12: `seq` must be 10, is 12', 'seq'],
    [{ kind: 7 }, 'line 12: `kind` must be a string, is 7', 'kind'],
    [{ kind: undefined }, 'line 12: `kind` is missing', 'kind'],
    [
      { kind: 'run_begin', handle: 0 },
      'line 12: `handle` must be an integer of 1 or more, is 0',
      'handle',
    ],
    [
      { kind: 'run_end', handle: 1, outcome: 'fine' },
      'line 12: `outcome` must be "ok" or "raised", is "fine"',
      'outcome',
    ],
    [
      { kind: 'task_suspended', task: 1, awaiting: { kind: 'sleep', id: 1 }, stack: [] },
      'line 12: `awaiting` must be what is awaited, {kind, id}, is {"kind":"sleep","id":1}',
      'awaiting',
    ],
    [
      { kind: 'task_suspended', task: 1, awaiting: { kind: 'yield' } },
      'line 12: `stack` is missing',
      'stack',
    ],
    [
      { kind: 'task_wakeup', task: 1, handle: 1, by: { kind: 'moon' } },
      'line 12: `by` must be a cause, {kind, id}, is {"kind":"moon"}',
      'by',
    ],
    [
      { kind: 'turn_begin', ready: 0, timers: 0, timeout: 'long' },
      'line 12: `timeout` must be an integer or null, is "long"',
      'timeout',
    ],
  ])('a wrong field: %j', (fields, message, field) => {
    const trace = readTrace(changed(12, fields));
    expect(trace.problem).toEqual({ code: 'bad-field', line: 12, field, message });
    expect(trace.events).toEqual(events.slice(0, 10));
  });

  test('a header that lacks something', () => {
    expect(problemOf(changed(1, { clock: 'sundial' }))).toBe(
      'line 1: `clock` must be "real" or "virtual", is "sundial"',
    );
    expect(problemOf(changed(1, { host: { cores: 2 } }))).toBe(
      'line 1: `host` must be an object of strings, is {"cores":2}',
    );
  });

  test('a line that is not JSON: what came before is kept', () => {
    const trace = readTrace(withLine(7, '{"seq":5,"t":'));
    expect(trace.problem).toMatchObject({ code: 'not-json', line: 7 });
    expect(trace.problem?.message).toMatch(/^line 7 is not JSON: /);
    expect(trace.events).toEqual(events.slice(0, 5));
  });

  test('a line that is no object', () => {
    expect(problemOf(withLine(7, '[]'))).toBe('line 7: an event must be an object, is []');
  });

  test('a file that is cut off: everything up to the cut is kept', () => {
    const file = bytes(LINES);
    for (const length of [file.length - 3, Math.floor(file.length / 2) + 3]) {
      const kept = new TextDecoder().decode(file.subarray(0, length)).split('\n').length - 2;
      const trace = readTrace(file.subarray(0, length));
      expect(trace.problem).toMatchObject({ code: 'cut-off', line: kept + 2 });
      expect(trace.problem?.message).toContain(`line ${kept + 2}: the file is cut off`);
      expect(trace.events).toEqual(events.slice(0, kept));
    }
  });

  test('a file that ends between two lines is no mistake, but its program did not end', () => {
    const trace = readTrace(bytes(LINES.slice(0, 20)));
    expect(trace.problem).toBeNull();
    expect(trace.ended).toBe(false);
    expect(trace.events).toEqual(events.slice(0, 19));
  });

  test('and nothing behind it is read', () => {
    const reader = new TraceReader();
    reader.push(withLine(7, 'x'));
    const { problem } = reader;
    expect(reader.push(bytes(['{}']))).toEqual([]);
    expect(reader.end()).toEqual([]);
    expect(reader.problem).toBe(problem);
  });
});

test('no file whatever makes the reader throw', () => {
  const random = seeded(42);
  const good = bytes(LINES);
  for (let round = 0; round < 300; round++) {
    const file = good.slice();
    for (let k = 0; k < 3; k++)
      file[Math.floor(random() * file.length)] = Math.floor(random() * 256);
    const trace = readTrace(file);
    if (trace.problem !== null) expect(trace.problem.message).not.toBe('');
  }
});
