import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page as window, userEvent } from 'vitest/browser';
import { openFragment } from '../../../../web/src/app/link.js';
import { encodeShare } from '../../../../web/src/share/share.js';
import { example, gatherTrace, visit, type Visit } from './scripted.js';

let visitor: Visit;
const trace = gatherTrace();

beforeEach(async () => {
  await window.viewport(1280, 800);
  visitor = visit();
});
afterEach(() => {
  visitor.leave();
});

const button = (name: string) => window.getByRole('button', { name, exact: true }).first();
const notice = () => document.querySelector('.notice')?.textContent ?? '';

async function run(play: () => void): Promise<void> {
  await button('Run').click();
  play();
  await expect.poll(() => visitor.page.session.run.value.kind).toBe('ended');
}

const broken = {
  severity: 'error',
  message: "expected ';' after expression",
  startLine: 3,
  startColumn: 4,
  endLine: 3,
  endColumn: 6,
  notes: ['to match this {'],
} as const;

describe('code that does not compile', () => {
  it('shows its messages on the line and in a list, and no trace', async () => {
    await run(() => visitor.runtime.play(trace));
    expect(visitor.page.session.trace.value).not.toBeNull();
    visitor.page.session.setSource('no good');
    await run(() => visitor.runtime.fail([broken]));
    await expect.element(window.getByText('It does not compile')).toBeVisible();
    await expect.element(window.getByText('1 error')).toBeVisible();
    expect(document.querySelector('.problem')?.textContent).toContain('3:4');
    expect(visitor.page.session.trace.value).toBeNull();
    expect(document.querySelector('.loop')).toBeNull();
  });

  it('leaves the last run where it is, dimmed and marked as that of an earlier text, until the edit is undone', async () => {
    await run(() => visitor.runtime.play(trace));
    visitor.page.intents.seek(70);
    const before = visitor.page.session.source.value;
    visitor.page.edit(`${before} // changed`);
    await expect.element(window.getByText('of the code before your edit')).toBeVisible();
    expect(document.querySelectorAll('.pane.stale')).toHaveLength(3);
    expect(visitor.page.session.playback.position.value).toBe(70);
    expect(document.querySelector('.lane-name')).not.toBeNull();
    expect(document.querySelector('.code .mark')).toBeNull();
    visitor.page.edit(before);
    await expect.poll(() => document.querySelector('.pane.stale')).toBeNull();
  });

  it('goes back to the example with Reset, and comes back when that is undone', async () => {
    visitor.page.session.setSource('int x;');
    await button('Reset').click();
    expect(visitor.page.session.source.value).toBe(example.source.cpp);
    await button('Undo Reset').click();
    expect(visitor.page.session.source.value).toBe('int x;');
    await button('Reset').click();
    visitor.page.session.setSource('int y;');
    await button('Reset').click();
    await button('Undo Reset').click();
    expect(visitor.page.session.source.value).toBe('int y;');
  });
});

describe('a program that does not end well', () => {
  it('keeps what was traced when it is stopped, and runs again', async () => {
    await button('Run').click();
    visitor.runtime.sayTrace(trace.split('\n').slice(0, 40).join('\n') + '\n');
    await button('Stop').click();
    await expect.poll(notice).toContain('Stopped');
    expect(visitor.runtime.stops).toBe(1);
    expect(visitor.page.session.trace.value?.store.length).toBe(39);
    await run(() => visitor.runtime.play(trace));
    expect(notice()).toBe('');
  });

  it('says how it crashed', async () => {
    await run(() => {
      visitor.runtime.sayTrace(trace);
      visitor.runtime.say({
        type: 'end',
        how: 'crashed',
        error: 'the stack is full: endless recursion',
      });
    });
    await expect
      .poll(notice)
      .toContain('The program crashed. the stack is full: endless recursion');
  });

  it('is stopped when its trace is full and it does not end, and says why', async () => {
    await button('Run').click();
    const full = trace.split('\n').slice(0, 10);
    full.push(
      '{"seq":9,"t":0,"loop":1,"turn":1,"kind":"truncated","what":"events","dropped":1}',
      '',
    );
    visitor.runtime.sayTrace(full.join('\n'));
    await expect.poll(notice, { timeout: 15_000 }).toContain('The trace is full');
    expect(visitor.runtime.stops).toBe(1);
    expect(visitor.page.session.trace.value?.store.length).toBe(10);
  });

  it('says that output was cut', async () => {
    const cut = trace.split('\n').slice(0, 10);
    cut.push(
      '{"seq":9,"t":0,"loop":1,"turn":1,"kind":"truncated","what":"output","dropped":7}',
      '',
    );
    await run(() => {
      visitor.runtime.sayTrace(cut.join('\n'));
      visitor.runtime.say({ type: 'end', how: 'exited', code: 0 });
    });
    visitor.page.session.playback.toEnd();
    await expect
      .element(window.getByText(/From here on output is no longer recorded/))
      .toBeVisible();
  });

  it('names what could not be loaded when the runtime is missing, and the page goes on', async () => {
    await run(() =>
      visitor.runtime.say({ type: 'end', how: 'failed', error: 'wasm/manifest.json: 404' }),
    );
    await expect.poll(notice).toContain('wasm/manifest.json: 404');
    await button('Dismiss').click();
    await expect.poll(notice).toBe('');
    await run(() => visitor.runtime.play(trace));
    expect(visitor.page.session.trace.value).not.toBeNull();
  });
});

async function drop(name: string, text: string): Promise<void> {
  // The page listens once it has been drawn.
  await expect.element(button('Run')).toBeVisible();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  globalThis.dispatchEvent(
    new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }),
  );
}

describe('a file that is dropped on the page', () => {
  it('is shown from its start when it is a trace', async () => {
    await drop('mine.jsonl', trace);
    await expect.element(window.getByText('mine.jsonl', { exact: true })).toBeVisible();
    expect(visitor.page.session.playback.position.value).toBe(0);
    await userEvent.keyboard('{End}');
    await expect.element(window.getByText('The program has ended')).toBeVisible();
  });

  it('is refused by name when it is something else', async () => {
    await drop('cat.png', 'not json');
    await expect.poll(notice).toContain('cat.png is not a trace this page can read');
    expect(notice()).toContain('line 1');
  });

  it('is refused with its version when that is unknown', async () => {
    await drop('new.jsonl', trace.replace('"version":1', '"version":9'));
    await expect.poll(notice).toMatch(/new\.jsonl is not a trace this page can read.*9/);
  });

  it('is shown as far as it goes when it is cut off, and says where', async () => {
    await drop('half.jsonl', trace.slice(0, trace.length / 2));
    await expect.poll(notice).toMatch(/half\.jsonl is damaged: \d+ events could be read.*line \d+/);
    expect(visitor.page.session.trace.value?.store.length).toBeGreaterThan(10);
  });
});

describe('a trace', () => {
  const withSource = (text: string) =>
    trace.replace('"host":', `"source":${JSON.stringify({ name: 'mine.cpp', text })},"host":`);

  it('is shown beside the code that wrote it, where it carries that', async () => {
    visitor.page.edit('int mine;');
    await drop('mine.jsonl', withSource('int theirs;'));
    await expect.poll(() => visitor.page.session.source.value).toBe('int theirs;');
    expect(visitor.page.session.linesMatch.value).toBe(true);
    expect(document.querySelector('.origin')).toBeNull();
    visitor.page.session.openExample(example);
    expect(visitor.page.session.source.value).toBe('int mine;');
  });

  it('says that the code beside it is another one, where it does not', async () => {
    await drop('mine.jsonl', trace);
    await expect
      .element(window.getByText('mine.jsonl comes without its source. The code below is not'))
      .toBeVisible();
    expect(visitor.page.session.linesMatch.value).toBe(false);
  });
});

describe('a share link', () => {
  it('brings back example, code, clock and moment', () => {
    const fragment = encodeShare({ example: example.name, code: 'int y;', clock: 'real', t: 12 });
    expect(openFragment(visitor.page.session, fragment, [example], 'cpp')).toBe(12);
    const { session } = visitor.page;
    expect(session.source.value).toBe('int y;');
    expect(session.clock.value).toBe('real');
    expect(session.notice.value).toBeNull();
  });

  it('says what is damaged, and opens the rest', async () => {
    const fragment = encodeShare({ example: example.name, code: 'int y;' });
    const damaged = `${fragment.slice(0, -3)}AAA`;
    openFragment(visitor.page.session, damaged, [example], 'cpp');
    await expect.poll(notice).toContain('A part of this link could not be read');
    expect(visitor.page.session.source.value).toBe(example.source.cpp);
  });

  it('says so when its example is unknown', async () => {
    openFragment(visitor.page.session, 'example=atlantis', [example], 'cpp');
    await expect.poll(notice).toContain('no example called “atlantis”');
  });
});
