/** A recording of the example that is shown, before it has run: something to look at from the first second on. */
import { effect, untracked } from '@preact/signals';
import type { Example } from '../gallery/examples.js';
import { readTrace } from '../protocol/reader.js';
import type { Recording } from '../runtimes/index.js';
import { showpiece } from '../trace/showpiece.js';
import { TraceStore } from '../trace/store.js';
import type { Guest, Session } from './session.js';

export type FindRecording = (example: string, guest: Guest) => Promise<Recording | null>;

/** Shows one whenever an untouched example has no trace. */
export function showRecordings(session: Session, find: FindRecording): void {
  const wanted = (): Example | null => {
    const nothing = session.trace.value === null && session.run.value.kind === 'idle';
    return nothing ? session.untouched.value : null;
  };
  effect(() => {
    const example = wanted();
    const guest = session.guest.value;
    if (example === null) return;
    untracked(() => {
      find(example.name, guest).then(
        (recording) => {
          if (recording === null || wanted() !== example || session.guest.value !== guest) return;
          show(session, recording);
        },
        (reason: unknown) => {
          // Offline, or a build without recordings: the page does without.
          console.warn('There is no recording to show.', reason);
        },
      );
    });
  });
}

function show(session: Session, { bytes, reason }: Recording): void {
  const { header, events } = readTrace(bytes);
  if (header === null) return;
  const store = new TraceStore(header);
  store.append(events);
  session.show(store, { source: session.source.value, recorded: true });
  session.clockUsed.value = { clock: header.clock, waiting: 'recorded', reason };
  session.finish();
  session.playback.seek(showpiece(store));
}
