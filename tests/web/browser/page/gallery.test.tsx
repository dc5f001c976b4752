/** The list of examples as someone browses it, with the keyboard and by its search. */
import { render } from 'preact';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { page as browser, userEvent } from 'vitest/browser';
import { Gallery } from '../../../../web/src/gallery/gallery.js';
import type { Example } from '../../../../web/src/gallery/examples.js';
import { example as one } from './scripted.js';

const examples: readonly Example[] = [
  { ...one, name: 'hello', title: 'Hello', group: 'first steps', body: 'The *first* one.' },
  { ...one, name: 'locks', title: 'A lock', group: 'sharing' },
  { ...one, name: 'threads', title: 'In threads', group: 'threads', needs: 'threads' },
];
let root: HTMLElement;
const opened: string[] = [];

function show(guest: 'cpp' | 'python' = 'cpp'): void {
  const open = (example: Example) => opened.push(example.name);
  render(<Gallery examples={examples} current="hello" guest={guest} onOpen={open} />, root);
}

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
  opened.length = 0;
});
afterEach(() => {
  render(null, root);
  root.remove();
});

it('puts the examples under the headings of their groups, and opens the current card alone', async () => {
  show();
  const headings = browser.getByRole('heading', { level: 2 });
  await expect
    .poll(() => headings.elements().map((heading) => heading.textContent))
    .toEqual(['first steps', 'sharing', 'threads']);
  await expect.element(browser.getByText('first', { exact: true })).toBeVisible();
  expect(document.querySelectorAll('.card-body').length).toBe(1);
});

it('says which are shown as recordings in this language', async () => {
  show('cpp');
  const card = browser.getByRole('button', { name: /In threads/ });
  await expect.element(card).toHaveTextContent('recorded');
  await expect
    .element(browser.getByRole('button', { name: /A lock/ }))
    .not.toHaveTextContent('recorded');
  show('python');
  await expect.element(card).not.toHaveTextContent('recorded');
});

it('speaks of code in the language that is shown', async () => {
  const body = 'Write `co_await one()`|`await one()` in `two`.';
  const card = { ...examples[0], body } as Example;
  for (const [guest, told] of [
    ['cpp', 'Write co_await one() in two.'],
    ['python', 'Write await one() in two.'],
  ] as const) {
    render(<Gallery examples={[card]} current="hello" guest={guest} onOpen={() => 0} />, root);
    await expect.poll(() => document.querySelector('.card-body')?.textContent).toBe(told);
  }
});

it('finds by words, and says when there is nothing', async () => {
  show();
  await browser.getByRole('searchbox', { name: 'Find an example' }).fill('lock');
  await expect.poll(() => document.querySelectorAll('.card').length).toBe(1);
  await browser.getByRole('searchbox').fill('nothing of the kind');
  await expect.element(browser.getByRole('status')).toHaveTextContent('No example mentions');
});

it('goes from the search into the list and through it with the arrow keys, across groups', async () => {
  show();
  await browser.getByRole('searchbox').click();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}');
  expect(opened).toEqual(['threads']);
  await userEvent.keyboard('{ArrowUp}{Enter}');
  expect(opened).toEqual(['threads', 'locks']);
});

it('is one stop on the way of the Tab key: the current card, or the first where that is not among those found', async () => {
  show();
  const search = browser.getByRole('searchbox');
  const focused = () => document.querySelector('.card-button:focus .card-title')?.textContent;
  await search.click();
  await userEvent.keyboard('{Tab}');
  expect(focused()).toBe('Hello');
  await userEvent.keyboard('{Tab}');
  expect(focused()).toBeUndefined();
  await search.fill('lock');
  await userEvent.keyboard('{Tab}');
  expect(focused()).toBe('A lock');
});
