// Chooses the headers that the page's compiler gets: the C++ standard library, the C library's usual headers, Clang's
// own, and the library's. The rest of Emscripten's 17 MB (SDL, GL, every architecture's intrinsics) stays at home.
import { readdir, readFile } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';

const C_HEADERS =
  `assert ctype errno fenv float inttypes limits locale math setjmp signal stdarg stdbool stddef stdint
  stdio stdlib string strings time uchar unistd wchar wctype fcntl poll sys/stat sys/time sys/types sys/select`
    .split(/\s+/)
    .map((name) => `${name}.h`);

/** Public standard headers are those without an ending; these need what a single-threaded -std=c++20 lacks. */
const NOT_INCLUDABLE = new Set([
  'experimental',
  'ext',
  'CMakeLists.txt',
  'module.modulemap',
  'libcxx.imp',
  'strstream',
]);

/**
 * Every header file by its path in the compiler's file system (`sysroot/include/...`, `usr/include/...`,
 * `library/include/asyncio/...`). `runClang(args, files)` runs the page's own Clang, which says what includes what.
 */
export async function collectHeaders({ sysroot, builtins, library, runClang, flags, placeFile }) {
  const everything = new Map([
    ...(await filesBelow(join(sysroot, 'include'), 'sysroot/include')),
    ...[...builtins].map(([path, bytes]) => [posix.join('usr', path), bytes]),
    ...(await filesBelow(library, 'library/include')),
  ]);
  const tree = {};
  for (const [path, bytes] of everything) placeFile(tree, path, bytes);
  const { usr, ...visible } = tree;
  const standard = (await readdir(join(sysroot, 'include/c++/v1'))).filter(
    (name) => !name.includes('.') && !name.startsWith('__') && !NOT_INCLUDABLE.has(name),
  );
  const umbrella = [...standard, ...C_HEADERS].map((name) => `#include <${name}>`).join('\n');
  const used = await dependencies(runClang, flags, { ...visible, 'all.cpp': umbrella }, usr);
  const chosen = new Map();
  for (const [path, bytes] of everything) {
    if (used.has(path) || path.startsWith('library/')) chosen.set(path, bytes);
  }
  return chosen;
}

async function dependencies(runClang, flags, files, usr) {
  const result = await runClang(['clang++', ...flags, '-M', 'all.cpp'], files, usr);
  if (!result.ok) throw new Error(`the standard headers do not preprocess:\n${result.text}`);
  const paths = result.text.replaceAll('\\\n', ' ').split(/\s+/).slice(1);
  return new Set(paths.map((path) => posix.normalize(path).replace(/^\//, '')));
}

async function filesBelow(directory, prefix) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const name = relative(directory, path).split('\\').join('/');
      return [posix.join(prefix, name), new Uint8Array(await readFile(path))];
    }),
  );
}
