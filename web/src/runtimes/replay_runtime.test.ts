import { expect, test } from 'vitest';
import type { RunMessage, RunRequest } from '../protocol/runtime.js';
import { ReplayRuntime } from './replay_runtime.js';

const REQUEST: RunRequest = {
  runId: 3,
  program: '',
  guest: 'cpp',
  source: '',
  clock: 'virtual',
  args: [],
  debug: false,
};

function traceOf(lines: number): string {
  const event = (seq: number): string =>
    JSON.stringify({ seq, kind: 'turn_end', text: 'ä'.repeat(50) });
  const header = '{"schema":"loopscope.trace","version":1,"clock":"virtual"}';
  return [header, ...Array.from({ length: lines }, (_, seq) => event(seq))].join('\n') + '\n';
}

function replay(text: string): ReplayRuntime {
  const bytes = new TextEncoder().encode(text);
  return new ReplayRuntime(() => Promise.resolve({ bytes, reason: 'recorded elsewhere' }));
}

async function all(run: AsyncIterable<RunMessage>): Promise<RunMessage[]> {
  const messages: RunMessage[] = [];
  for await (const message of run) messages.push(message);
  return messages;
}

test('a trace comes back byte for byte, in blocks of whole lines', async () => {
  const text = traceOf(10_000);
  const messages = await all(replay(text).run(REQUEST));
  const blocks = messages.flatMap((message) =>
    message.type === 'trace' ? [new TextDecoder().decode(message.bytes)] : [],
  );
  expect(blocks.length).toBeGreaterThan(1);
  expect(blocks.every((block) => block.endsWith('\n'))).toBe(true);
  expect(blocks.join('')).toBe(text);
  expect(messages[0]).toEqual({
    type: 'clock',
    runId: 3,
    clock: 'virtual',
    waiting: 'recorded',
    reason: 'recorded elsewhere',
  });
  expect(messages.at(-1)).toMatchObject({ type: 'end', how: 'exited' });
});

test('a trace without a last line end loses nothing', async () => {
  const text = '{"clock":"real"}\n{"cut';
  const messages = await all(replay(text).run(REQUEST));
  const bytes = messages.flatMap((message) => (message.type === 'trace' ? [...message.bytes] : []));
  expect(new TextDecoder().decode(new Uint8Array(bytes))).toBe(text);
  expect(messages[0]).toMatchObject({ clock: 'real' });
});

test('a stopped replay ends once, as stopped', async () => {
  const runtime = replay(traceOf(20_000));
  const messages: RunMessage[] = [];
  for await (const message of runtime.run(REQUEST)) {
    messages.push(message);
    if (message.type === 'trace') void runtime.stop();
  }
  expect(messages.filter(({ type }) => type === 'end')).toMatchObject([{ how: 'stopped' }]);
});

test('a recording that cannot be had is a run that failed, with the reason', async () => {
  const runtime = new ReplayRuntime(() => Promise.reject(new Error('no such file')));
  expect(await all(runtime.run(REQUEST))).toEqual([
    { type: 'end', runId: 3, how: 'failed', error: 'no such file' },
  ]);
});

test('a run that takes the place of another is the only one that is heard from then on', async () => {
  const runtime = replay(traceOf(10));
  const first = all(runtime.run(REQUEST));
  const second = all(runtime.run({ ...REQUEST, runId: 4 }));
  expect(await first).toEqual([{ type: 'end', runId: 3, how: 'stopped' }]);
  expect((await second).every(({ runId }) => runId === 4)).toBe(true);
  expect((await second).at(-1)).toMatchObject({ type: 'end', how: 'exited' });
});
