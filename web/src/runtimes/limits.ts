/** The caps of a run in the page: the one place for their values. The recorder keeps them and says `truncated`. */

export interface TraceLimits {
  /** 0 is no limit. */
  readonly events: number;
  /** Bytes of each output stream. */
  readonly output: number;
}

/** A trace of this size is still sought in at once, and its text stays below 100 MB. */
export const PAGE_LIMITS: TraceLimits = { events: 200_000, output: 1_000_000 };

export const NO_LIMITS: TraceLimits = { events: 0, output: 0 };
