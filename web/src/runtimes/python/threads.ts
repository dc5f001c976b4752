/**
 * Who of Python's threads waits for what. A page has one thread: each of Python's is a stack of its own (JSPI), and runs until
 * it waits. Nobody is interrupted. Under the virtual clock time passes only when all of them wait.
 */

/** How a wait ended: somebody woke it, its time was over, or nobody is left who could ever wake it. */
export type Awoken = 'woken' | 'late' | 'stuck';

/** What time is for the threads. */
export interface ThreadClock {
  readonly virtual: boolean;
  now(): number;
  passTime(seconds: number): void;
}

interface Wait {
  readonly deadline: number;
  readonly end: (how: Awoken) => void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** setTimeout() counts milliseconds in 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

export class Threads {
  readonly #clock: ThreadClock;
  /** By token, in the order in which they began. */
  readonly #waiting = new Map<number, Wait>();
  /** Tokens that were woken before anybody waited. */
  readonly #woken = new Set<number>();
  /** Those that do not wait; the main one is there from the start. */
  #running = 1;
  #alive = 1;
  #lastToken = 0;

  constructor(clock: ThreadClock) {
    this.#clock = clock;
  }

  /** Threads beside the main one. */
  get others(): number {
    return this.#alive - 1;
  }

  newToken(): number {
    return ++this.#lastToken;
  }

  /** `seconds`: at most so long; a negative time is for ever. */
  park(token: number, seconds: number): Promise<Awoken> {
    if (this.#woken.delete(token)) return Promise.resolve('woken');
    return new Promise((resolve) => {
      const real = seconds >= 0 && !this.#clock.virtual;
      this.#waiting.set(token, {
        deadline: seconds < 0 ? Infinity : this.#clock.now() + seconds,
        end: resolve,
        timer: real
          ? setTimeout(() => this.#end(token, 'late'), Math.min(seconds * 1000, LONGEST_MS))
          : undefined,
      });
      this.#running--;
      this.#passTime();
    });
  }

  wake(token: number): void {
    if (this.#waiting.has(token)) this.#end(token, 'woken');
    else this.#woken.add(token);
  }

  /** Runs a new thread in a task of its own. */
  spawn(body: () => unknown): void {
    this.#alive++;
    this.#running++;
    setTimeout(body, 0);
  }

  /** The last thing that a thread does. */
  exited(): void {
    this.#alive--;
    this.#running--;
    this.#passTime();
  }

  #end(token: number, how: Awoken): void {
    const wait = this.#waiting.get(token);
    if (wait === undefined) return;
    this.#waiting.delete(token);
    clearTimeout(wait.timer);
    this.#running++;
    wait.end(how);
  }

  /** All wait: the earliest deadline is next, or nothing ever is. */
  #passTime(): void {
    if (!this.#clock.virtual || this.#running > 0) return;
    let next: number | undefined;
    let earliest = Infinity;
    for (const [token, { deadline }] of this.#waiting) {
      if (deadline < earliest) [next, earliest] = [token, deadline];
    }
    if (next !== undefined) {
      this.#clock.passTime(Math.max(0, earliest - this.#clock.now()));
      this.#end(next, 'late');
      return;
    }
    const [first] = this.#waiting.keys();
    if (first !== undefined) this.#end(first, 'stuck');
  }
}
