/** The player in a frame: code beside the loop where there is room, else one part at a time. */
import { useLayoutEffect } from 'preact/hooks';
import type { EmbedOptions, PanelName } from '../embed/options.js';
import { Logo } from '../ui/icons.js';
import { Tabs } from '../ui/controls.js';
import { CodePane } from './code_pane.js';
import { RunButtons } from './header.js';
import { handleKey } from './keys.js';
import { LoopPane } from './loop_pane.js';
import { Player, TabBody, TimelinePane } from './lower.js';
import { slim } from './media.js';
import { Help, NoticeBar, Toast } from './overlays.js';
import type { Page, Part } from './page.js';

interface Props {
  readonly page: Page;
  readonly options: EmbedOptions;
}

const labels: Readonly<Record<PanelName, string>> = {
  code: 'Code',
  loop: 'Loop',
  timeline: 'Lanes',
  console: 'Console',
  events: 'Events',
  why: 'Why',
};

export function EmbedApp(props: Props) {
  const { page, options } = props;
  // Before the first frame: whoever sees the page can use its keys.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && handleKey(event, page.keys)) event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', listen);
    };
  }, [page]);
  const title = page.session.example.value?.title ?? 'Example';
  return (
    <div class="app embed">
      <header class="header embed-head">
        <RunButtons page={page} />
        <h1 class="embed-title ellipsis">{title}</h1>
        <a
          class="brand-name embed-link"
          href={page.fullAddress.value}
          target="_blank"
          rel="noopener"
        >
          <Logo size={18} />
          <span>Open in Loopscope</span>
        </a>
      </header>
      <NoticeBar page={page} />
      {slim.value ? <Single {...props} /> : <Wide {...props} />}
      <Player page={page} />
      {!slim.value && options.panels.includes('timeline') && (
        <div class="embed-lanes">
          <TimelinePane page={page} />
        </div>
      )}
      <Help page={page} />
      <Toast page={page} />
    </div>
  );
}

/** Code on the left, the other panels as tabs on the right. */
function Wide({ page, options }: Props) {
  const side = options.panels.filter((panel) => panel !== 'code' && panel !== 'timeline');
  const hasCode = options.panels.includes('code');
  return (
    <main class="embed-row">
      {hasCode && (
        <div class="slot grow">
          <CodePane page={page} readOnly={options.readonly} />
        </div>
      )}
      {side.length > 0 && (
        <div class="slot grow embed-side">
          <Panels page={page} options={options} panels={side} />
        </div>
      )}
    </main>
  );
}

function Single({ page, options }: Props) {
  return (
    <main class="embed-row">
      <div class="slot grow">
        <Panels page={page} options={options} panels={options.panels} />
      </div>
    </main>
  );
}

function Panels(props: Props & { readonly panels: readonly PanelName[] }) {
  const { page, panels, options } = props;
  const part = panels.find((panel) => panel === page.part.value) ?? panels[0] ?? 'code';
  return (
    <section class="pane" aria-label="Panels">
      {panels.length > 1 && (
        <Tabs<PanelName>
          id="panels"
          label="Panels"
          value={part}
          tabs={panels.map((panel) => ({ value: panel, label: labels[panel] }))}
          onChange={(to: Part) => {
            page.part.value = to;
          }}
        />
      )}
      <div
        class="tab-panel"
        {...(panels.length > 1
          ? { role: 'tabpanel', id: 'panels-panel', 'aria-labelledby': `panels-${part}` }
          : {})}
      >
        {part === 'code' && <CodePane page={page} readOnly={options.readonly} />}
        {part === 'loop' && <LoopPane page={page} />}
        {part === 'timeline' && <TimelinePane page={page} />}
        {(part === 'console' || part === 'events' || part === 'why') && (
          <TabBody page={page} tab={part} />
        )}
      </div>
    </section>
  );
}
