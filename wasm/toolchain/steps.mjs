// How every script of this project reports: named steps with elapsed time, commands that fail with their output, and one
// clear message with exit code 1. Imports nothing but node: built-ins, because it runs before npm ci.
import { spawn } from 'node:child_process';
import process from 'node:process';

const colour = process.stderr.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
const HEARTBEAT_MS = 15_000;

/** A failure that needs no stack trace: its message says what is missing or wrong and what to do. */
export class Failure extends Error {
  name = 'Failure';
}

/** Progress goes to stderr, so that stdout stays free for what a command is asked to print. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

export function heading(text) {
  say(paint('1', `\n== ${text}`));
}

export function elapsed(since) {
  const seconds = (performance.now() - since) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Runs `work` under a name: says when it starts, that it still goes on, and how long it took. */
export async function step(name, work) {
  const start = performance.now();
  say(`-- ${name}`);
  const beat = setInterval(
    () => say(paint('2', `   ${name}: ${elapsed(start)} so far`)),
    HEARTBEAT_MS,
  );
  beat.unref();
  try {
    const result = await work();
    say(`   ${paint('32', 'done')}  ${name} (${elapsed(start)})`);
    return result;
  } catch (error) {
    say(`   ${paint('31', 'FAILED')}  ${name} (${elapsed(start)})`);
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/**
 * Runs a command without a shell and without stdin. `show` passes its output through (to stderr); otherwise the output is
 * kept and only shown when the command fails. Returns {code, stdout, stderr}; throws a Failure unless `allowFailure`.
 */
export function run(command, args = [], options = {}) {
  const { cwd, env, show = false, allowFailure = false, input } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env === undefined ? process.env : { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (show) process.stderr.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      if (show) process.stderr.write(text);
    });
    if (input !== undefined) child.stdin.end(input);
    child.on('error', (error) => {
      if (allowFailure) resolve({ code: 127, stdout, stderr: error.message });
      else reject(new Failure(`Cannot start ${command}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      if (code === 0 || allowFailure) return resolve({ code: code ?? 128, stdout, stderr });
      const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      const output = show ? '' : `\n${lastLines(`${stdout}${stderr}`, 60)}`;
      return reject(new Failure(`${[command, ...args].join(' ')}\n${how}${output}`));
    });
  });
}

/** Wraps a script's body: a Failure is printed as its message alone, anything else with its stack; both end with code 1. */
export async function main(work) {
  try {
    const code = await work();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    say(
      paint(
        '31',
        `\n${error instanceof Failure ? error.message : (error?.stack ?? String(error))}`,
      ),
    );
    process.exitCode = 1;
  }
}

function lastLines(text, count) {
  const lines = text.trimEnd().split('\n');
  const hidden = lines.length - count;
  return hidden > 0
    ? `[${hidden} lines before]\n${lines.slice(-count).join('\n')}`
    : lines.join('\n');
}
