// CMake through the presets of CMakePresets.json.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './dependencies.mjs';
import { run } from './steps.mjs';

/** Configures a preset where that was not done yet, and builds it; ninja does what changed. `target`: only that one. */
export async function cmakeBuild(preset, folder, { env, target } = {}) {
  if (!existsSync(join(REPOSITORY, 'build', folder, 'build.ninja'))) {
    await run('cmake', ['--preset', preset], { cwd: REPOSITORY, env });
  }
  const jobs = process.env.CMAKE_BUILD_PARALLEL_LEVEL ?? String(availableParallelism());
  const which = target === undefined ? [] : ['--target', target];
  await run('cmake', ['--build', '--preset', preset, '--parallel', jobs, ...which], {
    cwd: REPOSITORY,
    env,
  });
}
