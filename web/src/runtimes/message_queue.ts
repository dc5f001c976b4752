/** Messages from whoever sends them to a `for await` loop. */
export class MessageQueue<T> implements AsyncIterable<T> {
  #waiting: T[] = [];
  /** How many of those were delivered. */
  #head = 0;
  #wake: (() => void) | null = null;
  #closed = false;

  /** After close() nothing is taken any more. */
  push(message: T): void {
    if (this.#closed) return;
    this.#waiting.push(message);
    this.#wake?.();
  }

  /** What was pushed before is still delivered. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      const next = this.#waiting[this.#head];
      if (next !== undefined) {
        this.#head++;
        yield next;
      } else if (this.#head > 0) {
        this.#waiting = [];
        this.#head = 0;
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    }
  }
}
