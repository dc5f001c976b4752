/**
 * Programs as tutorials have them say the same on Pyodide as by python3: output, exit code, and how their tracebacks end. Only
 * those that need nothing, which their first line tells; tests/python/tutorials_test.py runs all of them natively.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runPython } from './python_support.js';
import { REPOSITORY, SLOW } from './support.js';

/** The system's first: the build takes the same. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const FOLDER = new URL('tests/python/tutorials/', REPOSITORY);

const programs = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.py'))
  .map((file) => ({ file, source: readFileSync(new URL(file, FOLDER), 'utf8') }))
  .filter(({ source }) => !/^.*needs: /.test(source));

/** The last line of the program's errors, which names the exception. */
function endOfTraceback(text: string): string {
  return (text.trimEnd().split('\n').at(-1) ?? '').replace(/0x[0-9a-f]+/, '0x');
}

test.each(programs)(
  '$file',
  async ({ file, source }) => {
    const stock = spawnSync(PYTHON, [file], { cwd: FOLDER, encoding: 'utf8' });
    expect(stock.stdout !== '' || stock.status !== 0).toBe(true);
    const { end, out, err } = await runPython(source, { file, traced: false });
    const code = end.how === 'not-compiled' ? 1 : end.code;
    expect([out, code]).toEqual([stock.stdout, stock.status]);
    if (code !== 0) expect(endOfTraceback(err)).toBe(endOfTraceback(stock.stderr));
  },
  SLOW,
);

test('there are programs to run', () => {
  expect(programs.length).toBeGreaterThan(20);
});
