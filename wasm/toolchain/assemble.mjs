// Debian 12 has LLVM 19 but only an old Emscripten. This takes Debian 13's Emscripten (with its prebuilt sysroot and library
// cache) and binaryen into a cache folder of the user, unpacked, nothing system-wide, and runs them on LLVM 19 of Debian 12.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { download, unpack } from './newer_release.mjs';
import { ensurePackages } from './packages.mjs';
import { probe } from './probe.mjs';
import { Failure, step } from './steps.mjs';

const VERSION = '3.1.69';
const RELEASE = 'trixie';
/** Part of the folder's name: raise it when what is assembled changes. */
const RECIPE = 1;
const PACKAGES = [`emscripten=${VERSION}*`, 'binaryen', 'libc6', 'libstdc++6', 'libgcc-s1'];
/** How binaryen's programs, built against Debian 13's C library, start on Debian 12. */
const LOADERS = {
  x64: { loader: 'usr/lib64/ld-linux-x86-64.so.2', libraries: 'usr/lib/x86_64-linux-gnu' },
  arm64: { loader: 'usr/lib/ld-linux-aarch64.so.1', libraries: 'usr/lib/aarch64-linux-gnu' },
};
const LLVM_BIN = '/usr/lib/llvm-19/bin';
const READY = 'verified';

/** The folder of an assembled toolchain below the user's cache. */
export function assembledRoot(cacheHome) {
  return join(cacheHome, 'loopscope', `emscripten-${VERSION}-${process.arch}-${RECIPE}`);
}

export function isAssembled(root) {
  return existsSync(join(root, READY)) && existsSync(join(LLVM_BIN, 'wasm-ld'));
}

/** Assembles the toolchain at `root` unless it is there; one process at a time, and all of it or nothing. */
export async function assemble(root, acorn) {
  await ensurePackages('llvm');
  await withLock(`${root}.lock`, async () => {
    if (isAssembled(root)) return;
    if (!existsSync(acorn)) throw new Failure(`${acorn} is missing: run npm ci first.`);
    if (LOADERS[process.arch] === undefined) {
      throw new Failure(`No Emscripten can be assembled on ${process.arch}. Install emsdk.`);
    }
    for (const old of leftovers(root)) rmSync(old, { recursive: true, force: true });
    const temporary = `${root}.${process.pid}`;
    mkdirSync(temporary, { recursive: true });
    try {
      await step(`fetch Emscripten ${VERSION} (about 250 MB)`, () =>
        download(temporary, RELEASE, PACKAGES).catch((error) => {
          throw new Failure(`${error.message}\n\nOr install the Emscripten SDK (emsdk).`);
        }),
      );
      await step('unpack Emscripten', () => unpack(temporary));
      configure(temporary, root, acorn);
      renameSync(temporary, root);
      await step('try Emscripten on a coroutine', () => probe(join(root, 'bin', 'em++'), {}));
      writeFileSync(join(root, READY), '');
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
}

/** What earlier, interrupted processes left: the lock is ours, so nobody uses it. */
function leftovers(root) {
  const dir = dirname(root);
  const name = basename(root);
  const ours = (entry) =>
    entry === name || (entry.startsWith(`${name}.`) && entry !== `${name}.lock`);
  return existsSync(dir)
    ? readdirSync(dir)
        .filter(ours)
        .map((entry) => join(dir, entry))
    : [];
}

/** Everything written here names the folder's final place, `root`. */
function configure(dir, root, acorn) {
  const emscripten = join(dir, 'usr/share/emscripten');
  wrapBinaryen(dir, root);
  cpSync(acorn, join(emscripten, 'node_modules/acorn'), { recursive: true, dereference: true });
  const config = [
    'import os, shutil',
    `LLVM_ROOT = '${LLVM_BIN}'`,
    `BINARYEN_ROOT = '${join(root, 'binaryen')}'`,
    "NODE_JS = os.environ.get('LOOPSCOPE_NODE') or shutil.which('node')",
    `CACHE = '${join(root, 'usr/share/emscripten/cache')}'`,
    'FROZEN_CACHE = True',
  ];
  writeFileSync(join(emscripten, '.emscripten'), `${config.join('\n')}\n`);
  mkdirSync(join(dir, 'bin'), { recursive: true });
  for (const name of ['emcc', 'em++', 'emar', 'emranlib', 'emnm', 'emcmake', 'em-config']) {
    const script = join(root, 'usr/share/emscripten', `${name}.py`);
    // The user's own Emscripten settings belong to another Emscripten.
    executable(
      join(dir, 'bin', name),
      `unset EM_CONFIG EM_CACHE EM_LLVM_ROOT EM_BINARYEN_ROOT\nexec python3 -E '${script}' "$@"`,
    );
  }
}

function wrapBinaryen(dir, root) {
  const { loader, libraries } = LOADERS[process.arch];
  const bin = join(dir, 'binaryen', 'bin');
  mkdirSync(bin, { recursive: true });
  const programs = readdirSync(join(dir, 'usr/bin')).filter(
    (name) => /^wasm|^binaryen/.test(name) && statSync(join(dir, 'usr/bin', name)).isFile(),
  );
  for (const name of programs) {
    const real = join(root, 'usr/bin', name);
    executable(
      join(bin, name),
      `exec '${join(root, loader)}' --library-path '${join(root, libraries)}' '${real}' "$@"`,
    );
  }
}

function executable(path, body) {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}
