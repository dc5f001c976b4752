/** A small highlighter for C++ and Python: enough to read code by before the full editor has arrived. */
import type { Language } from './editor.js';

export type TokenClass =
  'plain' | 'keyword' | 'type' | 'string' | 'number' | 'comment' | 'function' | 'directive';

export interface Token {
  readonly text: string;
  readonly kind: TokenClass;
}

const words = (text: string) => new Set(text.split(' '));

const cppKeywords = words(
  'alignas alignof asm auto break case catch class co_await co_return co_yield concept const consteval constexpr constinit ' +
    'const_cast continue decltype default delete do dynamic_cast else enum explicit export extern false final for friend goto ' +
    'if inline mutable namespace new noexcept nullptr operator override private protected public reinterpret_cast requires ' +
    'return sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef typename ' +
    'union using virtual volatile while',
);
const cppTypes = words(
  'bool char double float int long short signed size_t std string string_view unsigned vector void asyncio Coro Task Future ' +
    'EventLoop Handle TimerHandle optional int64_t uint64_t unique_ptr shared_ptr',
);
const pythonKeywords = words(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import ' +
    'in is lambda nonlocal not or pass raise return try while with yield match case',
);
const pythonTypes = words(
  'asyncio self int str float bool list dict set tuple bytes object print range len',
);

const cppPattern =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<directive>^[ \t]*#[ \t]*\w+(?:[ \t]*<[^>\n]*>)?)|(?<string>R"\([\s\S]*?\)"|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])+'?)|(?<number>\b\d[\w.']*)|(?<word>[A-Za-z_]\w*)/gm;
const pythonPattern =
  /(?<comment>#[^\n]*)|(?<string>[rbfRBF]{0,2}(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|(?<directive>^[ \t]*@[\w.]+)|(?<number>\b\d[\w.]*)|(?<word>[^\W\d]\w*)/gmu;

/** The tokens of each line; joined they are the source again. */
export function highlight(source: string, language: Language): Token[][] {
  const [pattern, keywords, types] =
    language === 'cpp'
      ? [cppPattern, cppKeywords, cppTypes]
      : [pythonPattern, pythonKeywords, pythonTypes];
  const lines: Token[][] = [[]];
  const push = (text: string, kind: TokenClass) => {
    text.split('\n').forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ text: part, kind });
    });
  };
  let from = 0;
  for (const match of source.matchAll(pattern)) {
    if (match.index > from) push(source.slice(from, match.index), 'plain');
    const text = match[0];
    const groups = match.groups ?? {};
    from = match.index + text.length;
    if (groups['comment'] !== undefined) push(text, 'comment');
    else if (groups['string'] !== undefined) push(text, 'string');
    else if (groups['directive'] !== undefined) push(text, 'directive');
    else if (groups['number'] !== undefined) push(text, 'number');
    else if (keywords.has(text)) push(text, 'keyword');
    else if (types.has(text)) push(text, 'type');
    else push(text, source[from] === '(' ? 'function' : 'plain');
  }
  push(source.slice(from), 'plain');
  return lines;
}
