import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fromJUnit, fromVitest } from './counts.mjs';

const dir = mkdtempSync(join(tmpdir(), 'loopscope-counts-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

function report(text: string): string {
  const file = join(dir, 'report');
  writeFileSync(file, text);
  return file;
}

test('CTest: passed, failed, and everything else is skipped', () => {
  const xml = `<?xml version="1.0"?><testsuite tests="4">
    <testcase name="A.Passes" classname="A" time="0" status="run"><system-out/></testcase>
    <testcase name="A.Fails" status="fail"><failure message="no"/></testcase>
    <testcase name="A.Skips" status="notrun"><skipped/></testcase>
    <testcase name="A.Disabled" status="disabled"/></testsuite>`;
  expect(fromJUnit(report(xml))).toEqual({
    passed: 1,
    failed: ['A.Fails'],
    skipped: ['A.Skips', 'A.Disabled'],
  });
});

test('Vitest: a file that cannot be loaded is a failure', () => {
  const json = {
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'a' },
          { status: 'failed', fullName: 'b' },
          { status: 'skipped', fullName: 'c' },
          { status: 'todo', fullName: 'd' },
        ],
      },
      { name: 'broken.test.ts', status: 'failed', assertionResults: [] },
    ],
  };
  expect(fromVitest(report(JSON.stringify(json)))).toEqual({
    passed: 1,
    failed: ['b', 'broken.test.ts'],
    skipped: ['c', 'd'],
  });
});

test('a report that was not written is an error, not zero tests', () => {
  expect(() => fromJUnit(join(dir, 'missing.xml'))).toThrow(/did not run to their end/);
});
