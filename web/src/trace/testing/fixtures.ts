/** For tests only: real traces, recorded by the native program, and what goes with them. */
import { readFileSync, readdirSync } from 'node:fs';
import type { AnyEvent } from '../../protocol/events.js';
import { readTrace } from '../../protocol/reader.js';
import { TraceStore } from '../store.js';
import { HEADER } from './model_loop.js';

const FOLDER = new URL('fixtures/', import.meta.url);

/** The names of all recorded traces. */
export const FIXTURES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => file.replace(/\.jsonl$/, ''));

export function fixtureBytes(name: string): Uint8Array {
  return readFileSync(new URL(`${name}.jsonl`, FOLDER));
}

/** A text beside the traces. */
export function fixtureText(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

export function fixture(name: string): TraceStore {
  const { header, events, problem } = readTrace(fixtureBytes(name));
  if (header === null || problem !== null) throw new Error(`${name}: ${problem?.message ?? ''}`);
  const store = new TraceStore(header);
  store.append(events);
  return store;
}

export function storeOf(events: readonly AnyEvent[]): TraceStore {
  const store = new TraceStore(HEADER);
  store.append(events);
  return store;
}
