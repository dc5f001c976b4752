import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What tsc says of a file that is only thought of, in build/. */
function complaints(source: string): string[] {
  const path = `${ROOT}build/slim_types.ts`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === path
      ? ts.createSourceFile(path, source, ts.ScriptTarget.ES2022)
      : getSourceFile(name, ...rest);
  const program = ts.createProgram([path], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

it('the types that Emscripten generates are those that this project describes, and refuse the rest', () => {
  const found = complaints(`
    import load from './wasm/bin/loopscope.mjs';
    import type { MainModule } from './wasm/bin/loopscope.mjs';
    import type { SlimModule } from '../wasm/slim_module.js';

    export const described = (module: MainModule): SlimModule => module;
    export async function use(): Promise<unknown> {
      const { EventLoop } = await load();
      const loop = new EventLoop();
      const future = loop.create_future();
      const when: number = loop.call_later(0.5, () => future.set_result(1)).when();
      loop.call_soon(() => future.cancel(String(when))).cancel();
      // @ts-expect-error: a callback is a function
      loop.call_soon(1);
      // @ts-expect-error: only timers have a deadline
      loop.call_soon(() => undefined).when();
      loop.no_such_function();
      return future.promise();
    }
  `);
  expect(found).toEqual(["Property 'no_such_function' does not exist on type 'EventLoop'."]);
});
