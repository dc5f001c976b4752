// Records every example under the virtual clock: the page shows a run before it has run anything. C++ is recorded by the
// module that the page runs; Python, and what WebAssembly cannot run, by the native twin.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, run } from '../toolchain/steps.mjs';
import { hashOf } from './published.mjs';

/** What the native twin is told to run. */
const WHAT = {
  cpp: (folder, name) => name,
  python: (folder, name) => join(folder, name, 'main.py'),
};

/**
 * Publishes the recordings; returns {name: {guest: {file, size, needs}}}. `key`: of all that a recording depends on, its
 * program aside. `record(example)`: the trace of a C++ program that WebAssembly can run.
 */
export async function publishRecordings({
  published,
  kit,
  examples,
  folder,
  work,
  twin,
  key,
  record,
}) {
  mkdirSync(work, { recursive: true });
  const recordings = {};
  for (const example of examples) {
    for (const [guest, what] of Object.entries(WHAT)) {
      const source = example.source[guest];
      if (source === undefined) continue;
      const needs = kit.lacking(example, guest);
      const kept = join(work, `${example.name}-${guest}-${hashOf(key, source)}.jsonl`);
      if (!existsSync(kept)) {
        const natively = guest === 'python' || needs !== undefined;
        const trace = natively
          ? await recordNatively(twin, what(folder, example.name), work)
          : await record(example);
        writeFileSync(kept, trace);
      }
      const file = published.put(`${example.name}-${guest}`, 'jsonl', readFileSync(kept));
      recordings[example.name] = { ...recordings[example.name], [guest]: { ...file, needs } };
    }
  }
  return recordings;
}

async function recordNatively(twin, what, work) {
  if (!existsSync(twin)) throw new Failure(`There is no ${twin} to record ${what}: npm run build.`);
  const folder = mkdtempSync(join(work, 'record-'));
  try {
    const file = join(folder, 'trace.jsonl');
    // How it ends is part of what it shows.
    const { stderr } = await run(twin, ['run', what, '--clock', 'virtual', '--trace', file], {
      allowFailure: true,
    });
    if (!existsSync(file)) throw new Failure(`${what} could not be recorded:\n${stderr}`);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
