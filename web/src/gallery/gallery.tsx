/** The list of examples: a card says what one learns; the chosen card opens to its few sentences. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Example } from './examples.js';
import { Markdown } from './markdown.js';
import './gallery.css';

export function Gallery(props: {
  readonly examples: readonly Example[];
  readonly current: string | null;
  readonly onOpen: (example: Example) => void;
}) {
  const [query, setQuery] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = props.examples.filter((example) => {
    const text = `${example.title} ${example.teaches} ${example.name}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [props.current]);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const cards = [...(list.current?.querySelectorAll<HTMLElement>('.card-button') ?? [])];
    const at = cards.findIndex((card) => card === document.activeElement);
    cards[Math.min(cards.length - 1, Math.max(0, at + step))]?.focus();
  };
  return (
    <div class="gallery" onKeyDown={move}>
      <label class="field gallery-search">
        <span class="visually-hidden">Find an example</span>
        <input
          type="search"
          placeholder={`Find in ${String(props.examples.length)} examples`}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
          }}
        />
      </label>
      <ul class="scroll" ref={list}>
        {shown.map((example, index) => (
          <>
            {example.level !== '' && example.level !== shown[index - 1]?.level && (
              <li key={example.level} class="gallery-level">
                {example.level}
              </li>
            )}
            <Card
              key={example.name}
              example={example}
              current={example.name === props.current}
              onOpen={props.onOpen}
            />
          </>
        ))}
        {shown.length === 0 && (
          <li class="gallery-none muted">
            {props.examples.length === 0
              ? 'This build has no examples.'
              : `No example mentions “${query}”.`}
          </li>
        )}
      </ul>
    </div>
  );
}

function Card(props: {
  readonly example: Example;
  readonly current: boolean;
  readonly onOpen: (example: Example) => void;
}) {
  const { example, current } = props;
  return (
    <li class={`card${current ? ' current' : ''}`} aria-current={current}>
      <button
        type="button"
        class="card-button"
        onClick={() => {
          props.onOpen(example);
        }}
      >
        <span class="card-title">{example.title}</span>
        <span class="card-teaches">{example.teaches}</span>
      </button>
      {current && example.body !== '' && (
        <div class="card-body">
          <Markdown text={example.body} />
        </div>
      )}
    </li>
  );
}
