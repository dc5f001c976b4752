import { beforeAll, describe, expect, it } from 'vitest';
import { run_forever, run_until_complete } from './loop_driver.js';
import { type EventLoop, loadSlimModule, type SlimModule } from './slim_module.js';

let slim: SlimModule;

beforeAll(async () => {
  slim = await loadSlimModule(new URL('../build/wasm/bin/loopscope.mjs', import.meta.url).href);
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Collects words in the order in which they are said. */
function diary(): { log: string[]; say: (word: string) => () => void } {
  const log: string[] = [];
  return { log, say: (word) => () => void log.push(word) };
}

/** Runs until everything scheduled so far, and what it schedules within `turns` turns, has run. */
function stopAfter(loop: EventLoop, turns: number): void {
  const step = (left: number) => {
    if (left === 0) loop.stop();
    else loop.call_soon(() => step(left - 1));
  };
  step(turns);
}

describe('callbacks', () => {
  it('run in the order of their scheduling, and what they schedule in the next turn', async () => {
    const loop = new slim.EventLoop();
    const { log, say } = diary();
    loop.call_soon(() => {
      log.push('a');
      loop.call_soon(say('a2'));
    });
    loop.call_soon(say('b'));
    loop.call_later(-1, say('late'));
    loop.call_soon(say('c'));
    stopAfter(loop, 3);
    await run_forever(loop);
    expect(log).toEqual(['a', 'b', 'c', 'late', 'a2']);
  });

  it('that stop the loop let the others of their turn run, and leave the next turn for another run', async () => {
    const loop = new slim.EventLoop();
    const { log, say } = diary();
    loop.call_soon(() => {
      loop.stop();
      loop.call_soon(say('next run'));
    });
    loop.call_soon(say('same turn'));
    await run_forever(loop);
    expect(log).toEqual(['same turn']);
    stopAfter(loop, 1);
    await run_forever(loop);
    expect(log).toEqual(['same turn', 'next run']);
  });

  it('do not run when they are cancelled', async () => {
    const loop = new slim.EventLoop();
    const { log, say } = diary();
    const soon = loop.call_soon(say('soon'));
    const later = loop.call_later(0.001, say('later'));
    soon.cancel();
    later.cancel();
    expect(soon.cancelled()).toBe(true);
    loop.call_later(0.01, () => loop.stop());
    await run_forever(loop);
    expect(log).toEqual([]);
  });

  it('can be cancelled when they run, when they ran, and when their loop is gone, which does nothing', async () => {
    const loop = new slim.EventLoop();
    const { log, say } = diary();
    const self = loop.call_soon(() => {
      self.cancel();
      log.push('cancelled itself');
    });
    const before = loop.call_soon(say('before'));
    stopAfter(loop, 1);
    await run_forever(loop);
    before.cancel();
    const [never, later] = [loop.call_soon(say('never')), loop.call_later(60, say('later'))];
    loop.close();
    never.cancel();
    loop.delete();
    later.cancel();
    later.cancel();
    expect(log).toEqual(['cancelled itself', 'before']);
    for (const handle of [self, before, never, later]) expect(handle.cancelled()).toBe(true);
  });

  it('that throw go to the exception handler, as the value that was thrown, and the loop goes on', async () => {
    const loop = new slim.EventLoop();
    const thrown = new RangeError('too far');
    const seen: unknown[] = [];
    const { log, say } = diary();
    loop.set_exception_handler(({ message, exception }) => seen.push(message, exception));
    loop.call_soon(() => {
      throw thrown;
    });
    loop.call_soon(say('after'));
    stopAfter(loop, 1);
    await run_forever(loop);
    expect(seen[0]).toBe('Exception in callback');
    expect(seen[1]).toBe(thrown);
    expect(log).toEqual(['after']);
  });
});

describe('timers', () => {
  it('run by deadline, equal ones in the order of their making', async () => {
    const loop = new slim.EventLoop();
    const { log, say } = diary();
    const now = loop.time();
    loop.call_at(now + 0.02, say('20'));
    loop.call_at(now + 0.01, say('10 first'));
    loop.call_at(now + 0.01, say('10 second'));
    loop.call_at(now + 0.03, () => loop.stop());
    await run_forever(loop);
    expect(log).toEqual(['10 first', '10 second', '20']);
  });

  it('are not early, and say their deadline', async () => {
    const loop = new slim.EventLoop();
    const begin = loop.time();
    const handle = loop.call_later(0.03, () => loop.stop());
    expect(handle.when()).toBeGreaterThanOrEqual(begin + 0.03);
    await run_forever(loop);
    expect(loop.time()).toBeGreaterThanOrEqual(handle.when() - 0.000_001);
  });

  it('leave the host its own: an interval keeps its beat while the loop waits and while it works', async () => {
    const loop = new slim.EventLoop();
    let beats = 0;
    const interval = setInterval(() => (beats += 1), 10);
    loop.call_later(0.25, () => loop.stop());
    await run_forever(loop);
    const whileWaiting = beats;
    const busyUntil = loop.time() + 0.25;
    const spin = () => {
      if (loop.time() < busyUntil) loop.call_soon(spin);
      else loop.stop();
    };
    spin();
    await run_forever(loop);
    clearInterval(interval);
    expect(whileWaiting).toBeGreaterThanOrEqual(3);
    expect(beats - whileWaiting).toBeGreaterThanOrEqual(3);
  });
});

describe('an idle loop', () => {
  it('is woken by what the host schedules', async () => {
    const loop = new slim.EventLoop();
    const { log, say } = diary();
    const run = run_forever(loop);
    await pause(20);
    expect(loop.next_timeout()).toBeUndefined();
    loop.call_soon(say('woken'));
    await pause(20);
    expect(log).toEqual(['woken']);
    loop.stop();
    await run;
    expect(loop.is_running()).toBe(false);
  });

  it('is woken by an earlier timer than the one it waits for', async () => {
    const loop = new slim.EventLoop();
    loop.call_later(3600, () => undefined);
    const run = run_forever(loop);
    await pause(5);
    const begin = performance.now();
    loop.call_later(0.02, () => loop.stop());
    await run;
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

describe('futures', () => {
  it('settle their promise after the turn of their done callbacks and before the next', async () => {
    const loop = new slim.EventLoop();
    const future = loop.create_future();
    const { log, say } = diary();
    future.add_done_callback(say('done callback'));
    void future.promise().then((value) => {
      log.push(`promise ${String(value)}`);
      loop.call_soon(say('of the promise'));
    });
    loop.call_soon(() => {
      future.set_result(42);
      log.push('set');
      loop.call_soon(() => loop.call_soon(say('two turns on')));
    });
    stopAfter(loop, 5);
    await run_forever(loop);
    expect(log).toEqual(['set', 'done callback', 'promise 42', 'two turns on', 'of the promise']);
  });

  it('reject their promise with the value they were given', async () => {
    const loop = new slim.EventLoop();
    const future = loop.create_future();
    const error = new TypeError('no');
    loop.call_soon(() => future.set_exception(error));
    await expect(run_until_complete(loop, future)).rejects.toBe(error);
    const again = expect(future.promise()).rejects.toBe(error);
    stopAfter(loop, 2);
    await run_forever(loop);
    await again;
  });

  it('that are cancelled reject with CancelledError and the message', async () => {
    const loop = new slim.EventLoop();
    const future = loop.create_future();
    loop.call_soon(() => future.cancel('enough'));
    await expect(run_until_complete(loop, future)).rejects.toMatchObject({
      name: 'CancelledError',
      message: 'enough',
    });
    expect(future.cancelled()).toBe(true);
    expect(future.cancel()).toBe(false);
  });

  it('say what asyncio says when they are misused', () => {
    const loop = new slim.EventLoop();
    const future = loop.create_future();
    const invalid = { name: 'InvalidStateError' };
    expect(() => future.result()).toThrow(
      expect.objectContaining({ ...invalid, message: 'Result is not set.' }),
    );
    future.set_result('once');
    expect(() => future.set_result('twice')).toThrow(expect.objectContaining(invalid));
    expect(future.result()).toBe('once');
  });

  it('end a run with their result, and a stop before is an error', async () => {
    const loop = new slim.EventLoop();
    const future = loop.create_future();
    loop.call_later(0.001, () => future.set_result({ deep: [1, 2] }));
    await expect(run_until_complete(loop, future)).resolves.toEqual({ deep: [1, 2] });
    loop.call_soon(() => loop.stop());
    await expect(run_until_complete(loop, loop.create_future())).rejects.toThrow(
      'Event loop stopped before Future completed.',
    );
  });
});

describe('a closed loop', () => {
  it('refuses what asyncio refuses, in its words', async () => {
    const loop = new slim.EventLoop();
    const run = run_forever(loop);
    expect(() => loop.close()).toThrow('Cannot close a running event loop');
    await expect(run_forever(loop)).rejects.toThrow('This event loop is already running');
    loop.stop();
    await run;
    loop.close();
    loop.close();
    expect(loop.is_closed()).toBe(true);
    expect(() => loop.call_soon(() => undefined)).toThrow('Event loop is closed');
    await expect(run_forever(loop)).rejects.toThrow('Event loop is closed');
  });
});

describe('a traced loop', () => {
  it('writes the trace of the library, whole lines at a time', async () => {
    let text = '';
    const loop = slim.EventLoop.traced((lines) => {
      text += new TextDecoder().decode(lines);
      expect(text.endsWith('\n')).toBe(true);
    });
    loop.call_later(0.001, () => loop.stop());
    await run_forever(loop);
    loop.close();
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { schema?: string; kind?: string; label?: string });
    expect(events[0]?.schema).toBe('loopscope.trace');
    const kinds = events.slice(1).map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(['scheduled', 'loop_start']);
    expect(kinds).toContain('timer_due');
    expect(kinds.slice(-2)).toEqual(['loop_stop', 'loop_close']);
    expect(kinds.filter((kind) => kind === 'run_begin')).toHaveLength(1);
  });
});
