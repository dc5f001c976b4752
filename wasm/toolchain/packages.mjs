// What the machine itself must have, by purpose: how to see that it is there, and the Debian package that brings it.
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { install } from './apt.mjs';
import { Failure } from './steps.mjs';
import { atLeast } from './version.mjs';

const NODE_FLOOR = '20.19.0';

const program = (name, from = name) => ({ what: name, there: () => onPath(name), package: from });
const header = (path, from) => ({
  what: `<${path}>`,
  there: () => ['/usr/include', '/usr/local/include'].some((dir) => existsSync(join(dir, path))),
  package: from,
});
const file = (path, from) => ({ what: path, there: () => existsSync(path), package: from });

/** CPython 3.11 or newer, to run Python on the loop; the build does without it. */
const PYTHON = {
  what: '<Python.h>',
  there: () => existsSync('/usr/include') && readdirSync('/usr/include').some(isPythonHeaders),
  package: 'python3-dev',
  optional: true,
};
const isPythonHeaders = (name) => /^python3\.(1[1-9]|[2-9]\d)$/.test(name);

const NATIVE = [program('cmake'), program('g++'), program('ninja', 'ninja-build'), PYTHON];
const TEST = [
  program('git'),
  program('python3'),
  program('clang++-19', 'clang-19'),
  file('/usr/lib/llvm-19/lib/clang/19/lib/linux', 'libclang-rt-19-dev'), // sanitizers
  program('clang-tidy-19'),
  program('chromium'),
  header('gtest/gtest.h', 'libgtest-dev'),
  header('gmock/gmock.h', 'libgmock-dev'),
];
const FORMAT = [program('git'), program('clang-format-19')];
const BENCH = [
  header('benchmark/benchmark.h', 'libbenchmark-dev'),
  header('asio.hpp', 'libasio-dev'),
  // For native/bench/python_loops.py.
  { ...file('/usr/lib/python3/dist-packages/uvloop', 'python3-uvloop'), optional: true },
];

/** LLVM 19 is what Emscripten 3.1.69 expects; only the toolchain that we assemble ourselves takes it from here. */
const LLVM = ['clang', 'wasm-ld', 'llvm-ar', 'llvm-nm', 'llvm-objcopy'].map((name) =>
  file(
    `/usr/lib/llvm-19/bin/${name}`,
    { clang: 'clang-19', 'wasm-ld': 'lld-19' }[name] ?? 'llvm-19',
  ),
);

const SETS = {
  native: NATIVE,
  test: TEST,
  format: FORMAT,
  bench: BENCH,
  llvm: [...LLVM, program('python3')],
};

/** The full path of a program, or undefined. */
export function onPath(name) {
  const dirs = (process.env.PATH ?? '').split(delimiter).filter((dir) => dir !== '');
  return dirs.map((dir) => join(dir, name)).find((path) => existsSync(path));
}

/** Sees to it that everything of the named sets is there: installs it where that needs no password, otherwise says how. */
export async function ensurePackages(...sets) {
  const wanted = sets.flatMap((set) => SETS[set]);
  const missing = wanted.filter((need) => !need.there());
  if (missing.length === 0) return;
  try {
    await install([...new Set(missing.map((need) => need.package))]);
  } catch (error) {
    if (!missing.every((need) => need.optional)) throw error;
  }
  const still = missing.filter((need) => !need.there() && !need.optional);
  if (still.length > 0) {
    throw new Failure(`Still missing: ${still.map((need) => need.what).join(', ')}`);
  }
}

export function requireNode() {
  const version = process.versions.node;
  if (!atLeast(version, NODE_FLOOR)) {
    throw new Failure(`Loopscope needs Node ${NODE_FLOOR} or newer; this is Node ${version}.`);
  }
}
