/** The native twin's `loopscope trace` says what the page says: sentences, export, and what is wrong with a file. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTrace } from '../web/src/protocol/reader.js';
import { toChromeTrace } from '../web/src/trace/chrome_trace.js';
import { formatDuration } from '../web/src/trace/format.js';
import { narrate } from '../web/src/trace/narrate.js';
import { TraceStore } from '../web/src/trace/store.js';

const REPOSITORY = new URL('..', import.meta.url).pathname;
const LOOPSCOPE = process.env['LOOPSCOPE'] ?? join(REPOSITORY, 'build/native/bin/loopscope');
const EXAMPLES = readdirSync(join(REPOSITORY, 'examples')).filter((name) =>
  existsSync(join(REPOSITORY, 'examples', name, 'main.cpp')),
);

let folder = '';

beforeAll(() => {
  if (!existsSync(LOOPSCOPE)) throw new Error(`${LOOPSCOPE} is not there: npm run build makes it`);
  folder = mkdtempSync(join(tmpdir(), 'loopscope-words-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The trace of an example, made by the native twin. Its exit code does not matter: some examples show a failure. */
function traceOf(example: string): string {
  const file = join(folder, `${example}.jsonl`);
  spawnSync(LOOPSCOPE, ['run', example, '--clock', 'virtual', '--trace', file]);
  return file;
}

function show(...args: readonly string[]): string {
  const maxBuffer = 1 << 28;
  return execFileSync(LOOPSCOPE, ['trace', ...args], { encoding: 'utf8', maxBuffer });
}

function storeOf(file: string): TraceStore {
  const { header, events, problem } = readTrace(readFileSync(file));
  if (header === null) throw new Error(problem?.message);
  const store = new TraceStore(header);
  store.append(events);
  return store;
}

/** The lines of `loopscope trace`, the title left out. */
function linesOf(file: string): string[] {
  return show(file).trimEnd().split('\n').slice(2);
}

describe.each(EXAMPLES)('the trace of %s', (example) => {
  let file = '';
  beforeAll(() => {
    file = traceOf(example);
  }, 120_000);

  it('reads the same in the terminal and in the page', () => {
    const store = storeOf(file);
    const lines = linesOf(file);
    expect(lines).toHaveLength(store.length);
    lines.forEach((line, index) => {
      // A line break within a sentence would start a new line in the terminal.
      const sentence = narrate(store, index).replaceAll('\n', '\\u000a');
      const before = ` *${formatDuration(store.timeAt(index))} +${String(store.event(index)?.turn)} +.+ {2}`;
      expect(line.slice(-sentence.length)).toBe(sentence);
      expect(line.slice(0, -sentence.length)).toMatch(new RegExp(`^${before} *$`));
    });
  });

  it('is the same file for Perfetto', () => {
    const store = storeOf(file);
    expect(JSON.parse(show(file, '--chrome', '-'))).toEqual(JSON.parse(toChromeTrace(store)));
  });
});

describe('recorded traces, also of programs that hang', () => {
  const recorded = join(REPOSITORY, 'web/src/trace/testing/fixtures');
  const names = readdirSync(recorded).filter((name) => name.endsWith('.jsonl'));
  it.each(names)('%s is told in the same words', (name) => {
    const sentences = readFileSync(join(recorded, name.replace('.jsonl', '.txt')), 'utf8');
    const lines = linesOf(join(recorded, name));
    sentences
      .trimEnd()
      .split('\n')
      .forEach((sentence, index) => {
        expect(lines[index]?.slice(-sentence.length)).toBe(sentence);
      });
  });

  it.each(names)('%s is the same file for Perfetto', (name) => {
    const file = join(recorded, name);
    expect(JSON.parse(show(file, '--chrome', '-'))).toEqual(
      JSON.parse(toChromeTrace(storeOf(file))),
    );
  });
});

describe('a damaged trace', () => {
  const line = (text: string): string => text.replaceAll("'", '"');
  const header = line(
    `{'schema':'loopscope.trace','version':1,'program':'p','guest':'cpp','clock':'virtual','time_unit':'ns','host':{}}`,
  );
  const event = (rest: string): string => line(`{'seq':0,'t':0,'loop':1,'turn':0,${rest}}`);

  it.each([
    ['', 'an empty file'],
    ['hello\n', 'text'],
    ['{}\n', 'other JSON'],
    [header.replace('"version":1', '"version":2'), 'an unknown version'],
    [header.replace('"cpp"', '"rust"'), 'an unknown guest'],
    [`${header}\n${event(`'kind':'loop_start'`).slice(0, 30)}`, 'a line that stops half-way'],
    [`${header}\n${event(`'kind':'turn_end','ran':-1`)}\n`, 'a negative count'],
    [`${header}\n${event(`'kind':'turn_end'`)}\n`, 'a missing field'],
    [`${header}\n${event(`'kind':'turn_end','ran':1.5`)}\n`, 'a broken number'],
    [`${header}\n${event(`'kind':'turn_end','ran':9007199254740992`)}\n`, 'a number too large'],
    [`${header}\n${event(`'kind':'log','level':'loud','text':'x'`)}\n`, 'an unknown word'],
    [
      `${header}\n${event(`'kind':'task_suspended','task':1,'awaiting':{'kind':'sleep','id':1},'stack':[]`)}\n`,
      'half an awaiting',
    ],
    [
      `${header}\n${event(`'kind':'task_suspended','task':1,'awaiting':{'kind':'lock','id':1,'resource':0},'stack':[]`)}\n`,
      'a wait at no resource',
    ],
    [
      `${header}\n${event(`'kind':'resource','id':1,'type':'lock','op':'acquired','waiters':0`)}\n`,
      'half a resource',
    ],
    [`${header}\n${event(`'kind':'loop_start'`).replace('"seq":0', '"seq":7')}\n`, 'a gap'],
    [`${header}\n[1]\n`, 'a list for an event'],
  ])('is refused in the same words: %#, %2$s', (text) => {
    const file = join(folder, 'damaged.jsonl');
    writeFileSync(file, text);
    const { problem } = readTrace(readFileSync(file));
    expect(problem).not.toBeNull();
    const { status, stderr } = spawnSync(LOOPSCOPE, ['trace', file], { encoding: 'utf8' });
    expect(stderr).toBe(`loopscope: ${file}: ${problem?.message ?? ''}\n`);
    expect(status).toBe(1);
  });

  it('has the same line, where it is no JSON', () => {
    const file = join(folder, 'damaged.jsonl');
    writeFileSync(file, `${header}\n{"seq":0,,}\n${event(`'kind':'loop_start'`)}\n`);
    const { status, stderr } = spawnSync(LOOPSCOPE, ['trace', file], { encoding: 'utf8' });
    expect(stderr).toContain('line 2 is not JSON');
    expect(readTrace(readFileSync(file)).problem?.message).toContain('line 2 is not JSON');
    expect(status).toBe(1);
  });
});

describe('durations', () => {
  it('are written in the same way', () => {
    const file = join(folder, 'durations.jsonl');
    const times = [1, 999, 1000, 1001, 1234, 12345, 99995, 100250, 100350, 999_949, 999_950]
      .concat([999_999, 1_000_500, 1_500_000, 59_999_999_999, 60_000_000_000, 61_005_000_000])
      .concat([3_599_996_000_000, 3_600_000_000_000, 5_400_010_000_000, 90_061_234_000_000]);
    const header =
      '{"schema":"loopscope.trace","version":1,"program":"p","guest":"cpp","clock":"real","time_unit":"ns","host":{}}';
    const events = times.map((t, seq) =>
      JSON.stringify({ seq, t, loop: 0, turn: 0, kind: 'loop_start' }),
    );
    writeFileSync(file, `${[header, ...events].join('\n')}\n`);
    const shown = linesOf(file).map((line) => line.trim().split('  ')[0]);
    expect(shown).toEqual(times.map((t) => formatDuration(t)));
  });
});
