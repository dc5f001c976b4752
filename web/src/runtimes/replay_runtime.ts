/** The bytes of a trace as if a program had just produced them. */
import type { RunMessage, RunRequest, Runtime } from '../protocol/runtime.js';
import type { ClockKind } from '../protocol/trace.js';
import { MessageQueue } from './message_queue.js';

/** Larger blocks would keep the page busy for too long at once. */
const BLOCK = 256 * 1024;

/** Runs nothing: whatever program is asked for, the same trace comes. Whether it is one is for its reader to say. */
export class ReplayRuntime implements Runtime {
  readonly #bytes: Uint8Array;
  #queue: MessageQueue<RunMessage> | null = null;
  #runId = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  run(request: RunRequest): AsyncIterable<RunMessage> {
    void this.stop();
    const queue = new MessageQueue<RunMessage>();
    this.#queue = queue;
    this.#runId = request.runId;
    void this.#send(queue, request.runId);
    return queue;
  }

  stop(): Promise<void> {
    this.#queue?.push({ type: 'end', runId: this.#runId, how: 'stopped' });
    this.#queue?.close();
    this.#queue = null;
    return Promise.resolve();
  }

  dispose(): void {
    void this.stop();
  }

  async #send(queue: MessageQueue<RunMessage>, runId: number): Promise<void> {
    queue.push({
      type: 'clock',
      runId,
      clock: this.#clock(),
      waiting: 'virtual',
      reason: 'replay',
    });
    for (
      let at = 0;
      at < this.#bytes.length && this.#queue === queue;
      at = this.#lineEnd(at + BLOCK)
    ) {
      const bytes = this.#bytes.slice(at, this.#lineEnd(at + BLOCK));
      queue.push({ type: 'trace', runId, bytes });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (this.#queue !== queue) return;
    queue.push({ type: 'end', runId, how: 'exited' });
    queue.close();
    this.#queue = null;
  }

  /** One past the end of the line at `from`. */
  #lineEnd(from: number): number {
    const end = this.#bytes.indexOf(10, Math.min(from, this.#bytes.length));
    return end < 0 ? this.#bytes.length : end + 1;
  }

  #clock(): ClockKind {
    const header = new TextDecoder().decode(this.#bytes.subarray(0, this.#lineEnd(0)));
    return header.includes('"clock":"virtual"') ? 'virtual' : 'real';
  }
}
