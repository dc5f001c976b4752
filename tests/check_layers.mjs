// The arrows between the parts of this project, checked from the text of its files: who may include or import whom.
// Part of `npm run check`. The rules are data at the top; check_layers.test.ts shows that breaking one is noticed.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** web/src: module -> the modules it may import. `app` wires everything; tests may import anything. */
const WEB = {
  protocol: [],
  ui: [],
  trace: ['protocol'],
  playback: ['protocol'],
  runtimes: ['protocol'],
  share: ['protocol'],
  gallery: ['protocol', 'ui'],
  editor: ['protocol', 'ui'],
  views: ['trace', 'playback', 'protocol', 'ui'],
  embed: ['views', 'runtimes', 'share', 'protocol', 'ui'],
  app: 'all',
};
/** Modules of the page that may import what lies outside web/src, and what. */
const WEB_OUTSIDE = { runtimes: ['wasm/'], gallery: ['examples/'] };

/** native/src: layer -> the layers whose private headers it may include. Everybody may include the public ones. */
const NATIVE = {
  core: ['core'],
  backends: ['backends'],
  // Loops that an interpreter drives.
  guest: ['core', 'guest'],
  trace: ['trace'],
  program: ['core', 'backends', 'trace', 'program'],
  // Reads traces from files; knows nothing of the loop that wrote them.
  reader: ['reader'],
};
/** The C++ ABI belongs to the compiler, not to a platform. */
const NOT_PLATFORM = ['cxxabi.h'];
/** The only file that asks which platform it is built for. */
const PLATFORM_FILE = 'native/src/backends/registry.cpp';
const PLATFORM_MACRO =
  /\b(__linux__|__unix__|__APPLE__|__FreeBSD__|_WIN32|__EMSCRIPTEN__|__wasm__)\b/;

/** Problems of the page's modules. `files`: path from the repository's root -> text. */
export function webProblems(files) {
  const problems = [];
  for (const [path, text] of files) {
    const module = /^web\/src\/([^/]+)\//.exec(path)?.[1];
    if (module === undefined || isTest(path)) continue;
    if (WEB[module] === undefined) {
      problems.push(`${path}: "${module}" is not a module that tests/check_layers.mjs knows`);
      continue;
    }
    for (const { target, line } of imports(path, text)) {
      const problem = webProblem(module, target);
      if (problem !== undefined) problems.push(`${path}:${line}: ${problem}`);
    }
  }
  return problems;
}

function webProblem(module, target) {
  const other = /^web\/src\/([^/]+)\//.exec(target)?.[1];
  if (other === undefined) {
    const outside = WEB_OUTSIDE[module] ?? [];
    return outside.some((prefix) => target.startsWith(prefix))
      ? undefined
      : `${module} may not import ${target}, which lies outside web/src`;
  }
  const allowed = WEB[module];
  if (other === module || allowed === 'all' || allowed.includes(other)) return undefined;
  return `${module} may not import ${other} (only ${allowed.join(', ') || 'itself'})`;
}

/** Relative imports, resolved to paths from the repository's root: import, export from, import(), new URL(), glob. */
function imports(path, text) {
  const found = [];
  const quoted =
    /(?:\bfrom|\bimport|\bimport\(|\bURL\(|\bglob(?:<[^>]*>)?\()\s*(['"])(\.{1,2}\/[^'"]+)\1/g;
  for (const match of text.matchAll(quoted)) {
    const target = posix.normalize(posix.join(posix.dirname(path), match[2]));
    found.push({ target, line: lineOf(text, match.index) });
  }
  return found;
}

/** Problems of the C++ library's layers. `files`: path from the repository's root -> text. */
export function nativeProblems(files) {
  const problems = [];
  for (const [path, text] of files) {
    const isPublic = path.startsWith('native/include/');
    const layer = /^native\/src\/([^/]+)\//.exec(path)?.[1];
    if (!isPublic && layer === undefined) continue;
    if (layer !== undefined && NATIVE[layer] === undefined) {
      problems.push(`${path}: "${layer}" is not a layer that tests/check_layers.mjs knows`);
      continue;
    }
    for (const { header, line } of includes(text)) {
      const problem = isPublic ? publicProblem(header) : layerProblem(layer, header);
      if (problem !== undefined) problems.push(`${path}:${line}: ${problem}`);
    }
    if (path !== PLATFORM_FILE) problems.push(...platformConditions(path, text));
  }
  return problems;
}

function includes(text) {
  const lines = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]+([<"][^>"]+[>"])/gm)];
  return lines.map((match) => ({ header: match[1], line: lineOf(text, match.index) }));
}

function publicProblem(header) {
  if (/^<asyncio\/[\w/]+\.hpp>$/.test(header) || isStandard(header)) return undefined;
  return `a public header may include only the standard library and <asyncio/...>, not ${header}`;
}

function layerProblem(layer, header) {
  const other = /^"([^/"]+)\//.exec(header)?.[1];
  if (other !== undefined) {
    return NATIVE[layer].includes(other) ? undefined : `${layer} may not include ${header}`;
  }
  if (header.startsWith('"')) return `${header} must be written with its layer, as in "core/..."`;
  if (layer !== 'core' || header.startsWith('<asyncio/') || isStandard(header)) return undefined;
  return NOT_PLATFORM.includes(header.slice(1, -1))
    ? undefined
    : `the core may not include the platform's ${header}`;
}

/** C++'s own headers have no ending and no folder. */
function isStandard(header) {
  return /^<[a-z0-9_]+>$/.test(header);
}

function platformConditions(path, text) {
  const conditions = [...text.matchAll(/^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b.*$/gm)];
  return conditions
    .filter((match) => PLATFORM_MACRO.test(match[0]))
    .map((match) => {
      const where = `${path}:${lineOf(text, match.index)}`;
      return `${where}: only ${PLATFORM_FILE} may ask for the platform (${match[0].trim()})`;
    });
}

function isTest(path) {
  return /\.test\.tsx?$/.test(path);
}

function lineOf(text, index) {
  return text.slice(0, index).split('\n').length;
}

/** All files below the given folders, as path from the root -> text. */
function read(root, folders, pattern) {
  const files = new Map();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !pattern.test(entry.name)) continue;
      const full = join(entry.parentPath, entry.name);
      files.set(relative(root, full).split(sep).join('/'), readFileSync(full, 'utf8'));
    }
  }
  return files;
}

/** All problems of the working tree. */
export function layerProblems(root) {
  return [
    ...webProblems(read(root, ['web/src'], /\.tsx?$/)),
    ...nativeProblems(read(root, ['native/include', 'native/src'], /\.(hpp|cpp)$/)),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = layerProblems(fileURLToPath(new URL('..', import.meta.url)));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
