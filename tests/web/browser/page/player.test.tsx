import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page as window, userEvent } from 'vitest/browser';
import { gatherTrace, visit, type Visit } from './scripted.js';

let visitor: Visit;
const trace = gatherTrace();

beforeEach(async () => {
  await window.viewport(1280, 800);
  visitor = visit();
});
afterEach(() => {
  visitor.leave();
});

const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
const button = (name: string | RegExp) => window.getByRole('button', { name }).first();

async function runToEnd(): Promise<void> {
  await button('Run').click();
  visitor.runtime.play(trace);
  await expect.poll(() => visitor.page.session.run.value.kind).toBe('ended');
  await expect.poll(() => visitor.page.session.trace.value).not.toBeNull();
  visitor.page.session.playback.pause();
}

async function at(position: number): Promise<void> {
  visitor.page.intents.seek(position);
  await expect.poll(() => visitor.page.session.moment.value.position).toBe(position);
  await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('pressing Run', () => {
  it('shows the loop and plays from the start', async () => {
    await expect.element(window.getByText('Watch the loop run')).toBeVisible();
    await button('Run').click();
    visitor.runtime.play(trace);
    await expect.element(window.getByRole('region', { name: 'Ready queue' })).toBeVisible();
    const { playback } = visitor.page.session;
    expect(playback.playing.value).toBe(true);
    await expect.poll(() => playback.position.value).toBeGreaterThan(2);
  });

  it('asks for the prebuilt program while the code is unedited, and says which clock was used', async () => {
    await runToEnd();
    expect(visitor.runtime.requests[0]).toMatchObject({
      prebuilt: 'two_workers',
      clock: 'virtual',
      guest: 'cpp',
    });
    await expect.element(window.getByText('virtual clock')).toBeVisible();
  });

  it('says why another clock was used than the one asked for', async () => {
    await button('Run').click();
    visitor.runtime.say({
      type: 'clock',
      clock: 'virtual',
      waiting: 'virtual',
      reason: 'main() blocks, which needs a page that is cross-origin isolated.',
    });
    visitor.runtime.sayTrace(trace);
    await expect.element(window.getByText('main() blocks, which needs')).toBeVisible();
  });

  it('shows how far a download is', async () => {
    await button('Run').click();
    visitor.runtime.say({ type: 'phase', phase: 'loading-compiler', progress: 0.42 });
    await expect.element(window.getByText('Loading the compiler 42 %')).toBeVisible();
    const bar = document.querySelector('[role="progressbar"]');
    expect(bar?.getAttribute('aria-valuenow')).toBe('42');
  });

  it('drops what an earlier run still says', async () => {
    await button('Run').click();
    const first = visitor.runtime.requests[0]?.runId ?? 0;
    visitor.runtime.say({ type: 'end', how: 'exited', code: 0 });
    await expect.poll(() => visitor.page.session.run.value.kind).toBe('ended');
    await button('Run').click();
    visitor.runtime.sayTrace(trace, first);
    visitor.runtime.say({ type: 'end', how: 'exited', code: 0 });
    await expect.poll(() => visitor.page.session.run.value.kind).toBe('ended');
    expect(visitor.page.session.trace.value).toBeNull();
  });
});

describe('moving through the trace', () => {
  it('shows the same picture whether a moment is reached forward or back', async () => {
    await runToEnd();
    const { length } = visitor.page.session.playback;
    const pictures: string[] = [];
    const loop = () =>
      (document.querySelector('.loop')?.innerHTML ?? '').replaceAll(' style=""', '');
    for (let position = 0; position <= length.value; position += 3) {
      await at(position);
      pictures.push(loop());
    }
    for (let index = pictures.length - 1; index >= 0; index--) {
      await at(index * 3);
      expect(loop(), `at ${index * 3}`).toBe(pictures[index]);
    }
  });

  it('obeys the keys: arrows, Shift for task steps, Alt for turns, Home, End and Space', async () => {
    await runToEnd();
    const { playback } = visitor.page.session;
    await userEvent.keyboard('{Home}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowLeft}');
    expect(playback.position.value).toBe(2);
    const stops = visitor.page.session.trace.value?.store.stops('step') ?? [];
    await userEvent.keyboard('{Home}{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
    expect(playback.position.value).toBe(stops[1]);
    const turns = visitor.page.session.trace.value?.store.stops('turn') ?? [];
    await userEvent.keyboard('{End}{Alt>}{ArrowLeft}{/Alt}');
    expect(turns).toContain(playback.position.value);
    await userEvent.keyboard('{End}');
    expect(playback.position.value).toBe(playback.length.value);
    (document.activeElement as HTMLElement | null)?.blur();
    await userEvent.keyboard(' ');
    expect(playback.playing.value).toBe(true);
    await userEvent.keyboard(' ]]');
    expect(playback.playing.value).toBe(false);
    expect(playback.rate.value).toBe(5);
  });

  it('tells each event as a sentence, aloud while stepping and not while playing', async () => {
    await runToEnd();
    await at(3);
    const status = document.querySelector('.narration-text');
    expect(status?.getAttribute('aria-live')).toBe('polite');
    expect(status?.textContent).toMatch(/\.$/);
    visitor.page.session.playback.play();
    await expect
      .poll(() => document.querySelector('.narration-text')?.getAttribute('aria-live'))
      .toBe('off');
  });

  it('goes to the moment of a console line that is clicked', async () => {
    await runToEnd();
    await at(visitor.page.session.playback.length.value);
    await window.getByRole('button', { name: /second is done/ }).click();
    const { session } = visitor.page;
    const event = session.trace.value?.store.event(session.playback.position.value - 1);
    expect(event).toMatchObject({ kind: 'output', text: 'second is done\n' });
    expect(text('.console')).not.toContain('exit code');
  });

  it('lists why something runs, back to the start', async () => {
    await runToEnd();
    await at(visitor.page.session.playback.length.value - 4);
    await userEvent.keyboard('3');
    await expect.element(window.getByRole('heading', { name: 'Because' })).toBeVisible();
    expect(document.querySelectorAll('.why li').length).toBeGreaterThan(3);
  });
});

describe('the tasks', () => {
  it('stand in a row each, and one of them can be looked at alone', async () => {
    await runToEnd();
    await at(visitor.page.session.playback.length.value);
    await userEvent.keyboard('2');
    const all = text('.events-count');
    await window
      .getByRole('button', { name: /Task-2 work/ })
      .first()
      .click();
    expect(visitor.page.session.selected.value).toBe(2);
    await expect.poll(() => text('.events-count')).not.toBe(all);
    expect(text('.events-count')).toMatch(/^\d+ of \d+$/);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => text('.events-count')).toBe(all);
  });

  it('can be found by words in the table of events', async () => {
    await runToEnd();
    await userEvent.keyboard('/');
    await expect.poll(() => document.activeElement?.id).toBe('event-filter');
    await userEvent.keyboard('task_created');
    await expect.poll(() => text('.events-count')).toMatch(/^4 of/);
    const rows = [...document.querySelectorAll('.event-row')];
    expect(rows).toHaveLength(4);
    expect(rows.every((row) => row.textContent.includes('task created'))).toBe(true);
  });

  it('wait for the gather, and the gather for its children', async () => {
    await runToEnd();
    const store = visitor.page.session.trace.value?.store;
    let position = 0;
    for (let n = 0; n < (store?.length ?? 0); n++) {
      const main = store?.stateAt(n).tasks.get(1 as never);
      if (main?.status === 'waiting' && main.awaiting?.kind === 'gather') position = n;
    }
    await at(position);
    const tree = text('.await-tree');
    expect(tree).toContain('Task-1');
    expect(tree).toMatch(/gather.*of 2 done/);
    expect(tree).toContain('Task-4');
  });
});

describe('help', () => {
  it('opens with ?, lists the keys, and closes with Escape', async () => {
    await userEvent.keyboard('?');
    await expect.element(window.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await expect.element(window.getByText('One turn of the loop')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => document.querySelector('dialog')?.open).toBe(false);
  });
});
