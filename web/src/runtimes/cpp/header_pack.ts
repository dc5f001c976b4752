/**
 * Many small files as one: a JSON index line, then the bytes one after the other. Gzip around it is the caller's, so
 * that it unpacks alike in browsers and Node and needs nothing of the server.
 */

/** A directory of an in-memory file system, as @yowasp/clang takes it. */
export interface Tree {
  [name: string]: Tree | string | Uint8Array;
}

type Index = readonly (readonly [path: string, size: number])[];

export function unpackHeaders(pack: Uint8Array): Tree {
  const indexEnd = pack.indexOf(10);
  if (indexEnd < 0) throw new Error('header pack: no index line');
  const index = JSON.parse(new TextDecoder().decode(pack.subarray(0, indexEnd))) as Index;
  const root: Tree = {};
  let offset = indexEnd + 1;
  for (const [path, size] of index) {
    if (offset + size > pack.length) throw new Error(`header pack: cut off in ${path}`);
    placeFile(root, path, pack.subarray(offset, offset + size));
    offset += size;
  }
  return root;
}

export function packHeaders(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const index: Index = sorted.map(([path, bytes]) => [path, bytes.length]);
  const head = new TextEncoder().encode(`${JSON.stringify(index)}\n`);
  const pack = new Uint8Array(sorted.reduce((sum, [, bytes]) => sum + bytes.length, head.length));
  pack.set(head);
  let offset = head.length;
  for (const [, bytes] of sorted) {
    pack.set(bytes, offset);
    offset += bytes.length;
  }
  return pack;
}

/** Puts a file at `a/b/c` of the tree, making the directories on the way. */
export function placeFile(root: Tree, path: string, bytes: Uint8Array): void {
  const names = path.split('/');
  const last = names.pop() ?? '';
  let directory = root;
  for (const name of names) {
    const entry = (directory[name] ??= {});
    if (typeof entry === 'string' || entry instanceof Uint8Array) {
      throw new Error(`header pack: ${path} lies below a file`);
    }
    directory = entry;
  }
  directory[last] = bytes;
}

export async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
