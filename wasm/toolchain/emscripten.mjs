// Where Emscripten is on this machine: an installed one that is new enough, or the one that we assemble.
//
//   node wasm/toolchain/emscripten.mjs            says where it is
//   node wasm/toolchain/emscripten.mjs --json     the same for programs
//   node wasm/toolchain/emscripten.mjs emcc ...   runs one of its programs
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { candidate, distribution, ensureLists, install } from './apt.mjs';
import { assemble, assembledRoot, isAssembled } from './assemble.mjs';
import { onPath } from './packages.mjs';
import { Failure, main, run, say } from './steps.mjs';
import { atLeast, versionIn } from './version.mjs';

export const VERSION_FLOOR = '3.1.69';
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const ACORN = join(REPOSITORY, 'node_modules/acorn');

let found;

/**
 * Finds Emscripten, installing or assembling it where that is possible; throws a Failure that says what to do where not.
 * Returns {version, origin, emcc, 'em++', emar, emcmake, env, toolchainFile, cache, sysroot}: absolute paths; `env` is to be
 * merged into the environment of every command.
 */
export function emscripten() {
  found ??= find();
  return found;
}

async function find() {
  const skipped = [];
  for (const { emcc, origin } of installed()) {
    const version = await versionOf(emcc);
    if (version !== undefined && atLeast(version, VERSION_FLOOR))
      return describe(emcc, origin, version);
    skipped.push(
      `${emcc} (${version ?? 'not working'}) cannot be used: ${VERSION_FLOOR} is needed`,
    );
    say(`   ${skipped.at(-1)}`);
  }
  const here = distribution();
  if (here.apt) {
    const root = assembledRoot(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'));
    const emcc = join(root, 'bin', 'emcc');
    if (isAssembled(root)) return describe(emcc, 'assembled', await versionOf(emcc));
    await ensureLists();
    const packaged = versionIn((await candidate('emscripten')) ?? '');
    if (packaged !== undefined && atLeast(packaged, VERSION_FLOOR)) {
      await install(['emscripten']);
      return describe('/usr/bin/emcc', 'apt', await versionOf('/usr/bin/emcc'));
    }
    if (here.id === 'debian' && here.codename === 'bookworm') {
      await assemble(root, ACORN);
      return describe(emcc, 'assembled', await versionOf(emcc));
    }
  }
  throw new Failure(
    [
      `Loopscope needs Emscripten ${VERSION_FLOOR} or newer and found none.`,
      ...skipped.map((line) => `  ${line}`),
      `Install the Emscripten SDK (emsdk), activate it so that EMSDK is set or emcc is on PATH, and try again.`,
    ].join('\n'),
  );
}

function installed() {
  const all = [];
  if (process.env.EMSDK) {
    all.push({ emcc: join(process.env.EMSDK, 'upstream/emscripten/emcc'), origin: 'EMSDK' });
  }
  const emcc = onPath('emcc');
  if (emcc !== undefined) all.push({ emcc, origin: 'PATH' });
  return all.filter((one) => existsSync(one.emcc));
}

async function versionOf(emcc) {
  const { code, stdout } = await run(emcc, ['--version'], { allowFailure: true });
  return code === 0 ? versionIn(stdout.split('\n')[0] ?? '') : undefined;
}

async function describe(emcc, origin, version) {
  const bin = dirname(emcc);
  const program = (name) => join(bin, name);
  const config = async (key) => (await run(program('em-config'), [key])).stdout.trim();
  const cache = await config('CACHE');
  const library = (await config('EMSCRIPTEN_ROOT')) || dirname(realpathSync(emcc));
  return {
    version,
    origin,
    emcc,
    'em++': program('em++'),
    emar: program('emar'),
    emcmake: program('emcmake'),
    env: {
      LOOPSCOPE_NODE: process.execPath,
      // --emit-tsd starts `tsc` by name.
      PATH: [process.env.PATH, join(REPOSITORY, 'node_modules/.bin')].join(delimiter),
      ...(origin === 'assembled' ? { EM_CONFIG: join(library, '.emscripten') } : {}),
    },
    toolchainFile: join(library, 'cmake/Modules/Platform/Emscripten.cmake'),
    cache,
    sysroot: join(cache, 'sysroot'),
  };
}

async function cli([first, ...rest]) {
  const tool = await emscripten();
  if (first === undefined) {
    say(`Emscripten ${tool.version} (${tool.origin}): ${tool.emcc}`);
  } else if (first === '--json') {
    process.stdout.write(`${JSON.stringify(tool, undefined, 2)}\n`);
  } else if (typeof tool[first] === 'string' && first.startsWith('em')) {
    const { status } = spawnSync(tool[first], rest, {
      stdio: 'inherit',
      env: { ...process.env, ...tool.env },
    });
    return status ?? 1;
  } else {
    throw new Failure('Usage: emscripten.mjs [--json | emcc|em++|emar|emcmake ARGS...]');
  }
  return 0;
}

if (
  process.argv[1] !== undefined &&
  realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  await main(() => cli(process.argv.slice(2)));
}
