/** Runs one program, then is of no more use: the page terminates it. */
import { Outbox } from '../outbox.js';
import { Runner } from './run_program.js';
import type { RunnerFactory } from './runner_module.js';
import { LastLine, StandardInput } from './standard_input.js';
import type { FromRunner, ToRunner } from './worker_messages.js';

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToRunner>) => void) | null;
  postMessage(message: FromRunner, transfer?: Transferable[]): void;
};

let runner: Promise<Runner> | null = null;

scope.onmessage = ({ data }) => {
  handle(data).catch((error: unknown) => {
    scope.postMessage({
      type: 'failed',
      error: error instanceof Error ? error.message : String(error),
    });
  });
};

async function handle(message: ToRunner): Promise<void> {
  if (message.type === 'load') {
    runner = load(message.script, message.module);
    await runner;
    scope.postMessage({ type: 'loaded' });
    return;
  }
  if (!runner) throw new Error('run before load');
  const ready = await runner;
  const outbox = new Outbox((bytes) => scope.postMessage({ type: 'trace', bytes }, [bytes.buffer]));
  const input = new StandardInput(message.typed);
  const line = new LastLine();
  const end = await ready.run(message.side, message.run, {
    input: () => input.read(),
    output: (fd, bytes) => {
      if (fd === 1) line.write(bytes);
    },
    trace: (bytes) => outbox.push(bytes),
    pause: () => outbox.flush(),
    sleep: (milliseconds) => {
      outbox.flush();
      Atomics.wait(NEVER, 0, 0, milliseconds);
    },
  });
  outbox.flush();
  scope.postMessage({ type: 'end', end, prompt: line.text });
}

/** Nobody ever notifies it: waiting on it is sleeping. Only where the page is cross-origin isolated. */
const NEVER = new Int32Array(
  typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(4) : new SharedArrayBuffer(4),
);

async function load(script: string, module: WebAssembly.Module): Promise<Runner> {
  const { default: factory } = (await import(/* @vite-ignore */ script)) as {
    default: RunnerFactory;
  };
  return Runner.create(factory, module);
}
