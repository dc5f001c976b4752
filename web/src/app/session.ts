/**
 * The page's one store: what is edited, which trace is shown, where in it we are. Views read its signals; everything that
 * changes goes through its methods. All that is drawn derives from one position in one trace.
 */
import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { lacking, type Example, type Guest, type Need } from '../gallery/examples.js';
import { browserFrames } from '../playback/frames.js';
import { Playback } from '../playback/playback.js';
import type { Diagnostic, Phase, RunMessage } from '../protocol/runtime.js';
import type { ClockKind, TaskId } from '../protocol/trace.js';
import type { Lint } from '../trace/lint.js';
import { Lints } from '../trace/lints.js';
import { Timeline } from '../trace/timeline.js';
import type { ScopeState } from '../trace/state.js';
import type { TraceStore } from '../trace/store.js';
import type { Answer } from '../views/console_lines.js';
import { Drafts } from './drafts.js';
import { draftSlot, originalText, titleOf, type Program } from './program.js';

export type { Guest };
export const tabs = ['console', 'events', 'why'] as const;
export type Tab = (typeof tabs)[number];
export const isTab = (name: string): name is Tab => tabs.some((tab) => tab === name);

export interface Notice {
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly text?: string;
}

/** A trace and where it came from. */
export interface Loaded {
  readonly store: TraceStore;
  readonly timeline: Timeline;
  readonly lints: Lints;
  /** The source that ran; null for a file that does not say it. */
  readonly source: string | null;
  /** The file's name; null for a run. */
  readonly file: string | null;
  /** Of an earlier run than this page's. */
  readonly recorded: boolean;
}

export type RunState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'busy';
      readonly phase: Phase;
      readonly progress: number | undefined;
      readonly detail: string | undefined;
    }
  | { readonly kind: 'ended'; readonly how: (RunMessage & { type: 'end' })['how'] };

export type ClockUsed = Omit<RunMessage & { type: 'clock' }, 'type' | 'runId'>;

/** The moment that the views show. */
export interface Moment {
  readonly position: number;
  readonly time: number;
}

/** While it plays, panes full of text follow at half the beat; the playhead itself moves with every frame. */
const calmBeat = 30;
/** Where drawing them takes long, they get one part of the time in so many: the page answers all the same. */
const calmShare = 3;

export class Session {
  readonly program = signal<Program>({ example: null, given: null });
  readonly guest = signal<Guest>('cpp');
  readonly source = signal('');
  /** Counts the changes of `source` that the editor did not make itself. */
  readonly revision = signal(0);
  readonly clock = signal<ClockKind>('virtual');
  readonly run = signal<RunState>({ kind: 'idle' });
  readonly clockUsed = signal<ClockUsed | null>(null);
  readonly diagnostics = signal<readonly Diagnostic[]>([]);
  readonly notice = signal<Notice | null>(null);
  readonly selected = signal<TaskId | null>(null);
  readonly tab = signal<Tab>('console');
  /** What the program asks for with input(), while it waits for the answer. */
  readonly asked = signal<string | null>(null);
  /** What was typed for input() in the run that is shown. */
  readonly answers = signal<readonly Answer[]>([]);

  readonly playback = new Playback(browserFrames);
  readonly #drafts: Drafts;
  readonly #trace = signal<Loaded | null>(null);
  readonly #aside = signal<string | null>(null);

  readonly example = computed(() => this.program.value.example);
  readonly title = computed(() => titleOf(this.program.value));
  /** What Reset goes back to. */
  readonly original = computed(() => originalText(this.program.value, this.guest.value) ?? '');
  readonly edited = computed(() => this.source.value !== this.original.value);
  /** The text that Reset took out of the editor and that can come back; null when there is none. */
  readonly aside: ReadonlySignal<string | null> = this.#aside;
  /** The example while its text is the gallery's own: the build has made a program or a recording of it. */
  readonly untouched = computed<Example | null>(() => {
    const example = this.example.value;
    return this.source.value === example?.source[this.guest.value] ? example : null;
  });
  /** What this page lacks of what the untouched example needs. */
  readonly lacking = computed<Need | undefined>(() => {
    const example = this.untouched.value;
    return example === null ? undefined : lacking(example, this.guest.value);
  });
  readonly trace: ReadonlySignal<Loaded | null> = this.#trace;
  /** The trace is of the code as it was before an edit; undoing the edit makes it this code's again. */
  readonly stale = computed(() => {
    const source = this.#trace.value?.source ?? null;
    return source !== null && source !== this.source.value;
  });
  readonly moment = signal<Moment>({ position: 0, time: 0 });
  readonly state: ReadonlySignal<ScopeState | null> = computed(() => {
    const { length } = this.playback;
    // `length` too: while events stream in, a position may mean more than it did.
    const position = Math.min(this.moment.value.position, length.value);
    return this.trace.value?.store.stateAt(position) ?? null;
  });
  readonly findings: ReadonlySignal<readonly Lint[]> = computed(() => {
    const position = Math.min(this.moment.value.position, this.playback.length.value);
    return this.trace.value?.lints.at(position) ?? [];
  });
  readonly busy = computed(() => this.run.value.kind === 'busy');
  /** Lines in the trace are lines of the editor's text. */
  readonly linesMatch = computed(() => {
    const trace = this.trace.value;
    if (trace === null) return false;
    if (trace.source !== null) return !this.stale.value;
    const { program, guest } = trace.store.header;
    return program === this.untouched.value?.name && guest === this.guest.value;
  });

  /** `drafts`: where edited programs are kept; by default until the page closes. */
  constructor(drafts = new Drafts(null)) {
    this.#drafts = drafts;
    let last = 0;
    let drawing = 0;
    effect(() => {
      const { position, time, playing } = this.playback;
      const moment = { position: position.value, time: time.value };
      const now = performance.now();
      if (playing.value && now - last < Math.max(calmBeat, drawing * calmShare)) return;
      last = now;
      this.moment.value = moment;
      // The views draw in a microtask that the line above has asked for.
      queueMicrotask(() =>
        queueMicrotask(() => {
          drawing = performance.now() - now;
        }),
      );
    });
  }

  openExample(example: Example): void {
    this.open({ example, given: null });
  }

  /** Shows a program as it was left when it was edited last, or as it was at first: its draft can then be brought back. */
  open(program: Program, as: 'left' | 'original' = 'left'): void {
    batch(() => {
      this.program.value = program;
      const { given } = program;
      if (given !== null) this.guest.value = given.guest;
      else if (!this.has(this.guest.value)) this.guest.value = 'cpp';
      this.#recall(as);
    });
  }

  /** Whether the program is written in this language. */
  has(guest: Guest): boolean {
    return originalText(this.program.value, guest) !== undefined;
  }

  setGuest(guest: Guest): void {
    if (!this.has(guest) || guest === this.guest.value) return;
    batch(() => {
      this.guest.value = guest;
      this.#recall('left');
    });
  }

  #recall(as: 'left' | 'original'): void {
    const draft = this.#drafts.get(draftSlot(this.program.value, this.guest.value));
    const aside = as === 'original' || draft?.aside === true;
    this.source.value = aside ? this.original.value : (draft?.text ?? this.original.value);
    this.#aside.value = aside ? (draft?.text ?? null) : null;
    this.revision.value++;
    this.forget();
  }

  /** Puts other text into the editor. */
  setSource(source: string): void {
    batch(() => {
      this.edit(source);
      this.revision.value++;
    });
  }

  /** What a person types. */
  edit(source: string): void {
    if (source === this.source.value) return;
    batch(() => {
      this.source.value = source;
      this.#aside.value = null;
    });
    const slot = draftSlot(this.program.value, this.guest.value);
    if (this.edited.value) this.#drafts.put(slot, { text: source, aside: false });
    else this.#drafts.drop(slot);
  }

  /** Back to the original; the text it replaces can come back until the next edit, also on a later visit. */
  reset(): void {
    if (!this.edited.value) return;
    batch(() => {
      const text = this.source.value;
      this.setSource(this.original.value);
      this.diagnostics.value = [];
      this.#aside.value = text;
      this.#drafts.put(draftSlot(this.program.value, this.guest.value), { text, aside: true });
    });
  }

  undoReset(): void {
    if (this.#aside.value !== null) this.setSource(this.#aside.value);
  }

  /** Shows a trace from its start. `live`: the clock of the run whose events still come. */
  show(
    store: TraceStore,
    from: { readonly source: string | null; readonly file?: string; readonly recorded?: boolean },
    live: ClockKind | null = null,
  ): void {
    batch(() => {
      this.#trace.value = {
        store,
        timeline: new Timeline(store),
        lints: new Lints(store),
        source: from.source,
        file: from.file ?? null,
        recorded: from.recorded ?? false,
      };
      this.selected.value = null;
      this.answers.value = [];
      this.playback.load(store, live);
    });
  }

  /** No more events come: what never ended can be named. */
  finish(): void {
    batch(() => {
      this.trace.value?.lints.finish();
      this.playback.finish();
    });
  }

  /** Drops trace, messages and what was selected. */
  forget(): void {
    batch(() => {
      this.#trace.value = null;
      this.clockUsed.value = null;
      this.diagnostics.value = [];
      this.selected.value = null;
      this.notice.value = null;
      this.asked.value = null;
      this.answers.value = [];
      if (this.run.value.kind === 'ended') this.run.value = { kind: 'idle' };
      this.playback.load(null);
    });
  }
}
