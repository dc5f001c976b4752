/** What a compiled program needs of the runner. */
import { ENTRY_SYMBOLS } from './flags.js';

/**
 * Symbols that `side` imports and nobody provides, mangled. Loading such a module would work, and the program would die
 * much later with "resolved is not a function".
 */
export function missingSymbols(
  side: WebAssembly.Module,
  provides: (name: string) => boolean,
): string[] {
  const own = new Set(WebAssembly.Module.exports(side).map(({ name }) => name));
  const missing = new Set<string>();
  for (const { module, name, kind } of WebAssembly.Module.imports(side)) {
    if (own.has(name) || LINKER_PROVIDES.has(name)) continue;
    // A call that may throw goes through JavaScript, by a function made for its signature.
    if (kind === 'function' && name.startsWith('invoke_')) continue;
    if (module !== 'env' && !module.startsWith('GOT.')) {
      missing.add(`${module}.${name}`);
    } else if (!provides(name)) {
      missing.add(name);
    }
  }
  return [...missing];
}

/** Whether it defines main() or co_main(). */
export function hasEntry(side: WebAssembly.Module): boolean {
  const entries: readonly string[] = ENTRY_SYMBOLS;
  return WebAssembly.Module.exports(side).some(({ name }) => entries.includes(name));
}

const LINKER_PROVIDES = new Set([
  'memory',
  '__memory_base',
  '__table_base',
  '__stack_pointer',
  '__indirect_function_table',
]);
