/** The twin's command line. */
import { parseArgs } from 'node:util';
import type { ClockKind } from '../../web/src/protocol/trace.js';

export const HELP = `loopscope (WebAssembly): runs asyncio programs in C++ and Python and shows what their loop does

  node wasm/twin.mjs run FILE|NAME [options] [-- ARGS]   runs a .cpp or .py file, or an example by its name
      --clock real|virtual   virtual: time jumps instead of passing (default: real)
      --trace OUT            writes the trace to this file
      --loop NAME            the loop's implementation, see loops
      --seed N               random numbers follow from N; under the virtual clock from 0 without this
      --debug                asyncio's debug mode
  node wasm/twin.mjs list [--json]                       the examples
  node wasm/twin.mjs loops                               the loop implementations
  node wasm/twin.mjs --help                              this text

The exit code is the program's; 1 when it does not compile or needs what WebAssembly does not have, 2 for wrong usage.
`;

export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'loops' }
  | { readonly name: 'list'; readonly json: boolean }
  | { readonly name: 'run'; readonly options: RunCommand };

export interface RunCommand {
  /** A file, or the name of an example. */
  readonly what: string;
  readonly clock: ClockKind;
  readonly trace: string | null;
  readonly loop: string | null;
  readonly debug: boolean;
  /** What random numbers follow from; null: they are random. */
  readonly seed: number | null;
  readonly args: readonly string[];
}

/** Wrong usage: one line that says what is wrong; exit code 2. */
export class UsageError extends Error {}

/** Throws UsageError. */
export function parseCommand(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  switch (name) {
    case '--help':
    case '-h':
      return { name: 'help' };
    case 'run':
      return wantsHelp(rest) ? { name: 'help' } : { name: 'run', options: parseRun(rest) };
    case 'list': {
      const { values } = parse(rest, { json: { type: 'boolean' }, help: { type: 'boolean' } }, 0);
      return values['help'] === true
        ? { name: 'help' }
        : { name: 'list', json: values['json'] === true };
    }
    case 'loops': {
      const { values } = parse(rest, { help: { type: 'boolean' } }, 0);
      return values['help'] === true ? { name: 'help' } : { name: 'loops' };
    }
    case undefined:
      throw new UsageError('a command is missing: run, list or loops (see --help)');
    default:
      throw new UsageError(`there is no command "${name}": run, list or loops (see --help)`);
  }
}

function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).includes('--help');
}

function parseRun(argv: readonly string[]): RunCommand {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  const options = {
    clock: { type: 'string' },
    trace: { type: 'string' },
    loop: { type: 'string' },
    debug: { type: 'boolean' },
    seed: { type: 'string' },
  } as const;
  const { values, positionals } = parse(own, options, 1);
  const [what] = positionals;
  if (what === undefined)
    throw new UsageError('run what? a .cpp or .py file, or the name of an example');
  const clock = values['clock'] ?? 'real';
  if (clock !== 'real' && clock !== 'virtual') {
    throw new UsageError(`--clock is "${String(clock)}"; it can be real or virtual`);
  }
  const seed = values['seed'] ?? (clock === 'virtual' ? '0' : null);
  if (seed !== null && !(/^\d{1,10}$/.test(String(seed)) && Number(seed) <= 0xffffffff)) {
    throw new UsageError(`--seed is "${String(seed)}"; it must be a number from 0 to 4294967295`);
  }
  return {
    what,
    clock,
    trace: text(values['trace']),
    loop: text(values['loop']),
    debug: values['debug'] === true,
    seed: seed === null ? null : Number(seed),
    args: end < 0 ? [] : argv.slice(end + 1),
  };
}

function text(value: string | boolean | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

type Options = Readonly<Record<string, { type: 'string' | 'boolean' }>>;

function parse(
  argv: readonly string[],
  options: Options,
  positionals: number,
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    const parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
    const extra = parsed.positionals[positionals];
    if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many`);
    return {
      values: parsed.values,
      positionals: parsed.positionals,
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split('\n')[0]?.replace(/\. To specify.*$/, '') ?? message);
  }
}
