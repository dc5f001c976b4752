/** Random numbers that are the same at every run: what native/src/program/chance.cpp does for programs of the native twin. */

/**
 * From here on what programs in this worker (or in Node) get as random bytes follows from `seed`, an integer of 32 bits:
 * Emscripten's getentropy() and /dev/urandom, and so C++'s std::random_device and Python's os.urandom(), ask for these.
 */
export function makeChanceRepeatable(seed: number): void {
  const bytes = byteStream(seed);
  Object.defineProperty(globalThis.crypto, 'getRandomValues', {
    configurable: true,
    value: <T extends ArrayBufferView | null>(view: T): T => {
      if (view) {
        const target = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
        for (let at = 0; at < target.length; at++) target[at] = bytes();
      }
      return view;
    },
  });
}

/** The bytes of sfc32 (of the PractRand suite), the lowest of each word first. */
export function byteStream(seed: number): () => number {
  let a = seed >>> 0;
  let b = 0x2545f491;
  let c = 0x9e3779b9;
  let counter = 1;
  const nextWord = (): number => {
    const result = (a + b + counter++) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + result) >>> 0;
    return result;
  };
  for (let round = 0; round < 15; round++) nextWord();
  let word = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      word = nextWord();
      left = 4;
    }
    const byte = word & 0xff;
    word >>>= 8;
    left--;
    return byte;
  };
}
