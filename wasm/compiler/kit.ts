/** What the build scripts use of the page: its compiler, and how it reads a card. */
export { lacking, parseExample } from '../../web/src/gallery/examples.js';
export { ClangTool } from '../../web/src/runtimes/cpp/clang_tool.js';
export { Compiler } from '../../web/src/runtimes/cpp/compiler.js';
export { compileFlags, linkFlags, PRECOMPILED } from '../../web/src/runtimes/cpp/flags.js';
export {
  gunzip,
  packHeaders,
  placeFile,
  unpackHeaders,
} from '../../web/src/runtimes/cpp/header_pack.js';
