// Does a toolchain really compile what this project is made of?
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, run } from './steps.mjs';

const SOURCE = `
#include <coroutine>
#include <cstdio>
#include <stdexcept>
struct Co {
  struct promise_type {
    Co get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
};
struct Throws {
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { throw std::runtime_error("caught"); }
};
Co body() {
  for (int i = 0; i < 3; ++i) {
    try {
      co_await Throws{};
    } catch (const std::exception& error) {
      std::printf("%d %s\\n", i, error.what());
    }
  }
}
int main() { body(); }
`;
const EXPECTED = '0 caught\n1 caught\n2 caught\n';

/** Compiles a coroutine that catches exceptions in a loop and runs it under this Node; throws a Failure if it does not work. */
export async function probe(emxx, env) {
  const dir = mkdtempSync(join(tmpdir(), 'loopscope-probe-'));
  try {
    writeFileSync(join(dir, 'probe.cpp'), SOURCE);
    const flags = ['-std=c++20', '-O0', '-fexceptions', '-sENVIRONMENT=node', '-o', 'probe.cjs'];
    await run(emxx, ['probe.cpp', ...flags], { cwd: dir, env });
    const { stdout } = await run(process.execPath, ['probe.cjs'], { cwd: dir });
    if (stdout !== EXPECTED) {
      throw new Failure(`A coroutine compiled by ${emxx} printed ${JSON.stringify(stdout)}.`);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
