// Compiles the gallery's examples with the page's own compiler, so that what runs unedited is what an edit starts from.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './published.mjs';

/** The examples that have a main.cpp: the cards as the page reads them, with the sources. */
export function readExamples(kit, folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'main.cpp')))
    .sort()
    .map((name) => {
      const read = (file) => readFileSync(join(folder, name, file), 'utf8');
      const python = existsSync(join(folder, name, 'main.py')) ? { python: read('main.py') } : {};
      return kit.parseExample(name, { about: read('about.md'), cpp: read('main.cpp'), ...python });
    });
}

/**
 * Publishes each example's module; returns {name: {file, size, source}}. `compiler()` is called at most once, only when
 * something changed. Throws with the compiler's messages when an example does not compile.
 */
export async function publishExamples({ published, examples, work, key, compiler, log }) {
  mkdirSync(work, { recursive: true });
  const programs = {};
  let ready;
  for (const { name, source } of examples) {
    const kept = join(work, `${name}-${hashOf(key, source.cpp)}.wasm`);
    if (!existsSync(kept)) {
      ready ??= await compiler();
      log(`   compiling example ${name}`);
      const { wasm, text } = await ready.compile({ source: source.cpp });
      if (wasm === null) throw new Error(`examples/${name}/main.cpp does not compile:\n${text}`);
      writeFileSync(kept, wasm);
    }
    const file = published.put(name, 'wasm', readFileSync(kept));
    programs[name] = { ...file, source: hashOf(source.cpp) };
  }
  return programs;
}
