/** The command line of the WebAssembly twin, as a person uses it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { REPOSITORY, SLOW } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'loopscope-twin-'));
afterAll(() => rmSync(folder, { recursive: true }));

function twin(...args: string[]): { code: number | null; out: string; err: string } {
  const program = fileURLToPath(new URL('wasm/twin.mjs', REPOSITORY));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { code: status, out: stdout, err: stderr };
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

describe('wrong usage is one line and exit code 2', () => {
  test.each([
    [[], /a command is missing/],
    [['fly'], /no command "fly"/],
    [['run'], /run what/],
    [['run', 'nothing-like-this'], /neither a file nor an example/],
    [['run', 'hello', '--clock', 'sundial'], /--clock is "sundial"/],
    [['run', 'hello', '--clok', 'real'], /--clok/],
    [['run', 'hello', '--loop', 'nix'], /--loop is "nix"; it can be .*virtual/],
    [['list', 'too', 'much'], /one argument too many/],
    [['run', 'hello', '--trace', '/no/such/folder/t.jsonl'], /cannot write the trace/],
  ])('%j', (args, message) => {
    const { code, out, err } = twin(...args);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

test('--help explains every command', () => {
  const { code, out } = twin('--help');
  expect(code).toBe(0);
  for (const word of ['run', 'list', 'loops', '--clock', '--trace', '--debug']) {
    expect(out).toContain(word);
  }
});

test('list names the examples, and loops the ways of waiting', () => {
  expect(twin('list').out).toMatch(/^hello\s+\S/m);
  const json = JSON.parse(twin('list', '--json').out) as { name: string; teaches: string }[];
  expect(json.find(({ name }) => name === 'hello')?.teaches).toBeTruthy();
  expect(twin('loops').out).toMatch(/^virtual\s+\S/m);
});

test('an example that needs what WebAssembly does not have is named with its need, and ends with 1', () => {
  const { code, out, err } = twin('run', 'threads', '--clock', 'virtual', '--trace', 'none.jsonl');
  expect(err).toBe(
    'loopscope: the example "threads" needs threads, which WebAssembly does not have; ' +
      'the native twin runs it: build/native/bin/loopscope run threads\n',
  );
  expect(out).toBe('');
  expect(code).toBe(1);
  expect(existsSync(join(folder, 'none.jsonl'))).toBe(false);
  expect(twin('run', 'signals').err).toContain('needs signals, which WebAssembly does not have');
  const json = JSON.parse(twin('list', '--json').out) as { name: string; needs?: string }[];
  expect(json.filter(({ needs }) => needs !== undefined).map(({ name }) => name)).toContain(
    'threads',
  );
});

describe('run', () => {
  test('runs an example and writes its trace', () => {
    const { code, out } = twin('run', 'hello', '--clock', 'virtual', '--trace', 'hello.jsonl');
    expect(code).toBe(0);
    expect(out).toContain('Hello');
    const lines = readFileSync(join(folder, 'hello.jsonl'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      program: 'hello',
      clock: 'virtual',
      source: {
        name: 'main.cpp',
        text: readFileSync(new URL('../../examples/hello/main.cpp', import.meta.url), 'utf8'),
      },
    });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'program_end', code: 0 });
  });

  test(
    'compiles a file with the headers beside it, passes arguments, and gives the program’s exit code',
    () => {
      file('answer.hpp', 'inline int answer() { return 40; }\n');
      const name = file(
        'asks.cpp',
        '#include <cstdio>\n#include <source_location>\n#include "answer.hpp"\n' +
          'int main(int argc, char** argv) {\n' +
          '  std::printf("%s %s\\n", std::source_location::current().file_name(), argv[1]);\n' +
          '  return answer() + argc;\n}\n',
      );
      const { code, out, err } = twin('run', name, '--', '--clock');
      expect(err).toBe('');
      expect(out).toBe('asks.cpp --clock\n');
      expect(code).toBe(42);
    },
    SLOW,
  );

  test(
    'shows the compiler’s errors and ends with 1',
    () => {
      const name = file('broken.cpp', 'int main() { return nix; }\n');
      const { code, out, err } = twin('run', name);
      expect(err).toMatch(/^broken\.cpp:1:21:.*error: use of undeclared identifier 'nix'/m);
      expect(out).toBe('');
      expect(code).toBe(1);
    },
    SLOW,
  );

  test(
    'ends as a shell shows a crash, with the reason on standard error',
    () => {
      const name = file('crashes.cpp', '#include <cstdlib>\nint main() { std::abort(); }\n');
      const { code, err } = twin('run', name, '--trace', 'crash.jsonl');
      expect(err).toBe('loopscope: abort() was called\n');
      expect(code).toBe(134);
      const trace = readFileSync(join(folder, 'crash.jsonl'), 'utf8');
      expect(trace).toContain('"kind":"program_end","outcome":"crashed","code":134');
    },
    SLOW,
  );
});

describe('run with a Python file', () => {
  test('runs it on the loop’s core, with the files beside it, and writes its trace', () => {
    file('beside.py', 'ANSWER = 42\n');
    const name = file(
      'asks.py',
      'import asyncio, sys, beside\nawait asyncio.sleep(3600)\n' +
        'print(sys.argv, beside.ANSWER)\nsys.exit(7)\n',
    );
    const { code, out, err } = twin(
      'run',
      name,
      '--clock',
      'virtual',
      '--trace',
      'p.jsonl',
      '--',
      'x',
    );
    expect(err).toBe('');
    expect(out).toBe("['asks.py', 'x'] 42\n");
    expect(code).toBe(7);
    const lines = readFileSync(join(folder, 'p.jsonl'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ guest: 'python', clock: 'virtual' });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'program_end', code: 7 });
  });

  test('shows Python’s own errors and ends with 1', () => {
    const { code, err } = twin('run', file('wrong.py', 'def f(:\n'), '--clock', 'virtual');
    expect(err).toContain('SyntaxError: invalid syntax');
    expect(code).toBe(1);
  });

  test.skipIf('Suspending' in WebAssembly)(
    'says what the real clock needs where it is missing',
    () => {
      const { code, err } = twin('run', file('waits.py', 'print(1)\n'));
      expect(err).toMatch(/JSPI.*--clock virtual/);
      expect(code).toBe(2);
    },
  );
});
