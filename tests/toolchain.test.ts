import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withLock } from '../wasm/toolchain/lock.mjs';
import { contentHash, whenChanged } from '../wasm/toolchain/stamp.mjs';
import { Failure, run } from '../wasm/toolchain/steps.mjs';
import { atLeast, versionIn } from '../wasm/toolchain/version.mjs';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'loopscope-toolchain-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe('versions', () => {
  test.each([
    ['3.1.6', '3.1.69', false],
    ['3.1.69', '3.1.69', true],
    ['3.1.70', '3.1.69', true],
    ['4.0', '3.1.69', true],
    ['20.9.0', '20.19.0', false],
  ])('%s is at least %s: %s', (version, floor, expected) => {
    expect(atLeast(version, floor)).toBe(expected);
  });

  test('are found in what programs and packages say', () => {
    expect(versionIn('emcc (Emscripten gcc/clang-like replacement) 3.1.69 ()')).toBe('3.1.69');
    expect(versionIn('3.1.6~dfsg-5')).toBe('3.1.6');
    expect(versionIn('none')).toBeUndefined();
  });
});

describe('a step that is stamped by the content of its inputs', () => {
  test('is done again only when an input changes, or when its output is gone', async () => {
    const input = join(dir, 'input');
    const output = join(dir, 'output');
    let done = 0;
    const step = () =>
      whenChanged({ stamp: join(dir, 'build/stamp'), key: contentHash([input]), output }, () => {
        done++;
        writeFileSync(output, '');
      });
    writeFileSync(input, 'one');
    expect(await step()).toBe(true);
    expect(await step()).toBe(false);
    writeFileSync(input, 'two');
    expect(await step()).toBe(true);
    rmSync(output);
    expect(await step()).toBe(true);
    expect(done).toBe(3);
  });

  test('is done again when it failed', async () => {
    const options = { stamp: join(dir, 'stamp'), key: 'key', output: dir };
    const failing = () => Promise.reject(new Error('no'));
    await expect(whenChanged(options, failing)).rejects.toThrow('no');
    expect(await whenChanged(options, () => undefined)).toBe(true);
  });

  test('sees files that come, go and are renamed in a folder', () => {
    mkdirSync(join(dir, 'a'));
    writeFileSync(join(dir, 'a/x'), '1');
    const first = contentHash([join(dir, 'a')]);
    writeFileSync(join(dir, 'a/y'), '');
    const second = contentHash([join(dir, 'a')]);
    rmSync(join(dir, 'a/x'));
    expect(new Set([first, second, contentHash([join(dir, 'a')])]).size).toBe(3);
  });
});

describe('a command that fails', () => {
  test('says which command it was and what it printed', async () => {
    const failing = run('sh', ['-c', 'echo out; echo err >&2; exit 3']);
    await expect(failing).rejects.toThrow(Failure);
    await expect(failing).rejects.toThrow(/exit code 3\n[^]*out[^]*err/);
  });

  test('is named when it does not exist', async () => {
    await expect(run('no-such-program')).rejects.toThrow(/Cannot start no-such-program/);
  });
});

test('a lock keeps others out until the work is done, even when the work throws', async () => {
  const file = join(dir, 'cache/lock');
  const order: string[] = [];
  const work = async (name: string) => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push(`${name} ends`);
  };
  const first = withLock(file, async () => {
    await work('first');
    throw new Error('first fails');
  });
  const second = first.catch(() => undefined).then(() => order.push('first is out'));
  await Promise.all([
    expect(first).rejects.toThrow('first fails'),
    second,
    withLock(file, () => work('second')),
  ]);
  const begins = order.filter((entry) => entry.endsWith('begins') || entry.endsWith('ends'));
  expect(begins[1]).toBe(begins[0]?.replace('begins', 'ends'));
  expect(begins).toHaveLength(4);
  expect(existsSync(file)).toBe(true);
});
