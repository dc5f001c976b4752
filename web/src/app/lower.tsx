/** The lower part: caption, transport, swimlanes, and the tabs that say it in words. */
import { Button, Segmented, Tabs } from '../ui/controls.js';
import { ConsoleView } from '../views/console.js';
import { EventsView } from '../views/events/events.js';
import { Narration } from '../views/narration.js';
import { TimelineView } from '../views/timeline/timeline.js';
import { Transport } from '../views/transport.js';
import { WhyView } from '../views/why.js';
import { narrow } from './media.js';
import { InputLine } from './input_line.js';
import type { Page } from './page.js';
import type { ClockUsed, Tab } from './session.js';

/** `asks`: the program's questions are answered here, for the console may be out of sight. */
export function Player(props: { readonly page: Page; readonly asks?: boolean }) {
  const { page } = props;
  const { session } = page;
  const { playback } = session;
  const trace = session.trace.value;
  const { position } = session.moment.value;
  const finding = session.findings.value.find((found) => found.event === position - 1);
  return (
    <div class="player">
      {props.asks === true && <InputLine page={page} />}
      <div class="caption">
        {trace === null ? (
          <p class="narration muted">
            <span class="narration-text">
              {session.busy.value ? 'Waiting for the first event.' : 'No run yet.'}
            </span>
          </p>
        ) : (
          <Narration
            store={trace.store}
            position={position}
            playing={playback.playing.value}
            finding={finding?.text}
          />
        )}
        <ClockNote page={page} />
      </div>
      <Transport
        playback={playback}
        turn={session.state.value?.loop?.turn}
        live={session.busy.value}
      />
    </div>
  );
}

const clockTexts: Readonly<Record<ClockUsed['waiting'], string>> = {
  virtual: 'virtual clock',
  recorded: 'virtual clock',
  host: 'real clock, JS timers',
  blocking: 'real clock, blocking',
};

/** Which clock the run really used, and why it is not as it was asked for: that is read aloud, too. */
function ClockNote({ page }: { readonly page: Page }) {
  const { session } = page;
  const used = session.clockUsed.value;
  const trace = session.trace.value;
  const shown = used !== null && trace !== null;
  const recorded = used?.waiting === 'recorded';
  const warn = used?.reason !== undefined && !recorded;
  return (
    <span class="clock-note">
      {session.stale.value && (
        <span class="badge warn" role="status">
          of the code before your edit
        </span>
      )}
      {trace !== null && trace.file !== null && <span class="badge">{trace.file}</span>}
      {shown && (
        <span class={`badge${warn ? ' warn' : ''}`} title={used.reason}>
          {clockTexts[used.waiting]}
        </span>
      )}
      <span class={`clock-reason${recorded ? ' recorded' : ''}`} role="status">
        {shown ? used.reason : undefined}
      </span>
    </span>
  );
}

export function TimelinePane({ page }: { readonly page: Page }) {
  const { session } = page;
  const trace = session.trace.value;
  const state = session.state.value;
  return (
    <section
      class={`pane timeline-pane${session.stale.value ? ' stale' : ''}`}
      aria-label="Timeline"
    >
      <div class="pane-head slim">
        <h2>Timeline</h2>
        <Legend />
        <span class="header-space" />
        <Segmented
          label="Axis"
          value={page.prefs.value.axis}
          choices={[
            {
              value: 'both',
              label: 'Both',
              title: 'Steps side by side, and room for the time between',
            },
            { value: 'time', label: 'Time', title: 'Along the clock' },
            { value: 'steps', label: 'Steps', title: 'Every event the same room' },
          ]}
          onChange={(axis) => {
            page.prefs.set('axis', axis);
          }}
        />
        <div class="zoom-buttons">
          <Button
            icon="zoomOut"
            label="Zoom out"
            iconOnly
            keys="S"
            onClick={page.keys.zoom.bind(null, 1 / 1.5)}
          />
          <Button icon="fit" label="Fit everything" iconOnly keys="F" onClick={page.keys.fit} />
          <Button
            icon="zoomIn"
            label="Zoom in"
            iconOnly
            keys="W"
            onClick={page.keys.zoom.bind(null, 1.5)}
          />
        </div>
      </div>
      {trace === null || state === null ? (
        <p class="empty-note">One lane per task appears here.</p>
      ) : (
        <TimelineView
          store={trace.store}
          timeline={trace.timeline}
          length={session.playback.length.value}
          state={state}
          position={session.moment.value.position}
          livePosition={session.playback.position}
          time={session.playback.time}
          playhead={session.playback.playhead}
          axisKind={page.prefs.value.axis}
          selected={session.selected.value}
          intents={page.intents}
          onReady={(handle) => {
            page.timeline = handle;
          }}
        />
      )}
    </section>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <span class="swatch running" /> runs
      </li>
      <li>
        <span class="swatch ready" /> ready
      </li>
      <li>
        <span class="swatch waiting" /> waits
      </li>
      <li>
        <details class="legend-more">
          <summary>All signs</summary>
          <ul>
            {signs.map(([sign, words]) => (
              <li key={words}>
                <svg viewBox="0 0 20 14" aria-hidden="true">
                  {sign}
                </svg>
                {words}
              </li>
            ))}
          </ul>
        </details>
      </li>
    </ul>
  );
}

/** As they are drawn in the timeline and on the cards. */
const signs = [
  [<path key="" d="M2 7h16" class="stroke" />, 'created, its first step still to come'],
  [<path key="" d="m5 7 3 4 7-8" class="stroke ok" />, 'returned'],
  [<path key="" d="m6 3 8 8m0-8-8 8" class="stroke bad" />, 'ended with an exception'],
  [<path key="" d="M10 2a5 5 0 1 0 .1 0M6 3l8 8" class="stroke warn" />, 'ended as cancelled'],
  [<path key="" d="M6 1v12M6 2l8 3-8 3" class="stroke warn" />, 'asked to cancel'],
  [<path key="" d="M4 2c0 6 10 2 10 9m-3-3 3 4 3-4" class="stroke" />, 'makes it ready'],
  [<path key="" d="M4 2c0 6 10 2 10 9m-3-3 3 4 3-4" class="stroke dashed" />, 'creates it'],
  [<path key="" d="M4 2h12v10H4Z" class="fill" />, 'in the loop’s lane: a callback runs'],
  [<path key="" d="M1 7h18" class="stroke dotted" />, 'in the loop’s lane: the loop waits'],
  [<path key="" d="M10 1v12" class="stroke" />, 'in the loop’s lane: a turn begins'],
  [
    <path key="" d="M10 1.5a5.5 5.5 0 1 0 .1 0" class="stroke" />,
    'on a card: created (empty), ready (▸) or waiting (‖)',
  ],
] as const;

export function TabsPane({ page }: { readonly page: Page }) {
  const { session } = page;
  return (
    <section class={`pane tabs-pane${session.stale.value ? ' stale' : ''}`} aria-label="Details">
      <Tabs<Tab>
        id="details"
        label="Details"
        value={session.tab.value}
        tabs={[
          { value: 'console', label: 'Console', count: session.state.value?.console.size ?? 0 },
          { value: 'events', label: 'Events' },
          { value: 'why', label: 'Why', count: session.findings.value.length },
        ]}
        onChange={page.showTab}
      />
      <div
        class="tab-panel"
        role="tabpanel"
        id="details-panel"
        aria-labelledby={`details-${session.tab.value}`}
      >
        <TabBody page={page} tab={session.tab.value} />
        {session.tab.value === 'console' && <InputLine page={page} />}
      </div>
    </section>
  );
}

export function TabBody({ page, tab }: { readonly page: Page; readonly tab: Tab }) {
  const { session } = page;
  const trace = session.trace.value;
  const state = session.state.value;
  if (trace === null || state === null) {
    const words = {
      console: 'What the program writes appears here.',
      events: 'Every event of the loop appears here.',
      why: 'Why each thing runs when it does appears here.',
    };
    return <p class="empty-note">{words[tab]}</p>;
  }
  const { position } = session.moment.value;
  switch (tab) {
    case 'console':
      return (
        <ConsoleView
          state={state}
          answers={session.answers.value}
          intents={page.intents}
          note={undefined}
        />
      );
    case 'events':
      return (
        <EventsView
          store={trace.store}
          length={session.playback.length.value}
          state={state}
          position={position}
          selected={session.selected.value}
          intents={page.intents}
          rowHeight={narrow.value ? 60 : 42}
        />
      );
    case 'why':
      return (
        <WhyView
          store={trace.store}
          state={state}
          position={position}
          findings={session.findings.value}
          intents={page.intents}
        />
      );
  }
}
