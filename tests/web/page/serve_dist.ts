/** Serves the built page to the `page` tests, which find its address with `inject('origin')`. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { serve } from '../../../web/server.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built page is served, without a slash at the end. */
    origin: string;
  }
}

const dist = fileURLToPath(new URL('../../../web/dist', import.meta.url));

export default async function setup(project: TestProject): Promise<() => void> {
  if (!existsSync(`${dist}/index.html`)) {
    throw new Error('There is no web/dist/index.html: run npm run build first.');
  }
  const { server, port } = await serve(dist);
  project.provide('origin', `http://127.0.0.1:${port}`);
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
