// Bundles TypeScript that the page and Node share into one file that Node runs.
import { build } from 'vite';
import { basename, dirname } from 'node:path';

/** Bundles `entry` into `output` (an .mjs path); packages stay imports. */
export async function bundleForNode(entry, output) {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: entry,
      target: 'node20',
      outDir: dirname(output),
      emptyOutDir: false,
      copyPublicDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: basename(output) } },
    },
  });
}
