/** Traces out of and into files. */
import type { AnyEvent } from '../protocol/events.js';
import { readTrace } from '../protocol/reader.js';
import { toChromeTrace } from '../trace/chrome_trace.js';
import { TraceStore } from '../trace/store.js';
import type { Example } from '../gallery/examples.js';
import type { Notice, Session } from './session.js';

/** Larger files are refused: they would not fit into the page's memory as events. */
const largest = 256 * 1024 * 1024;

export async function openTraceFile(
  session: Session,
  file: File,
  examples: readonly Example[],
): Promise<void> {
  if (file.size > largest) {
    session.notice.value = {
      tone: 'error',
      title: `${file.name} is too large`,
      text: `It has ${Math.round(file.size / 1048576)} MB; up to ${largest / 1048576} MB can be opened.`,
    };
    return;
  }
  const { header, events, problem } = readTrace(new Uint8Array(await file.arrayBuffer()));
  if (header === null) {
    session.notice.value = {
      tone: 'error',
      title: `${file.name} is not a trace this page can read`,
      ...(problem === null ? {} : { text: problem.message }),
    };
    return;
  }
  const example = examples.find((candidate) => candidate.name === header.program) ?? null;
  const { source } = header;
  if (source !== undefined) {
    const same = example?.source[header.guest] === source.text;
    const title = same ? example.title : source.name;
    session.open(
      { example: same ? example : null, given: { guest: header.guest, text: source.text, title } },
      'original',
    );
  } else session.forget();
  const store = new TraceStore(header);
  store.append(events);
  session.show(store, { source: source?.text ?? null, file: file.name });
  session.finish();
  session.clockUsed.value = {
    clock: header.clock,
    waiting: header.clock === 'virtual' ? 'virtual' : 'host',
  };
  session.notice.value =
    problem === null
      ? unknownEvents(file.name, events)
      : {
          tone: 'warning',
          title: `${file.name} is damaged: ${events.length === 1 ? '1 event' : `${events.length} events`} could be read`,
          text: problem.message,
        };
}

/** What newer programs may write is kept and listed, but nothing is known of what it means. */
function unknownEvents(file: string, events: readonly AnyEvent[]): Notice | null {
  const names = events.flatMap((event) => (event.kind === 'unknown' ? [event.name] : []));
  if (names.length === 0) return null;
  const kinds = [...new Set(names)];
  const shown = kinds.slice(0, 5).map((kind) => `“${kind}”`);
  if (kinds.length > shown.length) shown.push(`${kinds.length - shown.length} more`);
  return {
    tone: 'info',
    title: `${file} has ${names.length === 1 ? 'an event' : `${names.length} events`} that this page does not know`,
    text: `They are in the list of events and nowhere else: ${shown.join(', ')}.`,
  };
}

/** One JSON line per event, as the program wrote them. */
export function traceText(store: TraceStore): string {
  const lines = [JSON.stringify(store.header)];
  for (let index = 0; index < store.length; index++) {
    const event = store.event(index);
    if (event === undefined) break;
    if (event.kind === 'unknown') {
      const { seq, t, loop, turn, name, fields } = event;
      lines.push(JSON.stringify({ seq, t, loop, turn, kind: name, ...fields }));
    } else lines.push(JSON.stringify(event));
  }
  return `${lines.join('\n')}\n`;
}

export function downloadTrace(store: TraceStore): void {
  save(traceText(store), `${store.header.program}.trace.jsonl`, 'application/jsonl');
}

export function downloadChromeTrace(store: TraceStore): void {
  save(toChromeTrace(store), `${store.header.program}.chrome-trace.json`, 'application/json');
}

function save(text: string, name: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}

/** Asks for a file; resolves to null when none is chosen. */
export function chooseFile(): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.jsonl,.json,.trace,.txt';
    input.addEventListener('change', () => {
      resolve(input.files?.[0] ?? null);
    });
    input.addEventListener('cancel', () => {
      resolve(null);
    });
    input.click();
  });
}
