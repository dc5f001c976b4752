/** Which runtime runs what. Loaded at the first run, so that the page costs nothing of it before. */
import type { Checker, Runtime } from '../protocol/runtime.js';
import type { CppRuntime } from '../runtimes/index.js';

let cpp: Promise<CppRuntime> | null = null;
let loaded: CppRuntime | null = null;

/** One for the whole page. */
export function loadRuntime(): Promise<Runtime> {
  return loadCpp();
}

function loadCpp(): Promise<CppRuntime> {
  cpp ??= import('../runtimes/index.js').then(({ CppRuntime }) => {
    loaded = new CppRuntime();
    return loaded;
  });
  return cpp;
}

export function loadedChecker(): Checker | null {
  return loaded;
}

/** Brings the runtime up ahead of the first run. What goes wrong here is told when a program is run. */
export async function warmRuntime(): Promise<void> {
  try {
    await (await loadCpp()).warm();
  } catch {
    cpp = null;
  }
}
