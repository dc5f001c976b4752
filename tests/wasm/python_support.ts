/** Python programs on the loop's core, under Node. Needs `npm run build`. */
import type { PythonEnd, PythonRun } from '../../web/src/runtimes/python/run_python.js';
import { NO_LIMITS } from '../../web/src/runtimes/limits.js';
import { loadRunner } from '../../wasm/twin/python.js';
import { REPOSITORY } from './support.js';

export interface RanPython {
  readonly end: PythonEnd;
  readonly out: string;
  readonly err: string;
  readonly trace: readonly Record<string, unknown>[];
}

/** In an interpreter of its own, under the virtual clock. */
export async function runPython(
  source: string,
  options: Partial<PythonRun> = {},
): Promise<RanPython> {
  const runner = await loadRunner(REPOSITORY);
  const decoder = new TextDecoder();
  const printed = { out: '', err: '' };
  let trace = '';
  const end = await runner.run(
    {
      program: 'test',
      source,
      file: 'main.py',
      args: [],
      virtual: true,
      platform: 'node',
      debug: false,
      traced: true,
      seed: options.virtual === false ? null : 0,
      limits: NO_LIMITS,
      terminal: true,
      ...options,
    },
    {
      trace: (lines) => (trace += decoder.decode(lines)),
      output: (fd, bytes) => (printed[fd === 2 ? 'err' : 'out'] += decoder.decode(bytes)),
    },
  );
  const lines = trace.trimEnd().split('\n').slice(1);
  return {
    end,
    ...printed,
    trace: lines.map((line) => JSON.parse(line) as RanPython['trace'][number]),
  };
}
