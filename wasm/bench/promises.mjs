// The cases of native/bench as JavaScript does them: microtasks, promises, async functions, timers. Each gives how many
// things it did.
const CALLBACKS = 100_000;
const TASKS = 200_000;
const TIMERS = 200_000;
const ROUNDS = 50_000;
const GROUP = 100_000;

function nothing() {}

async function call_soon_burst() {
  for (let index = 0; index < CALLBACKS; ++index) queueMicrotask(nothing);
  await null; // after them all
  return CALLBACKS;
}

function call_soon_chain() {
  return new Promise((resolve) => {
    let ran = 0;
    const again = () => {
      if (++ran < CALLBACKS) queueMicrotask(again);
      else resolve(ran);
    };
    queueMicrotask(again);
  });
}

async function sleep_zero() {
  for (let index = 0; index < CALLBACKS; ++index) await null;
  return CALLBACKS;
}

async function at_once(value) {
  return value;
}

async function await_finished() {
  let sum = 0;
  for (let index = 0; index < CALLBACKS; ++index) sum += await at_once(1);
  return sum;
}

async function spawn_and_gather() {
  const running = [];
  for (let index = 0; index < TASKS; ++index) running.push(at_once(1));
  const results = await Promise.all(running);
  return results.reduce((sum, value) => sum + value, 0);
}

async function timers_cancelled() {
  const timers = [];
  for (let index = 0; index < TIMERS; ++index)
    timers.push(setTimeout(nothing, 3_600_000 + ((index * 7919) % TIMERS)));
  for (const timer of timers) clearTimeout(timer);
  return TIMERS;
}

/** asyncio's Queue, as one writes it with promises. */
class Queue {
  #items = [];
  #getters = [];
  #putters = [];
  constructor(size) {
    this.size = size;
  }
  async put(item) {
    while (this.#items.length >= this.size)
      await new Promise((resolve) => this.#putters.push(resolve));
    this.#items.push(item);
    this.#getters.shift()?.();
  }
  async get() {
    while (this.#items.length === 0) await new Promise((resolve) => this.#getters.push(resolve));
    const item = this.#items.shift();
    this.#putters.shift()?.();
    return item;
  }
}

async function queue_ping_pong() {
  const there = new Queue(1);
  const back = new Queue(1);
  const put_all = async () => {
    for (let round = 0; round < ROUNDS; ++round) {
      await there.put(1);
      await back.get();
    }
  };
  const putting = put_all();
  for (let round = 0; round < ROUNDS; ++round) {
    await there.get();
    await back.put(1);
  }
  await putting;
  return ROUNDS;
}

/** A lock that is handed over in order. */
class Lock {
  #held = false;
  #waiting = [];
  async acquire() {
    if (this.#held) await new Promise((resolve) => this.#waiting.push(resolve));
    this.#held = true;
  }
  release() {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#held = false;
  }
}

async function lock_hand_over() {
  const lock = new Lock();
  let held = 0;
  const take_turns = async () => {
    for (let round = 0; round < ROUNDS / 2; ++round) {
      await lock.acquire();
      ++held;
      await null;
      lock.release();
    }
  };
  await Promise.all([take_turns(), take_turns()]);
  return held;
}

async function task_group() {
  let ran = 0;
  const count = async () => {
    ++ran;
  };
  const running = [];
  for (let index = 0; index < GROUP; ++index) running.push(count());
  await Promise.all(running);
  return ran;
}

async function timeout() {
  for (let round = 0; round < ROUNDS; ++round) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(reject, 3_600_000);
    });
    await Promise.race([at_once(1), late]);
    clearTimeout(timer);
  }
  return ROUNDS;
}

/** By the names that wasm/bench/cases.cpp gives them. */
export const promises = {
  call_soon_burst,
  call_soon_chain,
  sleep_zero,
  await_finished,
  spawn_and_gather,
  timers_cancelled,
  queue_ping_pong,
  lock_hand_over,
  task_group,
  timeout,
};
