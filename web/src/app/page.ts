/** What the parts of the page share: the session, its runner, and the commands that buttons and keys give. */
import { computed, signal } from '@preact/signals';
import type { CodeHandle } from '../editor/code.js';
import { catalogue } from '../gallery/catalogue.js';
import { ShareTooLongError } from '../share/share.js';
import type { Intents } from '../views/intents.js';
import type { TimelineHandle } from '../views/timeline/timeline.js';
import { nextRate } from '../views/transport.js';
import { chooseFile, openTraceFile } from './files.js';
import type { KeyCommands } from './keys.js';
import { openFragment, shareFragment } from './link.js';
import { medium, narrow } from './media.js';
import { prefs, setPref } from './prefs.js';
import { Runner, type RunnerParts } from './runner.js';
import { loadedChecker, loadRuntime } from './runtimes.js';
import { Session, type Tab } from './session.js';

/** The part shown where only one fits. */
export type Part = 'code' | 'loop' | 'timeline' | Tab;

export const tabNames: readonly Tab[] = ['console', 'events', 'why'];

export class Page {
  readonly session = new Session();
  readonly runner: Runner;
  readonly part = signal<Part>('code');
  readonly helpOpen = signal(false);
  /** On windows too slim for it beside the editor, the gallery lies over the page. */
  readonly galleryOver = signal(false);
  readonly toast = signal<string | null>(null);
  readonly sharedLink = signal<string | null>(null);
  editor: CodeHandle | null = null;
  timeline: TimelineHandle | null = null;
  private toastTimer: ReturnType<typeof setTimeout> | undefined;

  /** `parts`: what runs the programs; a test brings its own. */
  constructor(parts: RunnerParts = { runtime: loadRuntime, checker: loadedChecker }) {
    this.runner = new Runner(this.session, parts);
  }

  readonly intents: Intents = {
    seek: (position) => {
      this.session.playback.pause();
      this.session.playback.seek(position);
    },
    selectTask: (task) => {
      this.session.selected.value = task;
    },
    showLine: (line) => {
      if (narrow.value) this.part.value = 'code';
      this.editor?.reveal(line);
    },
  };

  run = (): void => {
    if (narrow.value && this.part.value === 'code') this.part.value = 'timeline';
    void this.runner.run();
  };

  stop = (): void => {
    void this.runner.stop();
  };

  edit = (source: string): void => {
    this.session.edit(source);
    this.runner.changed();
  };

  openFile = async (): Promise<void> => {
    const file = await chooseFile();
    if (file !== null) await this.openGiven(file);
  };

  openGiven = async (file: File): Promise<void> => {
    await openTraceFile(this.session, file, catalogue);
    if (narrow.value && this.session.trace.value !== null) this.part.value = 'timeline';
  };

  share = async (): Promise<void> => {
    let address: URL;
    try {
      address = new URL(location.href);
      address.hash = shareFragment(this.session);
    } catch (error) {
      if (!(error instanceof ShareTooLongError)) throw error;
      this.session.notice.value = {
        tone: 'error',
        title: 'This program is too long for a link',
        text: error.message,
      };
      return;
    }
    try {
      history.replaceState(null, '', address.hash);
    } catch {
      // A sandboxed frame may not change its address; the link is good all the same.
    }
    try {
      await navigator.clipboard.writeText(address.href);
      this.say('Link copied: code, clock and this very moment.');
    } catch {
      this.sharedLink.value = address.href;
    }
  };

  say(text: string): void {
    this.toast.value = text;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => {
      this.toast.value = null;
    }, 4000);
  }

  /** The full page with the same code at the same moment. */
  readonly fullAddress = computed(() => {
    const start = new URL('./', location.href);
    try {
      start.hash = shareFragment(this.session);
    } catch {
      // Too long for a link: the start page it is.
    }
    return start.href;
  });

  openFragment(fragment: string): number | null {
    return openFragment(this.session, fragment, catalogue);
  }

  /** Opens what the address asks for, and runs an unedited example if a moment of it is asked for. */
  openAddress = (): void => {
    const position = this.openFragment(location.hash);
    this.runner.pendingPosition = position;
    if (position !== null && !this.session.edited.value) void this.runner.run();
  };

  showTab = (tab: Tab): void => {
    this.session.tab.value = tab;
    if (narrow.value) this.part.value = tab;
  };

  toggleGallery = (): void => {
    if (medium.value) this.galleryOver.value = !this.galleryOver.value;
    else setPref('galleryOpen', !prefs.value.galleryOpen);
  };

  readonly keys: KeyCommands = {
    run: this.run,
    toggle: () => {
      this.session.playback.toggle();
    },
    step: (direction, unit) => {
      this.session.playback.step(direction, unit);
    },
    toStart: () => {
      this.session.playback.toStart();
    },
    toEnd: () => {
      this.session.playback.toEnd();
    },
    rate: (direction) => {
      const { playback } = this.session;
      playback.setRate(nextRate(playback.rate.value, direction));
    },
    tab: (index) => {
      const tab = tabNames[index];
      if (tab !== undefined) this.showTab(tab);
    },
    filter: () => {
      this.showTab('events');
      requestIdleCallback(() => document.querySelector<HTMLElement>('#event-filter')?.focus());
    },
    gallery: this.toggleGallery,
    help: () => {
      this.helpOpen.value = true;
    },
    editor: () => {
      if (narrow.value) this.part.value = 'code';
      this.editor?.focus();
    },
    zoom: (factor) => this.timeline?.zoom(factor),
    pan: (share) => this.timeline?.pan(share),
    fit: () => this.timeline?.fit(),
    escape: () => {
      this.session.selected.value = null;
      this.galleryOver.value = false;
    },
  };
}
