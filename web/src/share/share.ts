/**
 * A shared link's fragment: `#example=hello&clock=virtual&t=12&code=1.<length>.<checksum>.<data>`.
 *
 * Only the code is packed (deflate, base64url); the rest can be read and changed by hand, `#t=12` alone is a link.
 * Keys that this version does not know are left alone, so that old pages open new links as far as they can.
 */

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
  /** The tab or panels that are open: names of [a-z0-9-]. */
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

/** The fragment without `#`. Throws ShareTooLongError. */
export function encodeShare(state: ShareState): string {
  void state;
  throw new Error('not there yet');
}

/** Reads a fragment, with or without `#`. What is damaged is left out of `state` and named in `problems`. */
export function decodeShare(fragment: string): {
  readonly state: ShareState;
  readonly problems: readonly ShareProblem[];
} {
  void fragment;
  throw new Error('not there yet');
}
