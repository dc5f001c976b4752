/**
 * What a host page and an embedded player say to each other by postMessage, version 1.
 *
 * Handshake: the host sends `ping` until a `pong` comes; the player answers every ping, at any time, once it can take
 * commands. So neither side can miss the other, whoever loads first. Messages without `loopscope: 1` are ignored.
 */

export const protocolVersion = 1;

interface Tagged {
  readonly loopscope: typeof protocolVersion;
}

export type HostMessage = Tagged &
  (
    | { readonly type: 'ping' }
    | { readonly type: 'run' }
    | { readonly type: 'stop' }
    | { readonly type: 'play' }
    | { readonly type: 'pause' }
    /** Position, as an event index. */
    | { readonly type: 'seek'; readonly event: number }
    | { readonly type: 'theme'; readonly theme: 'light' | 'dark' | 'auto' }
    /** Shows other code in the player. */
    | { readonly type: 'open'; readonly code: string; readonly guest: 'cpp' | 'python' }
  );

export type PlayerMessage = Tagged &
  (
    | { readonly type: 'pong'; readonly version: typeof protocolVersion }
    | { readonly type: 'position'; readonly event: number; readonly of: number }
    | { readonly type: 'end'; readonly how: string }
  );

/** Null for anything that is not a message of this version's host half. */
export function readHostMessage(data: unknown): HostMessage | null {
  const message = tagged(data);
  if (message === null) return null;
  switch (message['type']) {
    case 'ping':
      return { loopscope: 1, type: 'ping' };
    case 'run':
      return { loopscope: 1, type: 'run' };
    case 'stop':
      return { loopscope: 1, type: 'stop' };
    case 'play':
      return { loopscope: 1, type: 'play' };
    case 'pause':
      return { loopscope: 1, type: 'pause' };
    case 'seek': {
      const event = message['event'];
      return typeof event === 'number' && Number.isFinite(event)
        ? { loopscope: 1, type: 'seek', event }
        : null;
    }
    case 'theme': {
      const theme = message['theme'];
      return theme === 'light' || theme === 'dark' || theme === 'auto'
        ? { loopscope: 1, type: 'theme', theme }
        : null;
    }
    case 'open': {
      const { code, guest } = message;
      return typeof code === 'string' && (guest === 'cpp' || guest === 'python')
        ? { loopscope: 1, type: 'open', code, guest }
        : null;
    }
    default:
      return null;
  }
}

function tagged(data: unknown): Record<string, unknown> | null {
  if (typeof data !== 'object' || data === null) return null;
  const message = data as Record<string, unknown>;
  return message['loopscope'] === protocolVersion ? message : null;
}
