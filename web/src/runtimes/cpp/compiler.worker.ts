/** Clang in a worker. A compilation blocks it; the page cancels by terminating it. */
import { ClangTool, type ClangBundle } from './clang_tool.js';
import { Compiler } from './compiler.js';
import { Download } from '../download.js';
import { gunzip, unpackHeaders, type Tree } from './header_pack.js';
import type { ClangModules, FromCompiler, ToCompiler } from './worker_messages.js';

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToCompiler>) => void) | null;
  postMessage(message: FromCompiler, transfer?: Transferable[]): void;
};

let compiler: Promise<Compiler> | null = null;
/** One thing at a time, in the order of the messages. */
let queue: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  queue = queue.then(() => handle(data));
};

async function handle(message: ToCompiler): Promise<void> {
  try {
    switch (message.type) {
      case 'load':
        compiler = load(message);
        await compiler;
        return;
      case 'compile':
        await compile(message.id, message.source);
        return;
      case 'check':
        await check(message.id, message.source);
        return;
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    scope.postMessage({
      type: 'failed',
      error: text,
      ...(message.type === 'load' ? {} : { id: message.id }),
    });
  }
}

async function load(message: ToCompiler & { type: 'load' }): Promise<Compiler> {
  const { base, compiler: parts } = message;
  const names = Object.keys(parts.modules);
  const sizes = [...Object.values(parts.modules), parts.headers, parts.precompiled].map(
    ({ size }) => size,
  );
  const download = new Download(
    sizes.reduce((sum, size) => sum + size, 0),
    (progress, detail) => scope.postMessage({ type: 'progress', progress, detail }),
  );
  const moduleOf = (name: string): WebAssembly.Module | Promise<WebAssembly.Module> =>
    message.modules?.[name] ?? download.module(new URL(parts.modules[name]?.file ?? name, base));
  const unpacked = (file: string): Promise<Uint8Array> =>
    download.bytes(new URL(file, base)).then(gunzip);
  const [bundle, headers, precompiled, ...compiled] = await Promise.all([
    import(/* @vite-ignore */ new URL(parts.bundle.file, base).href) as Promise<ClangBundle>,
    unpacked(parts.headers.file).then(unpackHeaders),
    unpacked(parts.precompiled.file),
    ...names.map(moduleOf),
  ]);
  const modules: ClangModules = Object.fromEntries(
    names.map((name, index) => [name, compiled[index] as WebAssembly.Module]),
  );
  const { usr, ...rest } = headers;
  const made = new Compiler(new ClangTool(bundle, modules, usr as Tree), rest);
  if (!message.modules) scope.postMessage({ type: 'modules', modules });
  made.usePrecompiled(precompiled);
  scope.postMessage({ type: 'loaded' });
  return made;
}

async function compile(id: number, source: string): Promise<void> {
  if (!compiler) throw new Error('compile before load');
  const ready = await compiler;
  const { diagnostics, wasm } = await ready.compile({ source }, () =>
    scope.postMessage({ type: 'linking', id }),
  );
  scope.postMessage({ type: 'compiled', id, diagnostics, wasm }, wasm ? [wasm.buffer] : []);
}

async function check(id: number, source: string): Promise<void> {
  if (!compiler) throw new Error('check before load');
  const ready = await compiler;
  scope.postMessage({ type: 'checked', id, diagnostics: await ready.check(source) });
}
