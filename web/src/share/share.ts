/**
 * A shared link's fragment: `#example=hello&clock=virtual&t=12&code=1.<length>.<checksum>.<data>`.
 *
 * Only the code is packed (deflate, base64url); the rest can be read and changed by hand, `#t=12` alone is a link. The
 * code comes last, so that a link that lost its end keeps the rest. Keys that this version does not know are passed
 * over: old pages open new links as far as they can. The packing has a version of its own.
 */
import { DamagedCode, pack, unpack } from './pack.js';

export interface ShareState {
  /** The gallery example it began with. */
  readonly example?: string;
  /** Edited source; absent when it is the example as it stands. */
  readonly code?: string;
  readonly guest?: 'cpp' | 'python';
  /** Position: events that have happened. */
  readonly t?: number;
  readonly clock?: 'real' | 'virtual';
  readonly args?: readonly string[];
  readonly debug?: boolean;
  /** The tabs or panels that are open: names of a-z, 0-9, `-` and `_`. */
  readonly panels?: readonly string[];
}

/** A problem of one part; the other parts are still good. */
export interface ShareProblem {
  readonly key: string;
  /** One sentence for the person who opened the link. */
  readonly message: string;
}

/** Longest code that goes into a link, in UTF-8 bytes, and longest fragment, in characters. */
export const MAX_CODE_BYTES = 200_000;
export const MAX_FRAGMENT = 30_000;

/** The code is too much for a link; the message says by how much. */
export class ShareTooLongError extends Error {
  override readonly name = 'ShareTooLongError';
}

/** The fragment without `#`. Throws ShareTooLongError; RangeError for a state that no link can hold. */
export function encodeShare(state: ShareState): string {
  const parts: string[] = [];
  const put = (key: string, value: string | undefined): void => {
    if (value !== undefined) parts.push(`${key}=${value}`);
  };
  put('example', state.example === undefined ? undefined : checkedName(state.example));
  put('guest', state.guest);
  put('clock', state.clock);
  put('t', state.t === undefined ? undefined : checkedPosition(state.t));
  put('panels', state.panels?.map(checkedName).join(','));
  put('args', state.args?.map((arg) => encodeURIComponent(arg)).join(','));
  put('debug', state.debug === true ? '1' : undefined);
  put('code', state.code === undefined ? undefined : packedCode(state.code));
  const fragment = parts.join('&');
  if (fragment.length > MAX_FRAGMENT)
    throw new ShareTooLongError(
      `The program is too long for a link: it would have ${fragment.length} characters, ${MAX_FRAGMENT} are possible. Share it as a file instead.`,
    );
  return fragment;
}

/** Reads a fragment, with or without `#`. What is damaged is left out of `state` and named in `problems`. */
export function decodeShare(fragment: string): {
  readonly state: ShareState;
  readonly problems: readonly ShareProblem[];
} {
  let state: ShareState = {};
  const problems: ShareProblem[] = [];
  const seen = new Set<string>();
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    const read = READERS.get(key);
    if (read === undefined || seen.has(key)) continue;
    seen.add(key);
    try {
      state = { ...state, ...read(equals < 0 ? '' : part.slice(equals + 1)) };
    } catch (error) {
      if (!(error instanceof BadPart)) throw error;
      problems.push({ key, message: error.message });
    }
  }
  return { state, problems };
}

class BadPart extends Error {}

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** What each key's text says. A reader throws BadPart. */
const READERS: ReadonlyMap<string, (text: string) => ShareState> = new Map<
  string,
  (text: string) => ShareState
>([
  ['example', (text) => ({ example: name('example', text) })],
  ['guest', (text) => ({ guest: word('guest', text, ['cpp', 'python']) })],
  ['clock', (text) => ({ clock: word('clock', text, ['real', 'virtual']) })],
  ['t', (text) => ({ t: position(text) })],
  ['panels', (text) => ({ panels: list(text).map((panel) => name('panels', panel)) })],
  ['args', (text) => ({ args: list(text).map(decodedArgument) })],
  ['debug', (text) => ({ debug: word('debug', text, ['0', '1']) === '1' })],
  ['code', (text) => ({ code: unpackedCode(text) })],
]);

function name(key: string, text: string): string {
  if (!NAME.test(text)) throw new BadPart(`${shown(text)} in this link is no name for \`${key}\`.`);
  return text;
}

function word<W extends string>(key: string, text: string, words: readonly W[]): W {
  const found = words.find((candidate) => candidate === text);
  if (found === undefined)
    throw new BadPart(`\`${key}\` in this link must be ${words.join(' or ')}, is ${shown(text)}.`);
  return found;
}

function position(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number))
    throw new BadPart(`\`t\` in this link must be the number of an event, is ${shown(text)}.`);
  return number;
}

function list(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

function decodedArgument(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadPart(`The argument ${shown(text)} in this link is damaged.`);
  }
}

function unpackedCode(text: string): string {
  try {
    return unpack(text, MAX_CODE_BYTES);
  } catch (error) {
    if (error instanceof DamagedCode) throw new BadPart(`The code in this link ${error.message}.`);
    throw error;
  }
}

function packedCode(code: string): string {
  const bytes = new TextEncoder().encode(code).length;
  if (bytes > MAX_CODE_BYTES)
    throw new ShareTooLongError(
      `The program is too long for a link: it has ${bytes} bytes, ${MAX_CODE_BYTES} are possible. Share it as a file instead.`,
    );
  return pack(code);
}

function checkedName(text: string): string {
  if (!NAME.test(text)) throw new RangeError(`${shown(text)} cannot be a name in a link`);
  return text;
}

function checkedPosition(t: number): string {
  if (!Number.isSafeInteger(t) || t < 0) throw new RangeError(`${t} cannot be a position`);
  return String(t);
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
