/**
 * Where each event lies along the timeline. `time` follows the clock, `steps` gives every event the same room, `both` is
 * the scale that playing follows: steps that share an instant stand side by side, and waits keep (shortened) room.
 */
import type { Nanoseconds } from '../../protocol/trace.js';
import { Pace, restOf } from '../../playback/pace.js';

export type AxisKind = 'both' | 'time' | 'steps';

export interface AxisTick {
  readonly x: number;
  readonly label: string;
}

export interface Axis {
  readonly kind: AxisKind;
  /** Events placed so far. */
  readonly length: number;
  /** Where event `index` lies; kept within the trace. Ascends with the index. */
  at(index: number): number;
  /** Where the playhead stands at a position; `time` and `playhead` (of Playback) move it on between two events. */
  head(position: number, time: number, playhead: number): number;
  /** The position (events that have happened) that a place stands for. */
  positionAt(x: number): number;
  readonly end: number;
}

export interface AxisSource {
  readonly length: number;
  timeAt(index: number): Nanoseconds;
}

const paces = new WeakMap<AxisSource, Pace>();

/** One for a trace: it grows with it, and is not made anew at each event. */
function paceOf(source: AxisSource): Pace {
  let pace = paces.get(source);
  if (pace === undefined) paces.set(source, (pace = new Pace(source)));
  return pace;
}

/** Where event `index` lies. */
function placesOf(kind: AxisKind, source: AxisSource, pace: Pace): (index: number) => number {
  if (kind === 'time') return (index) => source.timeAt(index);
  if (kind === 'steps') return (index) => index;
  const rest = restOf(source.length);
  return (index) => pace.atWith(index + 1, rest) - rest;
}

/** The axis for what there is of the trace now. */
export function buildAxis(kind: AxisKind, source: AxisSource): Axis {
  const n = source.length;
  const pace = paceOf(source);
  const rest = restOf(n);
  const place = placesOf(kind, source, pace);
  const at = (index: number) => (n === 0 ? 0 : place(Math.min(n - 1, Math.max(0, index))));
  return {
    kind,
    length: n,
    end: Math.max(1, at(n - 1)),
    at,
    head(position, time, playhead) {
      if (n === 0 || position <= 0) return at(0);
      if (kind === 'time') return Math.min(Math.max(time, at(position - 1)), at(position));
      if (position >= n) return at(n - 1);
      const from = pace.atWith(position, rest);
      const room = pace.atWith(position + 1, rest) - from;
      const part = room > 0 ? Math.min(1, Math.max(0, (playhead - from) / room)) : 0;
      return at(position - 1) + (at(position) - at(position - 1)) * part;
    },
    positionAt(x) {
      let low = 0;
      let high = n;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (place(middle) <= x) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

/**
 * About one tick each `spacing` pixels within the visible part. `format`: a time with so many digits; the fewest are taken that
 * tell neighbours apart.
 */
export function axisTicks(
  axis: Axis,
  source: AxisSource,
  view: { readonly from: number; readonly to: number },
  width: number,
  spacing: number,
  format: (ns: number, digits: number) => string,
): readonly AxisTick[] {
  const apart = ((view.to - view.from) / width) * spacing;
  if (axis.kind === 'both') {
    const places = instants(axis, source, view, apart);
    return labelled(places, (index) => source.timeAt(index), format);
  }
  const step = niceStep(apart, axis.kind === 'steps' ? 1 : 0);
  const places: Place[] = [];
  for (let x = Math.max(0, Math.ceil(view.from / step) * step); x <= view.to; x += step) {
    if (x > axis.end * 1.001 || places.length > 200) break;
    places.push({ x, at: x });
  }
  if (axis.kind === 'steps') return places.map(({ x }) => ({ x, label: String(Math.round(x)) }));
  return labelled(places, (time) => time, format);
}

interface Place {
  readonly x: number;
  /** An event or a time. */
  readonly at: number;
}

const fewestDigits = 3;
const mostDigits = 12;

function labelled(
  places: readonly Place[],
  timeOf: (at: number) => number,
  format: (ns: number, digits: number) => string,
): AxisTick[] {
  for (let digits = fewestDigits; ; digits++) {
    const ticks = places.map(({ x, at }) => ({ x, label: format(timeOf(at), digits) }));
    const apart = ticks.every((tick, index) => tick.label !== ticks[index - 1]?.label);
    if (apart || digits === mostDigits) return ticks;
  }
}

/** On the mixed axis a tick stands where the clock has moved on. */
function instants(
  axis: Axis,
  source: AxisSource,
  view: { readonly from: number; readonly to: number },
  apart: number,
): Place[] {
  const places: Place[] = [];
  const first = Math.max(0, axis.positionAt(view.from) - 1);
  const last = Math.min(axis.length - 1, axis.positionAt(view.to));
  let free = -Infinity;
  for (let i = first; i <= last; i++) {
    if (i > 0 && source.timeAt(i - 1) === source.timeAt(i)) continue;
    const x = axis.at(i);
    if (x < free) {
      i = Math.max(i, axis.positionAt(free) - 1);
      continue;
    }
    places.push({ x, at: i });
    free = x + apart;
  }
  return places;
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function niceStep(rough: number, least: number): number {
  const power = Math.pow(10, Math.floor(Math.log10(Math.max(rough, 1e-9))));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough) ?? 10;
  return Math.max(least, factor * power);
}
