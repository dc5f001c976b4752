// A small static server, with nothing that a plain static host would not do: types, caching, and .br files where they exist.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/jsonl; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
/** Vite's hashed names in assets/, and names that carry their content's hash elsewhere: they never change. */
const IMMUTABLE = /^\/assets\/.+-[\w-]{8}\.\w+$|[.-][0-9a-f]{8,64}\.\w+$/;

/**
 * Serves `root`; resolves once it listens. Port 0 takes any free one; a taken port rejects.
 *
 * @param {string} root
 * @param {{ port?: number, host?: string, headers?: Record<string, string> }} [options]
 * @returns {Promise<{ server: import('node:http').Server, port: number }>}
 */
export function serve(root, { port = 0, host = '127.0.0.1', headers = {} } = {}) {
  const server = createServer((request, response) => {
    answer(root, headers, request, response).catch((error) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`${error.message}\n`);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve({ server, port: server.address().port }));
  });
}

async function answer(root, headers, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405, 'Only GET and HEAD.', { allow: 'GET, HEAD' });
  }
  const path = safePath(request.url ?? '/');
  if (path === undefined) return refuse(response, 400, 'Bad path.');
  const file = await findFile(join(root, path));
  if (file === undefined) return refuse(response, 404, `There is no ${path} here.`);
  const packed = await packedVersion(file, request.headers['accept-encoding'] ?? '');
  const immutable = IMMUTABLE.test(path);
  const etag = immutable ? undefined : await tag(file);
  const head = {
    ...headers,
    'content-type': TYPES[extname(file.path)] ?? 'application/octet-stream',
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(etag === undefined ? {} : { etag }),
  };
  if (etag !== undefined && request.headers['if-none-match'] === etag) {
    response.writeHead(304, head);
    return response.end();
  }
  const body = packed ?? file;
  response.writeHead(200, {
    ...head,
    'content-length': body.size,
    ...(packed === undefined ? {} : { 'content-encoding': 'br' }),
  });
  if (request.method === 'HEAD') return response.end();
  return pipeline(createReadStream(body.path), response, () => {});
}

/** The decoded path, or undefined where it leaves the root or is no path at all. */
function safePath(url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0')) return undefined;
  const clean = normalize(path).split(sep).join('/');
  return clean.startsWith('/') && !clean.split('/').includes('..') ? clean : undefined;
}

async function findFile(path) {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return findFile(join(path, 'index.html'));
  return info?.isFile() ? { path, size: info.size } : undefined;
}

async function packedVersion(file, accepted) {
  if (!/\bbr\b/.test(accepted)) return undefined;
  return findFile(`${file.path}.br`);
}

/** Of small files the content's hash; the others are large and rarely built. */
async function tag(file) {
  if (file.size > 1_000_000) {
    const { mtimeMs } = await stat(file.path);
    return `"${file.size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`;
  }
  const bytes = await readFile(file.path);
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
}

function refuse(response, status, message, headers = {}) {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${message}\n`);
}
