// Adapts the JavaScript of @yowasp/clang to what the page needs. Each change names the text it replaces; when the
// package changes, the build stops here rather than in a reader's browser.

/** The core modules of LLVM, by the names the bundle asks for. */
export const CORE_MODULES = [
  'llvm.core.wasm',
  'llvm.core2.wasm',
  'llvm.core3.wasm',
  'llvm.core4.wasm',
];

const PATCHES = [
  {
    why: 'the caller compiles the modules: its own compileStreaming keeps the browser’s code cache',
    find: /var modules = async \(fetch3\) => \(\{\n(?: {2}"llvm\.core\d?\.wasm": .*\n)+\}\);\n/,
    put: 'var configured = null;\nvar modules = async () => configured.modules;\n',
  },
  {
    why: 'the caller hands in the few builtin headers instead of a 30 MB archive',
    find: /var filesystem = async \(fetch3\) => \(\{\n {2}"usr": .*\n\}\);\n/,
    put: 'var filesystem = async () => configured.filesystem;\n',
  },
  {
    why: 'a file grows geometrically: growing it by each write makes a 70 MB precompiled header take a minute',
    find: `    const newData = new Uint8Array(Math.max(this.file.data.length, offset + contents.length));
    newData.set(this.file.data);
    newData.subarray(offset).set(contents);
    this.file.data = newData;
`,
    put: `    const file = this.file, end = offset + contents.length;
    const length = Math.max(end, file.data.length);
    if (!file.growable || end > file.data.buffer.byteLength) {
      const grown = new Uint8Array(Math.max(length, 2 * file.data.length, 65536));
      grown.set(file.data);
      file.data = grown.subarray(0, length);
      file.growable = true;
    } else if (end > file.data.length) {
      file.data = new Uint8Array(file.data.buffer, 0, length);
    }
    file.data.set(contents, offset);
`,
  },
  {
    why: 'truncating replaces the buffer by one that is not ours to grow',
    find: '        openEntry.data = new Uint8Array();\n',
    put: '        { openEntry.data = new Uint8Array(); openEntry.growable = false; }\n',
  },
  {
    why: 'cutting a file off leaves stale bytes behind its end',
    find: '    size = Number(size);\n    if (size > this.entry.data.length) {',
    put: '    size = Number(size);\n    this.entry.growable = false;\n    if (size > this.entry.data.length) {',
  },
  {
    why: 'the modules and headers come in through this function',
    find: 'export {\n  Exit,\n  commands,\n',
    put: 'function configure(resources) {\n  configured = resources;\n}\nexport {\n  Exit,\n  configure,\n  commands,\n',
  },
];

/** The bundle with every patch applied exactly once; throws and names the patch that does not fit. */
export function patchBundle(source) {
  let patched = source;
  for (const { why, find, put } of PATCHES) {
    const found =
      typeof find === 'string' ? patched.split(find).length - 1 : countMatches(patched, find);
    if (found !== 1) {
      throw new Error(
        `@yowasp/clang does not look as expected: the patch "${why}" fits ${found} places instead of 1. ` +
          'Was the package updated without wasm/compiler/patch_bundle.mjs?',
      );
    }
    patched = patched.replace(find, () => put);
  }
  return patched;
}

function countMatches(text, pattern) {
  return [...text.matchAll(new RegExp(pattern, 'g'))].length;
}
