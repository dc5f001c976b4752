/**
 * How a program is compiled and linked into a side module of the runner. The one place for both: a precompiled header,
 * a gallery example and an edited program must agree in every flag.
 */

/** The name under which the program is compiled: what `std::source_location` says. */
export const DEFAULT_SOURCE_NAME = 'main.cpp';

export type Optimisation = '-O0' | '-O1' | '-O2';

/** A precompiled header serves one level only. */
export const OPTIMISATION: Optimisation = '-O1';

export function compileFlags(optimisation: Optimisation = OPTIMISATION): string[] {
  return [
    ...['-target', 'wasm32-unknown-emscripten', '--sysroot=/sysroot', '-DEMSCRIPTEN'],
    ...['-Xclang', '-iwithsysroot/include/compat', '-I/library/include'],
    ...['-fPIC', '-fvisibility=default', '-std=c++20', optimisation],
    // Exceptions through JavaScript: LLVM miscompiles co_await inside try with the WebAssembly ones.
    ...['-fexceptions', '-mllvm', '-enable-emscripten-cxx-exceptions'],
    // As emcc does.
    ...['-mllvm', '-combiner-global-alias-analysis=false', '-mllvm', '-disable-lsr'],
    ...DIAGNOSTIC_FLAGS,
  ];
}

/** One line a message, with source ranges; see diagnostics.ts. */
const DIAGNOSTIC_FLAGS = [
  ...['-fno-color-diagnostics', '-fno-caret-diagnostics', '-fdiagnostics-print-source-range-info'],
  ...['-fno-diagnostics-show-note-include-stack', '-ferror-limit=20', '-Wall', '-Wno-unused'],
];

/** Whichever of these a program defines is where it starts. */
export const ENTRY_SYMBOLS = [
  '_Z7co_mainiPPc',
  '__main_argc_argv',
  '__original_main',
  'main',
] as const;

export function linkFlags(object: string, output: string): string[] {
  return [
    ...['-o', output, object, '-shared', '--experimental-pic', '--import-memory', '--strip-debug'],
    // What is missing is imported; the runner compares the imports with what it has before it loads the module.
    ...['--unresolved-symbols=import-dynamic', '--no-shlib-sigcheck', '--no-export-dynamic'],
    ...['-mllvm', '-enable-emscripten-cxx-exceptions', '--export=__wasm_call_ctors'],
    '--export-if-defined=__wasm_apply_data_relocs',
    ...ENTRY_SYMBOLS.map((name) => `--export-if-defined=${name}`),
  ];
}

const STANDARD_HEADERS = [
  ...[
    'algorithm',
    'any',
    'array',
    'atomic',
    'cassert',
    'chrono',
    'cmath',
    'concepts',
    'coroutine',
    'cstdint',
  ],
  ...[
    'cstdio',
    'cstdlib',
    'cstring',
    'deque',
    'exception',
    'format',
    'functional',
    'initializer_list',
  ],
  ...[
    'iomanip',
    'iostream',
    'iterator',
    'limits',
    'list',
    'map',
    'memory',
    'numeric',
    'optional',
    'queue',
  ],
  ...[
    'random',
    'ranges',
    'set',
    'span',
    'sstream',
    'stdexcept',
    'string',
    'string_view',
    'thread',
    'tuple',
  ],
  ...['type_traits', 'unordered_map', 'unordered_set', 'utility', 'variant', 'vector'],
]
  .map((name) => `#include <${name}>\n`)
  .join('');

/**
 * What the precompiled header holds: the library and the standard headers that examples and tutorials use. Anything
 * else can be included as well, at the price of parsing it.
 */
export const PRECOMPILED = `#include <asyncio/asyncio.hpp>\n${STANDARD_HEADERS}`;

/** GCC's header of everything, which many a pasted program begins with; Clang's library has none. */
export const EVERYTHING = {
  path: 'sysroot/include/compat/bits/stdc++.h',
  text: `#pragma once\n${STANDARD_HEADERS}`,
} as const;
