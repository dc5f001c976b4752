import { afterAll, describe, expect, test } from 'vitest';
import { HEADER, hear, newRuntime, request } from './support.js';

const runtime = newRuntime();
afterAll(() => runtime.dispose());

/** The compiler is loaded once, by whichever test comes first. */
const SLOW = 240_000;

function compiled(body: string): string {
  return `${HEADER}${body}`;
}

describe('an example that was not edited', () => {
  test('runs from its prebuilt module, without a compiler', async () => {
    const heard = await hear(
      runtime.run(request('not used', { prebuilt: 'hello', program: 'hello' })),
    );
    expect(heard.end).toMatchObject({ how: 'exited', code: 0 });
    expect(heard.output).toContain('Hello');
    expect(heard.text.split('\n')[0]).toContain('"program":"hello"');
    expect(runtime.ready).toBe(false);
    const phases = heard.messages.flatMap((m) => (m.type === 'phase' ? [m.phase] : []));
    expect(phases).toEqual(['loading-runtime', 'running']);
  });

  test('gives the same bytes at every run', async () => {
    const once = await hear(runtime.run(request('', { prebuilt: 'gather' })));
    const again = await hear(runtime.run(request('', { prebuilt: 'gather' })));
    expect(again.text).toBe(once.text);
    expect(once.events.length).toBeGreaterThan(20);
  });
});

describe('an edited program', () => {
  test(
    'is compiled, linked and run, with progress by bytes',
    async () => {
      const source = compiled(
        'asyncio::Coro<> hi() { co_await asyncio::sleep(3600s); std::cout << "edited\\n"; }\n' +
          'int main() { asyncio::run(hi()); return 7; }',
      );
      const heard = await hear(runtime.run(request(source)));
      expect(heard.end).toMatchObject({ how: 'exited', code: 7 });
      expect(heard.output).toBe('edited\n');
      const phases = heard.messages.flatMap((m) => (m.type === 'phase' ? [m] : []));
      const names = phases.map(({ phase }) => phase);
      expect(names).toContain('compiling');
      expect(names.indexOf('compiling')).toBeLessThan(names.indexOf('linking'));
      const progress = phases.flatMap((m) =>
        m.phase === 'loading-compiler' ? [m.progress ?? 0] : [],
      );
      expect(progress.length).toBeGreaterThan(2);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(progress.at(-1)).toBeGreaterThan(0.9);
      expect(runtime.ready).toBe(true);
    },
    SLOW,
  );

  test('that does not compile is marked where it is wrong, and does not run', async () => {
    const heard = await hear(runtime.run(request(compiled('int main() { return /* ä */ nix; }'))));
    expect(heard.end).toMatchObject({ how: 'not-compiled' });
    const found = heard.last('diagnostics');
    expect(found).toMatchObject({ failed: true });
    expect(found?.diagnostics).toMatchObject([
      {
        severity: 'error',
        message: "use of undeclared identifier 'nix'",
        startLine: 4,
        startColumn: 29,
        endColumn: 32,
      },
    ]);
    expect(heard.text).toBe('');
  });

  test('that uses a function which is defined nowhere is told so before it runs', async () => {
    const heard = await hear(
      runtime.run(
        request(
          compiled('namespace a { int missing(int); }\nint main() { return a::missing(1); }'),
        ),
      ),
    );
    expect(heard.end).toMatchObject({ how: 'not-compiled' });
    expect(heard.last('diagnostics')?.diagnostics).toMatchObject([
      { message: 'a::missing(int) is declared but defined nowhere', startLine: 4 },
    ]);
  });

  test('gets its arguments in main and in co_main', async () => {
    const main = compiled(
      'int main(int argc, char** argv) { std::cout << argc << argv[1]; return 0; }',
    );
    const first = await hear(runtime.run(request(main, { args: ['ä'] })));
    expect(first.output).toBe('2ä');
    const coMain = compiled(
      'asyncio::Coro<int> co_main(int argc, char** argv) { std::cout << argc << argv[1]; co_return 5; }',
    );
    const second = await hear(runtime.run(request(coMain, { args: ['b'] })));
    expect(second.output).toBe('2b');
    expect(second.end).toMatchObject({ code: 5 });
  });

  test('is checked without being run, and the latest check wins', async () => {
    const wrong = runtime.check('int main() { return x; }');
    const wrongToo = runtime.check('int main() { return y; }');
    const right = runtime.check('int main() { return 0; }');
    expect(await wrongToo).toBeNull();
    expect(await right).toEqual([]);
    await wrong;
    expect(await runtime.check('int main() { return z; }')).toMatchObject([{ startLine: 1 }]);
  });
});

describe('the live clock', () => {
  test('drives co_main from the worker’s event loop', async () => {
    const source = compiled(
      'asyncio::Coro<int> co_main(int, char**) { co_await asyncio::sleep(150ms); std::cout << "x"; co_return 0; }',
    );
    const start = performance.now();
    const heard = await hear(runtime.run(request(source, { clock: 'real' })));
    expect(heard.last('clock')).toMatchObject({ clock: 'real', waiting: 'host' });
    expect(heard.text).toContain('"clock":"real"');
    expect(performance.now() - start).toBeGreaterThan(150);
    expect(heard.end).toMatchObject({ how: 'exited', code: 0 });
  });

  test('falls back to the virtual clock where main() would block, and says so', async () => {
    expect(globalThis.crossOriginIsolated).toBe(false);
    const source = compiled('int main() { asyncio::run(asyncio::sleep(3600s)); }');
    const heard = await hear(runtime.run(request(source, { clock: 'real' })));
    const clock = heard.last('clock');
    expect(clock).toMatchObject({ clock: 'virtual', waiting: 'virtual' });
    expect(clock?.reason).toMatch(/co_main/);
    expect(heard.text).toContain('"clock":"virtual"');
  });
});
