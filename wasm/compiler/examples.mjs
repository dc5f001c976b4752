// Compiles the gallery's examples with the page's own compiler, so that what runs unedited is what an edit starts from.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './published.mjs';

/** Names of the folders that hold a main.cpp. */
export function exampleNames(examples) {
  if (!existsSync(examples)) return [];
  return readdirSync(examples)
    .filter((name) => existsSync(join(examples, name, 'main.cpp')))
    .sort();
}

/**
 * Publishes each example's module; returns {name: {file, size, source}}. `compiler()` is called at most once, only when
 * something changed. Throws with the compiler's messages when an example does not compile.
 */
export async function publishExamples({ published, examples, work, key, compiler, log }) {
  mkdirSync(work, { recursive: true });
  const programs = {};
  let ready;
  for (const name of exampleNames(examples)) {
    const source = readFileSync(join(examples, name, 'main.cpp'), 'utf8');
    const kept = join(work, `${name}-${hashOf(key, source)}.wasm`);
    if (!existsSync(kept)) {
      ready ??= await compiler();
      log(`   compiling example ${name}`);
      const { wasm, text } = await ready.compile({ source });
      if (wasm === null) throw new Error(`examples/${name}/main.cpp does not compile:\n${text}`);
      writeFileSync(kept, wasm);
    }
    programs[name] = { ...published.put(name, 'wasm', readFileSync(kept)), source: hashOf(source) };
  }
  return programs;
}
