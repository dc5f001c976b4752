// Reads a plain tar archive in memory.

/** Name and bytes of each regular file. */
export function* tarFiles(archive) {
  const text = (start, length) =>
    new TextDecoder().decode(archive.subarray(start, start + length)).replace(/\0[^]*$/, '');
  for (let at = 0; at + 512 <= archive.length;) {
    const name = text(at, 100);
    if (name === '') return;
    const size = parseInt(text(at + 124, 12), 8);
    const regular = archive[at + 156] === 48 || archive[at + 156] === 0;
    if (regular) yield [name, archive.subarray(at + 512, at + 512 + size)];
    at += 512 + 512 * Math.ceil(size / 512);
  }
}
