// The folder that the page's assets are published in: names that carry their content's hash, and a manifest.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

export function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

export class PublishedFolder {
  #kept = new Set();

  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Writes `bytes` as NAME-HASH.EXTENSION unless it is there; returns {file, size}. */
  put(name, extension, bytes) {
    const file = `${name}-${hashOf(bytes)}.${extension}`;
    if (!existsSync(join(this.folder, file))) this.#write(file, bytes);
    this.#kept.add(file);
    return { file, size: bytes.length };
  }

  /** Writes the manifest last, then removes what it does not name. */
  finish(manifest) {
    this.#write('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
    for (const name of readdirSync(this.folder)) {
      if (name !== 'manifest.json' && !this.#kept.has(name)) rmSync(join(this.folder, name));
    }
  }

  #write(file, bytes) {
    const target = join(this.folder, file);
    writeFileSync(`${target}.${process.pid}`, bytes);
    renameSync(`${target}.${process.pid}`, target);
  }
}
