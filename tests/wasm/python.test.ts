/** Python on the loop's core, under Node: what programs print, how they end, and what the trace says. Needs `npm run build`. */
import { describe, expect, test } from 'vitest';
import { loadRunner } from '../../wasm/twin/python.js';
import { runPython as run } from './python_support.js';
import { REPOSITORY } from './support.js';

const EXITED = { how: 'exited', code: 0, diagnostics: [] };

describe('a program as people paste it', () => {
  test('has its own __main__, dataclasses, logging, and letters of any language', async () => {
    const { end, out, err } = await run(`
import asyncio, dataclasses, logging, sys

@dataclasses.dataclass
class Größe:
    wert: int

async def numbers():
    for number in range(3):
        await asyncio.sleep(0.5)
        yield number

async def main() -> None:
    logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)
    async for number in numbers():
        logging.info("%s %r", "é", Größe(number))

if __name__ == "__main__":
    asyncio.run(main())
`);
    expect(out).toBe('é Größe(wert=0)\né Größe(wert=1)\né Größe(wert=2)\n');
    expect(err).toBe('');
    expect(end).toEqual(EXITED);
  });

  test('may await at the top level, as in a notebook, where asyncio.run() says what asyncio says', async () => {
    const { end, out } = await run(`
import asyncio
await asyncio.sleep(1)
print(asyncio.get_running_loop().time())
nothing = asyncio.sleep(0)
try:
    asyncio.run(nothing)
except RuntimeError as error:
    nothing.close()
    print(error)
`);
    expect(out).toBe('1.0\nasyncio.run() cannot be called from a running event loop\n');
    expect(end).toEqual(EXITED);
  });

  test('written for Python 3.7 to 3.11 makes its loop by get_event_loop(), and closes it', async () => {
    const { end, out, err } = await run(`
import asyncio

async def hello():
    await asyncio.sleep(1)
    return "hello"

loop = asyncio.get_event_loop()
print(loop.run_until_complete(hello()))
loop.call_later(1, loop.stop)
loop.run_forever()
loop.close()
asyncio.run(hello())
try:
    asyncio.get_event_loop()
except RuntimeError as error:
    print(error)
`);
    expect(err).toBe('');
    expect(out).toBe("hello\nThere is no current event loop in thread 'MainThread'.\n");
    expect(end).toEqual(EXITED);
  });

  test('that swaps in uvloop gets our loop, and is told so', async () => {
    const { out, err } = await run(`
import asyncio, uvloop
uvloop.install()

async def main():
    print(type(asyncio.get_running_loop()).__module__)

asyncio.run(main())
`);
    expect(out).toMatch(/^loopscope/);
    expect(err).toContain("uvloop is Loopscope's own loop here");
  });

  test('finds one time on every clock, which a blocking sleep passes too', async () => {
    const { out } = await run(`
import asyncio, datetime, time

async def main():
    clocks = time.time, time.monotonic, time.perf_counter, asyncio.get_running_loop().time
    before, day = [clock() for clock in clocks], datetime.datetime.now()
    await asyncio.sleep(10)
    time.sleep(5)
    print([round(clock() - begin, 9) for clock, begin in zip(clocks, before)])
    print(datetime.datetime.now() - day, datetime.datetime.now())

asyncio.run(main())
`);
    expect(out).toBe('[15.0, 15.0, 15.0, 15.0]\n0:00:15 2020-01-01 00:00:15\n');
  });

  test('passes for a program that looks at a clock until its time has come', async () => {
    const { out } = await run(`
import asyncio, time

async def busy():
    end = time.perf_counter() + 2
    while time.perf_counter() < end:
        pass

async def main():
    await asyncio.gather(busy(), asyncio.sleep(1))
    print(round(time.monotonic(), 2))

asyncio.run(main())
`);
    expect(out).toBe('3.0\n'); // sleep() began when it let others go on
  });

  test('ends with the code that it gives to sys.exit(), and runs its exit functions', async () => {
    const { end, out, err } = await run(`
import atexit, sys
atexit.register(print, "last words")
sys.exit("no more")
`);
    expect([out, err]).toEqual(['last words\n', 'no more\n']);
    expect(end).toEqual({ how: 'exited', code: 1, diagnostics: [] });
  });

  test('ends at once with the code that it gives to os._exit()', async () => {
    const { end, out, trace } = await run(`
import atexit, os
atexit.register(print, "never")
print("out", flush=True)
os._exit(5)
`);
    expect(out).toBe('out\n');
    expect(end).toEqual({ how: 'exited', code: 5, diagnostics: [] });
    expect(trace.at(-1)).toMatchObject({ kind: 'program_end', outcome: 'exited', code: 5 });
  });

  test('does the same in the same order where nobody traces', async () => {
    const source = `
import asyncio

async def worker(name, lock):
    for step in range(2):
        async with lock:
            await asyncio.sleep(0.1 * step)
        print(name, step, asyncio.get_running_loop().time())

async def main():
    loop = asyncio.get_running_loop()
    lock = asyncio.Lock()
    loop.call_later(0.05, print, "timer")
    loop.call_later(0.06, print, "cancelled").cancel()
    soon = loop.call_soon(print, "cancelled too")
    loop.call_soon(soon.cancel)
    soon.cancel()
    async with asyncio.TaskGroup() as group:
        for name in "ab":
            group.create_task(worker(name, lock))
    loop.call_soon(leave)
    loop.call_soon(print, "the turn goes on in the next run")
    await asyncio.sleep(0)
    return "done"

def leave():
    raise KeyboardInterrupt

loop = asyncio.new_event_loop()
task = loop.create_task(main())
try:
    loop.run_until_complete(task)
except KeyboardInterrupt:
    print("interrupted")
print(loop.run_until_complete(task))
loop.close()
`;
    const [traced, untraced] = [await run(source), await run(source, { traced: false })];
    expect(untraced.out).toBe(traced.out);
    expect(traced.out).toContain('interrupted\nthe turn goes on in the next run\ndone\n');
    expect(untraced.end).toEqual(EXITED);
  });
});

test('asyncio’s own names for its loop and policy are ours', async () => {
  const { out } = await run(`
import asyncio, warnings

async def main():
    return type(asyncio.get_running_loop())

found = []
for factory in asyncio.EventLoop, asyncio.SelectorEventLoop, asyncio.new_event_loop:
    with asyncio.Runner(loop_factory=factory) as runner:
        found.append(runner.run(main()))
warnings.simplefilter("ignore")
asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
found.append(asyncio.run(main()))
print(*set(found), len(found))
`);
  expect(out).toBe("<class 'loopscope.EventLoop'> 4\n");
});

test('classes that a program puts in the place of asyncio’s tasks and futures are used', async () => {
  const { out } = await run(`
import asyncio

class Task(asyncio.Task): pass
class Future(asyncio.Future): pass

asyncio.tasks.Task, asyncio.futures.Future = Task, Future

async def main():
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(1, future.set_result, "done")
    print(type(asyncio.current_task()) is Task, type(future) is Future, await future)

asyncio.run(main())
`);
  expect(out).toBe('True True done\n');
});

describe('bad input is a clear message', () => {
  test('a syntax error is a marker, and nothing runs', async () => {
    const { end, out, trace } = await run('print("begin")\nö = "é"; def f(:\n    pass\n');
    expect(end).toMatchObject({
      how: 'not-compiled',
      diagnostics: [{ severity: 'error', startLine: 2, startColumn: 10 }],
    });
    expect(out).toBe('');
    expect(trace).toEqual([]);
  });

  test('a warning of the compiler is a marker, and the program runs', async () => {
    const { end } = await run('print(1 is 1)\n');
    expect(end).toMatchObject({
      how: 'exited',
      diagnostics: [{ severity: 'warning', startLine: 1 }],
    });
  });

  test('an exception is a traceback without the machinery, and a marker on the innermost line', async () => {
    const { end, err, trace } = await run(`import asyncio

async def fails():
    await asyncio.sleep(1)
    "é"; raise ValueError("boom")

asyncio.run(fails())
`);
    expect(err).toMatch(
      /^Traceback \(most recent call last\):\n {2}File "main.py", line 7, in <module>/,
    );
    expect(err).toMatch(/\nValueError: boom\n$/);
    expect(err).not.toContain('loopscope');
    expect(end).toMatchObject({
      how: 'crashed',
      code: 1,
      error: 'ValueError: boom',
      diagnostics: [
        { severity: 'error', message: 'ValueError: boom', startLine: 5, startColumn: 10 },
      ],
    });
    expect(trace.at(-1)).toMatchObject({ kind: 'program_end', outcome: 'crashed', code: 1 });
  });

  test('a group of exceptions is marked where it was raised, and where each of its exceptions was', async () => {
    const { end } = await run(`import asyncio

async def fails(text):
    raise ValueError(text)

async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(fails("one"))
        group.create_task(fails("two"))

asyncio.run(main())
`);
    expect(end).toMatchObject({
      how: 'crashed',
      diagnostics: [
        { message: expect.stringMatching(/^ExceptionGroup: /) as string, startLine: 7 },
        { message: 'ValueError: one', startLine: 4, startColumn: 5 },
        { message: 'ValueError: two', startLine: 4, startColumn: 5 },
      ],
    });
  });

  test('a deadlock names who waits for what', async () => {
    const { end } = await run(`
import asyncio

async def waits(event):
    await event

async def main():
    event = asyncio.get_running_loop().create_future()
    await asyncio.create_task(waits(event), name="worker")

asyncio.run(main())
`);
    expect(end).toMatchObject({
      how: 'crashed',
      error: expect.stringMatching(/Task-1 waits for worker, worker waits for future 1/) as string,
    });
  });

  test('endless recursion is a RecursionError', async () => {
    const { end } = await run('def again(): return again()\nagain()\n');
    expect(end).toMatchObject({
      how: 'crashed',
      error: expect.stringContaining('RecursionError') as string,
    });
  });

  test('a module that is not there is named, and what there is', async () => {
    const { end, err } = await run('import numpy\n');
    expect(end).toMatchObject({ error: expect.stringMatching(/numpy/) as string });
    expect(err).toContain('standard library');
  });
});

describe('the trace', () => {
  test('tells what each task does, waits for and is woken by', async () => {
    const { trace } = await run(`import asyncio

async def child():
    await asyncio.sleep(1)
    return 7

async def main():
    print(await asyncio.create_task(child(), name="child"))

asyncio.run(main())
`);
    const of = (kind: string): readonly Record<string, unknown>[] =>
      trace.filter((event) => event['kind'] === kind);
    expect(of('task_created').slice(0, 2)).toMatchObject([
      { task: 1, name: 'Task-1', coro: 'main', parent: 0 },
      { task: 2, name: 'child', parent: 1, loc: { func: 'main', file: 'main.py', line: 8 } },
    ]);
    expect(of('task_suspended').slice(0, 2)).toMatchObject([
      { task: 1, awaiting: { kind: 'task', id: 2 }, stack: [{ func: 'main', line: 8 }] },
      { task: 2, awaiting: { kind: 'sleep' }, stack: [{ func: 'child', line: 4 }] },
    ]);
    expect(of('task_wakeup')).toMatchObject([
      { task: 2, by: { kind: 'future' } },
      { task: 1, by: { kind: 'task', id: 2 } },
    ]);
    expect(of('output')).toMatchObject([{ text: '7\n', t: 1_000_000_000 }]);
  });

  test('is the same, byte for byte, each time', async () => {
    const source = `import asyncio, random
async def main():
    print(random.random(), {"a", "b", "c"})
    await asyncio.gather(*(asyncio.sleep(random.random()) for _ in range(5)))
asyncio.run(main())
`;
    const [first, second] = [await run(source), await run(source)];
    expect(second.trace).toEqual(first.trace);
  });

  test('is not written where nobody wants it, and the program does the same', async () => {
    const { out, trace } = await run('import asyncio\nawait asyncio.sleep(1)\nprint(1)\n', {
      traced: false,
    });
    expect(out).toBe('1\n');
    expect(trace.filter(({ kind }) => kind === 'scheduled')).toEqual([]);
  });
});

test('a text can be checked without running it', async () => {
  const runner = await loadRunner(REPOSITORY);
  expect(runner.check('print("é")\n', 'main.py')).toEqual([]);
  expect(runner.check('if True\n', 'main.py')).toMatchObject([
    { message: "SyntaxError: expected ':'", startLine: 1, startColumn: 8 },
  ]);
});
