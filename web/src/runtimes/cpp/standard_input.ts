/**
 * A program's standard input in the page. std::cin reads in the middle of a call, and a worker cannot wait there for a person:
 * the run is given up, the person is asked, and the program starts anew with what is known of its input. Under the virtual
 * clock it does the same once more, byte for byte, up to where it asked.
 */

/** Thrown through the program: it reads a line that nobody has typed yet. */
export class NeedsLine extends Error {}

export class StandardInput {
  readonly #lines: readonly (string | null)[];
  #next = 0;

  /** What was typed so far; null: there is no more. */
  constructor(lines: readonly (string | null)[]) {
    this.#lines = lines;
  }

  /** The next line with its end; null at the end of the input. Throws NeedsLine. */
  read(): Uint8Array | null {
    const line = this.#lines[this.#next];
    if (line === undefined) throw new NeedsLine();
    if (line === null) return null;
    this.#next++;
    return new TextEncoder().encode(`${line}\n`);
  }
}

/** What stands on the line that a program has begun to write: the prompt, when it reads then. */
export class LastLine {
  readonly #decoder = new TextDecoder();
  #text = '';

  get text(): string {
    return this.#text;
  }

  write(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(10);
    const rest = this.#decoder.decode(bytes.subarray(end + 1), { stream: true });
    this.#text = ((end < 0 ? this.#text : '') + rest).slice(-1000);
  }
}

/** Drops as many bytes of a repeated run's trace as were heard before. */
export class Repeated {
  #heard = 0;
  #skip = 0;

  /** The program starts anew. */
  again(): void {
    this.#skip = this.#heard;
  }

  /** What is new in a block; null for nothing. */
  fresh(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
    const old = Math.min(this.#skip, bytes.length);
    this.#skip -= old;
    if (old === bytes.length) return null;
    this.#heard += bytes.length - old;
    return old === 0 ? bytes : bytes.slice(old);
  }
}
