/** Every event as a row of a table: what the picture shows, in words. Filtered by text and by the selected task. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { narrate } from '../../trace/narrate.js';
import type { TraceStore } from '../../trace/store.js';
import type { ScopeState } from '../../trace/state.js';
import { formatDuration } from '../../trace/format.js';
import { Button } from '../../ui/controls.js';
import { Icon } from '../../ui/icons.js';
import { hueOf } from '../format.js';
import type { Intents } from '../intents.js';
import { VirtualList } from '../virtual_list.js';
import { kindWords, taskOfEvent } from './event_facts.js';
import './events.css';

interface Props {
  readonly store: TraceStore;
  readonly length: number;
  readonly state: ScopeState;
  readonly position: number;
  readonly selected: number | null;
  readonly intents: Intents;
  readonly rowHeight: number;
}

export function EventsView(props: Props) {
  const { store, length, position, selected, intents, state } = props;
  const [query, setQuery] = useState('');
  const settled = useSettled(query);
  const shown = useMemo(
    () => matching(store, length, settled, selected),
    [store, length, settled, selected],
  );
  const current = lastAtMost(shown, position - 1);
  const exact = shown[current] === position - 1;
  const name = selected === null ? undefined : state.tasks.get(selected as never)?.name;
  const keys = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const to = shown[Math.min(shown.length - 1, Math.max(0, current + step))];
    if (to !== undefined) intents.seek(to + 1);
  };
  return (
    <div class="events">
      <div class="events-bar">
        <label class="field">
          <Icon name="search" />
          <span class="visually-hidden">Filter events</span>
          <input
            type="search"
            id="event-filter"
            placeholder="Filter: task, kind or words"
            value={query}
            onInput={(event) => {
              setQuery(event.currentTarget.value);
            }}
          />
        </label>
        {selected !== null && (
          <span class={`filter-chip hue-${hueOf(selected)}`}>
            {name ?? 'one task'}
            <Button
              icon="close"
              label="All tasks"
              iconOnly
              onClick={() => {
                intents.selectTask(null);
              }}
            />
          </span>
        )}
        <span class="muted num events-count">
          {shown.length < length
            ? `${shown.length} of ${length}`
            : `${length} ${length === 1 ? 'event' : 'events'}`}
        </span>
      </div>
      <VirtualList
        class="event-table"
        count={shown.length}
        rowHeight={props.rowHeight}
        current={current}
        onKeyDown={keys}
        attributes={{ role: 'table', 'aria-label': 'Events', 'aria-rowcount': shown.length }}
        row={(row) => {
          const index = shown[row] ?? 0;
          return (
            <EventRow
              key={index}
              {...props}
              index={index}
              row={row}
              now={exact && row === current}
            />
          );
        }}
      />
      {shown.length === 0 && length > 0 && <p class="empty-note">No event matches.</p>}
    </div>
  );
}

function EventRow(
  props: Props & { readonly index: number; readonly row: number; readonly now: boolean },
) {
  const { store, index, now, state, intents } = props;
  const event = store.event(index);
  if (event === undefined) return null;
  const task = taskOfEvent(event);
  const name = task === undefined ? '' : (state.tasks.get(task)?.name ?? `task ${task}`);
  const later = index >= props.position;
  return (
    <div
      role="row"
      aria-rowindex={props.row + 1}
      aria-current={now ? 'true' : undefined}
      class={`event-row hue-${hueOf(task)}${now ? ' now' : ''}${later ? ' later' : ''}`}
      style={{ height: `${props.rowHeight}px` }}
      onClick={() => {
        intents.seek(index + 1);
      }}
    >
      <span role="cell" class="event-number num">
        {index + 1}
      </span>
      <span role="cell" class="event-time num">
        {formatDuration(store.timeAt(index), 3)}
      </span>
      <span role="cell" class="event-task ellipsis">
        {name}
      </span>
      <span role="cell" class="event-kind ellipsis">
        {kindWords(event)}
      </span>
      <span role="cell" class="event-text ellipsis">
        {narrate(store, index)}
      </span>
    </div>
  );
}

/** Typing stays fluent: the table is searched a moment after the last letter. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value);
    }, 120);
    return () => {
      clearTimeout(timer);
    };
  }, [value]);
  return settled;
}

function matching(
  store: TraceStore,
  length: number,
  query: string,
  selected: number | null,
): readonly number[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const pool: readonly number[] =
    selected === null
      ? Array.from({ length }, (_, index) => index)
      : store.eventsOfTask(selected as never);
  if (words.length === 0) return pool;
  return pool.filter((index) => {
    const event = store.event(index);
    if (event === undefined) return false;
    const text = `${event.kind} ${kindWords(event)} ${narrate(store, index)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Index of the last entry that is not above `value`; -1 for none. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
