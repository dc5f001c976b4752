import { expect, test } from 'vitest';
import { describeCrash } from './crash.js';

const PLENTY = 1_000_000;

test('a call stack that is used up is a stack overflow, and no abort', () => {
  const error = new RangeError('Maximum call stack size exceeded');
  expect(describeCrash(error, PLENTY, null)).toMatchObject({ code: 139 });
  expect(describeCrash(error, PLENTY, null).message).toMatch(/stack overflow/);
});

test('an access below the stack’s end is a stack overflow', () => {
  const error = new WebAssembly.RuntimeError('memory access out of bounds');
  expect(describeCrash(error, -16, null).message).toMatch(/stack overflow/);
  expect(describeCrash(error, PLENTY, null).message).toMatch(/segmentation fault/);
});

test('an access out of bounds below calls that repeat is a stack overflow', () => {
  const error = new WebAssembly.RuntimeError('memory access out of bounds');
  error.stack = `RuntimeError\n${'    at wasm://wasm/1:wasm-function[3]:0x20\n'.repeat(10)}`;
  expect(describeCrash(error, PLENTY, null).message).toMatch(/stack overflow/);
});

test('abort() is told as such, with what it was told', () => {
  const error = new WebAssembly.RuntimeError('Aborted()');
  expect(describeCrash(error, PLENTY, '')).toEqual({ code: 134, message: 'abort() was called' });
  expect(describeCrash(error, PLENTY, 'native code called abort()').message).toMatch(/native code/);
});

test('a division by zero is an arithmetic error', () => {
  const error = new WebAssembly.RuntimeError('divide by zero');
  expect(describeCrash(error, PLENTY, null)).toMatchObject({ code: 136 });
});

test('a call through a bad pointer is a segmentation fault', () => {
  const error = new WebAssembly.RuntimeError('null function or function signature mismatch');
  expect(describeCrash(error, PLENTY, null)).toMatchObject({ code: 139 });
});
