// Publishes the compiler: the patched package, its modules, and the headers.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { collectHeaders } from './headers.mjs';
import { CORE_MODULES, patchBundle } from './patch_bundle.mjs';
import { hashOf } from './published.mjs';
import { tarFiles } from './tar.mjs';
import { contentHash } from '../toolchain/stamp.mjs';

/** Where @yowasp/clang keeps its files. */
const PACKAGE = dirname(createRequire(import.meta.url).resolve('@yowasp/clang'));

/**
 * Puts everything into `published` and returns the manifest's `compiler` part:
 * {bundle, modules: {name: {file, size}}, headers, key}. `key` names this compiler with these headers and flags.
 */
export async function publishCompiler({ published, kit, sysroot, library, work }) {
  const source = patchBundle(readFileSync(join(PACKAGE, 'bundle.js'), 'utf8'));
  const bundle = published.put('clang', 'mjs', source);
  const modules = {};
  for (const name of CORE_MODULES) {
    modules[name] = published.put(
      name.replace(/\.wasm$/, ''),
      'wasm',
      readFileSync(join(PACKAGE, name)),
    );
  }
  const bytes = await headerPack({ published, kit, sysroot, library, work, bundle, modules });
  const headers = published.put('headers', 'data', bytes);
  const key = hashOf(
    bundle.file,
    ...Object.values(modules).map(({ file }) => file),
    headers.file,
    flags(kit),
  );
  return { bundle, modules, headers, key };
}

function flags(kit) {
  return JSON.stringify([kit.compileFlags(), kit.linkFlags('o', 'w'), kit.PRECOMPILED]);
}

/** The packed headers, made anew when a header or the compiler has changed. */
async function headerPack({ published, kit, sysroot, library, work, bundle, modules }) {
  const scripts = ['headers.mjs', 'assets.mjs'].map((name) => join(import.meta.dirname, name));
  const key = contentHash(
    [library, ...scripts],
    JSON.stringify([sysroot, bundle, modules, flags(kit)]),
  );
  const kept = join(work, `headers-${key.slice(0, 16)}.data`);
  if (existsSync(kept)) return readFileSync(kept);
  const clang = await import(pathToFileURL(join(published.folder, bundle.file)).href);
  const compiled = {};
  for (const [name, { file }] of Object.entries(modules)) {
    compiled[name] = await WebAssembly.compile(readFileSync(join(published.folder, file)));
  }
  const headers = await collectHeaders({
    sysroot,
    library,
    builtins: builtinHeaders(),
    flags: kit.compileFlags(),
    placeFile: kit.placeFile,
    runClang: (args, files, usr) => new kit.ClangTool(clang, compiled, usr).run(args, files),
  });
  const bytes = gzipSync(kit.packHeaders(headers), { level: 9 });
  mkdirSync(work, { recursive: true });
  writeFileSync(kept, bytes);
  return bytes;
}

/** Publishes the precompiled header, which `make()` gives, packed; made anew when a header or the compiler has changed. */
export async function publishPrecompiled({ published, work, key, make }) {
  const kept = join(work, `precompiled-${key}.data`);
  if (!existsSync(kept)) {
    const bytes = gzipSync(await make(), { level: 9 });
    writeFileSync(`${kept}.${process.pid}`, bytes);
    renameSync(`${kept}.${process.pid}`, kept);
  }
  return published.put('precompiled', 'data', readFileSync(kept));
}

/** Clang's own headers; its package brings a whole WASI system besides. */
function builtinHeaders() {
  const archive = readFileSync(join(PACKAGE, 'llvm-resources.tar'));
  const headers = new Map();
  for (const [name, bytes] of tarFiles(archive)) {
    if (/^include\/[^/]+\.h$/.test(name)) headers.set(name, new Uint8Array(bytes));
  }
  return headers;
}
