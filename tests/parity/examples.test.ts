/** What every example of the gallery is, and that its trace is what the published schema describes. Needs `npm run build`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import { parseExample } from '../../web/src/gallery/examples.js';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(at(path), 'utf8');

const names = readdirSync(at('examples'));
const examples = names.map((name) =>
  parseExample(name, {
    about: read(`examples/${name}/about.md`),
    cpp: read(`examples/${name}/main.cpp`),
    python: read(`examples/${name}/main.py`),
  }),
);
const validate = new Ajv2020({ strict: false }).compile(
  JSON.parse(read('native/schema/trace.v1.schema.json')) as object,
);

const folder = mkdtempSync(join(tmpdir(), 'loopscope-examples-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function trace(name: string): string[] {
  const file = join(folder, `${name}.jsonl`);
  const args = ['run', name, '--clock', 'virtual', '--trace', file];
  execFileSync(at('build/native/bin/loopscope'), args, { stdio: 'ignore', timeout: 110_000 });
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

test('there are enough of them, each with a place of its own in the gallery', () => {
  expect(examples.length).toBeGreaterThanOrEqual(38);
  expect(new Set(examples.map(({ order }) => order)).size).toBe(examples.length);
});

test('each group is one stretch of the gallery', () => {
  const inOrder = [...examples].sort((a, b) => a.order - b.order).map(({ group }) => group);
  const headings = inOrder.filter((group, index) => group !== inOrder[index - 1]);
  expect(headings).toEqual([...new Set(inOrder)]);
});

describe.each(examples)('$name', ({ name, teaches, needs, body, source }) => {
  test('teaches one thing, in one sentence, and says what to try, and where', () => {
    expect(teaches).toMatch(/^[^.]+\.$|^[^.]+\. [^.]+\.$/);
    // A page shows a recording of what it cannot run, and the recording does not change with the program.
    const here = needs === undefined;
    expect(body).toMatch(here ? /\nTry this: / : /\nTry this on your machine, with `loopscope run/);
  });

  test('is short enough to be read beside the scope', () => {
    expect(source.cpp?.split('\n').length).toBeLessThanOrEqual(50);
  });

  // The first run of an example compiles it.
  test('writes a trace that the schema describes, up to its end', { timeout: 120_000 }, () => {
    const lines = trace(name).map((line) => JSON.parse(line) as { kind?: string; code?: number });
    const wrong = lines.filter((line) => !validate(line));
    expect(wrong).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ kind: 'program_end', outcome: 'exited', code: 0 });
  });
});
