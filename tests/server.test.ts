import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../web/server.mjs';

const root = mkdtempSync(join(tmpdir(), 'loopscope-server-'));
let server: Server;
let port: number;

beforeAll(async () => {
  mkdirSync(join(root, 'site/assets'), { recursive: true });
  writeFileSync(join(root, 'site/index.html'), '<p>page</p>');
  writeFileSync(join(root, 'site/assets/index-AbCd_123.js'), 'export {};');
  writeFileSync(join(root, 'site/main.wasm'), 'wasm');
  writeFileSync(join(root, 'site/main.wasm.br'), brotliCompressSync('wasm'));
  writeFileSync(join(root, 'secret.txt'), 'secret');
  ({ server, port } = await serve(join(root, 'site')));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(root, { recursive: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Unlike fetch, sends the path and the headers exactly as they are. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the static server', () => {
  test('sends a folder as its index.html', async () => {
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body.toString()).toBe('<p>page</p>');
  });

  test('sends WebAssembly as such, so that browsers compile it while it arrives', async () => {
    expect((await get('/main.wasm')).headers['content-type']).toBe('application/wasm');
  });

  test('sends the compressed file beside the file only to those who take it', async () => {
    const packed = await get('/main.wasm', { 'accept-encoding': 'gzip, br' });
    expect(packed.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(packed.body).toString()).toBe('wasm');
    const plain = await get('/main.wasm');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe('wasm');
  });

  test('lets hashed names be kept for ever and asks for the others to be revalidated', async () => {
    const hashed = await get('/assets/index-AbCd_123.js');
    expect(hashed.headers['cache-control']).toContain('immutable');
    const page = await get('/');
    expect(page.headers['cache-control']).toBe('no-cache');
    const again = await get('/', { 'if-none-match': String(page.headers['etag']) });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
  });

  test('needs no special headers', async () => {
    const { headers } = await get('/');
    expect(Object.keys(headers).filter((name) => name.startsWith('cross-origin'))).toEqual([]);
  });

  test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/a/../../secret.txt'])(
    'does not leave its folder for %s',
    async (path) => {
      const { status, body } = await get(path);
      expect([400, 404]).toContain(status);
      expect(body.toString()).not.toContain('secret\n');
      expect(body.toString()).not.toBe('secret');
    },
  );

  test('says what is not there', async () => {
    const { status, body } = await get('/nothing.js');
    expect(status).toBe(404);
    expect(body.toString()).toContain('/nothing.js');
    expect((await get('/%')).status).toBe(400);
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });

  test('a port that is taken is an error', async () => {
    await expect(serve(root, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
