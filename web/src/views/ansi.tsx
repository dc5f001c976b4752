/** Text with a terminal's colours, in colours that can be read on this page. */
import { createAnsiSequenceParser, createColorPalette } from 'ansi-sequence-parser';
import { overwritten, withoutCommands } from './console_lines.js';

type Parser = ReturnType<typeof createAnsiSequenceParser>;
type Token = ReturnType<Parser['parse']>[number];
type Colour = NonNullable<Token['foreground']>;

/** Colours hold until they are changed: one parser for what stands in one terminal. */
export function newParser(): Parser {
  return createAnsiSequenceParser();
}

export function Ansi(props: { readonly text: string; readonly parser: Parser }) {
  const text = overwritten(withoutCommands(props.text));
  return (
    <>
      {props.parser.parse(text).map((token, index) => {
        const [name, style] = look(token);
        if (name === '' && style === undefined) return token.value;
        return (
          <span key={index} class={name} style={style}>
            {token.value}
          </span>
        );
      })}
    </>
  );
}

function look(token: Token): readonly [string, Record<string, string> | undefined] {
  const reverse = token.decorations.has('reverse');
  const [front, back] = reverse
    ? [token.background, token.foreground]
    : [token.foreground, token.background];
  const names = [...token.decorations].map((name) => `ansi-${name}`);
  const style: Record<string, string> = {};
  if (front !== null) style['color'] = css(front);
  if (back !== null) style['background'] = `color-mix(in oklab, ${css(back)} 25%, var(--panel))`;
  return [names.join(' '), Object.keys(style).length === 0 ? undefined : style];
}

const NAMED: Readonly<Record<string, string>> = {
  black: 'var(--ink-3)',
  red: 'var(--bad)',
  green: 'var(--ok)',
  yellow: 'var(--warn)',
  blue: 'var(--task-1)',
  magenta: 'var(--task-7)',
  cyan: 'var(--task-6)',
  white: 'var(--ink)',
};
const palette = createColorPalette();

function css(colour: Colour): string {
  if (colour.type === 'table' && colour.index < 16)
    return Object.values(NAMED)[colour.index % 8] ?? 'inherit';
  if (colour.type !== 'named') return palette.value(colour);
  return NAMED[colour.name.replace('bright', '').toLowerCase()] ?? 'inherit';
}
