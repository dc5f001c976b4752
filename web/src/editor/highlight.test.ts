import { describe, expect, it } from 'vitest';
import { highlight, type TokenClass } from './highlight.js';

function kindOf(source: string, text: string, language: 'cpp' | 'python'): TokenClass | undefined {
  return highlight(source, language)
    .flat()
    .find((token) => token.text === text)?.kind;
}

describe('the small highlighter', () => {
  it.each([
    ['cpp', '#include <x>\n\nint main() {\n\treturn 0; /* a\nb */ }\n'],
    ['python', '"""doc\nmore"""\nasync def f():\n    await g()  # why\n'],
    ['cpp', '"never closed\nR"(raw\n)" \'c\' 1\'000 äö'],
    ['cpp', ''],
  ] as const)('gives back every letter of %s', (language, source) => {
    const joined = highlight(source, language)
      .map((line) => line.map((token) => token.text).join(''))
      .join('\n');
    expect(joined).toBe(source);
  });

  it('knows the words of coroutines', () => {
    expect(kindOf('co_await x();', 'co_await', 'cpp')).toBe('keyword');
    expect(kindOf('co_await x();', 'x', 'cpp')).toBe('function');
    expect(kindOf('async def f(): ...', 'async', 'python')).toBe('keyword');
  });

  it('sees no keyword in a comment or a string', () => {
    expect(kindOf('// return', '// return', 'cpp')).toBe('comment');
    expect(kindOf('x = "await"', '"await"', 'python')).toBe('string');
  });
});
