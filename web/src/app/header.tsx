/** The bar on top: what is shown, Run and its company, and what concerns the whole page. */
import { Button, Menu, Segmented } from '../ui/controls.js';
import { Logo } from '../ui/icons.js';
import { downloadChromeTrace, downloadTrace } from './files.js';
import { medium, narrow } from './media.js';
import type { Page } from './page.js';

export function Header({ page }: { readonly page: Page }) {
  const open = medium.value ? page.galleryOver.value : page.prefs.value.galleryOpen;
  return (
    <header class="header">
      <div class="brand">
        <Button
          icon="gallery"
          label={open ? 'Hide the gallery' : 'Show the gallery'}
          iconOnly
          keys="G"
          pressed={open}
          onClick={page.toggleGallery}
        />
        <h1>
          <a class="brand-name" href="./" aria-label="Loopscope, start page">
            <Logo />
            <span>Loopscope</span>
          </a>
        </h1>
      </div>
      <RunButtons page={page} />
      {!narrow.value && <ClockSwitch page={page} />}
      <span class="header-space" />
      <Button
        icon="share"
        label="Share"
        iconOnly={narrow.value}
        onClick={() => void page.share()}
      />
      <FileMenu page={page} />
      <Button
        icon="help"
        label="Keys and help"
        iconOnly
        keys="?"
        onClick={() => {
          page.helpOpen.value = true;
        }}
      />
    </header>
  );
}

/** How the next run tells the time. */
export function ClockSwitch({ page }: { readonly page: Page }) {
  const { session } = page;
  return (
    <Segmented
      label="Clock"
      value={session.clock.value}
      choices={[
        {
          value: 'virtual',
          label: 'Virtual',
          title: 'Runs at once; sleeping costs no time. Then it plays.',
        },
        {
          value: 'real',
          label: 'Live',
          title: 'Runs in real time; events stream in as they happen.',
        },
      ]}
      onChange={(clock) => {
        session.clock.value = clock;
      }}
    />
  );
}

export function RunButtons({ page }: { readonly page: Page }) {
  const { session } = page;
  return (
    <div class="run-buttons">
      {session.busy.value ? (
        <Button kind="primary" icon="stop" label="Stop" onClick={page.stop} />
      ) : (
        <Button kind="primary" icon="run" label="Run" keys="Ctrl+Enter" onClick={page.run} />
      )}
      {session.aside.value === null ? (
        <Button
          icon="reset"
          label="Reset"
          iconOnly
          disabled={!session.edited.value}
          onClick={() => {
            session.reset();
          }}
        />
      ) : (
        <Button
          icon="undo"
          label="Undo Reset"
          iconOnly
          onClick={() => {
            session.undoReset();
          }}
        />
      )}
    </div>
  );
}

function FileMenu({ page }: { readonly page: Page }) {
  const trace = page.session.trace.value;
  const theme = page.prefs.value.theme;
  return (
    <Menu
      label="Files and appearance"
      icon="more"
      items={[
        {
          label: 'Open a trace…',
          icon: 'open',
          hint: 'or drop it',
          onClick: () => void page.openFile(),
        },
        {
          label: 'Download the trace',
          icon: 'download',
          hint: 'JSONL',
          disabled: trace === null,
          onClick: () => {
            if (trace !== null) downloadTrace(trace.store);
          },
        },
        {
          label: 'Export for Perfetto',
          icon: 'external',
          hint: 'Chrome trace',
          disabled: trace === null,
          onClick: () => {
            if (trace !== null) downloadChromeTrace(trace.store);
          },
        },
        null,
        {
          label: 'Match the system',
          icon: 'auto',
          checked: theme === 'auto',
          onClick: () => {
            page.prefs.set('theme', 'auto');
          },
        },
        {
          label: 'Light',
          icon: 'sun',
          checked: theme === 'light',
          onClick: () => {
            page.prefs.set('theme', 'light');
          },
        },
        {
          label: 'Dark',
          icon: 'moon',
          checked: theme === 'dark',
          onClick: () => {
            page.prefs.set('theme', 'dark');
          },
        },
      ]}
    />
  );
}
