/** Which runtime runs what. Loaded at the first run, so that the page costs nothing of it before. */
import type { Checker, Runtime } from '../protocol/runtime.js';

interface CppModule {
  readonly CppRuntime: new () => Runtime & Checker;
}

const modules = import.meta.glob<CppModule>('../runtimes/cpp_runtime.ts');
let checker: Checker | null = null;

export async function loadRuntime(): Promise<Runtime> {
  const load = Object.values(modules)[0];
  if (load === undefined) throw new Error('This build of the page has no C++ runtime.');
  const { CppRuntime } = await load();
  const runtime = new CppRuntime();
  checker = runtime;
  return runtime;
}

export function loadedChecker(): Checker | null {
  return checker;
}
