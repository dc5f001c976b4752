/** `run`: compiles where needed, and runs. */
import { readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tree } from '../../web/src/runtimes/cpp/header_pack.js';
import { NO_LIMITS } from '../../web/src/runtimes/limits.js';
import { noMain } from '../../web/src/runtimes/cpp/diagnostics.js';
import type { ProgramEnd, Runner } from '../../web/src/runtimes/cpp/run_program.js';
import { backendOf, chooseWaiting, hasCoMain } from '../../web/src/runtimes/cpp/waiting.js';
import type { PythonEnd } from '../../web/src/runtimes/python/run_python.js';
import { lacking, type Need } from '../../web/src/gallery/examples.js';
import { exampleSource, readExample } from './examples.js';
import { runPython } from './python.js';
import { Toolkit } from './toolkit.js';
import { TraceFile } from './trace_file.js';
import { UsageError, type RunCommand } from './usage.js';

const COMPILE_FAILED = 1;
const CANNOT_RUN_HERE = 1;

interface Source {
  readonly file: string;
  readonly text: string;
  /** The example's name, or the file's without its ending. */
  readonly program: string;
  readonly example: boolean;
}

/** Resolves to the exit code. Throws UsageError. */
export async function runCommand(command: RunCommand, repository: URL): Promise<number> {
  const source = findSource(command.what, repository);
  if (extname(source.file) === '.py') return runPythonFile(source, command, repository);
  const needs = source.example
    ? lacking(readExample(repository, source.program), 'cpp')
    : undefined;
  if (needs !== undefined) return cannotRun(source.program, needs);
  const toolkit = new Toolkit(repository);
  const runner = await toolkit.runner();
  checkLoop(command.loop, runner);
  const side = await moduleOf(source, toolkit);
  if (side === null) return COMPILE_FAILED;
  const coMain = hasCoMain(new WebAssembly.Module(side));
  const waiting = chooseWaiting(command.clock, coMain, true);
  const backend =
    command.clock === 'virtual' ? 'virtual' : (command.loop ?? backendOf(waiting.waiting));
  if (backend === 'js' && !coMain) {
    throw new UsageError(
      'the loop "js" needs a program with co_main(); main() blocks while it waits',
    );
  }
  const trace = openTrace(command.trace, source);
  const end = await runner.run(
    side,
    {
      program: source.program,
      args: command.args,
      backend,
      platform: `node-${process.versions.node}`,
      source: { name: basename(source.file), text: source.text },
      debug: command.debug,
      seed: command.seed,
      limits: NO_LIMITS,
    },
    {
      trace: (bytes) => trace?.write(bytes),
      output: (fd, bytes) => writeAll(fd, bytes),
      sleep: (milliseconds) => void Atomics.wait(NEVER, 0, 0, milliseconds),
    },
  );
  const code = report(end);
  return trace?.close(code) ?? code;
}

function cannotRun(example: string, needs: Need): number {
  process.stderr.write(
    `loopscope: the example "${example}" needs ${needs}, which WebAssembly does not have; ` +
      `the native twin runs it: build/native/bin/loopscope run ${example}\n`,
  );
  return CANNOT_RUN_HERE;
}

async function runPythonFile(
  source: Source,
  command: RunCommand,
  repository: URL,
): Promise<number> {
  const trace = openTrace(command.trace, source);
  const end = await runPython(source, command, repository, {
    trace: (bytes) => trace?.write(bytes),
    output: writeAll,
  });
  const code = reportPython(end);
  return trace?.close(code) ?? code;
}

/** Nobody ever notifies it: waiting on it is sleeping. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

function findSource(what: string, repository: URL): Source {
  const example = exampleSource(repository, what);
  if (example) {
    const file = fileURLToPath(example);
    return { file, text: readFileSync(file, 'utf8'), program: what, example: true };
  }
  if (!isFile(what)) {
    throw new UsageError(`"${what}" is neither a file nor an example (see list)`);
  }
  const program = basename(what, extname(what));
  return { file: what, text: readFileSync(what, 'utf8'), program, example: false };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function checkLoop(loop: string | null, runner: Runner): void {
  const names = runner.backends().map(({ name }) => name);
  if (loop !== null && !names.includes(loop)) {
    throw new UsageError(`--loop is "${loop}"; it can be ${names.join(', ')}`);
  }
}

/** Null when it does not compile; the compiler's messages are then on standard error. */
async function moduleOf(source: Source, toolkit: Toolkit): Promise<Uint8Array<ArrayBuffer> | null> {
  const prebuilt = source.example ? toolkit.prebuilt(source.program, source.text) : null;
  if (prebuilt) return prebuilt;
  const compiler = await toolkit.compiler();
  const compiled = await compiler.compile({
    source: source.text,
    sourceName: basename(source.file),
    besides: headersBeside(source.file),
  });
  process.stderr.write(compiled.text);
  return compiled.wasm;
}

/** The headers in the file's folder: what `#include "..."` may name. */
function headersBeside(file: string): Tree {
  const headers: Tree = {};
  const folder = dirname(file);
  for (const name of readdirSync(folder)) {
    if (/\.(h|hh|hpp|hxx|inc|ipp)$/.test(name) && isFile(join(folder, name))) {
      headers[name] = new Uint8Array(readFileSync(join(folder, name)));
    }
  }
  return headers;
}

function openTrace(path: string | null, source: Source): TraceFile | null {
  return path === null ? null : new TraceFile(path, source.file);
}

function report(end: ProgramEnd): number {
  switch (end.how) {
    case 'exited':
      return end.code & 0xff;
    case 'crashed':
      process.stderr.write(`loopscope: ${end.error}\n`);
      return end.code;
    case 'asks':
      throw new Error('standard input is the terminal here');
    case 'no-main':
      process.stderr.write(`error: ${noMain().message}\n`);
      return COMPILE_FAILED;
    case 'unlinked':
      for (const name of end.missing) process.stderr.write(`error: undefined symbol: ${name}\n`);
      return COMPILE_FAILED;
  }
}

/** A traceback is on standard error already. */
function reportPython(end: PythonEnd): number {
  if (end.how === 'not-compiled') process.stderr.write(end.error);
  else if (end.how === 'exited' || end.code === 1) return end.code;
  else process.stderr.write(`loopscope: ${end.error}\n`);
  return end.how === 'not-compiled' ? COMPILE_FAILED : end.code;
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      // A pipe that is full for the moment.
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') continue;
      throw error;
    }
  }
}
