import { describe, expect, test } from 'vitest';
import { seeded } from './testing/random_program.js';
import { Vector, VectorDraft } from './vector.js';

describe('a vector', () => {
  test.each([0, 1, 31, 32, 33, 1023, 1024, 1025, 33_000])(
    'of %i values holds them in order',
    (size) => {
      const draft = new VectorDraft<number>();
      for (let k = 0; k < size; k++) draft.push(k * 3);
      const vector = draft.freeze();
      expect(vector.size).toBe(size);
      expect([...vector]).toEqual(Array.from({ length: size }, (_, k) => k * 3));
      expect(vector.slice(5, 40)).toEqual(
        Array.from({ length: size }, (_, k) => k * 3).slice(5, 40),
      );
      expect([vector.at(-1), vector.at(size), vector.at(NaN), vector.at(size - 1)]).toEqual([
        undefined,
        undefined,
        undefined,
        size > 0 ? (size - 1) * 3 : undefined,
      ]);
    },
  );

  test('never changes, whatever is done to drafts of it', () => {
    const random = seeded(3);
    const kept: { readonly vector: Vector<number>; readonly values: number[] }[] = [
      { vector: Vector.empty(), values: [] },
    ];
    for (let round = 0; round < 300; round++) {
      const base = kept[Math.floor(random() * kept.length)];
      if (base === undefined) throw new Error('none');
      const draft = new VectorDraft(base.vector);
      const values = [...base.values];
      for (let k = 0; k < 20; k++) {
        const value = Math.floor(random() * 1000);
        if (values.length > 0 && random() < 0.5) {
          const index = Math.floor(random() * values.length);
          draft.set(index, value);
          values[index] = value;
        } else {
          draft.push(value);
          values.push(value);
        }
        if (random() < 0.1) kept.push({ vector: draft.freeze(), values: [...values] });
      }
      kept.push({ vector: draft.freeze(), values });
    }
    for (const { vector, values } of kept) expect([...vector]).toEqual(values);
  });

  test('has no place beyond its end', () => {
    const draft = new VectorDraft<number>();
    draft.push(1);
    expect(() => draft.set(1, 2)).toThrow(RangeError);
  });
});
