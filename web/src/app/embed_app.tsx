/** The player in a frame: code beside the loop where there is room, else one part at a time. */
import type { EmbedOptions, PanelName } from '../embed/options.js';
import { Logo } from '../ui/icons.js';
import { Tabs } from '../ui/controls.js';
import { CodePane } from './code_pane.js';
import { RunButtons } from './header.js';
import { Player, TimelinePane } from './lower.js';
import { slim } from './media.js';
import { Help, NoticeBar, Toast } from './overlays.js';
import { partNames, type Page } from './page.js';
import { PartView, usePageKeys } from './parts.js';

interface Props {
  readonly page: Page;
  readonly options: EmbedOptions;
}

export function EmbedApp(props: Props) {
  const { page, options } = props;
  usePageKeys(page);
  return (
    <div
      class="app embed"
      ref={(element) => {
        page.root = element;
      }}
    >
      <header class="header embed-head">
        <RunButtons page={page} />
        <h1 class="embed-title ellipsis">{page.session.title.value}</h1>
        <FullPageLink page={page} />
      </header>
      <NoticeBar page={page} />
      {slim.value ? <Single {...props} /> : <Wide {...props} />}
      <Player page={page} asks />
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

/** Packing edited code into a link takes time: only for those who are about to follow it. */
function FullPageLink({ page }: { readonly page: Page }) {
  const aim = (event: Event & { readonly currentTarget: HTMLAnchorElement }) => {
    event.currentTarget.href = page.fullAddress();
  };
  return (
    <a
      class="brand-name embed-link"
      href="./"
      target="_blank"
      rel="noopener"
      aria-label="Open in Loopscope"
      onPointerDown={aim}
      onClick={aim}
    >
      <Logo size={18} />
      <span>Open in Loopscope</span>
    </a>
  );
}

/** Code on the left, the other panels as tabs on the right. */
function Wide({ page, options }: Props) {
  const side = options.panels.filter((panel) => panel !== 'code' && panel !== 'timeline');
  return (
    <main class="embed-row">
      {options.panels.includes('code') && (
        <div class="slot grow">
          <CodePane page={page} readOnly={options.readonly} clock />
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
  const view = <PartView page={page} part={part} readOnly={options.readonly} />;
  if (panels.length === 1) return view;
  return (
    <section class="pane" aria-label="Panels">
      <Tabs<PanelName>
        id="panels"
        label="Panels"
        value={part}
        tabs={panels.map((panel) => ({ value: panel, label: partNames[panel] }))}
        onChange={page.showPart}
      />
      <div class="tab-panel" role="tabpanel" id="panels-panel" aria-labelledby={`panels-${part}`}>
        {view}
      </div>
    </section>
  );
}
