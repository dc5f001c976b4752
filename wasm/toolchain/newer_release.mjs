// Packages of a newer Debian than this machine's, from its own mirror, unpacked into a folder: nothing is installed.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { archives, ensureLists } from './apt.mjs';
import { Failure, run } from './steps.mjs';

const KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-trixie-stable.gpg',
];

/**
 * Downloads packages ("name" or "name=version*") of `release` below `dir`, through an apt configuration of its own, whose only
 * source is the machine's mirror with that release.
 */
export async function download(dir, release, packages) {
  await ensureLists();
  const uris = await archives();
  if (uris.length === 0) {
    throw new Failure('apt has no Debian mirror configured (main of this release); add one.');
  }
  const keyring = KEYRINGS.find((path) => existsSync(path));
  if (keyring === undefined)
    throw new Failure(
      'Missing packages. As root, run:\n\n  apt-get install debian-archive-keyring\n',
    );
  const apt = join(dir, 'apt');
  for (const part of ['sources', 'lists/partial', 'cache/archives/partial', 'debs']) {
    mkdirSync(join(apt, part), { recursive: true });
  }
  writeFileSync(
    join(apt, 'sources', 'newer.sources'),
    `Types: deb\nURIs: ${uris.join(' ')}\nSuites: ${release}\nComponents: main\nSigned-By: ${keyring}\n`,
  );
  const options = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': join(apt, 'sources'),
    'Dir::State::Lists': join(apt, 'lists'),
    'Dir::Cache': join(apt, 'cache'),
    'APT::Sandbox::User': 'root',
    'APT::Get::List-Cleanup': 'false',
    'APT::Update::Error-Mode': 'any',
  };
  const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  try {
    await run('apt-get', [...flags, 'update']);
    await run('apt-get', [...flags, 'download', ...packages], { cwd: join(apt, 'debs') });
  } catch (error) {
    throw new Failure(
      `${packages.join(', ')} of Debian's ${release} could not be fetched from this machine's mirror. ` +
        `Is the network within reach?\n\n${error.message}`,
    );
  }
}

/** Unpacks what was downloaded below `dir` into it. */
export async function unpack(dir) {
  const debs = join(dir, 'apt', 'debs');
  for (const deb of readdirSync(debs)) await run('dpkg-deb', ['-x', join(debs, deb), dir]);
  rmSync(join(dir, 'apt'), { recursive: true });
}
