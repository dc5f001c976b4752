/**
 * Persistent tables keyed by the ids of a trace. Ids may be sparse, so each table numbers its rows by first appearance;
 * all states of one trace share that numbering, for it never changes as the trace goes on.
 */
import type { Table } from './state.js';
import { Vector, VectorDraft } from './vector.js';

type Rows = Map<number, number>;

class PersistentTable<Id extends number, T> implements Table<Id, T> {
  constructor(
    readonly rows: Rows,
    readonly values: Vector<T>,
  ) {}

  get size(): number {
    return this.values.size;
  }

  get(id: Id): T | undefined {
    const row = this.rows.get(id);
    return row === undefined ? undefined : this.values.at(row);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.values[Symbol.iterator]();
  }
}

export class TableDraft<Id extends number, T> {
  readonly #rows: Rows;
  readonly #values: VectorDraft<T>;
  #frozen: Table<Id, T> | undefined;

  constructor(base?: Table<Id, T>) {
    const table = base as PersistentTable<Id, T> | undefined;
    this.#rows = table?.rows ?? new Map<number, number>();
    this.#values = new VectorDraft(table?.values);
    this.#frozen = base;
  }

  get(id: Id): T | undefined {
    const row = this.#rows.get(id);
    return row === undefined ? undefined : this.#values.at(row);
  }

  set(id: Id, value: T): void {
    this.#frozen = undefined;
    const row = this.#rows.get(id);
    if (row !== undefined && row < this.#values.size) {
      this.#values.set(row, value);
      return;
    }
    this.#rows.set(id, this.#values.size);
    this.#values.push(value);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.freeze()[Symbol.iterator]();
  }

  freeze(): Table<Id, T> {
    this.#frozen ??= new PersistentTable<Id, T>(this.#rows, this.#values.freeze());
    return this.#frozen;
  }
}
