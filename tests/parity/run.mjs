// npm run parity: every example writes the same trace natively, as WebAssembly under Node, and in the page in Chromium, and
// writes it again each time it is run. Needs `npm run build`.
//
//   --example NAME   only this one          --repeat N   runs of each command line twin (20)
//   --report FILE    writes {"passed": N, "failed": N}: one for each example in each twin
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure, main, say } from '../../wasm/toolchain/steps.mjs';
import { eventCount, firstDifference } from './compare.mjs';
import { exampleNames, openTwins } from './twins.mjs';

/** The page is slow to run, and its twenty-first run would be no different. */
const PAGE_REPEAT = 2;

/** Runs `example` in `twin` again and again; undefined when every trace equals `reference`, otherwise what is wrong. */
async function compareRuns(twin, example, repeat, reference) {
  for (let count = 1; count <= repeat; count++) {
    let trace;
    try {
      trace = await twin.trace(example);
      const difference = firstDifference(reference, trace);
      if (difference !== undefined) return describe(difference, twin.name, count);
    } catch (error) {
      return `   ${twin.name}, run ${count}: ${error.message}`;
    }
  }
  return undefined;
}

function describe({ line, left, right }, name, count) {
  const width = Math.max('native'.length, name.length);
  return [
    `   line ${line} differs in run ${count}:`,
    `   ${'native'.padEnd(width)}  ${left ?? '(the trace has ended)'}`,
    `   ${name.padEnd(width)}  ${right ?? '(the trace has ended)'}`,
  ].join('\n');
}

async function table(examples, twins, repeat) {
  const runs = (twin) => (twin.name === 'page' ? Math.min(repeat, PAGE_REPEAT) : repeat);
  const width = Math.max(...examples.map((name) => name.length)) + 2;
  const titles = twins.map((twin) => `${twin.name} x${runs(twin)}`.padEnd(12)).join('');
  console.log(`${'example'.padEnd(width)}${'events'.padStart(6)}  ${titles}`);
  const totals = { passed: 0, failed: 0 };
  for (const example of examples) {
    let reference;
    const problems = [];
    const cells = [];
    try {
      reference = await twins[0].trace(example);
    } catch (error) {
      problems.push(`   ${twins[0].name}: ${error.message}`);
    }
    for (const twin of twins) {
      const problem =
        reference === undefined ? '' : await compareRuns(twin, example, runs(twin), reference);
      cells.push((problem === undefined ? 'equal' : 'DIFFERS').padEnd(12));
      totals[problem === undefined ? 'passed' : 'failed']++;
      if (problem) problems.push(problem);
    }
    const events = reference === undefined ? '-' : String(eventCount(reference));
    console.log(`${example.padEnd(width)}${events.padStart(6)}  ${cells.join('')}`);
    for (const problem of problems) console.log(problem);
  }
  return totals;
}

await main(async () => {
  const { values } = parseArgs({
    options: {
      example: { type: 'string' },
      repeat: { type: 'string', default: '20' },
      report: { type: 'string' },
    },
  });
  const repeat = Number(values.repeat);
  if (!(Number.isInteger(repeat) && repeat > 0))
    throw new Failure('--repeat takes a number from 1.');
  const all = await exampleNames();
  if (values.example !== undefined && !all.includes(values.example)) {
    throw new Failure(`There is no example "${values.example}"; there are ${all.join(', ')}.`);
  }
  const examples = values.example === undefined ? all : [values.example];
  const twins = await openTwins();
  let totals;
  try {
    totals = await table(examples, twins, repeat);
  } finally {
    for (const twin of twins) await twin.close();
  }
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(totals));
  const { passed, failed } = totals;
  say(`\n${passed} equal, ${failed} not.`);
  return failed > 0 ? 1 : 0;
});
