/** A runtime that says what a test tells it to say, and traces of the model loop for it to say. */
import { expect } from 'vitest';
import { render, type VNode } from 'preact';
import { App } from '../../../../web/src/app/app.js';
import { EmbedApp } from '../../../../web/src/app/embed_app.js';
import { openEmbed } from '../../../../web/src/app/host.js';
import { Page } from '../../../../web/src/app/page.js';
import { readEmbedOptions } from '../../../../web/src/embed/options.js';
import type { Example } from '../../../../web/src/gallery/examples.js';
import type {
  Diagnostic,
  RunMessage,
  RunRequest,
  Runtime,
} from '../../../../web/src/protocol/runtime.js';
import { HEADER, ModelLoop, type Coroutine } from '../../../../web/src/trace/testing/model_loop.js';
import '../../../../web/src/ui/index.css';
import '../../../../web/src/app/layout.css';
import '../../../../web/src/app/embed.css';

type Unnumbered<T> = T extends unknown ? Omit<T, 'runId'> : never;

/** Runs nothing: what a run says is given to `say`, and ends with an `end` message. */
export class ScriptedRuntime implements Runtime {
  readonly requests: RunRequest[] = [];
  readonly answers: (string | null)[] = [];
  stops = 0;
  #pending: RunMessage[] = [];
  #wake: () => void = () => undefined;

  async *run(request: RunRequest): AsyncIterable<RunMessage> {
    this.requests.push(request);
    this.#pending = [];
    for (;;) {
      const message = this.#pending.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      yield message;
      if (message.type === 'end' && message.runId === request.runId) return;
    }
  }

  /** `runId`: of the latest run where it is not given. */
  say(message: Unnumbered<RunMessage>, runId = this.requests.at(-1)?.runId ?? 0): void {
    this.#pending.push({ ...message, runId });
    this.#wake();
  }

  sayTrace(text: string, runId?: number): void {
    this.say({ type: 'trace', bytes: new TextEncoder().encode(text) }, runId);
  }

  /** A whole run under the virtual clock. */
  play(text: string): void {
    this.say({ type: 'clock', clock: 'virtual', waiting: 'virtual' });
    this.sayTrace(text);
    this.say({ type: 'end', how: 'exited', code: 0 });
  }

  fail(diagnostics: readonly Diagnostic[]): void {
    this.say({ type: 'diagnostics', diagnostics, failed: true });
    this.say({ type: 'end', how: 'not-compiled' });
  }

  stop(): Promise<void> {
    this.stops++;
    this.say({ type: 'end', how: 'stopped' });
    return Promise.resolve();
  }

  answer(line: string | null): void {
    this.answers.push(line);
  }

  dispose(): void {
    this.#pending = [];
  }
}

/** Two workers that sleep and print, gathered; a third task is cancelled on the way. */
export function gatherTrace(): string {
  const loop = new ModelLoop();
  function* worker(name: string, seconds: number): Coroutine {
    loop.print(`${name} begins`);
    yield* loop.sleep(seconds * 1e9);
    loop.print(`${name} is done`);
    return seconds;
  }
  function* main(): Coroutine {
    const third = loop.createTask(worker('third', 60));
    yield* loop.sleep(0);
    third.cancel();
    const both = [loop.createTask(worker('first', 1)), loop.createTask(worker('second', 2))];
    yield loop.gather(both);
    return 0;
  }
  loop.runUntil(loop.createTask(main()));
  loop.close();
  loop.emit('program_end', { outcome: 'exited', code: 0 });
  return [HEADER, ...loop.events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

export const example: Example = {
  name: 'two_workers',
  title: 'Two workers',
  teaches: 'Tasks wait together.',
  group: 'first steps',
  order: 1,
  body: '',
  source: {
    cpp: Array.from({ length: 30 }, (_, i) => `// line ${i + 1}`).join('\n'),
    python: 'print("the same")\n',
  },
};

export interface Visit {
  readonly page: Page;
  readonly runtime: ScriptedRuntime;
  readonly root: HTMLElement;
  leave(): void;
}

/** A person opens the page. `leave` takes it away again. */
export function visit(): Visit {
  return visitWith((page) => {
    page.session.openExample(example);
    return <App page={page} />;
  });
}

/** Somebody reads a page that a player is embedded in; `query` and `fragment` are those of its frame. */
export function visitEmbed(query: string, fragment = ''): Visit {
  return visitWith((page) => {
    const options = readEmbedOptions(query);
    openEmbed(page, options, fragment);
    return <EmbedApp page={page} options={options} />;
  });
}

function visitWith(open: (page: Page) => VNode): Visit {
  document.title = 'Loopscope';
  document.documentElement.lang = 'en';
  const runtime = new ScriptedRuntime();
  const page = new Page(null, { runtime: () => Promise.resolve(runtime), checker: () => null });
  const endTheme = page.prefs.followTheme();
  const root = document.createElement('div');
  root.id = 'app';
  document.body.append(root);
  render(open(page), root);
  return {
    page,
    runtime,
    root,
    leave() {
      render(null, root);
      endTheme();
      root.remove();
      page.session.playback.dispose();
    },
  };
}

/** Runs gather, as the scripted runtime plays it, and goes into the middle of it. */
export async function showMidRun({ page, runtime }: Visit): Promise<void> {
  void page.runner.run();
  await expect.poll(() => runtime.requests.length).toBe(1);
  runtime.play(gatherTrace());
  await expect.poll(() => page.session.run.value.kind).toBe('ended');
  page.intents.seek(70);
  await expect.poll(() => document.querySelector('.narration-text')?.textContent).toMatch(/\.$/);
}
