/** Python in a worker of the page. Needs `npm run build`. */
import { afterAll, describe, expect, test } from 'vitest';
import type { RunRequest } from '../../../../web/src/protocol/runtime.js';
import { hear, newPythonRuntime, request, type Heard } from './support.js';

const runtime = newPythonRuntime();
afterAll(() => runtime.dispose());

/** Whichever test comes first loads Python. */
const SLOW = 120_000;

function python(source: string, rest: Partial<RunRequest> = {}): RunRequest {
  return request(source, { guest: 'python', ...rest });
}

function run(source: string, rest: Partial<RunRequest> = {}): Promise<Heard> {
  return hear(runtime.run(python(source, rest)));
}

describe('a Python program', () => {
  test(
    'loads nothing before the first run, then says how far the loading is',
    async () => {
      expect(runtime.ready).toBe(false);
      const heard = await run('import asyncio\nawait asyncio.sleep(3600)\nprint("hello")\n');
      expect(heard.output).toBe('hello\n');
      expect(heard.end).toMatchObject({ how: 'exited', code: 0 });
      const progress = heard.messages.flatMap((m) => (m.type === 'phase' ? [m.progress ?? 0] : []));
      expect(Math.max(...progress)).toBe(1);
      expect(heard.text.split('\n')[0]).toContain('"guest":"python","clock":"virtual"');
      expect(runtime.ready).toBe(true);
    },
    SLOW,
  );

  test('finds nothing of an earlier run: neither names, nor modules, nor what it replaced', async () => {
    await run('import asyncio, sys\nasyncio.sleep = None\nsys.left = 1\n');
    const heard = await run('import asyncio, sys\nprint(asyncio.sleep, hasattr(sys, "left"))\n');
    expect(heard.output).toMatch(/^<function sleep at .*> False\n$/);
  });

  test('on the real clock waits in real time, while the worker’s own event loop goes on', async () => {
    const source = `
import asyncio, time
from js import setTimeout
from pyodide.ffi import create_proxy

ticks = []
tick = create_proxy(lambda: ticks.append(1))
setTimeout(tick, 50)

async def main():
    begin = time.monotonic()
    await asyncio.sleep(0.2)
    time.sleep(0.1)
    print(len(ticks), 0.29 < time.monotonic() - begin < 5)

asyncio.run(main())
`;
    const heard = await run(source, { clock: 'real' });
    expect(heard.output).toBe('1 True\n');
    expect(heard.last('clock')).toMatchObject({ clock: 'real', waiting: 'host' });
    expect(heard.end).toMatchObject({ how: 'exited', code: 0 });
  });

  test('asks a person with input(), and goes on with the answer', async () => {
    const heard = await hear(
      runtime.run(python('name = input("Name? ")\nprint("hello", name)\n')),
      (message) => {
        if (message.type === 'input') runtime.answer('Zoë');
      },
    );
    expect(heard.last('input')).toMatchObject({ prompt: 'Name? ' });
    expect(heard.output).toBe('Name? hello Zoë\n');
  });
});

describe('a Python program that goes wrong', () => {
  test('is marked where Python does not understand it, and does not run', async () => {
    const heard = await run('print("begin")\nfor x in range(3)\n    print(x)\n');
    expect(heard.end).toMatchObject({ how: 'not-compiled' });
    expect(heard.last('diagnostics')).toMatchObject({
      failed: true,
      diagnostics: [{ message: "SyntaxError: expected ':'", startLine: 2, startColumn: 18 }],
    });
    expect(heard.text).toBe('');
  });

  test('shows its traceback, and marks the line', async () => {
    const heard = await run('def divide(n):\n    return 1 / n\n\ndivide(0)\n');
    expect(heard.end).toMatchObject({
      how: 'crashed',
      error: 'ZeroDivisionError: division by zero',
    });
    expect(heard.last('diagnostics')).toMatchObject({
      failed: false,
      diagnostics: [{ startLine: 2, startColumn: 12, endColumn: 17 }],
    });
    expect(heard.output).toContain('File "main.py", line 4, in <module>');
  });

  test.each([
    ['while True', 'print("kept")\nwhile True: pass\n'],
    [
      'a loop that is never idle',
      'import asyncio\nprint("kept")\nwhile True: await asyncio.sleep(0)\n',
    ],
    [
      'while True, long after the events that are passed on one by one,',
      'import asyncio\nfor _ in range(1000): await asyncio.sleep(0)\nprint("kept")\nwhile True: pass\n',
    ],
  ])('%s is stopped within 200 ms, and what it did is kept', async (_name, source) => {
    let took = 0;
    let stopping = false;
    const heard = await hear(runtime.run(python(source)), (_message, so_far) => {
      if (stopping || !so_far.text.includes('kept')) return;
      stopping = true;
      const begin = performance.now();
      void runtime.stop().then(() => (took = performance.now() - begin));
    });
    expect(heard.end).toMatchObject({ how: 'stopped' });
    expect(heard.text).toContain('kept');
    await expect.poll(() => took).toBeGreaterThan(0);
    expect(took).toBeLessThan(200);
    expect((await run('print("next")\n')).output).toBe('next\n');
  });

  test.each([
    ['recursion', 'def f(): return f()\nf()\n', /RecursionError/],
    [
      'recursion beyond every limit',
      'import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()\n',
      /RecursionError|stack overflow/,
    ],
    ['memory', 'x = []\nwhile True: x.append(bytes(10**7))\n', /MemoryError|memory/],
    [
      'a deadlock',
      'import asyncio\nawait asyncio.get_running_loop().create_future()\n',
      /Task-1 waits for future 1/,
    ],
    ['a module that is not there', 'import numpy\n', /No module named 'numpy'/],
    ['processes', 'import subprocess\nsubprocess.run(["ls"])\n', /does not support processes/],
  ])(
    '%s is a clear message, and the next run works',
    async (_name, source, message) => {
      const heard = await run(source);
      expect(heard.end?.how).toBe('crashed');
      expect(heard.end?.error).toMatch(message);
      expect((await run('print("next")\n')).output).toBe('next\n');
    },
    SLOW,
  );

  test('that prints without end is cut off, and says so', async () => {
    const heard = await run('for _ in range(50_000): print("x" * 100)\n');
    expect(heard.end).toMatchObject({ how: 'exited' });
    expect(heard.text).toContain('"kind":"truncated","what":"output"');
    expect(heard.text.length).toBeLessThan(3_000_000);
  });
});

test('a text is checked beside a run, without being run', async () => {
  expect(await runtime.check('print("never printed"\n')).toMatchObject([
    { severity: 'error', message: "SyntaxError: '(' was never closed", startLine: 1 },
  ]);
});
