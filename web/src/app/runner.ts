/** Presses of Run and Stop: drives a Runtime, and puts what it says into the session. */
import { batch, effect, untracked } from '@preact/signals';
import type { AnyEvent } from '../protocol/events.js';
import type { Checker, Diagnostic, RunMessage, RunRequest, Runtime } from '../protocol/runtime.js';
import { opening } from '../trace/opening.js';
import type { TraceStore } from '../trace/store.js';
import { Intake } from './intake.js';
import type { Guest, Session } from './session.js';

export interface RunnerParts {
  /** Made at the language's first run: nothing of its runtime is loaded before. */
  readonly runtime: (what: Guest | 'recording') => Promise<Runtime>;
  /** Null before the language's first run. */
  readonly checker: (guest: Guest) => Checker | null;
}

/** How long, in ms, a program whose trace is full runs on without printing anything: most end before. */
const SILENCE = 10_000;
/** The same where its output is full, too: nothing that it does can be seen. */
const LAST_WORDS = 3000;
/** How long, in ms, the page goes on to take what a stopped program told before. */
const LAST_LOOK = 100;

/** Watches a program whose trace is full: it runs on as long as it prints, for that is still shown. */
class Overfull {
  readonly #end: () => void;
  #events = false;
  #output = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(end: () => void) {
    this.#end = end;
  }

  hear(events: readonly AnyEvent[]): void {
    let news = false;
    for (const event of events) {
      if (event.kind === 'truncated' && event.what === 'events') this.#events = true;
      if (event.kind === 'truncated' && event.what === 'output') this.#output = true;
      news ||= event.kind === 'output' || event.kind === 'log' || event.kind === 'truncated';
    }
    if (!this.#events || !news) return;
    this.forget();
    this.#timer = setTimeout(this.#end, this.#output ? LAST_WORDS : SILENCE);
  }

  forget(): void {
    clearTimeout(this.#timer);
  }
}

export class Runner {
  private lastRun = 0;
  /** The run that was stopped because its trace was full. */
  private overfull = 0;
  private runtime: Runtime | null = null;
  /** What runs, or is being compiled. */
  private request: RunRequest | null = null;
  /** When Stop was pressed for the latest run. */
  private stoppedAt: number | null = null;
  private checkTimer: ReturnType<typeof setTimeout> | undefined;
  /** Where to go once a run's trace is there. */
  pendingPosition: number | null = null;

  constructor(
    private readonly session: Session,
    private readonly parts: RunnerParts,
  ) {
    effect(() => {
      const { source, guest } = session;
      if (source.value === this.request?.source && guest.value === this.request.guest) return;
      untracked(() => this.leave());
    });
  }

  /** Another program is in the editor: what still runs is of no use, and would run unseen. */
  private leave(): void {
    if (this.request === null) return;
    this.request = null;
    this.lastRun++;
    const { session } = this;
    session.asked.value = null;
    session.run.value =
      session.trace.peek() !== null ? { kind: 'ended', how: 'stopped' } : { kind: 'idle' };
    session.finish();
    void this.runtime?.stop();
  }

  async run(): Promise<void> {
    const { session } = this;
    const runId = ++this.lastRun;
    const source = session.source.value;
    const prebuilt = session.untouched.value?.name;
    batch(() => {
      session.forget();
      session.run.value = {
        kind: 'busy',
        phase: 'loading-runtime',
        progress: undefined,
        detail: undefined,
      };
    });
    this.stoppedAt = null;
    const recorded = session.lacking.value !== undefined;
    const request: RunRequest = {
      runId,
      program: session.example.value?.name ?? 'program',
      guest: session.guest.value,
      source,
      ...(prebuilt === undefined ? {} : { prebuilt }),
      clock: session.clock.value,
      args: [],
      debug: false,
    };
    this.request = request;
    try {
      const runtime = await this.parts.runtime(recorded ? 'recording' : request.guest);
      // Each ends its own earlier run; what still runs in the other language ends here.
      if (this.runtime !== runtime) await this.runtime?.stop();
      if (this.isOld(runId)) return;
      this.runtime = runtime;
      await this.consume(runtime, request);
    } catch (error) {
      if (runId !== this.lastRun) return;
      this.request = null;
      this.failed(error instanceof Error ? error.message : String(error));
    }
  }

  async stop(): Promise<void> {
    this.stoppedAt ??= performance.now();
    await this.runtime?.stop();
  }

  private isOld(runId: number): boolean {
    return runId !== this.lastRun;
  }

  /** What a person typed where the program asked for it. */
  answer(line: string | null): void {
    this.session.asked.value = null;
    this.runtime?.answer?.(line);
  }

  /** Checks the source a moment after the last change, once that costs no download. */
  changed(): void {
    clearTimeout(this.checkTimer);
    // Messages stay until they are looked at anew; where nothing can look, they would only be wrong.
    if (this.parts.checker(this.session.guest.value)?.ready !== true)
      this.session.diagnostics.value = [];
    this.checkTimer = setTimeout(() => void this.check(), 500);
  }

  private async check(): Promise<void> {
    const { session } = this;
    const checker = this.parts.checker(session.guest.value);
    const source = session.source.value;
    if (checker?.ready !== true || !session.edited.value) return;
    let found: readonly Diagnostic[] | null;
    try {
      found = await checker.check(source);
    } catch {
      // The next run says what is wrong with the compiler.
      return;
    }
    if (found !== null && session.source.value === source && !session.busy.value) {
      session.diagnostics.value = found;
    }
  }

  private async consume(runtime: Runtime, request: RunRequest): Promise<void> {
    const intake = new Intake({
      begin: (store) => this.begin(store, request),
      grew: (store) => this.settle(store),
    });
    const overfull = new Overfull(() => void this.endOverfull(request.runId));
    for await (const message of runtime.run(request)) {
      // What an earlier run still had in flight is not for this one.
      if (message.runId !== this.lastRun) continue;
      if (message.type === 'trace') {
        if (this.toldEnough()) continue;
        overfull.hear(await intake.take(message.bytes));
      } else this.heard(message);
    }
    overfull.forget();
    if (request.runId !== this.lastRun) {
      intake.drop();
      return;
    }
    this.request = null;
    this.finished(intake);
  }

  /** After Stop the page shows what it can take at once; a program that floods is far ahead of it. */
  private toldEnough(): boolean {
    return this.stoppedAt !== null && performance.now() - this.stoppedAt > LAST_LOOK;
  }

  /** Nothing that it still does would be seen, so it may not go on for ever. */
  private async endOverfull(runId: number): Promise<void> {
    if (runId !== this.lastRun || !this.session.busy.value) return;
    this.overfull = runId;
    await this.runtime?.stop();
  }

  private heard(message: Exclude<RunMessage, { type: 'trace' }>): void {
    const { session } = this;
    switch (message.type) {
      case 'phase':
        session.run.value = {
          kind: 'busy',
          phase: message.phase,
          progress: message.progress,
          detail: message.detail,
        };
        return;
      case 'diagnostics':
        session.diagnostics.value = message.diagnostics;
        return;
      case 'clock':
        session.clockUsed.value = {
          clock: message.clock,
          waiting: message.waiting,
          ...(message.reason === undefined ? {} : { reason: message.reason }),
        };
        return;
      case 'input':
        batch(() => {
          session.tab.value = 'console';
          session.asked.value = message.prompt;
        });
        return;
      case 'end':
        session.asked.value = null;
        this.ended(message);
    }
  }

  private begin(store: TraceStore, request: RunRequest): void {
    const { session } = this;
    const clock = session.clockUsed.value?.clock ?? store.header.clock;
    session.show(store, { source: request.source }, clock);
    if (clock === 'real') session.playback.follow();
  }

  /** With the first events: to the position a link asked for, or play from where the program itself begins to act. */
  private settle(store: TraceStore): void {
    const { playback, clockUsed } = this.session;
    if (clockUsed.value?.clock === 'real') return;
    if (this.pendingPosition !== null) {
      playback.pause();
      playback.seek(this.pendingPosition);
      if (store.length >= this.pendingPosition) this.pendingPosition = null;
    } else if (!playback.playing.value && playback.position.value === 0) {
      const from = opening(store);
      if (from === null) return;
      playback.seek(from);
      playback.play();
    }
  }

  private finished(intake: Intake): void {
    intake.end();
    const { reader, store } = intake;
    this.pendingPosition = null;
    const { session } = this;
    session.finish();
    if (session.run.value.kind === 'busy') {
      this.failed('The runtime ended without saying how.');
    } else if (reader.problem !== null && store !== null && session.run.value.kind === 'ended') {
      if (session.run.value.how === 'stopped') return;
      session.notice.value = {
        tone: 'warning',
        title: 'The end of the trace is missing',
        text: reader.problem.message,
      };
    }
  }

  private ended(message: RunMessage & { type: 'end' }): void {
    const { session } = this;
    if (message.how === 'failed') {
      this.failed(message.error ?? 'No reason is known.');
      return;
    }
    session.run.value = { kind: 'ended', how: message.how };
    switch (message.how) {
      case 'crashed':
        // Where the trace tells it, picture and console do.
        if (tellsCrash(session.trace.value?.store)) return;
        session.notice.value = {
          tone: 'error',
          title: 'The program crashed',
          ...(message.error === undefined ? {} : { text: message.error }),
        };
        return;
      case 'stopped':
        session.notice.value = {
          tone: 'info',
          title: 'Stopped',
          text:
            message.runId === this.overfull
              ? 'The trace is full, and the program was still running and printed nothing that could be kept.'
              : 'What the program did until then is kept.',
        };
        return;
      case 'exited':
      case 'not-compiled':
        return;
    }
  }

  private failed(reason: string): void {
    batch(() => {
      this.session.run.value = { kind: 'ended', how: 'failed' };
      this.session.notice.value = {
        tone: 'error',
        title: 'The program could not be run here',
        text: reason,
      };
    });
  }
}

function tellsCrash(store: TraceStore | undefined): boolean {
  const last = store?.event(store.length - 1);
  return last?.kind === 'program_end' && last.outcome === 'crashed';
}
