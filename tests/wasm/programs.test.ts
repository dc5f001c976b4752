/** What compiled programs do in the runner: the compiler's flags, linking, time, and who lives while they wait. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile, REPOSITORY, runModule, SLOW, toolkit } from './support.js';

const HEADER =
  '#include <asyncio/asyncio.hpp>\n#include <cstdio>\n#include <thread>\nusing namespace std::chrono_literals;\n';

test.each(['-O0', '-O1'] as const)(
  'exceptions and coroutines meet as they should at %s',
  async (optimisation) => {
    const source = readFileSync(new URL('coroutine_exceptions.cpp', import.meta.url), 'utf8');
    const { end, output } = await runModule(await compile(source, optimisation));
    expect(end).toEqual({ how: 'exited', code: 0 });
    expect(output).not.toContain('WRONG');
    expect(output.match(/^ok /gm)).toHaveLength(10);
  },
  SLOW,
);

test(
  'a million awaits of finished coroutines do not grow the stack, even at -O0',
  async () => {
    const source = `${HEADER}
asyncio::Coro<int> one() { co_return 1; }
asyncio::Coro<int> co_main(int, char**) {
  long sum = 0;
  for (int i = 0; i < 1'000'000; ++i) sum += co_await one();
  co_return sum == 1'000'000 ? 0 : 1;
}`;
    expect((await runModule(await compile(source, '-O0'))).end).toEqual({ how: 'exited', code: 0 });
  },
  SLOW,
);

describe('linking', () => {
  test(
    'names what is declared but defined nowhere, and does not start the program',
    async () => {
      const source = `${HEADER}namespace app { int lost(const char*); extern int gone; }
int main() { std::puts("started"); return app::lost("x") + app::gone; }`;
      const { end, output } = await runModule(await compile(source));
      expect(end).toEqual({ how: 'unlinked', missing: ['app::lost(char const*)', 'app::gone'] });
      expect(output).toBe('');
    },
    SLOW,
  );

  test.each([
    ['int main()', 'int main() { }', 0],
    ['int main() with a result', 'int main() { return 3; }', 3],
    [
      'main with arguments',
      'int main(int argc, char** argv) { return argc + (argv[1] ? 10 : 0); }',
      1,
    ],
    ['co_main', 'asyncio::Coro<int> co_main(int argc, char**) { co_return argc + 4; }', 5],
    [
      'exit() within a coroutine',
      'asyncio::Coro<> f() { std::exit(9); co_return; }\nint main() { asyncio::run(f()); }',
      9,
    ],
  ])(
    'finds %s',
    async (_, body, code) => {
      const { end, trace } = await runModule(await compile(`${HEADER}${body}`));
      expect(end).toEqual({ how: 'exited', code });
      expect(trace).toMatch(
        new RegExp(`"kind":"program_end","outcome":"exited","code":${code}}\n$`),
      );
    },
    SLOW,
  );

  test(
    'exceptions of the library are caught in programs, by their types',
    async () => {
      const source = `${HEADER}
int main() {
  try { asyncio::get_running_loop(); } catch (const asyncio::RuntimeError& e) { std::puts(e.what()); }
  auto loop = asyncio::new_event_loop();
  auto future = loop->create_future<int>();
  future.cancel();
  try { future.result(); } catch (const asyncio::CancelledError&) { std::puts("cancelled"); }
}`;
      const { output } = await runModule(await compile(source));
      expect(output).toBe('no running event loop\ncancelled\n');
    },
    SLOW,
  );
});

describe('time', () => {
  const PASSING = `${HEADER}
asyncio::Coro<> f() {
  const auto begin = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(2s);
  co_await asyncio::sleep(3600s);
  std::printf("%lld\\n", static_cast<long long>((std::chrono::steady_clock::now() - begin) / 1s));
}
int main() { asyncio::run(f()); }`;

  test(
    'is one under the virtual clock: for the loop, for blocking sleeps and for std::chrono',
    async () => {
      const { output, trace } = await runModule(await compile(PASSING));
      expect(output).toBe('3602\n');
      expect(trace).toContain('"t":3602000000000');
    },
    SLOW,
  );

  test(
    'passes for real while main() blocks',
    async () => {
      const source = PASSING.replace('2s', '30ms').replace('3600s', '100ms').replace('1s)', '1ms)');
      const start = performance.now();
      const { output, trace } = await runModule(await compile(source), 'js-blocking');
      expect(performance.now() - start).toBeGreaterThan(130);
      expect(Number(output)).toBeGreaterThanOrEqual(130);
      expect(trace).toContain('"clock":"real"');
    },
    SLOW,
  );

  test(
    'passes for real while the host’s own event loop lives: a JS interval keeps its beat',
    async () => {
      const source = `${HEADER}
asyncio::Coro<int> co_main(int, char**) { co_await asyncio::sleep(1s); co_return 0; }`;
      const side = await compile(source);
      let beats = 0;
      const interval = setInterval(() => ++beats, 10);
      const start = performance.now();
      const { end } = await runModule(side, 'js');
      clearInterval(interval);
      expect(performance.now() - start).toBeGreaterThan(1000);
      expect(end).toEqual({ how: 'exited', code: 0 });
      expect(beats).toBeGreaterThan(25);
    },
    SLOW,
  );
});

test(
  'a program that waits for ever in live mode ends and says who waits',
  async () => {
    const source = `${HEADER}
asyncio::Coro<int> co_main(int, char**) {
  co_await asyncio::get_running_loop().create_future<int>();
  co_return 0;
}`;
    const { end } = await runModule(await compile(source), 'js');
    expect(end).toMatchObject({ how: 'crashed', code: 134 });
    expect(end.how === 'crashed' && end.error).toMatch(/wait for ever.*Task-1/);
  },
  SLOW,
);

test('the prebuilt examples are those of the sources', () => {
  const source = readFileSync(new URL('examples/hello/main.cpp', REPOSITORY), 'utf8');
  expect(toolkit.prebuilt('hello', source)).not.toBeNull();
  expect(toolkit.prebuilt('hello', `${source} `)).toBeNull();
});
