/** The player as a page around it has it in a frame. */
import { afterEach, describe, expect, it } from 'vitest';
import { page as window, userEvent } from 'vitest/browser';
import { listenToHost, type FrameWindow } from '../../../../web/src/app/host.js';
import { encodeShare } from '../../../../web/src/share/share.js';
import { complaints } from './axe.js';
import { showMidRun, visitEmbed, type Visit } from './scripted.js';

let visitor: Visit;

afterEach(() => {
  visitor.leave();
});

describe.each([
  ['light', 900],
  ['dark', 900],
  ['light', 700],
  ['dark', 360],
] as const)('for axe, in the %s theme, %i px wide', (theme, width) => {
  it('the player is clean before a run and after it', async () => {
    await window.viewport(width, 480);
    visitor = visitEmbed(`?example=hello&theme=${theme}`);
    expect(await complaints()).toEqual([]);
    await showMidRun(visitor);
    for (const part of ['loop', 'console'] as const) {
      visitor.page.showPart(part);
      expect(await complaints()).toEqual([]);
    }
  });
});

describe('a shared link in a frame', () => {
  it('keeps its language, its clock and its moment, whatever the frame’s own options say', () => {
    const code = 'print(1)\n';
    const fragment = encodeShare({ code, guest: 'python', clock: 'real', t: 7 });
    visitor = visitEmbed('?example=hello&guest=cpp&clock=virtual&t=3', `#${fragment}`);
    const { session, runner } = visitor.page;
    expect(session.guest.value).toBe('python');
    expect(session.clock.value).toBe('real');
    expect(session.source.value).toBe(code);
    expect(runner.pendingPosition).toBe(7);
  });

  it('is as the frame’s options say where the link says nothing', () => {
    visitor = visitEmbed('?example=hello&guest=python&clock=real&t=3');
    const { session, runner } = visitor.page;
    expect(session.guest.value).toBe('python');
    expect(session.example.value?.name).toBe('hello');
    expect(session.clock.value).toBe('real');
    expect(runner.pendingPosition).toBe(3);
  });
});

describe('a program in a frame that asks for a line', () => {
  it.each(['code,loop', 'code,console'])('is answered, with the panels %s', async (panels) => {
    await window.viewport(360, 480);
    visitor = visitEmbed(`?example=hello&panels=${panels}`);
    visitor.page.run();
    await expect.poll(() => visitor.runtime.requests.length).toBe(1);
    visitor.runtime.say({ type: 'input', prompt: 'Who? ' });
    await window.getByLabelText('Who?').fill('Zoë');
    await userEvent.keyboard('{Enter}');
    expect(visitor.runtime.answers).toEqual(['Zoë']);
  });
});

describe('the keys of a frame', () => {
  it('show the panels that it has, and change nothing that it has not', async () => {
    await window.viewport(900, 480);
    visitor = visitEmbed('?example=hello&panels=code,loop,console,events');
    await showMidRun(visitor);
    await userEvent.keyboard('2');
    await expect.element(window.getByRole('table', { name: 'Events' })).toBeVisible();
    await userEvent.keyboard('1');
    await expect.element(window.getByRole('log', { name: 'Console' })).toBeVisible();
    await userEvent.keyboard('/');
    await expect.poll(() => document.activeElement?.id).toBe('event-filter');
    const before = visitor.page.prefs.value;
    (document.activeElement as HTMLElement).blur();
    await userEvent.keyboard('g');
    expect(visitor.page.prefs.value).toBe(before);
  });
});

describe('the page around a frame', () => {
  const heard: [message: { type: string }, origin: string][] = [];
  let end: () => void;

  /** A window whose parent is another one; what it is told ends up in `heard`. */
  function listen(): (message: object, source?: unknown) => void {
    heard.length = 0;
    const target = new EventTarget();
    const parent = {
      postMessage: (message: { type: string }, origin: string) => heard.push([message, origin]),
    };
    end = listenToHost(visitor.page, {
      parent,
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
    } as unknown as FrameWindow);
    return (message, source = parent) => {
      const event = new MessageEvent('message', {
        data: { loopscope: 1, ...message },
        origin: 'https://docs.example',
      });
      Object.defineProperty(event, 'source', { value: source });
      target.dispatchEvent(event);
    };
  }

  afterEach(() => {
    end();
  });

  it('is told nothing before it has said who it is, and then nobody else is', () => {
    visitor = visitEmbed('?example=hello');
    const say = listen();
    expect(heard).toEqual([]);
    say({ type: 'ping' });
    expect(heard[0]).toEqual([{ loopscope: 1, type: 'pong', version: 1 }, 'https://docs.example']);
    expect(new Set(heard.map(([, origin]) => origin))).toEqual(new Set(['https://docs.example']));
  });

  it('is the only one who is obeyed', () => {
    visitor = visitEmbed('?example=hello');
    const say = listen();
    say({ type: 'open', code: 'int theirs;', guest: 'cpp' }, globalThis);
    expect(visitor.page.session.source.value).not.toBe('int theirs;');
    say({ type: 'open', code: 'int theirs;', guest: 'cpp' });
    expect(visitor.page.session.source.value).toBe('int theirs;');
  });

  it('opens code that is then the program: its name, its Reset and its only language', async () => {
    visitor = visitEmbed('?example=hello');
    const say = listen();
    say({ type: 'open', code: 'print(1)', guest: 'python' });
    const { session } = visitor.page;
    await expect.poll(() => document.querySelector('h1')?.textContent).toBe('A program');
    session.edit('print(2)');
    session.reset();
    expect(session.source.value).toBe('print(1)');
    session.setGuest('cpp');
    expect(session.guest.value).toBe('python');
    say({ type: 'run' });
    await expect.poll(() => visitor.runtime.requests[0]?.program).toBe('program');
    expect(visitor.runtime.requests[0]?.prebuilt).toBeUndefined();
  });

  it('sets the theme of the frame, which is kept nowhere', () => {
    visitor = visitEmbed('?example=hello');
    const say = listen();
    say({ type: 'theme', theme: 'dark' });
    visitor.page.prefs.set('axis', 'steps');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(Object.keys(localStorage).filter((key) => key.startsWith('loopscope'))).toEqual([]);
  });
});
