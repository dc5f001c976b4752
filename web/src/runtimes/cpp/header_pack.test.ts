import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzip, packHeaders, unpackHeaders } from './header_pack.js';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

test('what is packed comes out as a tree of the same files', async () => {
  const files = new Map([
    ['sysroot/include/stdio.h', bytes('int puts();\n')],
    ['library/ä.hpp', bytes('')],
    ['sysroot/include/c++/v1/vector', bytes('template')],
  ]);
  const packed = gzipSync(packHeaders(files));
  const tree = unpackHeaders(await gunzip(new Uint8Array(packed)));
  expect(tree).toEqual({
    library: { 'ä.hpp': bytes('') },
    sysroot: {
      include: { 'c++': { v1: { vector: bytes('template') } }, 'stdio.h': bytes('int puts();\n') },
    },
  });
});

test('a pack that was cut off is refused, and the file is named', () => {
  const packed = packHeaders(new Map([['a/b.h', bytes('0123456789')]]));
  expect(() => unpackHeaders(packed.subarray(0, packed.length - 1))).toThrow(/cut off in a\/b\.h/);
});
