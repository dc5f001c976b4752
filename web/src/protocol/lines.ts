/** Cuts bytes that come in blocks into lines of text. */

const LINE_END = 10;

export class LineSplitter {
  /** The beginning of a line whose end has not come yet. */
  #parts: Uint8Array[] = [];
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** The lines that this block completes, in one text, the last line end left out; null if it completes none. */
  push(block: Uint8Array): string | null {
    const end = block.lastIndexOf(LINE_END);
    if (end < 0) {
      // Copied: the caller may use its buffer again.
      if (block.length > 0) this.#parts.push(block.slice());
      return null;
    }
    // Only whole lines are decoded, so that no character is ever cut.
    const text = this.#join(block.subarray(0, end));
    this.#parts = end + 1 < block.length ? [block.slice(end + 1)] : [];
    return text;
  }

  /** What came after the last line end. */
  rest(): string {
    const text = this.#join(new Uint8Array());
    this.#parts = [];
    return text;
  }

  #join(last: Uint8Array): string {
    if (this.#parts.length === 0) return this.#decoder.decode(last);
    const parts = [...this.#parts, last];
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return this.#decoder.decode(all);
  }
}
