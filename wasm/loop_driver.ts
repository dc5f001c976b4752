// Runs a loop of the slim module on the host's event loop: a browser's, a worker's or Node's. Nothing blocks; the host's
// own timers and events go on between the turns.

/** What is driven: the slim module's EventLoop. */
export interface DrivenLoop {
  start(): void;
  turn(): boolean;
  next_timeout(): number | undefined;
  set_waker(wake: (() => void) | null): void;
  stop(): void;
}

/** A future whose loop is driven. */
export interface DrivenFuture {
  done(): boolean;
  result(): unknown;
  add_done_callback(callback: () => void): void;
}

/** Turns go on within one task of the host for so long, with its microtasks between them; then the host has its say. */
const SLICE_MS = 4;
/**
 * Browsers stretch setTimeout() to 4 ms when timers set timers. One that is set in a message's task is exempt, so what
 * is shorter than this is set there.
 */
const CLAMPED_MS = 5;
/** setTimeout() counts milliseconds in 31 bits: what takes longer is waited for in parts. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Runs the loop until its stop(); like asyncio's run_forever(), but it gives a promise at once. Rejects when the loop
 * is running, is closed, or breaks down.
 */
export function run_forever(loop: DrivenLoop): Promise<void> {
  return new Promise((resolve, reject) => {
    loop.start();
    new Driver(loop, resolve, reject).begin();
  });
}

/** Runs the loop until the future is done; its result, or rejects with its exception. */
export async function run_until_complete(loop: DrivenLoop, future: DrivenFuture): Promise<unknown> {
  future.add_done_callback(() => {
    loop.stop();
  });
  await run_forever(loop);
  if (!future.done()) throw new Error('Event loop stopped before Future completed.');
  return future.result();
}

class Driver {
  readonly #loop: DrivenLoop;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  readonly #tasks = hostTasks(() => {
    this.#posted = false;
    void this.#run();
  });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #posted = false;
  #turning = false;
  #ended = false;

  constructor(loop: DrivenLoop, resolve: () => void, reject: (error: unknown) => void) {
    this.#loop = loop;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    this.#loop.set_waker(() => {
      if (!this.#turning) this.#arrange();
    });
    this.#post();
  }

  /** Turns while something is ready, then waits as the loop asks. */
  async #run(): Promise<void> {
    if (this.#turning || this.#ended) return;
    this.#turning = true;
    const end = performance.now() + SLICE_MS;
    try {
      while (this.#loop.next_timeout() === 0 && performance.now() < end) {
        if (!this.#loop.turn()) {
          this.#end();
          this.#resolve();
          return;
        }
        await Promise.resolve(); // promises that the turn settled have their reactions now
      }
    } catch (error) {
      this.#end();
      this.#reject(error);
      return;
    } finally {
      this.#turning = false;
    }
    this.#arrange(true);
  }

  /** `fromTask`: in a task of our own, where a short timer may be set. */
  #arrange(fromTask = false): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const seconds = this.#loop.next_timeout();
    if (seconds === undefined) return;
    const milliseconds = Math.min(seconds * 1000, LONGEST_MS);
    if (milliseconds === 0 || (milliseconds < CLAMPED_MS && !fromTask)) {
      this.#post();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#post();
    }, milliseconds);
  }

  #post(): void {
    if (this.#posted) return;
    this.#posted = true;
    this.#tasks.post();
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#loop.set_waker(null);
    this.#tasks.close();
  }
}

/**
 * How to have a task of its own soon. A browser has nothing quicker than a message to oneself; Node has setImmediate(),
 * and would go on with messages before its timers.
 */
function hostTasks(task: () => void): { post(): void; close(): void } {
  if (typeof setImmediate === 'function') {
    return { post: () => void setImmediate(task), close: () => undefined };
  }
  const channel = new MessageChannel();
  channel.port1.onmessage = task;
  return {
    post() {
      channel.port2.postMessage(undefined);
    },
    close() {
      channel.port1.close();
    },
  };
}
