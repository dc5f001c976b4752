// The precompiled header on disk: in the user's cache folder, by what it is made of, so that every clone shares it.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** A PrecompiledStore (web/src/runtimes/cpp/compiler.ts) for the compiler whose content is `key`. */
export function diskStore(key) {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const file = join(cache, 'loopscope', 'precompiled', `${key}.pch`);
  return {
    async load() {
      try {
        return new Uint8Array(await readFile(file));
      } catch {
        return null;
      }
    },
    /** A cache that cannot be written costs time, nothing else. */
    async save(bytes) {
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(`${file}.${process.pid}`, bytes);
        await rename(`${file}.${process.pid}`, file);
      } catch (error) {
        process.stderr.write(`the precompiled header is not kept: ${error.message}\n`);
      }
    },
  };
}
