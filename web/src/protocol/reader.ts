/** Reads a trace from bytes as they come: blocks may end in the middle of a line, or of a character. */
import type { AnyEvent } from './events.js';
import type { TraceHeader } from './trace.js';

/** What is wrong with a trace. The events before it are good. */
export interface TraceProblem {
  readonly code: 'empty' | 'not-a-trace' | 'unknown-version' | 'not-json' | 'bad-field' | 'cut-off';
  /** Counted from 1; the header is line 1. */
  readonly line: number;
  readonly field?: string;
  /** One sentence that names line and field, e.g. ``line 12: `t` must be an integer, is "x"``. */
  readonly message: string;
}

export class TraceReader {
  /** Null until line 1 has been read. */
  get header(): TraceHeader | null {
    throw new Error('not there yet');
  }

  /** Set once something is wrong; nothing after it is read. */
  get problem(): TraceProblem | null {
    throw new Error('not there yet');
  }

  /** The events that this block completes. */
  push(block: Uint8Array): readonly AnyEvent[] {
    void block;
    throw new Error('not there yet');
  }

  /** The file ends here. The last line may lack its line end; a line that stops half-way is a cut-off file. */
  end(): readonly AnyEvent[] {
    throw new Error('not there yet');
  }
}

/** A whole file at once. */
export function readTrace(bytes: Uint8Array): {
  readonly header: TraceHeader | null;
  readonly events: readonly AnyEvent[];
  readonly problem: TraceProblem | null;
} {
  void bytes;
  throw new Error('not there yet');
}
