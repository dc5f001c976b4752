import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { launchOptions } from './tests/web/chromium.mjs';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'web/src/**/*.test.ts',
            'tests/web/node/**/*.test.ts',
            'tests/*.test.ts',
            'tests/parity/*.test.ts',
          ],
        },
      },
      {
        // What Emscripten built, under Node: needs `npm run build`.
        test: {
          name: 'wasm',
          environment: 'node',
          include: ['wasm/**/*.test.ts', 'tests/wasm/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Components and workers, in Chromium.
        optimizeDeps: { exclude: ['@yowasp/clang'] },
        worker: { format: 'es' },
        test: {
          name: 'browser',
          include: ['tests/web/browser/**/*.test.{ts,tsx}'],
          testTimeout: 30_000,
          expect: { poll: { timeout: 10_000 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        // The built page as a person uses it: playwright-core drives Chromium against web/dist.
        test: {
          name: 'page',
          environment: 'node',
          include: ['tests/web/page/**/*.test.ts'],
          globalSetup: ['tests/web/page/serve_dist.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
});
