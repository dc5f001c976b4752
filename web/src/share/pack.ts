/** Code as characters that may stand in a URL: deflated, base64url, with its length and a checksum before it. */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { DICTIONARY_V1 } from './dictionary.js';

const VERSION = '1';
const dictionary = strToU8(DICTIONARY_V1);

/** What is wrong with packed text, in words that go on from "The code in this link ". */
export class DamagedCode extends Error {
  override readonly name = 'DamagedCode';
}

/** `1.<characters of data, base 36>.<CRC-32 of the text, hexadecimal>.<data>`. */
export function pack(text: string): string {
  const bytes = strToU8(text);
  const data = toBase64Url(deflateSync(bytes, { level: 9, dictionary }));
  return `${VERSION}.${data.length.toString(36)}.${checksum(bytes)}.${data}`;
}

/** Throws DamagedCode. `limit`: the longest text, in bytes. */
export function unpack(packed: string, limit: number): string {
  const [version = '', length = '', sum = '', data = '', ...more] = packed.split('.');
  if (version !== VERSION && /^\d+$/.test(version))
    throw new DamagedCode(`is of version ${version}; this page reads version ${VERSION}`);
  if (version !== VERSION || more.length > 0)
    throw new DamagedCode('cannot be read: it has lost its beginning');
  const expected = parseInt(length, 36);
  if (!/^[0-9a-z]+$/.test(length) || !/^[0-9a-f]{8}$/.test(sum))
    throw new DamagedCode('is damaged: its length or its checksum cannot be read');
  if (data.length < expected)
    throw new DamagedCode(`is cut short: ${data.length} of ${expected} characters are there`);
  if (data.length > expected)
    throw new DamagedCode(`is damaged: it has ${data.length} characters instead of ${expected}`);
  // Deflate packs at most 1032 to 1, so that this bounds what is unpacked.
  if (data.length > limit) throw new DamagedCode(`is too long: ${data.length} characters`);
  const bytes = inflate(data);
  if (checksum(bytes) !== sum)
    throw new DamagedCode('is damaged: some of its characters are not those that were sent');
  if (bytes.length > limit) throw new DamagedCode(`is too long: ${bytes.length} bytes`);
  return strFromU8(bytes);
}

function inflate(data: string): Uint8Array {
  const packed = fromBase64Url(data);
  try {
    return inflateSync(packed, { dictionary });
  } catch {
    throw new DamagedCode('is damaged: some of its characters are not those that were sent');
  }
}

function toBase64Url(bytes: Uint8Array): string {
  // In parts, for a call takes only so many arguments.
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array {
  const wrong = /[^A-Za-z0-9_-]/.exec(text);
  if (wrong !== null)
    throw new DamagedCode(
      `is damaged: character ${wrong.index + 1} is ${JSON.stringify(wrong[0])}, which never stands in it`,
    );
  // A single character more than a multiple of four says nothing.
  if (text.length % 4 === 1) throw new DamagedCode('is damaged: a character is missing');
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
    c.charCodeAt(0),
  );
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32 as in zip, eight hexadecimal digits. */
export function checksum(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
