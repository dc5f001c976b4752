/** What the tests of the runtimes share. Needs `npm run build`. */
import { CppRuntime, PythonRuntime } from '../../../../web/src/runtimes/index.js';
import type { RunMessage, RunRequest } from '../../../../web/src/protocol/runtime.js';
import type { TraceEvent } from '../../../../web/src/protocol/trace.js';

let lastRun = 0;

const base = new URL('/web/public/wasm/', location.origin).href;

export function newRuntime(): CppRuntime {
  return new CppRuntime({ base });
}

export function newPythonRuntime(): PythonRuntime {
  return new PythonRuntime({ base });
}

export function request(source: string, rest: Partial<RunRequest> = {}): RunRequest {
  return {
    runId: ++lastRun,
    program: 'test',
    guest: 'cpp',
    source,
    clock: 'virtual',
    args: [],
    debug: false,
    ...rest,
  };
}

/** Everything a run said, sorted. */
export class Heard {
  readonly messages: RunMessage[] = [];
  text = '';

  get events(): TraceEvent[] {
    return this.text
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line) as TraceEvent);
  }

  get output(): string {
    return this.events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
  }

  get end(): (RunMessage & { type: 'end' }) | undefined {
    return this.messages.find((message) => message.type === 'end');
  }

  last<K extends RunMessage['type']>(type: K): (RunMessage & { type: K }) | undefined {
    return this.messages.findLast(
      (message): message is RunMessage & { type: K } => message.type === type,
    );
  }
}

/** Runs to the end; `onMessage` sees each message as it comes. */
export async function hear(
  run: AsyncIterable<RunMessage>,
  onMessage: (message: RunMessage, heard: Heard) => void = () => undefined,
): Promise<Heard> {
  const heard = new Heard();
  const decoder = new TextDecoder();
  for await (const message of run) {
    heard.messages.push(message);
    if (message.type === 'trace') heard.text += decoder.decode(message.bytes, { stream: true });
    onMessage(message, heard);
  }
  return heard;
}

export const HEADER =
  '#include <asyncio/asyncio.hpp>\n#include <iostream>\nusing namespace std::chrono_literals;\n';
