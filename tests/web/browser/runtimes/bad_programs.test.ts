/** Programs that do what no program should: each ends with a clear message, keeps its trace, and the next run works. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PAGE_LIMITS } from '../../../../web/src/runtimes/index.js';
import type { RunMessage } from '../../../../web/src/protocol/runtime.js';
import { HEADER, hear, newRuntime, request, type Heard } from './support.js';

const runtime = newRuntime();
/** A loaded machine needs a while for the compiler. */
const SLOW = 240_000;

beforeAll(async () => {
  await hear(runtime.run(request('int main() { return 0; }')));
}, SLOW);
afterAll(() => runtime.dispose());

function runBody(body: string, rest = {}): Promise<Heard> {
  return hear(runtime.run(request(`${HEADER}${body}`, rest)));
}

/** Says "before" from inside a task, then does `what`. */
function inTask(what: string): string {
  return (
    `asyncio::Coro<> bad() { std::cout << "before\\n"; co_await asyncio::sleep(1s); ${what}; co_return; }\n` +
    'int main() { asyncio::run(bad()); }'
  );
}

afterEach(async () => {
  const next = await hear(runtime.run(request('', { prebuilt: 'hello' })));
  expect(next.end).toMatchObject({ how: 'exited', code: 0 });
});

function saysTruncated(message: RunMessage): boolean {
  return (
    message.type === 'trace' && new TextDecoder().decode(message.bytes).includes('"truncated"')
  );
}

function expectCrash(heard: Heard, code: number, message: RegExp): void {
  expect(heard.end).toMatchObject({ how: 'crashed', code });
  expect(heard.end?.error).toMatch(message);
  expect(heard.output).toBe('before\n');
  const last = heard.events.at(-1);
  expect(last).toMatchObject({ kind: 'program_end', outcome: 'crashed', code });
  expect(last?.kind === 'program_end' && last.error).toMatch(message);
}

describe('a program that crashes', () => {
  test('abort() is named', async () => {
    expectCrash(await runBody(inTask('std::abort()')), 134, /abort\(\) was called/);
  }, 120_000);

  test('an exception that nobody catches is named with its message', async () => {
    const heard = await runBody(inTask('throw std::runtime_error("kaputt")'));
    expectCrash(heard, 134, /uncaught exception std::runtime_error: kaputt/);
  }, 120_000);

  test('unbounded recursion is a stack overflow', async () => {
    const body = `int deeper(int n) { volatile char big[200] = {}; big[n & 127] = 1; return deeper(n + 1) % 7 + big[n & 63]; }\n${inTask('std::cout << deeper(0)')}`;
    expectCrash(await runBody(body), 139, /stack overflow/);
  }, 120_000);

  test('unbounded recursion with large frames is a stack overflow too', async () => {
    const body = `int deeper(int n) { volatile char big[200000] = {}; big[n & 127] = 1; return deeper(n + 1) % 7 + big[n & 63]; }\n${inTask('std::cout << deeper(0)')}`;
    expectCrash(await runBody(body), 139, /stack overflow/);
  }, 120_000);

  test('unbounded allocation of small pieces ends in std::bad_alloc', async () => {
    const body = inTask('for (;;) { volatile auto* p = new char[4000]; p[0] = 1; }');
    expectCrash(await runBody(body), 134, /std::bad_alloc/);
  }, 120_000);

  test('a container that grows for ever ends in std::bad_alloc', async () => {
    const body = inTask('std::vector<long> all; for (;;) all.push_back(1)');
    expectCrash(await runBody(body), 134, /std::bad_alloc/);
  }, 120_000);
});

/** Stops it when its trace says that a cap is reached. */
async function runUntilCapped(body: string) {
  let stopping = false;
  const heard = await hear(runtime.run(request(`${HEADER}${body}`)), (message) => {
    if (stopping || !saysTruncated(message)) return;
    stopping = true;
    void runtime.stop();
  });
  expect(heard.end).toMatchObject({ how: 'stopped' });
  return heard;
}

describe('a program that does not end', () => {
  test('stops within 200 ms, and everything traced until then is kept', async () => {
    const body = inTask(
      'asyncio::create_task(bad()); std::cout << "now\\n"; for (volatile int i = 0;; i = i + 1) {}',
    );
    let stopped: Promise<number> | undefined;
    const heard = await hear(runtime.run(request(`${HEADER}${body}`)), (message, soFar) => {
      if (message.type !== 'trace' || stopped || !soFar.text.includes('now')) return;
      const start = performance.now();
      stopped = runtime.stop().then(() => performance.now() - start);
    });
    expect(await stopped).toBeLessThan(200);
    expect(heard.end).toMatchObject({ how: 'stopped' });
    expect(heard.output).toBe('before\nnow\n');
    // What the endless handle itself did before it hung is there as well.
    const created = heard.events.filter((event) => event.kind === 'task_created');
    expect(created).toHaveLength(2);
  }, 120_000);

  test('is stopped with what its last callback did, though it printed nothing after it', async () => {
    const body = inTask(
      'asyncio::create_task(bad()); asyncio::create_task(bad()); for (volatile int i = 0;; i = i + 1) {}',
    );
    const created = (events: readonly { kind: string }[]) =>
      events.filter(({ kind }) => kind === 'task_created').length;
    let stopping = false;
    const heard = await hear(runtime.run(request(`${HEADER}${body}`)), (_message, soFar) => {
      if (stopping || created(soFar.events) < 3) return;
      stopping = true;
      void runtime.stop();
    });
    expect(heard.end).toMatchObject({ how: 'stopped' });
    expect(created(heard.events)).toBe(3);
  }, 120_000);

  test('prints for ever: the output is capped, and the trace says so', async () => {
    const body =
      'int main() { for (;;) std::cout << "the same line again and again and again and again\\n"; }';
    const heard = await runUntilCapped(body);
    expect(heard.events.at(-1)).toMatchObject({ kind: 'truncated', what: 'output' });
    expect(heard.output.length).toBeLessThanOrEqual(PAGE_LIMITS.output);
    expect(heard.output.length).toBeGreaterThan(PAGE_LIMITS.output - 100);
  }, 120_000);

  test('turns for ever: the events are capped, and the trace says so', async () => {
    const body =
      'asyncio::Coro<> spin() { for (;;) co_await asyncio::sleep(0s); }\nint main() { asyncio::run(spin()); }';
    const heard = await runUntilCapped(body);
    expect(heard.events.at(-1)).toMatchObject({ kind: 'truncated', what: 'events' });
    expect(heard.events.length).toBeLessThanOrEqual(PAGE_LIMITS.events + 1);
  }, 120_000);

  test('is given up while it is being compiled', async () => {
    const body =
      'template <int N> struct Slow { enum { value = Slow<N - 1>::value + Slow<N - 2>::value }; };\nint main() { return 0; }';
    let stopped: Promise<number> | undefined;
    const heard = await hear(runtime.run(request(`${HEADER}${body}`)), (message) => {
      if (message.type !== 'phase' || message.phase !== 'compiling') return;
      const start = performance.now();
      stopped = runtime.stop().then(() => performance.now() - start);
    });
    expect(heard.end).toMatchObject({ how: 'stopped' });
    expect(await stopped).toBeLessThan(200);
  }, 120_000);
});

test('a new run stops the one before it, whose late messages are not heard', async () => {
  const endless = request(
    `${HEADER}int main() { std::cout << "old\\n"; for (volatile int i = 0;; i = i + 1) {} }`,
  );
  let second: Promise<Heard> | undefined;
  const first = await hear(runtime.run(endless), (message) => {
    if (message.type === 'trace') second ??= hear(runtime.run(request('', { prebuilt: 'hello' })));
  });
  expect(first.end?.error).toBeUndefined();
  expect(first.end).toMatchObject({ how: 'stopped', runId: endless.runId });
  const heard = await second;
  expect(heard?.end).toMatchObject({ how: 'exited', code: 0 });
  expect(new Set(heard?.messages.map(({ runId }) => runId)).size).toBe(1);
  expect(heard?.output).not.toContain('old');
}, 120_000);
