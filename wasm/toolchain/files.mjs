// Which files belong to the project: what git tracks or would track.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './dependencies.mjs';
import { run } from './steps.mjs';

/** Paths from the repository's root, for git's patterns ("*.cpp" matches in every folder). */
export async function projectFiles(...patterns) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const { stdout } = await run('git', args, { cwd: REPOSITORY });
  const paths = stdout.split('\0').filter((path) => path !== '');
  return [...new Set(paths)].filter((path) => existsSync(join(REPOSITORY, path)));
}
