import { deflateSync, strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { seeded } from '../trace/testing/random_program.js';
import { DICTIONARY_V1 } from './dictionary.js';
import { checksum, pack, unpack } from './pack.js';
import type { ShareState } from './share.js';
import {
  MAX_CODE_BYTES,
  MAX_FRAGMENT,
  ShareTooLongError,
  decodeShare,
  encodeShare,
} from './share.js';

const PROGRAM = `#include <iostream>
#include <asyncio/asyncio.hpp>

using namespace std::chrono_literals;

asyncio::Coro<> hello() {
  std::cout << "Grüße 🙂\\n";
  co_await asyncio::sleep(1s);
}

int main() { asyncio::run(hello()); }
`;

const FULL: ShareState = {
  example: 'producer_consumer',
  guest: 'cpp',
  clock: 'virtual',
  t: 1234,
  panels: ['console', 'why'],
  args: ['--name=a b', 'x,y&z=1', 'Grüße'],
  debug: true,
  code: PROGRAM,
};

/** Text that does not pack: the longest link for its length. */
function noise(length: number): string {
  const random = seeded(5);
  return Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random() * 90))).join('');
}

describe('a shared link', () => {
  test.each<[string, ShareState]>([
    ['everything', FULL],
    ['an example alone', { example: 'hello' }],
    ['a position alone', { t: 0 }],
    ['empty code', { code: '' }],
    ['code with every kind of character', { code: '\0\t\r\n\u{10ffff}￿äß漢字 "&=#.' }],
    ['nothing', {}],
    ['no panels, no arguments', { panels: [], args: [] }],
  ])('brings back %s', (_, state) => {
    expect(decodeShare(encodeShare(state))).toEqual({ state, problems: [] });
    expect(decodeShare(`#${encodeShare(state)}`).state).toEqual(state);
  });

  test('holds only characters that a URL fragment may hold', () => {
    expect(encodeShare(FULL)).toMatch(/^[A-Za-z0-9\-._~!$'()*+,;=:@/?&%]*$/);
  });

  test('is readable but for the code, which comes last', () => {
    expect(encodeShare({ ...FULL, args: ['a b'] })).toMatch(
      /^example=producer_consumer&guest=cpp&clock=virtual&t=1234&panels=console,why&args=a%20b&debug=1&code=1\./,
    );
  });

  test('is short: an ordinary program takes less than half its length', () => {
    expect(encodeShare({ code: PROGRAM }).length).toBeLessThan(PROGRAM.length / 2);
  });

  test('written by version 1 opens for ever', () => {
    const link =
      'example=hello&clock=virtual&t=12&code=1.1g.7f8f8f3b.wx8SVPV3BjBl5mP1s3vR4T2H56cqfJg_sykmTwmvJwn6EGoN2HcA';
    expect(decodeShare(link)).toEqual({
      state: { example: 'hello', clock: 'virtual', t: 12, code: PROGRAM },
      problems: [],
    });
  });

  test('needs the words it was packed with: they may never change', () => {
    expect(checksum(strToU8(DICTIONARY_V1))).toBe('d8412f69');
  });

  test('with keys of a later version opens without them', () => {
    expect(decodeShare('theme=dark&t=3&=&zoom&example=hello')).toEqual({
      state: { t: 3, example: 'hello' },
      problems: [],
    });
  });

  test('of a foreign fragment says nothing and complains about nothing', () => {
    for (const fragment of ['', '#', '#section-2', 'a=b&c=d', '&&&'])
      expect(decodeShare(fragment)).toEqual({ state: {}, problems: [] });
  });
});

describe('a program that is too long', () => {
  test('is refused with both lengths', () => {
    expect(() => encodeShare({ code: noise(MAX_FRAGMENT) })).toThrow(ShareTooLongError);
    expect(() => encodeShare({ code: noise(MAX_FRAGMENT) })).toThrow(
      /would have \d+ characters, 30000 are possible/,
    );
    expect(() => encodeShare({ code: 'ä'.repeat(MAX_CODE_BYTES / 2 + 1) })).toThrow(
      /it has 200002 bytes, 200000 are possible/,
    );
  });

  test('is not unpacked from a link either', () => {
    const bomb = pack(' '.repeat(MAX_CODE_BYTES + 1));
    expect(bomb.length).toBeLessThan(2000);
    expect(decodeShare(`code=${bomb}`).problems[0]?.message).toBe(
      'The code in this link is too long: 200001 bytes.',
    );
  });
});

describe('a damaged link', () => {
  const link = encodeShare(FULL);
  const { code: _code, ...rest } = FULL;

  test('that was cut short says how much is missing and keeps the rest', () => {
    for (const missing of [1, 2, 3, 50]) {
      const { state, problems } = decodeShare(link.slice(0, -missing));
      expect(state).toEqual(rest);
      expect(problems).toEqual([
        {
          key: 'code',
          message: expect.stringMatching(
            /^The code in this link is cut short: \d+ of \d+ characters are there\.$/,
          ) as string,
        },
      ]);
    }
  });

  test('wherever a character of the code was changed says so, and never gives other code', () => {
    const from = link.indexOf('code=') + 'code='.length;
    for (let at = from; at < link.length; at++)
      for (const other of ['A', '_', '*', '0']) {
        if (link[at] === other) continue;
        const damaged = link.slice(0, at) + other + link.slice(at + 1);
        const { state, problems } = decodeShare(damaged);
        expect({ at, code: state.code }).toEqual({ at, code: undefined });
        expect(problems.map((problem) => problem.key)).toEqual(['code']);
        expect(problems[0]?.message).toMatch(/^The code in this link (is|cannot be read)/);
      }
  });

  test('names a character that cannot be', () => {
    const { problems } = decodeShare(link.replace(/.$/, '*'));
    expect(problems[0]?.message).toMatch(/character \d+ is "\*", which never stands in it/);
  });

  test('of a later version of the packing says so', () => {
    expect(decodeShare('code=2.whatever.it.is').problems[0]?.message).toBe(
      'The code in this link is of version 2; this page reads version 1.',
    );
  });

  test('whose data do not unpack says so', () => {
    const data = btoa('not deflated').replaceAll('=', '');
    const damaged = `1.${data.length.toString(36)}.${checksum(strToU8('x'))}.${data}`;
    expect(() => unpack(damaged, 1000)).toThrow(/is damaged: some of its characters/);
  });

  test('whose data were packed without the dictionary is not taken for a program', () => {
    const bytes = strToU8('int main() {}');
    const data = btoa(String.fromCharCode(...deflateSync(bytes)))
      .replaceAll('=', '')
      .replaceAll('+', '-')
      .replaceAll('/', '_');
    // Deflate needs no dictionary to unpack what refers to none: the checksum alone decides.
    expect(unpack(`1.${data.length.toString(36)}.${checksum(bytes)}.${data}`, 1000)).toBe(
      'int main() {}',
    );
  });

  test.each([
    ['t=12x', 't', '`t` in this link must be the number of an event, is "12x".'],
    ['t=-1', 't', '`t` in this link must be the number of an event, is "-1".'],
    ['t=', 't', '`t` in this link must be the number of an event, is "".'],
    [
      't=99999999999999999999',
      't',
      '`t` in this link must be the number of an event, is "99999999999999999999".',
    ],
    ['clock=sundial', 'clock', '`clock` in this link must be real or virtual, is "sundial".'],
    ['guest=cobol', 'guest', '`guest` in this link must be cpp or python, is "cobol".'],
    ['example=../../etc', 'example', '"../../etc" in this link is no name for `example`.'],
    ['panels=why,<b>', 'panels', '"<b>" in this link is no name for `panels`.'],
    ['args=a,%E0%A4%A', 'args', 'The argument "%E0%A4%A" in this link is damaged.'],
    ['debug=yes', 'debug', '`debug` in this link must be 0 or 1, is "yes".'],
  ])('%s: says what is wrong and keeps the rest', (part, key, message) => {
    expect(decodeShare(`${part}&example2=x`).problems).toEqual([{ key, message }]);
    const other = key === 't' ? 'example=hello' : 't=5';
    expect(decodeShare(`${part}&${other}`).state).toEqual(
      key === 't' ? { example: 'hello' } : { t: 5 },
    );
  });

  test('never makes the page throw', () => {
    const random = seeded(9);
    for (let round = 0; round < 500; round++) {
      const characters = Array.from(link);
      for (let k = 0; k < 4; k++)
        characters[Math.floor(random() * characters.length)] = String.fromCharCode(
          32 + Math.floor(random() * 200),
        );
      const { state, problems } = decodeShare(characters.join(''));
      if (state.code !== undefined) expect(state.code).toBe(PROGRAM);
      for (const problem of problems) expect(problem.message).toMatch(/\.$/);
    }
  });
});

test('what a link cannot hold is a mistake of the caller', () => {
  expect(() => encodeShare({ example: 'Not A Name' })).toThrow(RangeError);
  expect(() => encodeShare({ t: 1.5 })).toThrow(RangeError);
});

test('the checksum is the CRC-32 of zip', () => {
  expect(checksum(strToU8('123456789'))).toBe('cbf43926');
});
