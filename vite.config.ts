import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('web'),
  // Works below any path of a static host.
  base: './',
  build: {
    target: 'es2022',
    outDir: at('web/dist'),
    emptyOutDir: true,
    // Nothing inline: a strict content security policy stays possible.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: [at('web/index.html'), at('web/embed.html')] },
  },
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['@yowasp/clang'] },
  server: { fs: { allow: [at('.')] } },
});
