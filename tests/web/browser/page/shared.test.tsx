/** What tasks share, as a person sees it in the loop. */
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page as window } from 'vitest/browser';
import queues from '../../../../web/src/trace/testing/fixtures/queues.jsonl?raw';
import locks from '../../../../web/src/trace/testing/fixtures/lock_ring.jsonl?raw';
import { visit, type Visit } from './scripted.js';

let visitor: Visit;

beforeEach(() => {
  visitor = visit();
});
afterEach(() => {
  visitor.leave();
});

async function play(trace: string, position: number): Promise<void> {
  void visitor.page.runner.run();
  await expect.poll(() => visitor.runtime.requests.length).toBe(1);
  visitor.runtime.play(trace);
  await expect.poll(() => visitor.page.session.run.value.kind).toBe('ended');
  visitor.page.part.value = 'loop'; // a phone shows one part at a time
  visitor.page.intents.seek(position);
  await expect.poll(cards).not.toEqual([]);
}

/** The text of each card, its parts apart. */
function cards(): string[] {
  return [...document.querySelectorAll('.resource')].map((card) =>
    [...card.querySelectorAll('.resource-name, .resource-state, .resource-title, .resource-task')]
      .map((part) => part.textContent.trim())
      .join(' | '),
  );
}

it('a queue shows how full it is, and who waits for room', async () => {
  await window.viewport(1280, 800);
  await play(queues, 60);
  expect(cards()).toEqual(['queue 1 | 2 of 3, 1 not done | waits for room | Task-5']);
  expect(document.querySelectorAll('.cell').length).toBe(3);
  expect(document.querySelectorAll('.cell.taken').length).toBe(2);
});

it('a lock shows who holds it and who waits, and a ring of locks is called one', async () => {
  await window.viewport(1280, 800);
  await play(locks, 52);
  expect(cards()).toEqual([
    'lock 1 | locked | held by | Task-2 | waits | Task-3',
    'lock 2 | locked | held by | Task-3 | waits | Task-2',
  ]);
  expect(document.querySelector('.deadlock')?.textContent).toBe(
    'A ring: Task-2 → lock 2 → Task-3 → lock 1 → Task-2. Each waits for the next.',
  );
});

it('a task that is pressed there is selected everywhere, and again not', async () => {
  await window.viewport(1280, 800);
  await play(queues, 60);
  const press = (): void => document.querySelector<HTMLButtonElement>('.resource-task')?.click();
  press();
  await expect.poll(() => document.querySelector('.await-row.dim')).not.toBeNull();
  expect(visitor.page.session.selected.value).toBe(5);
  press();
  await expect.poll(() => document.querySelector('.await-row.dim')).toBeNull();
  expect(visitor.page.session.selected.value).toBeNull();
});

describe.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
] as const)('in the %s theme, %i px wide', (theme, width) => {
  it('it is clean for axe, and fits', async () => {
    visitor.page.prefs.set('theme', theme);
    await window.viewport(width, 800);
    await play(queues, 60);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const found = await axe.run('.shared', {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    for (const element of document.querySelectorAll('.shared *'))
      expect(element.getBoundingClientRect().right).toBeLessThanOrEqual(width);
  });
});
