/** What python.mjs calls in the page. */
import { PythonRuntime } from '../src/runtimes/python_runtime.js';

const base = new URL('/wasm/', location.origin).href;
let runtime: PythonRuntime | null = null;

/** Milliseconds until a program could run. */
export async function load(): Promise<number> {
  const begin = performance.now();
  runtime = new PythonRuntime({ base });
  await runtime.warm();
  return performance.now() - begin;
}

async function output(source: string, until: string, clock: 'real' | 'virtual'): Promise<string> {
  if (runtime === null) throw new Error('load() comes first');
  const decoder = new TextDecoder();
  let text = '';
  const request = { runId: 1, program: 'bench', guest: 'python', args: [], debug: false } as const;
  for await (const message of runtime.run({ ...request, source, clock })) {
    if (message.type === 'trace') text += decoder.decode(message.bytes, { stream: true });
    if (until !== '' && text.includes(until)) break;
  }
  return text;
}

/** Milliseconds from the request to the first output, with an interpreter that is up. */
export async function clickToOutput(): Promise<number> {
  await runtime?.warm();
  const begin = performance.now();
  await output('import asyncio\nprint("here")\nawait asyncio.sleep(0)\n', 'here\\n', 'virtual');
  const took = performance.now() - begin;
  await runtime?.stop();
  return took;
}

/** Microseconds for each callback and each sleep(0): ours without a trace, ours with one, and Pyodide's own loop. */
export async function costs(): Promise<Record<string, number>> {
  await runtime?.warm();
  const text = await output(COSTS, '', 'real');
  const line = /COSTS (\{.*?\})/.exec(text)?.[1];
  if (line === undefined) throw new Error(`no figures: ${text.slice(-600)}`);
  return JSON.parse(line.replaceAll('\\"', '"')) as Record<string, number>;
}

/** The loops are measured in one interpreter, the shortest of several rounds each. */
const COSTS = `
import asyncio, json, time
from asyncio import events
from loopscope.loop import CoreLoop
from loopscope import core as cores
from loopscope_page import waits

def callbacks(loop, count, done):
    left = count
    def again():
        nonlocal left
        left -= 1
        if left:
            loop.call_soon(again)
        else:
            done(None)
    loop.call_soon(again)

async def sleeps(count):
    for _ in range(count):
        await asyncio.sleep(0)

async def both(count):
    loop = asyncio.get_running_loop()
    best = [9e9, 9e9]
    for _ in range(3):
        future = loop.create_future()
        begin = time.perf_counter()
        callbacks(loop, count, future.set_result)
        await future
        best[0] = min(best[0], time.perf_counter() - begin)
        begin = time.perf_counter()
        await sleeps(count)
        best[1] = min(best[1], time.perf_counter() - begin)
    return [1e6 * took / count for took in best]

def untraced():
    loop = CoreLoop()
    loop._core.close()
    loop._use(cores.new_core(traced=False))
    return loop

figures = {}
with asyncio.Runner(loop_factory=untraced) as runner:
    figures["callbackUs"], figures["sleepUs"] = runner.run(both(20000))
web = waits._outer_loop
figures["webloopCallbackUs"], figures["webloopSleepUs"] = waits.for_promise(lambda: web.create_task(both(1000)))
figures["tracedCallbackUs"], figures["tracedSleepUs"] = asyncio.run(both(3000))
print("COSTS " + json.dumps(figures))
`;
