import { describe, expect, test } from 'vitest';
import { parseDiagnostics, undefinedSymbol } from './diagnostics.js';

const SOURCE = 'int main() {\n  auto s = "äö😀"; return nix;\n}\n';

describe('a message in the user’s file', () => {
  test('has its range in UTF-16 columns, though Clang counts bytes', () => {
    // Before `nix` on line 2: 26 UTF-16 units are 30 bytes.
    const text = "main.cpp:2:31:{2:31-2:34}: error: use of undeclared identifier 'nix'\n";
    expect(parseDiagnostics(text, SOURCE, 'main.cpp')).toEqual([
      {
        severity: 'error',
        message: "use of undeclared identifier 'nix'",
        startLine: 2,
        startColumn: 27,
        endLine: 2,
        endColumn: 30,
        notes: [],
      },
    ]);
  });

  test('without a range ends with the word', () => {
    const [found] = parseDiagnostics('main.cpp:1:5: warning: odd name\n', SOURCE, 'main.cpp');
    expect(found).toMatchObject({ severity: 'warning', startColumn: 5, endColumn: 9 });
  });

  test('takes the range that holds its column, not one of another operand', () => {
    const text = 'main.cpp:1:5:{1:1-1:4}{1:5-1:11}: error: bad operands\n';
    const [found] = parseDiagnostics(text, SOURCE, 'main.cpp');
    expect(found).toMatchObject({ startColumn: 5, endColumn: 11 });
  });

  test('keeps its notes, with the line of those in the same file', () => {
    const text = [
      'main.cpp:2:3: error: redefinition of s',
      'main.cpp:1:5: note: previous definition is here',
      '/sysroot/include/c++/v1/string:9:1: note: candidate ignored',
    ].join('\n');
    const [found] = parseDiagnostics(text, SOURCE, 'main.cpp');
    expect(found?.notes).toEqual(['line 1: previous definition is here', 'candidate ignored']);
  });
});

describe('a message in a header', () => {
  const inVector = '/sysroot/include/c++/v1/vector:5:7: error: no matching function';

  test('is shown at the first note that leads into the user’s file', () => {
    const text = [
      inVector,
      '/sysroot/include/c++/v1/vector:9:7: note: in instantiation of vector<N>',
      'main.cpp:2:8: note: in instantiation requested here',
    ].join('\n');
    expect(parseDiagnostics(text, SOURCE, 'main.cpp')).toMatchObject([
      {
        severity: 'error',
        message: 'no matching function (in <vector>, line 5)',
        startLine: 2,
        startColumn: 8,
        notes: ['in instantiation requested here'],
      },
    ]);
  });

  test('is one marker with others at the same place', () => {
    const again = '/sysroot/include/c++/v1/vector:6:7: error: no type named x';
    const here = 'main.cpp:2:8: note: requested here';
    const found = parseDiagnostics([inVector, here, again, here].join('\n'), SOURCE, 'main.cpp');
    expect(found).toHaveLength(1);
    expect(found[0]?.notes).toContain('no type named x (in <vector>, line 6)');
  });

  test('that no note leads out of is not lost', () => {
    const found = parseDiagnostics(inVector, SOURCE, 'main.cpp');
    expect(found).toMatchObject([{ startLine: 1, startColumn: 1, severity: 'error' }]);
  });

  test('is nobody’s concern when it is a warning', () => {
    const text = '/library/include/asyncio/task.hpp:5:7: warning: unused\nmain.cpp:1:5: note: here';
    expect(parseDiagnostics(text, SOURCE, 'main.cpp')).toEqual([]);
  });
});

test('a message without a place stands at the start', () => {
  const found = parseDiagnostics("clang++: error: no such file: 'x'\n", SOURCE, 'main.cpp');
  expect(found).toMatchObject([{ message: "no such file: 'x'", startLine: 1, startColumn: 1 }]);
});

test('a function that is defined nowhere is marked where it is first named', () => {
  const source = 'namespace a { int lost(int); }\nint main() { return a::lost(1); }\n';
  expect(undefinedSymbol('a::lost(int)', source)).toMatchObject({
    message: 'a::lost(int) is declared but defined nowhere',
    startLine: 1,
    startColumn: 19,
    endColumn: 23,
  });
});
