/** How long what a worker has already sent may take to arrive. */
const TIME = 30;

/**
 * The time in which a worker that is to be terminated is still heard: its messages are lost unless they have arrived. The timer
 * alone could come late, or never, where a flood of messages keeps the page busy; then the first message after that time is the last.
 */
export class LastMessages {
  readonly over: Promise<void>;
  readonly #until: number;
  readonly #now: () => number;
  #end!: () => void;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#until = now() + TIME;
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
    setTimeout(this.#end, TIME);
  }

  /** At each message. */
  heard(): void {
    if (this.#now() >= this.#until) this.#end();
  }
}
