import { describe, expect, test } from 'vitest';
import type { Nanoseconds } from '../protocol/trace.js';
import type { Frames } from './frames.js';
import { MAX_RATE, MIN_RATE, Playback } from './playback.js';
import type { Track } from './playback.js';

const MS = 1_000_000;

/** Frames at the test's command: no real time passes. */
class ManualFrames implements Frames {
  #callback: ((now: number) => void) | null = null;
  #now = 1000;
  #requests = 0;

  get waiting(): boolean {
    return this.#callback !== null;
  }

  request(callback: (now: number) => void): number {
    this.#callback = callback;
    return ++this.#requests;
  }

  cancel(): void {
    this.#callback = null;
  }

  /** One frame, so many ms after the last. */
  beat(passed: number): void {
    this.#now += passed;
    const callback = this.#callback;
    this.#callback = null;
    callback?.(this.#now);
  }

  /** Frames of 10 ms, until so much has passed. */
  pass(ms: number): void {
    for (let k = 0; k < ms / 10; k++) this.beat(10);
  }
}

class TestTrack implements Track {
  #listener: (length: number) => void = () => undefined;
  subscribers = 0;

  constructor(
    /** When each event happens, in ms. */
    readonly times: number[],
    readonly stopsOf: { step: number[]; turn: number[] } = { step: [], turn: [] },
  ) {}

  get length(): number {
    return this.times.length;
  }

  timeAt(index: number): Nanoseconds {
    return ((this.times[index] ?? 0) * MS) as Nanoseconds;
  }

  positionAtTime(time: Nanoseconds): number {
    return this.times.filter((at) => at * MS <= time).length;
  }

  stops(unit: 'step' | 'turn'): readonly number[] {
    return this.stopsOf[unit];
  }

  subscribe(listener: (length: number) => void): () => void {
    this.#listener = listener;
    this.subscribers++;
    return () => this.subscribers--;
  }

  grow(...times: number[]): void {
    this.times.push(...times);
    this.#listener(this.times.length);
  }
}

function loaded(
  track: TestTrack,
  live: 'real' | 'virtual' | null = null,
): { readonly playback: Playback; readonly frames: ManualFrames } {
  const frames = new ManualFrames();
  const playback = new Playback(frames);
  playback.load(track, live);
  return { playback, frames };
}

const still = (): TestTrack => new TestTrack([0, 0, 0, 0, 0]);

describe('playing', () => {
  test('shows one event after another and stops at the end', () => {
    const { playback, frames } = loaded(still());
    const seen = [playback.position.value];
    playback.position.subscribe((position) => {
      if (seen.at(-1) !== position) seen.push(position);
    });
    playback.play();
    frames.pass(1000);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    expect(playback.playing.value).toBe(false);
    expect(frames.waiting).toBe(false);
  });

  test('takes as long as the pace says', () => {
    const { playback, frames } = loaded(new TestTrack([0, 500]));
    playback.play();
    frames.beat(0);
    frames.pass(120);
    expect(playback.position.value).toBe(1);
    frames.pass(610);
    expect(playback.position.value).toBe(1);
    frames.pass(10);
    expect(playback.position.value).toBe(2);
  });

  test('lets the time pass smoothly while the program waits', () => {
    const { playback, frames } = loaded(new TestTrack([0, 1000]));
    playback.seek(1);
    playback.play();
    frames.beat(0);
    frames.pass(120 + 300);
    expect(playback.position.value).toBe(1);
    expect(playback.time.value).toBeCloseTo(300 * MS, -3);
  });

  test('shows an hour of sleep in seconds', () => {
    const { playback, frames } = loaded(new TestTrack([0, 3600_000]));
    playback.play();
    frames.pass(4900);
    expect(playback.position.value).toBe(2);
    expect(playback.time.value).toBe(3600_000 * MS);
  });

  test.each([0.1, 0.5, 2, 100])('at rate %d takes so many times as long', (rate) => {
    const { playback, frames } = loaded(new TestTrack(Array.from({ length: 250 }, () => 0)));
    playback.setRate(rate);
    playback.play();
    frames.beat(0);
    frames.pass(200);
    expect(playback.playhead.value).toBeCloseTo(200 * rate, 6);
  });

  test('keeps its rate within limits', () => {
    const { playback } = loaded(still());
    const rates = [0, 1e9, 3].map((rate) => (playback.setRate(rate), playback.rate.value));
    expect(rates).toEqual([MIN_RATE, MAX_RATE, 3]);
    playback.setRate(NaN);
    expect(playback.rate.value).toBe(3);
  });

  test('goes on where it was after the page was hidden', () => {
    const { playback, frames } = loaded(new TestTrack(Array.from({ length: 100 }, () => 0)));
    playback.play();
    frames.beat(0);
    frames.beat(3600_000);
    expect(playback.playhead.value).toBe(250);
  });

  test('pauses, and then asks for no more frames', () => {
    const { playback, frames } = loaded(still());
    playback.play();
    frames.pass(130);
    playback.toggle();
    expect(frames.waiting).toBe(false);
    const { value } = playback.position;
    frames.pass(500);
    expect(playback.position.value).toBe(value);
    playback.toggle();
    frames.pass(1000);
    expect(playback.position.value).toBe(5);
  });

  test('starts over when it is at the end', () => {
    const { playback } = loaded(still());
    playback.toEnd();
    playback.play();
    expect(playback.position.value).toBe(0);
    expect(playback.playing.value).toBe(true);
  });

  test('goes on from where one seeks while it plays', () => {
    const { playback, frames } = loaded(still());
    playback.play();
    frames.beat(0);
    playback.seek(3);
    frames.pass(120);
    expect(playback.position.value).toBe(4);
    expect(playback.playing.value).toBe(true);
  });
});

describe('stepping', () => {
  const track = (): TestTrack =>
    new TestTrack(
      Array.from({ length: 12 }, () => 0),
      { step: [3, 6, 9], turn: [2, 8] },
    );

  test('by event goes one event on or back, and no further than the ends', () => {
    const { playback } = loaded(track());
    playback.step('back', 'event');
    expect(playback.position.value).toBe(0);
    playback.step('forward', 'event');
    playback.step('forward', 'event');
    playback.step('back', 'event');
    expect(playback.position.value).toBe(1);
    playback.toEnd();
    playback.step('forward', 'event');
    expect(playback.position.value).toBe(12);
  });

  test.each([
    ['step', [3, 6, 9, 12], [9, 6, 3, 0]],
    ['turn', [2, 8, 12], [8, 2, 0]],
  ] as const)('by %s stops at the same places both ways', (unit, forward, back) => {
    const { playback } = loaded(track());
    expect(forward.map(() => (playback.step('forward', unit), playback.position.value))).toEqual(
      forward,
    );
    expect(back.map(() => (playback.step('back', unit), playback.position.value))).toEqual(back);
  });

  test('from between two stops goes to the nearest', () => {
    const { playback } = loaded(track());
    playback.seek(7);
    playback.step('back', 'step');
    expect(playback.position.value).toBe(6);
    playback.seek(7);
    playback.step('forward', 'step');
    expect(playback.position.value).toBe(9);
  });

  test('pauses', () => {
    const { playback, frames } = loaded(track());
    playback.play();
    playback.step('forward', 'event');
    expect(playback.playing.value).toBe(false);
    expect(frames.waiting).toBe(false);
  });
});

describe('seeking', () => {
  test('stays within the trace', () => {
    const { playback } = loaded(still());
    const positions = [99, -3, 2.7, NaN].map((n) => (playback.seek(n), playback.position.value));
    expect(positions).toEqual([5, 0, 2, 2]);
  });

  test('by time goes to the last event until then', () => {
    const { playback } = loaded(new TestTrack([0, 0, 100, 100, 200]));
    playback.seekTime((150 * MS) as Nanoseconds);
    expect(playback.position.value).toBe(4);
    expect(playback.time.value).toBe(100 * MS);
  });

  test('by the playhead may end between two events', () => {
    const { playback } = loaded(new TestTrack([0, 1000]));
    playback.seekPlayhead(120 + 120 + 500);
    expect(playback.position.value).toBe(1);
    expect(playback.time.value).toBe(500 * MS);
    playback.seekPlayhead(1e9);
    expect(playback.position.value).toBe(2);
  });
});

describe('a live trace', () => {
  test('is followed to its end as it grows', () => {
    const track = new TestTrack([]);
    const { playback } = loaded(track, 'virtual');
    playback.follow();
    track.grow(0, 0);
    track.grow(5);
    expect([playback.position.value, playback.length.value]).toEqual([3, 3]);
    expect(playback.time.value).toBe(5 * MS);
  });

  test('is let go of by a step back, and taken up again at its end', () => {
    const track = still();
    const { playback } = loaded(track, 'virtual');
    playback.follow();
    playback.step('back', 'event');
    track.grow(1, 2);
    expect([playback.position.value, playback.following.value]).toEqual([4, false]);
    playback.toEnd();
    expect([playback.position.value, playback.following.value]).toEqual([7, true]);
    track.grow(3);
    expect(playback.position.value).toBe(8);
  });

  test('is let go of by a seek, even to its end', () => {
    for (const seek of [2, 5]) {
      const track = still();
      const { playback } = loaded(track, 'virtual');
      playback.follow();
      playback.seek(seek);
      track.grow(1);
      expect([playback.position.value, playback.following.value]).toEqual([seek, false]);
    }
  });

  test('on the real clock lets time pass while nothing happens', () => {
    const track = new TestTrack([0]);
    const { playback, frames } = loaded(track, 'real');
    playback.follow();
    frames.beat(0);
    frames.pass(400);
    expect(playback.time.value).toBeCloseTo(400 * MS, -3);
    expect(playback.position.value).toBe(1);
    track.grow(900);
    expect(playback.time.value).toBe(900 * MS);
  });

  test('on the virtual clock asks for no frames while it is followed', () => {
    const { playback, frames } = loaded(still(), 'virtual');
    playback.follow();
    expect(frames.waiting).toBe(false);
  });

  test('can be played before its first event is there', () => {
    const track = new TestTrack([]);
    const { playback, frames } = loaded(track, 'virtual');
    playback.play();
    frames.pass(100);
    track.grow(0, 0, 0);
    frames.pass(130);
    expect(playback.position.value).toBe(1);
    expect(playback.playing.value).toBe(true);
  });

  test('keeps its position and its place between two events when its pace changes', () => {
    const track = new TestTrack([0, 1000]);
    const { playback } = loaded(track, 'virtual');
    playback.seekPlayhead(120 + 120 + 500);
    track.grow(...Array.from({ length: 5000 }, () => 1000));
    expect(playback.position.value).toBe(1);
    expect(playback.pace?.positionAt(playback.playhead.value)).toBe(1);
    const dense = still();
    const other = loaded(dense, 'virtual').playback;
    other.seek(4);
    dense.grow(...Array.from({ length: 5000 }, () => 0));
    expect(other.playhead.value).toBe(other.pace?.at(4));
  });

  test('that ends is no longer followed, and stays where it is', () => {
    const track = still();
    const { playback, frames } = loaded(track, 'real');
    playback.follow();
    frames.pass(50);
    playback.finish();
    expect([playback.following.value, playback.position.value, frames.waiting]).toEqual([
      false,
      5,
      false,
    ]);
    expect(playback.time.value).toBe(0);
  });

  test('that is caught up with by playing is followed from there', () => {
    const { playback, frames } = loaded(still(), 'real');
    playback.play();
    frames.pass(2000);
    expect([playback.playing.value, playback.following.value]).toEqual([false, true]);
  });
});

describe('another trace', () => {
  test('is shown from its start, and the old one is let go of', () => {
    const first = still();
    const { playback, frames } = loaded(first);
    playback.play();
    frames.pass(200);
    playback.load(new TestTrack([0]));
    first.grow(1);
    expect([playback.position.value, playback.length.value, playback.playing.value]).toEqual([
      0,
      1,
      false,
    ]);
    expect([first.subscribers, frames.waiting]).toEqual([0, false]);
  });

  test('may be none', () => {
    const { playback } = loaded(still());
    playback.dispose();
    playback.play();
    playback.step('forward', 'turn');
    playback.toEnd();
    expect([playback.position.value, playback.playing.value, playback.pace]).toEqual([
      0,
      false,
      null,
    ]);
  });
});
