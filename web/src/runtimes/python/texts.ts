/** Passes JavaScript's strings to C functions. */
import type { CoreModule } from './core_module.js';

const ROOM = 64 * 1024;
/** UTF-8 needs at most so many bytes for each of JavaScript's units. */
const WORST = 3;

/** Memory for the texts of one call; each call begins with reset(). */
export class Texts {
  readonly #module: CoreModule;
  readonly #encoder = new TextEncoder();
  readonly #room: number;
  #next: number;
  /** Those that did not fit. */
  #further: number[] = [];

  constructor(module: CoreModule) {
    this.#module = module;
    this.#room = this.#next = module._malloc(ROOM);
  }

  reset(): void {
    this.#next = this.#room;
    if (this.#further.length === 0) return;
    for (const pointer of this.#further) this.#module._free(pointer);
    this.#further = [];
  }

  /** A C string; it lives until the next reset(). It ends at the first NUL character. */
  put(text: string): number {
    const most = text.length * WORST + 1;
    if (this.#next + most <= this.#room + ROOM) {
      const pointer = this.#next;
      this.#next += this.#write(text, pointer, most);
      return pointer;
    }
    const pointer = this.#module._malloc(most);
    this.#further.push(pointer);
    this.#write(text, pointer, most);
    return pointer;
  }

  #write(text: string, pointer: number, most: number): number {
    const { HEAPU8 } = this.#module;
    const { written } = this.#encoder.encodeInto(text, HEAPU8.subarray(pointer, pointer + most));
    HEAPU8[pointer + written] = 0;
    return written + 1;
  }
}
