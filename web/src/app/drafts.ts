/** Edited programs, kept for the next visit: one for each example and language, and for each program that came by a link. */

export interface Draft {
  readonly text: string;
  /** Taken out of the editor by Reset: it is not shown, but can be brought back. */
  readonly aside: boolean;
}

const prefix = 'loopscope.draft.1/';

export class Drafts {
  readonly #storage: Storage | null;
  /** What the storage did not take. */
  readonly #unkept = new Map<string, Draft>();

  /** Null keeps the drafts until the page closes. */
  constructor(storage: Storage | null) {
    this.#storage = storage;
  }

  get(slot: string): Draft | null {
    return this.#unkept.get(slot) ?? readDraft(this.#storage?.getItem(prefix + slot) ?? null);
  }

  put(slot: string, draft: Draft): void {
    try {
      if (this.#storage === null) throw new Error('there is no storage');
      this.#storage.setItem(prefix + slot, JSON.stringify(draft));
      this.#unkept.delete(slot);
    } catch {
      this.#unkept.set(slot, draft);
    }
  }

  drop(slot: string): void {
    this.#unkept.delete(slot);
    this.#storage?.removeItem(prefix + slot);
  }
}

function readDraft(stored: string | null): Draft | null {
  if (stored === null) return null;
  try {
    const { text, aside } = JSON.parse(stored) as Partial<Record<keyof Draft, unknown>>;
    return typeof text === 'string' ? { text, aside: aside === true } : null;
  } catch {
    return null;
  }
}
