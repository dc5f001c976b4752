/** A recorded trace as if a program had just written it. */
import type { RunMessage, RunRequest, Runtime } from '../protocol/runtime.js';
import type { ClockKind } from '../protocol/trace.js';
import { MessageQueue } from './message_queue.js';

/** Larger blocks would keep the page busy for too long at once. */
const BLOCK = 256 * 1024;

export interface Recording {
  /** Of a whole trace. Whether it is one is for its reader to say. */
  readonly bytes: Uint8Array;
  /** Why it is shown instead of a run. */
  readonly reason: string;
}

/** Runs nothing: a recording stands for the program that is asked for. */
export class ReplayRuntime implements Runtime {
  readonly #load: (request: RunRequest) => Promise<Recording>;
  #queue: MessageQueue<RunMessage> | null = null;
  #runId = 0;

  /** What `load` throws ends the run as failed. */
  constructor(load: (request: RunRequest) => Promise<Recording>) {
    this.#load = load;
  }

  run(request: RunRequest): AsyncIterable<RunMessage> {
    void this.stop();
    const queue = new MessageQueue<RunMessage>();
    this.#queue = queue;
    this.#runId = request.runId;
    void this.#send(queue, request);
    return queue;
  }

  stop(): Promise<void> {
    if (this.#queue !== null) this.#end(this.#queue, { how: 'stopped' });
    return Promise.resolve();
  }

  dispose(): void {
    void this.stop();
  }

  async #send(queue: MessageQueue<RunMessage>, request: RunRequest): Promise<void> {
    const { runId } = request;
    let recording: Recording;
    try {
      recording = await this.#load(request);
    } catch (error) {
      this.#end(queue, {
        how: 'failed',
        error: error instanceof Error ? error.message : String(error),
      });
      return;
    }
    const { bytes, reason } = recording;
    if (this.#queue !== queue) return;
    queue.push({ type: 'clock', runId, clock: clockOf(bytes), waiting: 'recorded', reason });
    for (let at = 0; at < bytes.length && this.#queue === queue;) {
      const end = lineEnd(bytes, at + BLOCK);
      queue.push({ type: 'trace', runId, bytes: bytes.slice(at, end) });
      at = end;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    this.#end(queue, { how: 'exited' });
  }

  /** Unless another run has taken its place, or it was stopped. */
  #end(
    queue: MessageQueue<RunMessage>,
    end: Omit<RunMessage & { type: 'end' }, 'type' | 'runId'>,
  ): void {
    if (this.#queue !== queue) return;
    queue.push({ type: 'end', runId: this.#runId, ...end });
    queue.close();
    this.#queue = null;
  }
}

/** One past the end of the line at `from`. */
function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(10, Math.min(from, bytes.length));
  return end < 0 ? bytes.length : end + 1;
}

function clockOf(bytes: Uint8Array): ClockKind {
  const header = new TextDecoder().decode(bytes.subarray(0, lineEnd(bytes, 0)));
  return header.includes('"clock":"virtual"') ? 'virtual' : 'real';
}
