import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

function tokens(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const dark = css.indexOf(":root[data-theme='dark']");
  const text = theme === 'light' ? css.slice(0, dark) : css.slice(dark);
  return new Map(
    [...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  );
}

type Rgb = readonly [number, number, number];

function linear(hex: string): Rgb {
  const part = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function contrast(a: string, b: string): number {
  return ratio(luminance(linear(a)), luminance(linear(b)));
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** As `color-mix(in oklab, colour share, surface)` has it, in linear light. */
function mixed(colour: string, surface: string, share: number): Rgb {
  const under = oklab(linear(surface));
  const [light = 0, a = 0, b = 0] = oklab(linear(colour)).map(
    (value, at) => value * share + (under[at] ?? 0) * (1 - share),
  );
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** What an eye of that kind sees (Machado, Oliveira and Fernandes 2009), in linear light. */
const eyes: Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'without red': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'without green': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** Distance in Oklab: 0.02 is about what one just notices side by side. */
function distance(a: string, b: string, eye: readonly [Rgb, Rgb, Rgb]): number {
  const seen = (hex: string) => {
    const [r, g, b] = linear(hex);
    return oklab(eye.map((row) => Math.max(0, row[0] * r + row[1] * g + row[2] * b)));
  };
  const [p, q] = [seen(a), seen(b)];
  return Math.hypot(...p.map((value, at) => value - (q[at] ?? 0)));
}

function oklab([r = 0, g = 0, b = 0]: readonly number[]): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const colours = tokens(theme);
  const get = (name: string) => {
    const colour = colours.get(name);
    if (colour === undefined) throw new Error(`no colour --${name} in the ${theme} theme`);
    return colour;
  };
  const tasks = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => get(`task-${n}`));

  it('writes every text colour so that it can be read on panel and paper', () => {
    const texts = ['ink', 'ink-2', 'ink-3', 'ok', 'bad', 'warn'].map(get);
    for (const text of [...texts, ...tasks]) {
      expect(contrast(text, get('panel')), text).toBeGreaterThanOrEqual(4.5);
      expect(contrast(text, get('paper')), text).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(get('ink-3'), get('sunken'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(get('now-ink'), get('now'))).toBeGreaterThanOrEqual(7);
    expect(contrast(get('ink'), get('now-tint'))).toBeGreaterThanOrEqual(7);
  });

  it('writes a task’s name so that it can be read on its own tinted surface', () => {
    const tint = theme === 'light' ? 0.09 : 0.13;
    for (const colour of [...tasks, get('task-0')]) {
      const surface = mixed(colour, get('panel'), tint);
      expect(ratio(luminance(linear(colour)), luminance(surface)), colour).toBeGreaterThan(4.5);
    }
  });

  it('keeps the first six tasks apart for every kind of eye', () => {
    for (const [name, eye] of Object.entries(eyes)) {
      for (let i = 0; i < 6; i++) {
        for (let j = i + 1; j < 6; j++) {
          const [a, b] = [tasks[i] ?? '', tasks[j] ?? ''];
          expect(distance(a, b, eye), `${a} and ${b}, ${name}`).toBeGreaterThan(0.03);
        }
      }
    }
  });
});
