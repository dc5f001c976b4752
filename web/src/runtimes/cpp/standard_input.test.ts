import { describe, expect, test } from 'vitest';
import { LastLine, NeedsLine, Repeated, StandardInput } from './standard_input.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (found: Uint8Array | null) =>
  found === null ? null : new TextDecoder().decode(found);

describe('standard input', () => {
  test('gives what was typed line by line, and asks for more', () => {
    const input = new StandardInput(['Ada', 'ä']);
    expect(text(input.read())).toBe('Ada\n');
    expect(text(input.read())).toBe('ä\n');
    expect(() => input.read()).toThrow(NeedsLine);
  });

  test('stays at its end once there is no more', () => {
    const input = new StandardInput([null]);
    expect(input.read()).toBeNull();
    expect(input.read()).toBeNull();
  });

  test('is asked for with what stands on the last line', () => {
    const line = new LastLine();
    line.write(bytes('Hello\nYour '));
    line.write(bytes('name? '));
    expect(line.text).toBe('Your name? ');
  });

  test('lets a repeated run tell only what it had not told before', () => {
    const heard = new Repeated();
    expect(text(heard.fresh(bytes('abc\n')))).toBe('abc\n');
    heard.again();
    expect(heard.fresh(bytes('ab'))).toBeNull();
    expect(text(heard.fresh(bytes('c\nd')))).toBe('d');
    heard.again();
    expect(text(heard.fresh(bytes('abc\nde')))).toBe('e');
  });
});
