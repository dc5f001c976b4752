/** What every part of the loop's picture is given. */
import type { ScopeState } from '../../trace/state.js';
import type { TraceStore } from '../../trace/store.js';
import type { Intents } from '../intents.js';

export interface LoopProps {
  readonly store: TraceStore;
  readonly state: ScopeState;
  /** The moment shown, between two events while playing. */
  readonly time: number;
  /** How long a thing may take to glide to its new place, in ms. */
  readonly glide: number;
  readonly selected: number | null;
  /** Whether events may still come, and whether a person is asked for a line meanwhile. */
  readonly live?: 'runs' | 'asks' | undefined;
  readonly intents: Intents;
}
