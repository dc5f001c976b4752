import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { patchBundle } from './patch_bundle.mjs';

const bundle = readFileSync(createRequire(import.meta.url).resolve('@yowasp/clang'), 'utf8');

test('the installed package takes every patch', () => {
  const patched = patchBundle(bundle);
  expect(patched).toContain('function configure(resources)');
  expect(patched).not.toContain('llvm-resources.tar');
});

test('a package that looks different stops the build, and the patch is named', () => {
  const changed = bundle.replace('this.file.data = newData;', 'this.file.data = other;');
  expect(() => patchBundle(changed)).toThrow(/grows geometrically.*fits 0 places/);
  expect(() => patchBundle(patchBundle(bundle))).toThrow(/does not look as expected/);
});
