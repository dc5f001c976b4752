/**
 * A persistent vector: an immutable array of which a changed copy costs a few small nodes, not all of it.
 *
 * Changes are made in a {@link VectorDraft}, which copies a node the first time it touches it and then writes in place;
 * `freeze()` ends that and gives the vector. (Bagwell's 32-way trie, with Clojure's transients.)
 */
const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

/** Marks the nodes that one draft may write to. */
type Owner = object;

interface Node {
  readonly owner: Owner | null;
  /** Values in a leaf, nodes above. */
  readonly slots: unknown[];
}

const EMPTY: Node = { owner: null, slots: [] };

function leafOf(root: Node, shift: number, index: number): Node {
  let node = root;
  for (let s = shift; s > 0; s -= BITS) node = node.slots[(index >>> s) & MASK] as Node;
  return node;
}

export class Vector<T> implements Iterable<T> {
  static readonly #empty = new Vector<never>(0, 0, EMPTY);

  /** @internal */
  constructor(
    readonly size: number,
    /** @internal */ readonly shift: number,
    /** @internal */ readonly root: Node,
  ) {}

  static empty<T>(): Vector<T> {
    return Vector.#empty;
  }

  at(index: number): T | undefined {
    if (!(index >= 0 && index < this.size)) return undefined;
    return leafOf(this.root, this.shift, index).slots[index & MASK] as T;
  }

  /** The values from index `from` up to, but without, index `to`. */
  slice(from = 0, to = this.size): T[] {
    const values: T[] = [];
    const end = Math.min(to, this.size);
    let index = Math.max(0, from);
    while (index < end) {
      const leaf = leafOf(this.root, this.shift, index).slots;
      const stop = Math.min(end, (index | MASK) + 1);
      for (; index < stop; index++) values.push(leaf[index & MASK] as T);
    }
    return values;
  }

  [Symbol.iterator](): Iterator<T> {
    let leaf: readonly unknown[] = [];
    let index = 0;
    return {
      next: () => {
        if (index >= this.size) return { done: true, value: undefined };
        if ((index & MASK) === 0) leaf = leafOf(this.root, this.shift, index).slots;
        return { done: false, value: leaf[index++ & MASK] as T };
      },
    };
  }
}

export class VectorDraft<T> {
  #owner: Owner = {};
  #size: number;
  #shift: number;
  #root: Node;

  constructor(base: Vector<T> = Vector.empty()) {
    this.#size = base.size;
    this.#shift = base.shift;
    this.#root = base.root;
  }

  get size(): number {
    return this.#size;
  }

  at(index: number): T | undefined {
    if (!(index >= 0 && index < this.#size)) return undefined;
    return leafOf(this.#root, this.#shift, index).slots[index & MASK] as T;
  }

  /** `index` must be within the vector. */
  set(index: number, value: T): void {
    if (!(index >= 0 && index < this.#size)) throw new RangeError(`no index ${String(index)}`);
    this.#write(index, value);
  }

  push(value: T): void {
    const index = this.#size++;
    if (index === WIDTH << this.#shift) {
      this.#root = { owner: this.#owner, slots: [this.#root] };
      this.#shift += BITS;
    }
    this.#write(index, value);
  }

  /** The vector as it is now. The draft may go on: it will copy what it shares with the vector. */
  freeze(): Vector<T> {
    this.#owner = {};
    return new Vector<T>(this.#size, this.#shift, this.#root);
  }

  #own(node: Node): Node {
    return node.owner === this.#owner ? node : { owner: this.#owner, slots: node.slots.slice() };
  }

  #write(index: number, value: T): void {
    let node = this.#own(this.#root);
    this.#root = node;
    for (let s = this.#shift; s > 0; s -= BITS) {
      const slot = (index >>> s) & MASK;
      const child = this.#own((node.slots[slot] as Node | undefined) ?? EMPTY);
      node.slots[slot] = child;
      node = child;
    }
    node.slots[index & MASK] = value;
  }
}
