/**
 * What a program's worker tells the page. Each block goes at once while there are few, so that a callback that never returns
 * hides nothing that happened before it. A program that floods tells in larger blocks: the page's main thread can bear so
 * many bytes, but not so many messages.
 */

/** So many messages go out at once, at first and after a rest. */
const BURST = 2500;
/** So many more are allowed with each millisecond. */
const PER_MS = 0.25;
/** What is kept back goes when it is as much as this. */
const MOST_HELD = 256 * 1024;

export class Outbox {
  readonly #post: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #now: () => number;
  #held: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;
  #credit = BURST;
  #refilled: number;

  constructor(
    post: (bytes: Uint8Array<ArrayBuffer>) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#post = post;
    this.#now = now;
    this.#refilled = now();
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#held.push(bytes);
    this.#size += bytes.length;
    const now = this.#now();
    this.#credit = Math.min(BURST, this.#credit + (now - this.#refilled) * PER_MS);
    this.#refilled = now;
    if (this.#credit >= 1 || this.#size >= MOST_HELD || saysFull(bytes)) this.flush();
  }

  /** Before anything that may take long, and before anything else is said. */
  flush(): void {
    if (this.#size === 0) return;
    this.#credit = Math.max(0, this.#credit - 1);
    const bytes = join(this.#held, this.#size);
    this.#held = [];
    this.#size = 0;
    this.#post(bytes);
  }
}

const text = new TextDecoder();

/** A program whose trace is full may say nothing more, and go on for ever. */
function saysFull(bytes: Uint8Array): boolean {
  return text.decode(bytes).includes('"kind":"truncated"');
}

function join(parts: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
