/** What the build scripts use of the page: its compiler, its runner, and how it reads a card. */
export { recordProgram } from './record_program.js';
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
