/** What the build published, as the twin finds it. */
import { readFileSync } from 'node:fs';
import type { Manifest } from '../../web/src/runtimes/manifest.js';

/** `repository`: where `npm run build` has put web/public/wasm. */
export function readManifest(repository: URL): Manifest {
  const file = new URL('web/public/wasm/manifest.json', repository);
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}
