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

export type { Guest };
export type Tab = 'console' | 'events' | 'why';

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
  /** The source that ran; null for a file. */
  readonly source: string | null;
  /** The file's name; null for a run. */
  readonly file: string | null;
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

export class Session {
  readonly example = signal<Example | null>(null);
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
  /** A line a person asked to see. */
  readonly wantedLine = signal<{ readonly line: number } | null>(null);

  readonly playback = new Playback(browserFrames);
  private readonly loaded = signal<Loaded | null>(null);

  /** The example as it stands in the gallery; empty when there is none. */
  readonly original = computed(() => this.example.value?.source[this.guest.value] ?? '');
  /** What this page lacks of what the example needs. */
  readonly lacking = computed<Need | undefined>(() => {
    const example = this.example.value;
    return example === null ? undefined : lacking(example, this.guest.value);
  });
  readonly edited = computed(() => this.source.value !== this.original.value);
  /** The trace to show: never one of another source than the one in the editor. */
  readonly trace: ReadonlySignal<Loaded | null> = computed(() => {
    const loaded = this.loaded.value;
    if (loaded === null) return null;
    return loaded.source === null || loaded.source === this.source.value ? loaded : null;
  });
  /** A trace is kept back because the code has changed since; undoing the change brings it back. */
  readonly stale = computed(() => this.loaded.value !== null && this.trace.value === null);
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
    return (
      trace.source !== null ||
      (trace.store.header.program === this.example.value?.name && !this.edited.value)
    );
  });

  constructor() {
    let last = 0;
    effect(() => {
      const { position, time, playing } = this.playback;
      const moment = { position: position.value, time: time.value };
      const now = performance.now();
      if (playing.value && now - last < calmBeat) return;
      last = now;
      this.moment.value = moment;
    });
  }

  openExample(example: Example): void {
    batch(() => {
      this.example.value = example;
      if (example.source[this.guest.value] === undefined) this.guest.value = 'cpp';
      this.setSource(example.source[this.guest.value] ?? '');
      this.forget();
    });
  }

  setGuest(guest: Guest): void {
    const source = this.example.value?.source[guest];
    if (source === undefined || guest === this.guest.value) return;
    batch(() => {
      this.guest.value = guest;
      this.setSource(source);
      this.forget();
    });
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
      const before = this.trace.value;
      this.source.value = source;
      this.diagnostics.value = [];
      if (before !== this.trace.value) this.playback.load(this.trace.value?.store ?? null);
    });
  }

  reset(): void {
    batch(() => {
      this.setSource(this.original.value);
      this.forget();
    });
  }

  /** Shows a trace from its start. `live`: the clock of the run whose events still come. */
  show(
    store: TraceStore,
    from: { source: string } | { file: string },
    live: ClockKind | null = null,
  ): void {
    batch(() => {
      this.loaded.value = {
        store,
        timeline: new Timeline(store),
        lints: new Lints(store),
        source: 'source' in from ? from.source : null,
        file: 'file' in from ? from.file : null,
      };
      this.selected.value = null;
      this.playback.load(store, live);
    });
  }

  /** There is a trace, shown or kept back. */
  get holdsTrace(): boolean {
    return this.loaded.peek() !== null;
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
      this.loaded.value = null;
      this.clockUsed.value = null;
      this.diagnostics.value = [];
      this.selected.value = null;
      this.notice.value = null;
      this.asked.value = null;
      if (this.run.value.kind === 'ended') this.run.value = { kind: 'idle' };
      this.playback.load(null);
    });
  }
}
