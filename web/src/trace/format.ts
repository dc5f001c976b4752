/** Times and durations as text. */

const UNITS: readonly (readonly [number, string])[] = [
  [3_600_000_000_000, 'h'],
  [60_000_000_000, 'min'],
  [1_000_000_000, 's'],
  [1_000_000, 'ms'],
  [1_000, 'µs'],
  [1, 'ns'],
];

/** `0 s`, `250 µs`, `1.5 s`, `1 h 30 min`: at most `digits` significant digits below a minute. */
export function formatDuration(ns: number, digits = 4): string {
  if (ns < 0) return `-${formatDuration(-ns, digits)}`;
  if (ns === 0) return '0 s';
  if (ns >= 60_000_000_000) return formatLong(ns);
  for (const [size, unit] of UNITS) {
    if (ns < size) continue;
    const text = String(Number((ns / size).toPrecision(digits)));
    return `${text} ${unit}`;
  }
  return '0 s';
}

function formatLong(ns: number): string {
  const seconds = Math.round(ns / 1e7) / 100;
  const h = Math.floor(seconds / 3600);
  const min = Math.floor((seconds % 3600) / 60);
  const s = Math.round((seconds % 60) * 100) / 100;
  const parts = [h > 0 ? `${String(h)} h` : '', min > 0 ? `${String(min)} min` : ''];
  parts.push(s > 0 ? `${String(s)} s` : '');
  return parts.filter((part) => part !== '').join(' ');
}
