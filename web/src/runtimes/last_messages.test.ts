import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LastMessages } from './last_messages.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a worker that is to be terminated', () => {
  test('is heard until the time is over, where nothing more comes', async () => {
    const last = new LastMessages();
    let over = false;
    void last.over.then(() => (over = true));
    await vi.advanceTimersByTimeAsync(29);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(over).toBe(true);
  });

  test('is heard until the first message after that time, where messages leave no turn to a timer', async () => {
    const clock = { now: 1000 };
    const last = new LastMessages(() => clock.now);
    let over = false;
    void last.over.then(() => (over = true));
    for (clock.now = 1001; clock.now < 1030; clock.now++) {
      last.heard();
      await Promise.resolve();
      expect(over).toBe(false);
    }
    last.heard();
    await Promise.resolve();
    expect(over).toBe(true);
  });
});
