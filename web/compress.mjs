// Brotli beside the page's files, for servers that send them so. Kept by content in build/, because the compiler is large.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { REPOSITORY } from '../wasm/toolchain/dependencies.mjs';

const brotli = promisify(brotliCompress);
const CACHE = join(REPOSITORY, 'build/brotli');
const TEXT_OR_CODE = /\.(css|data|html|js|json|mjs|svg|wasm)$/;
const WORTH_IT = 1024;
/** Above this size the best quality takes minutes and gains little. */
const LARGE = 4 * 1024 * 1024;

/** Writes FILE.br beside every file below `folder` that gets smaller by it. */
export async function compress(folder) {
  mkdirSync(CACHE, { recursive: true });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXT_OR_CODE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(files.map((file) => compressOne(file)));
}

/** By gzip: brotli gains nothing on it. */
function isPacked(bytes) {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function compressOne(file) {
  const bytes = readFileSync(file);
  if (bytes.length < WORTH_IT || isPacked(bytes)) return;
  const quality = bytes.length > LARGE ? 9 : 11;
  const name = createHash('sha256').update(bytes).digest('hex');
  const kept = join(CACHE, `${name}-${quality}.br`);
  if (!existsSync(kept)) {
    const small = await brotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      },
    });
    writeFileSync(`${kept}.${process.pid}`, small);
    renameSync(`${kept}.${process.pid}`, kept);
  }
  copyFileSync(kept, `${file}.br`);
}
