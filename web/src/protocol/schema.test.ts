import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { HEADER } from '../trace/testing/model_loop.js';
import { runRandomProgram } from '../trace/testing/random_program.js';
import { COMMON_FIELDS, FIELDS } from './fields.js';
import type { Field } from './fields.js';
import type { TraceKind } from './trace.js';
import { checkEvent, checkHeader } from './validate.js';

interface Definition {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}
interface Schema {
  readonly $defs: Readonly<Record<string, Definition>>;
}

const schema = JSON.parse(
  readFileSync(new URL('../../../native/schema/trace.v1.schema.json', import.meta.url), 'utf8'),
) as Schema;
const validate = new Ajv2020({ strict: false }).compile(schema as object);

const KINDS = Object.keys(FIELDS) as TraceKind[];
const fieldsOf = (kind: TraceKind): [string, Field][] => Object.entries(FIELDS[kind]);

/** A value of each type of field, and some that are none. */
const GOOD: Readonly<Record<string, readonly unknown[]>> = {
  count: [0, 7],
  id: [1, 4294967296 * 3],
  'id-or-0': [0, 5],
  integer: [0, -5, 12],
  'integer-or-null': [null, 0, 1000],
  text: ['', 'Grüße 🙂'],
  place: [{ func: 'main', file: 'main.cpp', line: 3 }],
  places: [[], [{ func: 'f', file: 'a.cpp', line: 1 }]],
  cause: [
    { kind: 'task', id: 1 },
    { kind: 'future', id: 2 },
    { kind: 'handle', id: 3 },
    { kind: 'yield' },
    { kind: 'outside' },
  ],
  causes: [[], [{ kind: 'task', id: 1 }]],
  awaiting: [
    { kind: 'yield' },
    { kind: 'sleep', id: 1, handle: 2, when: 3 },
    { kind: 'task', id: 4 },
    { kind: 'gather', id: 5 },
    { kind: 'lock', id: 5, resource: 1, op: 'acquire' },
    { kind: 'lock', id: 5, resource: 1 },
  ],
};
const BAD: Readonly<Record<string, readonly unknown[]>> = {
  count: [-1, 1.5, 'x', null],
  id: [0, -1, '1'],
  'id-or-0': [-1, null],
  integer: [1.5, '1', null],
  'integer-or-null': [1.5, '1', -3],
  text: [1, null, {}],
  place: [{}, { func: 'main', file: 'main.cpp' }, 'main.cpp:3'],
  places: [{}, [{ func: 'f' }]],
  cause: [{}, { kind: 'task' }, { kind: 'moon', id: 1 }, 'task'],
  causes: [{}, [{ kind: 'task', id: 0 }]],
  awaiting: [
    {},
    { kind: 'sleep', id: 1 },
    { kind: 'task' },
    { kind: 'gather', id: 0 },
    { kind: 'lock', id: 1, resource: 0 },
    { kind: 'lock', id: 1, op: 2 },
  ],
};

const good = (field: Field): readonly unknown[] =>
  typeof field.type === 'string' ? (GOOD[field.type] ?? []) : field.type;
const bad = (field: Field): readonly unknown[] =>
  typeof field.type === 'string' ? (BAD[field.type] ?? []) : ['other', 1];

/** An event of a kind with the first good value in every field, optional ones too. */
function sample(kind: TraceKind): Record<string, unknown> {
  const fields = fieldsOf(kind).map(([name, field]) => [name, good(field)[0]] as const);
  return { seq: 0, t: 0, loop: 1, turn: 1, kind, ...Object.fromEntries(fields) };
}

/** Both judges, which must agree: the checks at the edge of the page, and the published schema. */
function verdicts(event: object): { readonly edge: boolean; readonly schema: boolean } {
  let edge = true;
  try {
    checkEvent(event, 0);
  } catch {
    edge = false;
  }
  return { edge, schema: validate(event) };
}

const VALID = { edge: true, schema: true };
const INVALID = { edge: false, schema: false };

describe('the published schema and the checks at the edge agree', () => {
  test('on the kinds there are', () => {
    const described = Object.keys(schema.$defs)
      .filter((name) => name.startsWith('event.'))
      .map((name) => name.slice('event.'.length));
    expect(described.toSorted()).toEqual(KINDS.toSorted());
  });

  test.each(KINDS)('on the fields of %s and which may be missing', (kind) => {
    const definition = schema.$defs[`event.${kind}`];
    const names = Object.keys(definition?.properties ?? {}).filter((name) => name !== 'kind');
    expect(names).toEqual(fieldsOf(kind).map(([name]) => name));
    const required = fieldsOf(kind).flatMap(([name, field]) => (field.optional ? [] : [name]));
    expect(definition?.required ?? []).toEqual(required);
  });

  test.each(KINDS)('on good values in %s', (kind) => {
    expect(verdicts(sample(kind))).toEqual(VALID);
    for (const [name, field] of fieldsOf(kind)) {
      for (const value of good(field))
        expect({ name, value, ...verdicts({ ...sample(kind), [name]: value }) }).toEqual({
          name,
          value,
          ...VALID,
        });
      const without = Object.fromEntries(
        Object.entries(sample(kind)).filter(([key]) => key !== name),
      );
      expect({ name, ...verdicts(without) }).toEqual({
        name,
        ...(field.optional ? VALID : INVALID),
      });
    }
  });

  test.each(KINDS)('on bad values in %s', (kind) => {
    for (const [name, field] of [...Object.entries(COMMON_FIELDS), ...fieldsOf(kind)])
      for (const value of bad(field))
        expect({ name, value, ...verdicts({ ...sample(kind), [name]: value }) }).toEqual({
          name,
          value,
          ...INVALID,
        });
  });

  test('on kinds that are not known yet, and on further fields', () => {
    expect(verdicts({ seq: 0, t: 0, loop: 0, turn: 0, kind: 'moon', phase: 'full' })).toEqual(
      VALID,
    );
    expect(verdicts({ ...sample('output'), colour: 'red' })).toEqual(VALID);
  });

  test('on headers', () => {
    const headers: [object, boolean][] = [
      [HEADER, true],
      [{ ...HEADER, host: { backend: 'epoll' } }, true],
      [{ ...HEADER, version: 2 }, false],
      [{ ...HEADER, guest: 'cobol' }, false],
      [{ ...HEADER, clock: 'sundial' }, false],
      [{ ...HEADER, host: { cores: 2 } }, false],
      [{ ...HEADER, source: { name: 'main.cpp', text: '' } }, true],
      [{ ...HEADER, source: { name: 'main.cpp' } }, false],
      [{ ...HEADER, source: 'int main() {}' }, false],
      [{ ...HEADER, program: undefined }, false],
    ];
    for (const [header, expected] of headers) {
      const text = JSON.parse(JSON.stringify(header)) as object;
      expect(validate(text)).toBe(expected);
      if (expected) expect(checkHeader(text)).toEqual(text);
      else expect(() => checkHeader(text)).toThrow();
    }
  });

  test('on whole traces', () => {
    for (const event of runRandomProgram(7, 100).events)
      expect({ valid: validate(event), errors: validate.errors }).toEqual({
        valid: true,
        errors: null,
      });
  });
});
