/** What the parts of the page share: the session, its runner, and the commands that buttons and keys give. */
import { signal } from '@preact/signals';
import type { CodeHandle } from '../editor/code.js';
import { blankProgram } from '../gallery/blank.js';
import { catalogue } from '../gallery/catalogue.js';
import type { Example, Guest } from '../gallery/examples.js';
import { ShareTooLongError } from '../share/share.js';
import type { Intents } from '../views/intents.js';
import type { TimelineHandle } from '../views/timeline/timeline.js';
import { nextRate } from '../views/transport.js';
import { chooseFile, openTraceFile } from './files.js';
import type { KeyCommands } from './keys.js';
import { openFragment, programFragment, sharedParts, shareFragment } from './link.js';
import { medium, narrow } from './media.js';
import { Drafts } from './drafts.js';
import { PrefStore } from './prefs.js';
import { Runner, type RunnerParts } from './runner.js';
import { showRecordings, type FindRecording } from './preview.js';
import { loadedChecker, loadRecording, loadRuntime } from './runtimes.js';
import { isTab, Session, tabs, type Tab } from './session.js';

/** The part shown where only one fits. */
export type Part = 'code' | 'loop' | 'timeline' | Tab;

export const partNames: Readonly<Record<Part, string>> = {
  code: 'Code',
  loop: 'Loop',
  timeline: 'Timeline',
  console: 'Console',
  events: 'Events',
  why: 'Why',
};

/** Everything that can be opened by its name; the first one is what a new visitor sees. */
const programs: readonly Example[] = [...catalogue, blankProgram];

export class Page {
  readonly prefs: PrefStore;
  readonly session: Session;
  readonly runner: Runner;
  readonly part = signal<Part>('loop');
  /** The parts of an embedded player; null for the full page, which has all. */
  panels: readonly Part[] | null = null;
  /** What the page is drawn in. */
  root: HTMLElement | null = null;
  readonly helpOpen = signal(false);
  /** On windows too slim for it beside the editor, the gallery lies over the page. */
  readonly galleryOver = signal(false);
  readonly toast = signal<string | null>(null);
  readonly sharedLink = signal<string | null>(null);
  editor: CodeHandle | null = null;
  timeline: TimelineHandle | null = null;
  private toastTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * `storage`: where drafts and settings are kept; null keeps them until the page closes. `parts`: what runs the programs;
   * a test brings its own.
   */
  constructor(
    storage: Storage | null,
    parts: RunnerParts = { runtime: loadRuntime, checker: loadedChecker },
  ) {
    this.prefs = new PrefStore(storage);
    this.session = new Session(new Drafts(storage));
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
    if (this.panels === null && narrow.value && this.part.value === 'code')
      this.part.value = 'timeline';
    void this.runner.run();
  };

  stop = (): void => {
    void this.runner.stop();
  };

  openExample = (example: Example): void => {
    this.session.openExample(example);
    this.enter('push');
  };

  setGuest = (guest: Guest): void => {
    this.session.setGuest(guest);
    this.prefs.set('guest', guest);
    this.enter('replace');
  };

  /** Puts the program that is shown into the address; `push`: as a step of its own, which the browser's Back goes back over. */
  private enter(how: 'push' | 'replace'): void {
    try {
      const hash = `#${programFragment(this.session)}`;
      if (hash === location.hash) return;
      if (how === 'push') history.pushState(null, '', hash);
      else history.replaceState(null, '', hash);
    } catch {
      // A sandboxed frame may not change its address, and a program may be too long for one.
    }
  }

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
    this.enter('push');
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
      await navigator.clipboard.writeText(address.href);
      this.say(`Link copied: ${sharedParts(this.session)}.`);
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
  fullAddress(): string {
    const start = new URL('./', location.href);
    try {
      start.hash = shareFragment(this.session);
    } catch {
      // Too long for a link: the start page it is.
    }
    return start.href;
  }

  openFragment(fragment: string): number | null {
    return openFragment(this.session, fragment, programs, this.prefs.value.guest);
  }

  /** Fills the page with a recording wherever there is no run to show. `find`: a test brings its own. */
  showRecordings(find: FindRecording = loadRecording): void {
    showRecordings(this.session, find);
  }

  /** Opens what the address asks for, and runs an unedited example if a moment of it is asked for. */
  openAddress = (): void => {
    const position = this.openFragment(location.hash);
    this.runner.pendingPosition = position;
    if (position !== null && !this.session.edited.value) void this.runner.run();
  };

  showPart = (part: Part): void => {
    this.part.value = part;
    if (isTab(part)) this.session.tab.value = part;
  };

  showTab = (tab: Tab): void => {
    this.session.tab.value = tab;
    if (this.panels?.includes(tab) ?? narrow.value) this.part.value = tab;
  };

  toggleGallery = (): void => {
    if (this.panels !== null) return;
    if (medium.value) this.galleryOver.value = !this.galleryOver.value;
    else this.prefs.set('galleryOpen', !this.prefs.value.galleryOpen);
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
      const tab = tabs[index];
      if (tab !== undefined) this.showTab(tab);
    },
    filter: () => {
      this.showTab('events');
      // After it is drawn.
      setTimeout(() => this.root?.querySelector<HTMLElement>('#event-filter')?.focus());
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
