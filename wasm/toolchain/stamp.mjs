// For build steps that cannot tell themselves whether there is anything to do: done once per content of their inputs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A hash over the contents and paths of files and of everything below folders; what does not exist counts as absent. */
export function contentHash(paths, extra = '') {
  const hash = createHash('sha256').update(extra);
  const add = (path) => {
    if (!existsSync(path)) hash.update(`absent ${path}\0`);
    else if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else hash.update(`file ${path}\0`).update(readFileSync(path));
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}

/**
 * Calls `work` unless it was done before with the same `key` and `output` still exists; returns whether it did.
 * The stamp is written last, so an interrupted step is done again.
 */
export async function whenChanged({ stamp, key, output }, work) {
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (before === key && existsSync(output)) return false;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
  return true;
}
