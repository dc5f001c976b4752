// Records the examples that WebAssembly cannot run with the native twin, under the virtual clock: the page shows that instead.
// At each build, so that no recording is older than the library; the twin keeps what it has compiled.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, run } from '../toolchain/steps.mjs';

/** What the native twin runs. */
const WHAT = {
  cpp: (folder, name) => name,
  python: (folder, name) => join(folder, name, 'main.py'),
};

/** Publishes what there is to record; returns {name: {guest: {file, size, needs}}}. */
export async function publishRecordings({ published, kit, examples, folder, work, twin }) {
  mkdirSync(work, { recursive: true });
  const recordings = {};
  for (const example of examples) {
    for (const [guest, what] of Object.entries(WHAT)) {
      const needs = kit.lacking(example, guest);
      if (needs === undefined) continue;
      const trace = await record(twin, what(folder, example.name), work);
      const file = published.put(`${example.name}-${guest}`, 'jsonl', trace);
      recordings[example.name] = { ...recordings[example.name], [guest]: { ...file, needs } };
    }
  }
  return recordings;
}

async function record(twin, what, work) {
  if (!existsSync(twin)) throw new Failure(`There is no ${twin} to record ${what}: npm run build.`);
  const folder = mkdtempSync(join(work, 'record-'));
  try {
    const file = join(folder, 'trace.jsonl');
    await run(twin, ['run', what, '--clock', 'virtual', '--trace', file]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
