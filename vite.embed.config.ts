/** The element that other sites load: one small file with a name that stays, beside the page. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('web'),
  build: {
    target: 'es2022',
    outDir: at('web/dist'),
    emptyOutDir: false,
    copyPublicDir: false,
    lib: {
      entry: at('web/src/embed/element.ts'),
      formats: ['es'],
      fileName: () => 'loopscope-embed.js',
    },
  },
});
