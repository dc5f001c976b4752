/** An embedded player and the page around it. */
import { effect } from '@preact/signals';
import { readHostMessage, type HostMessage, type PlayerMessage } from '../embed/messages.js';
import type { EmbedOptions, PanelName } from '../embed/options.js';
import type { Page } from './page.js';
import { isTab } from './session.js';

/** What the fragment says wins over the query: a shared link is shown as it was shared. */
export function openEmbed(page: Page, options: EmbedOptions, fragment: string): void {
  const named = options.example === null ? '' : `example=${encodeURIComponent(options.example)}`;
  page.prefs.set('theme', options.theme);
  if (options.guest !== null) page.prefs.set('guest', options.guest);
  if (options.clock !== null) page.session.clock.value = options.clock;
  const asked = page.openFragment(fragment.length > 1 ? fragment : named);
  page.runner.pendingPosition = asked ?? options.t;
  showPanels(page, options.panels);
  if (options.autorun) page.run();
}

function showPanels(page: Page, panels: readonly PanelName[]): void {
  page.panels = panels;
  page.session.tab.value = panels.find(isTab) ?? 'console';
  page.part.value = panels[0] ?? 'code';
}

/** The window of the frame, as far as it matters here. */
export type FrameWindow = Pick<Window, 'parent' | 'addEventListener' | 'removeEventListener'>;

/**
 * Obeys the window around the frame and nobody else; tells it what happens once it has said who it is by its first ping, and
 * tells nobody but its origin. Returns what ends it.
 */
export function listenToHost(page: Page, frame: FrameWindow): () => void {
  const host = frame.parent;
  if (host === frame) return () => undefined;
  let endTelling: (() => void) | null = null;
  const heard = (event: MessageEvent<unknown>) => {
    if (event.source !== host) return;
    const message = readHostMessage(event.data);
    if (message === null) return;
    // A sandboxed host has no origin that could be named.
    const origin = event.origin === 'null' ? '*' : event.origin;
    const post = (answer: PlayerMessage) => {
      host.postMessage(answer, origin);
    };
    if (message.type === 'ping') post({ loopscope: 1, type: 'pong', version: 1 });
    else obey(page, message);
    endTelling ??= tell(page, post);
  };
  frame.addEventListener('message', heard);
  return () => {
    frame.removeEventListener('message', heard);
    endTelling?.();
  };
}

function obey(page: Page, message: Exclude<HostMessage, { type: 'ping' }>): void {
  const { session } = page;
  switch (message.type) {
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
      // Before there is a run to move in, it says where the next one is looked at.
      if (session.trace.value === null) page.runner.pendingPosition = message.event;
      else page.intents.seek(message.event);
      return;
    case 'theme':
      page.prefs.set('theme', message.theme);
      return;
    case 'open':
      session.open(
        { example: null, given: { guest: message.guest, text: message.code } },
        'original',
      );
  }
}

function tell(page: Page, post: (message: PlayerMessage) => void): () => void {
  const { playback, run } = page.session;
  const endPositions = effect(() => {
    const { position, length } = playback;
    post({ loopscope: 1, type: 'position', event: position.value, of: length.value });
  });
  const endEnds = effect(() => {
    if (run.value.kind === 'ended') post({ loopscope: 1, type: 'end', how: run.value.how });
  });
  return () => {
    endPositions();
    endEnds();
  };
}
