/** Entry of embed.html: one example with the same player, without the gallery; talks to the page around it. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { readHostMessage, type PlayerMessage } from '../embed/messages.js';
import { readEmbedOptions, type EmbedOptions } from '../embed/options.js';
import '../ui/index.css';
import './layout.css';
import './embed.css';
import { EmbedApp } from './embed_app.js';
import { Page } from './page.js';
import { followTheme, prefs } from './prefs.js';

const options = readEmbedOptions(location.search);
for (const complaint of options.complaints) console.warn(`loopscope embed: ${complaint}`);
showTheme(options.theme);
followTheme();
const page = new Page();
open(page, options);
const root = document.getElementById('app');
if (root !== null) render(<EmbedApp page={page} options={options} />, root);
listen(page);

/** Not kept: the frame's theme is the host page's choice. */
function showTheme(theme: EmbedOptions['theme']): void {
  prefs.value = { ...prefs.value, theme };
}

/** Code in the fragment wins over `example`, as in the full page. */
function open(page: Page, options: EmbedOptions): void {
  const named = options.example === null ? '' : `example=${encodeURIComponent(options.example)}`;
  const asked = page.openFragment(location.hash.length > 1 ? location.hash : named);
  const { session, runner } = page;
  session.clock.value = options.clock;
  session.setGuest(options.guest);
  runner.pendingPosition = options.t ?? asked;
  const tab = options.panels.find(
    (panel) => panel === 'console' || panel === 'events' || panel === 'why',
  );
  if (tab === 'console' || tab === 'events' || tab === 'why') session.tab.value = tab;
  page.part.value = options.panels[0] ?? 'code';
  if (options.autorun) page.run();
}

function listen(page: Page): void {
  const { session } = page;
  const post = (message: PlayerMessage, to: MessageEventSource | Window | null = parent) => {
    if (to !== null && to !== window) (to as Window).postMessage(message, '*');
  };
  addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readHostMessage(event.data);
    if (message === null) return;
    switch (message.type) {
      case 'ping':
        post({ loopscope: 1, type: 'pong', version: 1 }, event.source);
        return;
      case 'run':
        page.run();
        return;
      case 'stop':
        page.stop();
        return;
      case 'play':
        session.playback.play();
        return;
      case 'pause':
        session.playback.pause();
        return;
      case 'seek':
        page.intents.seek(message.event);
        return;
      case 'theme':
        showTheme(message.theme);
        return;
      case 'open':
        session.guest.value = message.guest;
        session.setSource(message.code);
    }
  });
  effect(() => {
    const { position, length } = session.playback;
    post({ loopscope: 1, type: 'position', event: position.value, of: length.value });
  });
  effect(() => {
    const run = session.run.value;
    if (run.kind === 'ended') post({ loopscope: 1, type: 'end', how: run.how });
  });
}
