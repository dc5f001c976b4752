// npm run parity: every example writes the same trace natively, as WebAssembly under Node, and in the page in Chromium, byte for
// byte, and writes it again each time it is run; and it prints what the Python program beside it prints in CPython, whose
// event loop is given a virtual clock. On our loop the Python program's tasks do the same as those of the C++ one (tasks.mjs);
// where they do not, explained.mjs says why. Needs `npm run build`. What is missing is a failure.
//
//   --only NAME      one example
//   --repeat N       runs of each command line twin (20)
//   --without page   leaves out the browser, for a quick look
//   --report FILE    writes {"passed": N, "failed": N}: one for each example in each twin
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure, main } from '../../wasm/toolchain/steps.mjs';
import { eventCount, firstDifference, firstLineThatDiffers, printed } from './compare.mjs';
import { EXPLAINED } from './explained.mjs';
import { taskStory } from './tasks.mjs';
import { cpythonOutput, exampleNames, openTwins, pythons } from './twins.mjs';

/** The page is slow to run, and its twenty-first run would be no different. */
const PAGE_REPEAT = 2;

/** Undefined when every trace of `example` in `twin` equals `reference`, otherwise what is wrong. */
function wrongTrace(traces, name, reference) {
  for (const [index, trace] of traces.entries()) {
    const difference = firstDifference(reference, trace);
    if (difference !== undefined) {
      return sideBySide(difference, `run ${index + 1}`, 'native', name);
    }
  }
  return undefined;
}

/** Undefined when CPython prints the same as the traced program, otherwise what is wrong. */
async function wrongOutput(example, reference) {
  let output;
  try {
    output = await cpythonOutput(example);
  } catch (error) {
    if (EXPLAINED[example]?.output) return undefined;
    throw error;
  }
  const difference = firstLineThatDiffers(printed(reference), output);
  return difference && sideBySide(difference, 'the output', 'C++', 'CPython');
}

/** Undefined when the tasks of the Python program do what those of the C++ program do, otherwise what is wrong. */
async function wrongTasks(python, example, reference) {
  const trace = await python.trace(example);
  const difference = firstLineThatDiffers(taskStory(reference), taskStory(trace));
  const explained = EXPLAINED[example];
  if (difference === undefined) {
    const listed = explained !== undefined && !explained.sometimes;
    return listed ? 'equal, though explained.mjs says why it is not' : undefined;
  }
  if (explained !== undefined) return undefined;
  return sideBySide(difference, 'what the tasks do', 'C++', 'Python');
}

function sideBySide({ line, left, right }, where, leftName, rightName) {
  const width = Math.max(leftName.length, rightName.length);
  return [
    `line ${line} of ${where} differs:`,
    `   ${leftName.padEnd(width)}  ${left ?? '(it has ended)'}`,
    `   ${rightName.padEnd(width)}  ${right ?? '(it has ended)'}`,
  ].join('\n');
}

/** The columns of the table: a title, and what finds out what is wrong with an example. */
function columnsOf(twins, repeat) {
  const columns = twins.map((twin) => {
    const runs = twin.name === 'page' ? Math.min(repeat, PAGE_REPEAT) : repeat;
    return {
      title: `${twin.name} x${runs}`,
      async wrong(example, reference) {
        return wrongTrace(await twin.traces(example, runs), twin.name, reference);
      },
    };
  });
  const guests = pythons.map((python) => ({
    title: python.name,
    explains: true,
    wrong: (example, reference) => wrongTasks(python, example, reference),
  }));
  return [...columns, ...guests, { title: 'CPython', wrong: wrongOutput }];
}

/** One line of the table, and below it what is wrong; resolves to how many columns are right. */
async function checkExample(example, columns, reference, width) {
  const problems = [];
  const cells = [];
  for (const { title, wrong, explains } of columns) {
    const problem = await Promise.resolve()
      .then(async () => wrong(example, await reference))
      .catch((error) => error.message);
    const right = explains && EXPLAINED[example] !== undefined ? 'explained' : 'equal';
    cells.push((problem === undefined ? right : 'DIFFERS').padEnd(12));
    if (problem !== undefined) problems.push(`   ${example}, ${title}: ${problem}`);
  }
  const events = await reference.then(eventCount, () => '-');
  const row = `${example.padEnd(width)}${String(events).padStart(6)}  ${cells.join('')}`;
  console.log(row.trimEnd());
  for (const problem of problems) console.log(problem);
  return columns.length - problems.length;
}

async function table(examples, twins, repeat) {
  const columns = columnsOf(twins, repeat);
  const width = Math.max(...examples.map((name) => name.length)) + 2;
  const titles = columns.map(({ title }) => title.padEnd(12)).join('');
  console.log(`${'example'.padEnd(width)}${'events'.padStart(6)}  ${titles}`.trimEnd());
  let passed = 0;
  for (const example of examples) {
    const reference = twins[0].traces(example, 1).then(([trace]) => trace);
    reference.catch(() => undefined); // each column that needs it says so
    passed += await checkExample(example, columns, reference, width);
  }
  for (const [example, { why }] of Object.entries(EXPLAINED)) {
    if (examples.includes(example)) console.log(`\n${example}, explained: ${why}`);
  }
  return { passed, failed: examples.length * columns.length - passed };
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      repeat: { type: 'string', default: '20' },
      without: { type: 'string' },
      report: { type: 'string' },
    },
  });
  const repeat = Number(values.repeat);
  if (!(Number.isInteger(repeat) && repeat > 1))
    throw new Failure('--repeat takes a number from 2.');
  if (values.without !== undefined && values.without !== 'page') {
    throw new Failure(`--without ${values.without}: only the page can be left out.`);
  }
  return { ...values, repeat, withPage: values.without === undefined };
}

await main(async () => {
  const { only, repeat, withPage, report } = readArguments();
  const all = await exampleNames();
  if (only !== undefined && !all.includes(only)) {
    throw new Failure(`There is no example "${only}"; there are ${all.join(', ')}.`);
  }
  const twins = await openTwins({ withPage });
  let totals;
  try {
    totals = await table(only === undefined ? all : [only], twins, repeat);
  } finally {
    for (const twin of twins) await twin.close();
  }
  if (report !== undefined) writeFileSync(report, JSON.stringify(totals));
  console.log(`\nParity: ${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed > 0 ? 1 : 0;
});
