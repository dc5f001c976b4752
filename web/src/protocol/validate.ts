/** Checks what comes from outside against the contract, and says what is wrong in words. */
import type { AnyEvent, EventBase } from './events.js';
import { COMMON_FIELDS, FIELDS } from './fields.js';
import type { Field, FieldType } from './fields.js';
import type { TraceEvent, TraceHeader, TraceKind } from './trace.js';

/** What is wrong with one line; the caller knows which line it is. */
export class InvalidLine extends Error {
  override readonly name = 'InvalidLine';

  constructor(
    readonly code: 'not-a-trace' | 'unknown-version' | 'bad-field',
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** A field that may be wrong, by name, and what it must be. */
interface Check {
  readonly name: string;
  readonly optional: boolean;
  readonly test: (value: unknown) => boolean;
  readonly must: string;
}

/** The first line. Throws InvalidLine. */
export function checkHeader(value: unknown): TraceHeader {
  if (!isObject(value) || value['schema'] !== 'loopscope.trace')
    throw new InvalidLine(
      'not-a-trace',
      'this is not a Loopscope trace: the first line does not say "schema":"loopscope.trace"',
    );
  const version = value['version'];
  if (version !== 1)
    throw new InvalidLine(
      'unknown-version',
      version === undefined
        ? 'the trace does not say its version; this program reads version 1'
        : `the trace is of version ${shown(version)}; this program reads version 1`,
      'version',
    );
  for (const check of HEADER) checkField(value, check);
  return value as unknown as TraceHeader;
}

/** Any further line. `seq`: the number it must have. Throws InvalidLine. */
export function checkEvent(value: unknown, seq: number): AnyEvent {
  if (!isObject(value))
    throw new InvalidLine('bad-field', `an event must be an object, is ${shown(value)}`);
  for (const check of COMMON) checkField(value, check);
  if (value['seq'] !== seq)
    throw new InvalidLine('bad-field', `\`seq\` must be ${seq}, is ${shown(value['seq'])}`, 'seq');
  const kind = value['kind'];
  if (typeof kind !== 'string')
    throw new InvalidLine('bad-field', mustBe('kind', 'a string', value), 'kind');
  const checks = CHECKS.get(kind);
  if (checks === undefined) return unknownEvent(value, kind);
  for (const check of checks) checkField(value, check);
  return value as unknown as TraceEvent;
}

function unknownEvent(value: Fields, name: string): AnyEvent {
  const { seq, t, loop, turn, ...rest } = value as unknown as EventBase & Fields;
  const fields = Object.fromEntries(Object.entries(rest).filter(([field]) => field !== 'kind'));
  return { seq, t, loop, turn, kind: 'unknown', name, fields };
}

function checkField(value: Fields, check: Check): void {
  const field = value[check.name];
  if (field === undefined && check.optional) return;
  if (!check.test(field))
    throw new InvalidLine('bad-field', mustBe(check.name, check.must, value), check.name);
}

function mustBe(name: string, must: string, value: Fields): string {
  const field = value[name];
  if (field === undefined) return `\`${name}\` is missing`;
  return `\`${name}\` must be ${must}, is ${shown(field)}`;
}

/** A value as it stands in the file, cut to a length that fits into a message. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isPlace(value: unknown): boolean {
  return (
    isObject(value) && isText(value['func']) && isText(value['file']) && isCount(value['line'])
  );
}

function isCause(value: unknown): boolean {
  if (!isObject(value)) return false;
  switch (value['kind']) {
    case 'task':
    case 'future':
    case 'handle':
      return isId(value['id']);
    case 'yield':
    case 'outside':
      return true;
    default:
      return false;
  }
}

function isAwaiting(value: unknown): boolean {
  if (!isObject(value) || !isText(value['kind'])) return false;
  if (value['kind'] === 'yield') return true;
  if (!isId(value['id'])) return false;
  if (value['resource'] !== undefined && !isId(value['resource'])) return false;
  if (value['op'] !== undefined && !isText(value['op'])) return false;
  if (value['kind'] !== 'sleep') return true;
  return isId(value['handle']) && Number.isSafeInteger(value['when']);
}

const TESTS: Readonly<
  Record<Exclude<FieldType, readonly string[]>, readonly [(value: unknown) => boolean, string]>
> = {
  count: [isCount, 'an integer of 0 or more'],
  id: [isId, 'an integer of 1 or more'],
  'id-or-0': [isCount, 'an integer of 0 or more'],
  integer: [(value) => Number.isSafeInteger(value), 'an integer'],
  'integer-or-null': [(value) => value === null || isCount(value), 'an integer or null'],
  text: [isText, 'a string'],
  place: [isPlace, 'a place in the source, {func, file, line}'],
  places: [(value) => Array.isArray(value) && value.every(isPlace), 'a list of {func, file, line}'],
  cause: [isCause, 'a cause, {kind, id}'],
  causes: [(value) => Array.isArray(value) && value.every(isCause), 'a list of causes, {kind, id}'],
  awaiting: [isAwaiting, 'what is awaited, {kind, id}'],
};

function toCheck(name: string, field: Field): Check {
  const { type } = field;
  const optional = field.optional === true;
  if (typeof type !== 'string') {
    const words: readonly unknown[] = type;
    return {
      name,
      optional,
      test: (value) => words.includes(value),
      must: type.map((word) => `"${word}"`).join(' or '),
    };
  }
  const [test, must] = TESTS[type];
  return { name, optional, test, must };
}

function toChecks(fields: Readonly<Record<string, Field>>): readonly Check[] {
  return Object.entries(fields).map(([name, field]) => toCheck(name, field));
}

const COMMON = toChecks(COMMON_FIELDS);

const CHECKS: ReadonlyMap<string, readonly Check[]> = new Map(
  Object.entries(FIELDS as Readonly<Record<TraceKind, Readonly<Record<string, Field>>>>).map(
    ([kind, fields]) => [kind, toChecks(fields)],
  ),
);

const HEADER: readonly Check[] = [
  toCheck('program', { type: 'text' }),
  toCheck('guest', { type: ['cpp', 'python'] }),
  toCheck('clock', { type: ['real', 'virtual'] }),
  toCheck('time_unit', { type: ['ns'] }),
  {
    name: 'host',
    optional: false,
    test: (value) => isObject(value) && Object.values(value).every(isText),
    must: 'an object of strings',
  },
  {
    name: 'source',
    optional: true,
    test: (value) => isObject(value) && isText(value['name']) && isText(value['text']),
    must: 'a file, {name, text}',
  },
];
