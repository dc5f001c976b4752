// The npm packages: installed exactly as package-lock.json says, and only when they are not yet.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure, run, step } from './steps.mjs';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `npm ci` when a package is missing from node_modules or has another version than package-lock.json says. */
export async function ensureDependencies() {
  const wrong = firstDifference();
  if (wrong === undefined) return;
  await step(`npm ci (${wrong})`, async () => {
    try {
      await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: REPOSITORY });
    } catch (error) {
      throw new Failure(
        `The npm packages could not be installed; is the registry within reach?\n\n${error.message}`,
      );
    }
  });
}

function firstDifference() {
  const installedFile = join(REPOSITORY, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return 'no node_modules yet';
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const wanted = packagesOf(join(REPOSITORY, 'package-lock.json'));
  const installed = packagesOf(installedFile);
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    // Optional packages are those of other platforms.
    if (path === '' || optional === true || link === true) continue;
    if (installed[path]?.version !== version) return `${path} ${version} is not installed`;
  }
  return undefined;
}
