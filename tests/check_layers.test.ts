import { describe, expect, test } from 'vitest';
import { nativeProblems, webProblems } from './check_layers.mjs';

const one = (path: string, text: string): Map<string, string> => new Map([[path, text]]);

describe('the arrows between the modules of the page', () => {
  test('a view may read the trace', () => {
    expect(webProblems(one('web/src/views/a.tsx', "import { x } from '../trace/x.js';"))).toEqual(
      [],
    );
  });

  test('the trace may not know a view', () => {
    const text = "\nimport { x } from '../views/x.js';";
    expect(webProblems(one('web/src/trace/a.ts', text))).toEqual([
      'web/src/trace/a.ts:2: trace may not import views (only protocol)',
    ]);
  });

  test.each([
    ["export * from '../app/x.js';"],
    ["const x = await import('../app/x.js');"],
    ["new Worker(new URL('../app/x.js', import.meta.url));"],
    ["import.meta.glob<string>('../app/*.ts');"],
    ["import {\n  a,\n  b,\n} from '../app/x.js';"],
    ["import '../app/x.css';"],
  ])('%s is an import too', (text) => {
    expect(webProblems(one('web/src/share/a.ts', text))).toHaveLength(1);
  });

  test('a module must be known', () => {
    expect(webProblems(one('web/src/misc/a.ts', ''))).toHaveLength(1);
  });

  test('only named modules reach outside the page', () => {
    const text = "import { x } from '../../../wasm/x.js';";
    expect(webProblems(one('web/src/runtimes/a.ts', text))).toEqual([]);
    expect(webProblems(one('web/src/views/a.ts', text))).toHaveLength(1);
  });

  test('tests may import anything', () => {
    expect(webProblems(one('web/src/trace/a.test.ts', "import '../app/x.js';"))).toEqual([]);
  });
});

describe("the arrows between the library's layers", () => {
  test('a public header includes the standard library and public headers', () => {
    const text = '#include <vector>\n#include <asyncio/detail/ref.hpp>\n';
    expect(nativeProblems(one('native/include/asyncio/a.hpp', text))).toEqual([]);
  });

  test.each(['<sys/epoll.h>', '<unistd.h>', '"core/ids.hpp"', '<emscripten.h>'])(
    'a public header does not include %s',
    (header) => {
      const problems = nativeProblems(one('native/include/asyncio/a.hpp', `#include ${header}\n`));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^native\/include\/asyncio\/a\.hpp:1: .*not /);
    },
  );

  test.each(['"backends/registry.hpp"', '"trace/recorder.hpp"', '<unistd.h>', '"ids.hpp"'])(
    'the core does not include %s',
    (header) => {
      expect(nativeProblems(one('native/src/core/a.cpp', `#include ${header}\n`))).toHaveLength(1);
    },
  );

  test('a backend includes its platform', () => {
    const text = '#include <sys/epoll.h>\n';
    expect(nativeProblems(one('native/src/backends/a.cpp', text))).toEqual([]);
  });

  test('only the registry asks for the platform', () => {
    const text = '#if defined(__linux__)\n#endif\n';
    expect(nativeProblems(one('native/src/backends/registry.cpp', text))).toEqual([]);
    expect(nativeProblems(one('native/src/backends/a.cpp', text))).toHaveLength(1);
  });
});
