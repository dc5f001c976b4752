// The machine's own package manager, where it is apt: what is installed, what can be, and where it comes from.
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { Failure, run, step } from './steps.mjs';

const hasApt = existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb');

/** VERSION_CODENAME and ID of /etc/os-release ('' where unknown). */
export function distribution() {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), codename: field('VERSION_CODENAME'), apt: hasApt };
}

/** The command prefix that makes us root without asking for a password, or undefined. */
async function privileges() {
  if (process.getuid?.() === 0) return [];
  const sudo = await run('sudo', ['-n', 'true'], { allowFailure: true });
  return sudo.code === 0 ? ['sudo', '-n'] : undefined;
}

/** Installs packages, or says which command installs them. */
export async function install(packages) {
  const line = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const prefix = hasApt ? await privileges() : undefined;
  if (prefix === undefined) throw new Failure(`Missing packages. As root, run:\n\n  ${line}\n`);
  const asRoot = (command, ...args) => {
    const [first, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      command,
      '-o',
      'DPkg::Lock::Timeout=300',
      ...args,
    ];
    return run(first, rest);
  };
  await step(`install ${packages.join(' ')}`, async () => {
    if (!(await knowsAll(packages))) await asRoot('apt-get', 'update');
    const args = ['install', '-y', '--no-install-recommends', ...packages];
    try {
      await asRoot('apt-get', ...args);
    } catch {
      // Lists that are older than the archive name files that are gone: fetch them once more before giving up.
      await asRoot('apt-get', 'update');
      await asRoot('apt-get', ...args);
    }
  });
}

async function knowsAll(packages) {
  for (const name of packages) if ((await candidate(name)) === undefined) return false;
  return true;
}

/** The version that apt would install, or undefined. */
export async function candidate(name) {
  if (!hasApt) return undefined;
  const { stdout } = await run('apt-cache', ['policy', name], {
    allowFailure: true,
    env: { LC_ALL: 'C' },
  });
  const version = /Candidate: (\S+)/.exec(stdout)?.[1];
  return version === '(none)' ? undefined : version;
}

/** Fetches apt's lists when the machine has none yet (fresh container images). */
export async function ensureLists() {
  if ((await candidate('libc6')) !== undefined && (await archives()).length > 0) return;
  const prefix = await privileges();
  if (prefix === undefined) {
    throw new Failure('apt has no package lists yet. As root, run:\n\n  apt-get update\n');
  }
  const [first, ...rest] = [...prefix, 'apt-get', 'update'];
  await step('fetch the package lists', () => run(first, rest));
}

/** Addresses from which apt takes this release's main component, as apt itself resolves its configuration. */
export async function archives() {
  const { codename } = distribution();
  const { stdout } = await run(
    'apt-get',
    [
      'indextargets',
      '--format',
      '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)',
      'Created-By: Packages',
    ],
    { allowFailure: true },
  );
  const rows = stdout.split('\n').map((line) => line.split(' '));
  const here = rows.filter(
    ([uri, name, component, origin]) =>
      uri !== undefined && name === codename && component === 'main' && origin === 'Debian',
  );
  return [...new Set(here.map(([uri]) => uri))];
}
