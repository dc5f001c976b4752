/** Python's threads in a page that has one: cooperative, and the same under both clocks. Needs `npm run build`. */
import { afterAll, describe, expect, test } from 'vitest';
import type { ClockKind } from '../../../../web/src/protocol/trace.js';
import { hear, newPythonRuntime, request } from './support.js';

const runtime = newPythonRuntime();
afterAll(() => runtime.dispose());

/** Whichever test comes first loads Python. */
const SLOW = 120_000;

async function output(source: string, clock: ClockKind): Promise<string> {
  const heard = await hear(runtime.run(request(source, { guest: 'python', clock })));
  return heard.output;
}

describe.each<ClockKind>(['virtual', 'real'])('threads on the %s clock', (clock) => {
  test(
    'block side by side, while the loop goes on',
    async () => {
      const source = `
import asyncio, threading, time

def job(number):
    time.sleep(0.2)
    return number, threading.current_thread() is not threading.main_thread()

async def ticks():
    for tick in range(3):
        print("tick", tick)
        await asyncio.sleep(0.05)

async def main():
    loop = asyncio.get_running_loop()
    begin = loop.time()
    jobs = [asyncio.to_thread(job, 1), loop.run_in_executor(None, job, 2)]
    print(await asyncio.gather(ticks(), *jobs))
    print(0.19 < loop.time() - begin < 0.39)

asyncio.run(main())
`;
      expect(await output(source, clock)).toBe(
        'tick 0\ntick 1\ntick 2\n[None, (1, True), (2, True)]\nTrue\n',
      );
    },
    SLOW,
  );

  test('may have a loop of their own, reached from outside by the functions that asyncio has for it', async () => {
    const source = `
import asyncio, threading

loop = asyncio.new_event_loop()

def run():
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.close()

async def double(number):
    await asyncio.sleep(0.05)
    return 2 * number, threading.current_thread().name

thread = threading.Thread(target=run, name="loop")
thread.start()
print(asyncio.run_coroutine_threadsafe(double(21), loop).result(timeout=5))
loop.call_soon_threadsafe(loop.stop)
thread.join()
print(thread.is_alive(), loop.is_closed())
`;
    expect(await output(source, clock)).toBe("(42, 'loop')\nFalse True\n");
  });

  test('share locks, queues, events and local data as the standard library has them', async () => {
    const source = `
import concurrent.futures, queue, threading, time

lock, ready, items, local = threading.Lock(), threading.Event(), queue.Queue(maxsize=1), threading.local()

def produce():
    local.name = "producer"
    ready.wait()
    for item in range(3):
        items.put(item)
    items.put(None)
    print(local.name)

def add(total, number):
    with lock:
        before = total[0]
        time.sleep(0.01)
        total[0] = before + number

local.name = "main"
producer = threading.Thread(target=produce)
producer.start()
ready.set()
print([item for item in iter(items.get, None)])
producer.join()
total = [0]
with concurrent.futures.ThreadPoolExecutor(3) as pool:
    list(pool.map(lambda number: add(total, number), range(5)))
print(total, local.name)
try:
    items.get(timeout=0.05)
except queue.Empty:
    print("empty")
`;
    expect(await output(source, clock)).toBe('producer\n[0, 1, 2]\n[10] main\nempty\n');
  });

  test('that wait for each other say so instead of hanging, where time is virtual', async () => {
    const source = `
import threading
threading.Event().wait(0.01)
print("late")
lock = threading.Lock()
lock.acquire()
print(lock.acquire(timeout=0.01))
${clock === 'virtual' ? 'lock.acquire()' : ''}
`;
    const said = await output(source, clock);
    expect(said).toMatch(/^late\nFalse\n/);
    if (clock === 'virtual') expect(said).toContain('all threads wait for each other');
  });
});

test('an exception in a thread is told as Python tells it', async () => {
  const said = await output(
    'import threading\nt = threading.Thread(target=lambda: 1 / 0, name="T")\nt.start()\nt.join()\nprint("on")\n',
    'virtual',
  );
  expect(said).toMatch(/^Exception in thread T:\nTraceback/);
  expect(said).toMatch(/ZeroDivisionError: division by zero\non\n$/);
});
