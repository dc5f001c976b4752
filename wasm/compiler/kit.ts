/** What the build scripts and the twin use of the page's compiler. */
export { ClangTool, type ClangBundle } from '../../web/src/runtimes/cpp/clang_tool.js';
export { Compiler, type PrecompiledStore } from '../../web/src/runtimes/cpp/compiler.js';
export { compileFlags, PRECOMPILED } from '../../web/src/runtimes/cpp/flags.js';
export { gunzip, packHeaders, placeFile, unpackHeaders } from '../../web/src/runtimes/cpp/header_pack.js';
