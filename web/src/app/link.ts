/** Share links: the page's state into the address and out of it. */
import { decodeShare, encodeShare, type ShareState } from '../share/share.js';
import type { Example } from '../gallery/examples.js';
import type { Session } from './session.js';

/** The fragment that brings a reader to exactly this. Throws ShareTooLongError. */
export function shareFragment(session: Session): string {
  const example = session.example.value;
  const position = session.playback.position.value;
  const state: ShareState = {
    ...(example === null ? {} : { example: example.name }),
    ...(session.edited.value ? { code: session.source.value } : {}),
    guest: session.guest.value,
    clock: session.clock.value,
    ...(session.trace.value !== null && position > 0 ? { t: position } : {}),
  };
  return encodeShare(state);
}

/**
 * Opens what a fragment says; what is damaged in it is named in a notice and left out. Returns the position it asks for.
 */
export function openFragment(
  session: Session,
  fragment: string,
  examples: readonly Example[],
): number | null {
  const { state, problems } = decodeShare(fragment);
  const messages = problems.map((problem) => problem.message);
  const named = examples.find((example) => example.name === state.example);
  if (state.example !== undefined && named === undefined) {
    messages.push(`This page has no example called “${state.example}”.`);
  }
  const example = named ?? examples[0];
  if (state.guest !== undefined) session.guest.value = state.guest;
  if (example !== undefined) session.openExample(example);
  if (state.clock !== undefined) session.clock.value = state.clock;
  if (state.code !== undefined) session.setSource(state.code);
  if (messages.length > 0) {
    session.notice.value = {
      tone: 'warning',
      title: 'A part of this link could not be read',
      text: messages.join(' '),
    };
  }
  return state.t ?? null;
}
