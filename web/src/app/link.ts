/** Share links: the page's state into the address and out of it. */
import { decodeShare, encodeShare, type ShareState } from '../share/share.js';
import type { Example, Guest } from '../gallery/examples.js';
import type { Session } from './session.js';

/** The fragment that brings a reader to exactly this. Throws ShareTooLongError. */
export function shareFragment(session: Session): string {
  const t = sharedPosition(session);
  return encodeShare({
    ...shownProgram(session, session.source.value),
    clock: session.clock.value,
    ...(t === undefined ? {} : { t }),
  });
}

/** What such a link holds, for a sentence. */
export function sharedParts(session: Session): string {
  return sharedPosition(session) === undefined
    ? 'code and clock'
    : 'code, clock and this very moment';
}

/** The moment that is shown, where the same program comes to it again: a recording may be of another one. */
function sharedPosition(session: Session): number | undefined {
  const position = session.playback.position.value;
  const trace = session.trace.value;
  const again = trace !== null && !trace.recorded && session.linesMatch.value && position > 0;
  return again ? position : undefined;
}

/**
 * The fragment of the program as it was opened, for the address and the history of the browser: what was made of it since is
 * its draft. Throws ShareTooLongError.
 */
export function programFragment(session: Session): string {
  return encodeShare(shownProgram(session, session.original.value));
}

function shownProgram(session: Session, code: string): ShareState {
  const example = session.example.value;
  const guest = session.guest.value;
  return {
    ...(example === null ? {} : { example: example.name }),
    ...(code === example?.source[guest] ? {} : { code }),
    guest,
  };
}

/**
 * Opens what a fragment says, the first of the examples where it names none; what is damaged in it is named in a notice and
 * left out. `guest`: the language where the fragment does not say one. Returns the position it asks for.
 */
export function openFragment(
  session: Session,
  fragment: string,
  examples: readonly Example[],
  guest: Guest,
): number | null {
  const { state, problems } = decodeShare(fragment);
  const messages = problems.map((problem) => problem.message);
  const named = examples.find((example) => example.name === state.example);
  if (state.example !== undefined && named === undefined) {
    messages.push(`This page has no example called “${state.example}”.`);
  }
  const { code } = state;
  const example = named ?? (code === undefined ? (examples[0] ?? null) : null);
  session.guest.value = state.guest ?? guest;
  const isExample = code === undefined || code === example?.source[session.guest.value];
  session.open({ example, given: isExample ? null : { guest: session.guest.value, text: code } });
  if (state.clock !== undefined) session.clock.value = state.clock;
  if (messages.length > 0) {
    session.notice.value = {
      tone: 'warning',
      title: 'A part of this link could not be read',
      text: messages.join(' '),
    };
  }
  return state.t ?? null;
}
