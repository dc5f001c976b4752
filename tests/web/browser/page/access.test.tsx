import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page as window, userEvent } from 'vitest/browser';
import type { Part } from '../../../../web/src/app/page.js';
import { complaints } from './axe.js';
import { gatherTrace, showMidRun, visit, type Visit } from './scripted.js';

let visitor: Visit;

beforeEach(() => {
  visitor = visit();
});
afterEach(() => {
  visitor.leave();
});

describe.each(['light', 'dark'] as const)('for axe, in the %s theme,', (theme) => {
  beforeEach(() => {
    visitor.page.prefs.set('theme', theme);
  });

  it('the page before a run is clean', async () => {
    await window.viewport(1280, 800);
    expect(await complaints()).toEqual([]);
  });

  it.each(['console', 'events', 'why'] as const)('a run with the tab %s is clean', async (tab) => {
    await window.viewport(1280, 800);
    await showMidRun(visitor);
    visitor.page.showTab(tab);
    expect(await complaints()).toEqual([]);
  });

  it.each(['code', 'loop', 'timeline', 'console', 'events', 'why'] as const)(
    'the part %s on a phone is clean',
    async (part: Part) => {
      await window.viewport(360, 740);
      await showMidRun(visitor);
      visitor.page.part.value = part;
      expect(await complaints()).toEqual([]);
    },
  );

  it('the help is clean', async () => {
    await window.viewport(1280, 800);
    visitor.page.helpOpen.value = true;
    expect(await complaints()).toEqual([]);
  });
});

describe('axe itself', () => {
  it('notices a button without a name', async () => {
    await window.viewport(1280, 800);
    await expect.poll(() => document.querySelector('[aria-label="Reset"]')).not.toBeNull();
    document.querySelector('[aria-label="Reset"]')?.removeAttribute('aria-label');
    document.querySelector('[title^="Reset"]')?.removeAttribute('title');
    expect(await complaints()).toEqual([expect.stringContaining('button-name')]);
  });
});

describe('a phone of 360 px', () => {
  it.each(['code', 'loop', 'timeline', 'console', 'events', 'why'] as const)(
    'shows %s without sideways scrolling, and the transport in reach',
    async (part) => {
      await window.viewport(360, 740);
      await showMidRun(visitor);
      visitor.page.part.value = part;
      await new Promise((resolve) => setTimeout(resolve, 100));
      for (const element of document.querySelectorAll<HTMLElement>('.app, .app *')) {
        const box = element.getBoundingClientRect();
        const hidden =
          element.closest('.timeline-canvas, .visually-hidden, svg, .progress') !== null;
        if (!hidden && box.width > 0)
          expect(box.right, element.outerHTML.slice(0, 120)).toBeLessThanOrEqual(361);
      }
      const play = document.querySelector('.play')?.getBoundingClientRect();
      expect(play?.bottom).toBeLessThanOrEqual(740);
    },
  );
});

describe('the keyboard alone', () => {
  it('runs, steps, opens the events and reaches every control in turn', async () => {
    await window.viewport(1280, 800);
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await expect.poll(() => visitor.runtime.requests.length).toBe(1);
    visitor.runtime.play(gatherTrace());
    await expect.poll(() => visitor.page.session.run.value.kind).toBe('ended');
    await userEvent.keyboard('{Home}{ArrowRight}2');
    expect(visitor.page.session.tab.value).toBe('events');
    const reached = new Set<string>();
    for (let i = 0; i < 80; i++) {
      await userEvent.tab();
      const element = document.activeElement;
      reached.add(element?.getAttribute('aria-label') ?? element?.textContent ?? '');
      reached.add(element?.getAttribute('type') ?? '');
    }
    for (const name of [
      'Share',
      'Play',
      'One turn back',
      'Zoom in',
      'Width of the loop',
      'range',
    ]) {
      expect([...reached], name).toContain(name);
    }
  });

  it('leaves the editor with Tab, also after typing', async () => {
    await window.viewport(1280, 800);
    await expect
      .poll(() => document.querySelector('.monaco-editor'), { timeout: 20_000 })
      .not.toBeNull();
    visitor.page.editor?.focus();
    expect(document.activeElement?.closest('.code')).not.toBeNull();
    await userEvent.tab();
    expect(document.activeElement?.closest('.code')).toBeNull();
    visitor.page.editor?.focus();
    await userEvent.keyboard('x');
    expect(visitor.page.session.source.value).toContain('x');
    await userEvent.keyboard('{Escape}');
    await userEvent.tab();
    expect(document.activeElement?.closest('.code')).toBeNull();
    expect(visitor.page.session.source.value).not.toContain('\t');
  });
});
