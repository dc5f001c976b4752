/** The list of examples, in groups: a card says what one learns; the chosen card opens to its few sentences. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { findExamples, inGroups } from './find.js';
import { lacking, type Example, type Guest } from './examples.js';
import { Markdown } from './markdown.js';
import './gallery.css';

export function Gallery(props: {
  readonly examples: readonly Example[];
  readonly current: string | null;
  readonly guest: Guest;
  readonly onOpen: (example: Example) => void;
}) {
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const shown = findExamples(props.examples, query);
  const groups = inGroups(shown);
  // Tab goes to one card only, or there were forty stops on the way to the editor; the arrow keys go to the others.
  const stop = shown.find(({ name }) => name === props.current) ?? groups[0]?.[1][0];
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
      <div class="gallery-list scroll" ref={list}>
        {groups.map(([group, examples]) => (
          <section key={group} class="gallery-group" aria-label={group}>
            <h2>{group}</h2>
            <ul>
              {examples.map((example) => (
                <Card
                  key={example.name}
                  example={example}
                  current={example.name === props.current}
                  tabStop={example === stop}
                  guest={props.guest}
                  onOpen={props.onOpen}
                />
              ))}
            </ul>
          </section>
        ))}
        {shown.length === 0 && (
          <p class="gallery-none muted" role="status">
            {props.examples.length === 0
              ? 'This build has no examples.'
              : `No example mentions “${query}”.`}
          </p>
        )}
      </div>
    </div>
  );
}

function Card(props: {
  readonly example: Example;
  readonly current: boolean;
  readonly tabStop: boolean;
  readonly guest: Guest;
  readonly onOpen: (example: Example) => void;
}) {
  const { example, current } = props;
  const needs = lacking(example, props.guest);
  return (
    <li class={`card${current ? ' current' : ''}`} aria-current={current}>
      <button
        type="button"
        class="card-button"
        tabIndex={props.tabStop ? 0 : -1}
        onClick={() => {
          props.onOpen(example);
        }}
      >
        <span class="card-title">
          {example.title}
          {needs !== undefined && <span class="badge">recorded</span>}
        </span>
        <span class="card-teaches">{example.teaches}</span>
      </button>
      {current && example.body !== '' && (
        <div class="card-body">
          <Markdown text={example.body} guest={props.guest} />
        </div>
      )}
    </li>
  );
}
