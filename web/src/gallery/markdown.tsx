/**
 * The little Markdown that a card needs: paragraphs, lists, `code`, *emphasis*, **strong** and [links](https://…). Code that
 * differs between the languages stands as `co_await`|`await`: for C++, and for Python.
 */
import type { ComponentChildren } from 'preact';
import type { Guest } from './examples.js';

const inline =
  /`([^`]+)`(?:\|`([^`]+)`)?|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g;

function spans(text: string, guest: Guest): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > from) out.push(text.slice(from, match.index));
    const [, code, inPython, strong, emphasis, label, href] = match;
    if (code !== undefined) out.push(<code>{guest === 'python' ? (inPython ?? code) : code}</code>);
    else if (strong !== undefined) out.push(<strong>{strong}</strong>);
    else if (emphasis !== undefined) out.push(<em>{emphasis}</em>);
    else if (href !== undefined) {
      out.push(
        <a href={href} target="_blank" rel="noreferrer">
          {label}
        </a>,
      );
    }
    from = match.index + match[0].length;
  }
  out.push(text.slice(from));
  return out;
}

export function Markdown({ text, guest }: { readonly text: string; readonly guest: Guest }) {
  const blocks = text.split(/\n\s*\n/).filter((block) => block.trim() !== '');
  return (
    <>
      {blocks.map((block, index) => {
        const lines = block.trim().split('\n');
        if (lines.every((line) => /^\s*([-*] |\s{2,})/.test(line))) {
          const items = block.trim().split(/\n(?=[-*] )/);
          return (
            <ul key={index}>
              {items.map((item, at) => (
                <li key={at}>
                  {spans(item.replace(/^[-*] /, '').replace(/\s*\n\s*/g, ' '), guest)}
                </li>
              ))}
            </ul>
          );
        }
        if (block.startsWith('```')) {
          return (
            <pre key={index}>{lines.filter((line) => !line.startsWith('```')).join('\n')}</pre>
          );
        }
        return <p key={index}>{spans(lines.join(' ').replace(/^#+ /, ''), guest)}</p>;
      })}
    </>
  );
}
