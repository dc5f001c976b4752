// npm run parity: a table of what every example does, wherever it can run.
//
// The C++ program writes the same trace natively, as WebAssembly under Node, and in the page in Chromium, byte for byte, and writes
// it again each time it is run. The tasks of the Python program beside it do the same as those of the C++ program (tasks.mjs) on our
// loop, natively and on Pyodide, and on CPython's own loop, which is given a virtual clock; and it prints the same. Where tasks do
// not do the same, explained.mjs says why. Needs `npm run build`. What is missing is a failure.
//
//   --only NAME      one example
//   --repeat N       runs of each C++ program on the command line (20)
//   --without page   leaves out the browser, for a quick look
//   --report FILE    writes {"passed": N, "failed": N}: one for each example in each column
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Failure, main } from '../../wasm/toolchain/steps.mjs';
import { eventCount, firstDifference, firstLineThatDiffers, printed } from './compare.mjs';
import { EXPLAINED, NATIVE_ONLY } from './explained.mjs';
import { taskStory } from './tasks.mjs';
import { listExamples, openTwins, pythons } from './twins.mjs';

/** The page is slow to run, and its twenty-first run would be no different. */
const PAGE_REPEAT = 2;
const CELL = 16;

/** Undefined when every trace of `example` in `twin` equals `reference`, otherwise what is wrong. */
function wrongTrace(traces, name, reference) {
  for (const [index, trace] of traces.entries()) {
    const difference = firstDifference(reference, trace);
    if (difference !== undefined) {
      return sideBySide(difference, `run ${index + 1}`, 'C++ native', name);
    }
  }
  return undefined;
}

/** {explained} when `twin` says that it cannot run the example, otherwise {wrong: text}. */
async function compareRefusal(twin, { name, needs }) {
  if (NATIVE_ONLY[needs] === undefined)
    return { wrong: `explained.mjs does not say what "needs: ${needs}" means` };
  const { code, stderr } = await twin.refusal(name);
  const words = twin.refusalWords(name, needs);
  if (code === 1 && stderr.includes(words)) return { explained: true };
  return {
    wrong: `does not say that ${words}, with exit code 1; it ended with ${code}: ${stderr}`,
  };
}

/** The same for a Python program with threads where only what it prints is compared. */
async function compareLive(python, example, reference) {
  const { output, refused } = await python.live(example);
  if (refused && python.name === 'Python Pyodide') return { explained: true };
  const text = firstLineThatDiffers(printed(reference), output);
  if (text === undefined) return { explained: true };
  return { wrong: sideBySide(text, 'the output', 'C++', python.name) };
}

/** What the tasks of the Python program do beside those of the C++ program: {explained} or {wrong: text}, or neither. */
async function compareTasks(python, example, reference) {
  const explained = EXPLAINED[example];
  const { trace, output } = await python.run(example);
  const names = ['C++', python.name];
  const text = firstLineThatDiffers(printed(reference), output ?? printed(trace));
  if (text !== undefined && !explained?.output) {
    return { wrong: sideBySide(text, 'the output', ...names) };
  }
  const tasks = firstLineThatDiffers(taskStory(reference), taskStory(trace));
  if (tasks === undefined) {
    const listed = explained !== undefined && !explained.sometimes;
    return listed ? { wrong: 'equal, though explained.mjs says why it is not' } : {};
  }
  const left = explained?.numbers ? differenceButForNumbers(reference, trace) : tasks;
  if (explained !== undefined && (left === undefined || !explained.numbers)) {
    return { explained: true };
  }
  return { wrong: sideBySide(left, 'what the tasks do', ...names) };
}

function differenceButForNumbers(reference, trace) {
  const [left, right] = [reference, trace].map((one) => taskStory(one, { renumber: true }));
  return firstLineThatDiffers(left, right);
}

function sideBySide({ line, left, right }, where, leftName, rightName) {
  const width = Math.max(leftName.length, rightName.length);
  return [
    `line ${line} of ${where} differs:`,
    `   ${leftName.padEnd(width)}  ${left ?? '(it has ended)'}`,
    `   ${rightName.padEnd(width)}  ${right ?? '(it has ended)'}`,
  ].join('\n');
}

/** The columns of the table: a title, and what compares an example. */
function columnsOf(twins, repeat) {
  const columns = twins.map((twin) => {
    const runs = twin.name === 'page' ? Math.min(repeat, PAGE_REPEAT) : repeat;
    const title = `C++ ${twin.name} x${runs}`;
    return {
      title,
      async compare(example, reference) {
        if (example.needs !== undefined && twin.refusal) return compareRefusal(twin, example);
        return { wrong: wrongTrace(await twin.traces(example.name, runs), title, reference) };
      },
    };
  });
  const guests = pythons.map((python) => ({
    title: python.name,
    compare(example, reference) {
      const { name, needs } = example;
      if (needs === 'threads' && python.live) return compareLive(python, name, reference);
      if (needs !== undefined && python.refusal) return compareRefusal(python, example);
      return compareTasks(python, name, reference);
    },
  }));
  return [...columns, ...guests];
}

/** One line of the table, and below it what is wrong; resolves to how many columns are right. */
async function checkExample(example, columns, reference, width) {
  const problems = [];
  const cells = [];
  for (const { title, compare } of columns) {
    const { wrong, explained } = await Promise.resolve()
      .then(async () => compare(example, await reference))
      .catch((error) => ({ wrong: error.message }));
    cells.push(wrong !== undefined ? 'DIFFERS' : explained ? 'explained' : 'equal');
    if (wrong !== undefined) problems.push(`   ${example.name}, ${title}: ${wrong}`);
  }
  const events = await reference.then(eventCount, () => '-');
  const row = cells.map((cell) => cell.padEnd(CELL)).join('');
  console.log(`${example.name.padEnd(width)}${String(events).padStart(6)}  ${row}`.trimEnd());
  for (const problem of problems) console.log(problem);
  return columns.length - problems.length;
}

async function table(examples, twins, repeat) {
  const columns = columnsOf(twins, repeat);
  const width = Math.max(...examples.map(({ name }) => name.length)) + 2;
  const titles = columns.map(({ title }) => title.padEnd(CELL)).join('');
  console.log(`${'example'.padEnd(width)}${'events'.padStart(6)}  ${titles}`.trimEnd());
  let passed = 0;
  for (const example of examples) {
    const reference = twins[0].traces(example.name, 1).then(([trace]) => trace);
    reference.catch(() => undefined); // each column that needs it says so
    passed += await checkExample(example, columns, reference, width);
  }
  console.log(
    '\nC++: the whole trace, byte for byte. Python: what tasks and resources do, and what is printed, each with its time.',
  );
  explain(examples);
  return { passed, failed: examples.length * columns.length - passed };
}

function explain(examples) {
  for (const [need, why] of Object.entries(NATIVE_ONLY)) {
    const those = examples.filter(({ needs }) => needs === need).map(({ name }) => name);
    if (those.length > 0) console.log(`\n${those.join(', ')}, explained: ${why}`);
  }
  for (const { name } of examples) {
    if (EXPLAINED[name] !== undefined) console.log(`\n${name}, explained: ${EXPLAINED[name].why}`);
  }
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
  const all = await listExamples();
  const chosen = all.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    const names = all.map(({ name }) => name).join(', ');
    throw new Failure(`There is no example "${only}"; there are ${names}.`);
  }
  const twins = await openTwins({ withPage });
  let totals;
  try {
    totals = await table(chosen, twins, repeat);
  } finally {
    for (const twin of twins) await twin.close();
  }
  if (report !== undefined) writeFileSync(report, JSON.stringify(totals));
  console.log(`\nParity: ${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed > 0 ? 1 : 0;
});
