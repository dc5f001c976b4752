// Reads how many tests ran, from the reports that test runners write.
import { existsSync, readFileSync } from 'node:fs';
import { Failure } from '../wasm/toolchain/steps.mjs';

function read(file) {
  if (!existsSync(file))
    throw new Failure(`There is no report ${file}: the tests did not run to their end.`);
  return readFileSync(file, 'utf8');
}

/** Of CTest's --output-junit. Tests that were skipped or disabled are named, for nothing passes by being skipped. */
export function fromJUnit(file) {
  const text = read(file);
  const cases = [...text.matchAll(/<testcase\b([^>]*?)(\/>|>)/g)].map(([, attributes]) => ({
    name: /\bname="([^"]*)"/.exec(attributes)?.[1] ?? '?',
    status: /\bstatus="([^"]*)"/.exec(attributes)?.[1] ?? '?',
  }));
  const passed = cases.filter(({ status }) => status === 'run').length;
  const failed = cases.filter(({ status }) => status === 'fail').map(({ name }) => name);
  const skipped = cases
    .filter(({ status }) => status !== 'run' && status !== 'fail')
    .map(({ name }) => name);
  return { passed, failed, skipped };
}

/** Of Vitest's JSON reporter. A file that could not even be loaded is one failure. */
export function fromVitest(file) {
  const passed = [];
  const failed = [];
  const skipped = [];
  for (const suite of JSON.parse(read(file)).testResults) {
    for (const { status, fullName } of suite.assertionResults) {
      if (status === 'passed') passed.push(fullName);
      else if (status === 'failed') failed.push(fullName);
      else skipped.push(fullName);
    }
    const silent = !suite.assertionResults.some(({ status }) => status === 'failed');
    if (suite.status === 'failed' && silent) failed.push(suite.name);
  }
  return { passed: passed.length, failed, skipped };
}

/** Of the parity table: {"passed": N, "failed": N}. */
export function fromParity(file) {
  const { passed, failed } = JSON.parse(read(file));
  return { passed, failed: Array.from({ length: failed }, () => 'parity'), skipped: [] };
}
