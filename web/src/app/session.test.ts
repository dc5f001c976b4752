import { beforeEach, describe, expect, it } from 'vitest';
import type { Example } from '../gallery/examples.js';
import { Drafts } from './drafts.js';
import { openFragment, programFragment, sharedParts, shareFragment } from './link.js';
import { PrefStore, readPrefs } from './prefs.js';
import { Session } from './session.js';
import { fixture } from '../trace/testing/fixtures.js';

const example = (name: string): Example => ({
  name,
  title: name,
  teaches: '',
  group: 'all',
  order: 1,
  body: '',
  source: { cpp: `${name}.cpp`, python: `${name}.py` },
});
const [first, second] = [example('first'), example('second')];

/** What a browser keeps for a site, with room for so many characters. */
class FakeStorage implements Storage {
  readonly kept = new Map<string, string>();
  room = Infinity;

  get length(): number {
    return this.kept.size;
  }
  clear(): void {
    this.kept.clear();
  }
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.kept.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
  setItem(key: string, value: string): void {
    if (value.length > this.room) throw new Error('the quota is exceeded');
    this.kept.set(key, value);
  }
}

let storage: FakeStorage;
beforeEach(() => {
  storage = new FakeStorage();
});

function visit(fragment = '', kept: Storage | null = storage): Session {
  const session = new Session(new Drafts(kept));
  openFragment(session, fragment, [first, second], 'cpp');
  return session;
}

describe('an edited program', () => {
  it('is there again after another example, another language, and a reload', () => {
    const session = visit();
    session.edit('mine in C++');
    session.setGuest('python');
    expect(session.source.value).toBe('first.py');
    session.edit('mine in Python');
    session.openExample(second);
    expect(session.source.value).toBe('second.py');
    session.openExample(first);
    expect(session.source.value).toBe('mine in Python');
    session.setGuest('cpp');
    expect(session.source.value).toBe('mine in C++');
    const later = visit('#example=first&guest=python');
    expect(later.source.value).toBe('mine in Python');
    expect(later.edited.value).toBe(true);
  });

  it('leaves nothing behind once it is the example again', () => {
    const session = visit();
    session.edit('mine');
    session.edit('first.cpp');
    expect(storage.length).toBe(0);
  });

  it('can be brought back after Reset until the next edit, also on a later visit', () => {
    const session = visit();
    session.edit('mine');
    session.reset();
    expect(session.source.value).toBe('first.cpp');
    const later = visit();
    expect(later.source.value).toBe('first.cpp');
    expect(later.aside.value).toBe('mine');
    later.undoReset();
    expect(later.source.value).toBe('mine');
    later.reset();
    later.edit('something else');
    expect(later.aside.value).toBeNull();
  });

  it('is kept until the page closes where the browser keeps nothing or is full', () => {
    storage.room = 10;
    for (const session of [visit('', null), visit('')]) {
      session.edit('rather more than that');
      session.openExample(second);
      session.openExample(first);
      expect(session.source.value).toBe('rather more than that');
    }
  });

  it('is not taken for one when what is stored is something else', () => {
    for (const damaged of ['{', '7', 'null', '{"text":7}']) {
      storage.getItem = () => damaged;
      expect(new Drafts(storage).get('first/cpp')).toBeNull();
    }
  });
});

describe('a link', () => {
  it('says the example and the language, and brings back both', () => {
    const session = visit();
    session.setGuest('python');
    session.openExample(second);
    const fragment = programFragment(session);
    expect(fragment).toBe('example=second&guest=python');
    const later = visit(fragment);
    expect(later.example.value).toBe(second);
    expect(later.guest.value).toBe('python');
  });

  it('with code in it does not touch the draft of the example, and keeps one of its own', () => {
    const session = visit();
    session.edit('mine');
    const fragment = shareFragment(session);
    session.edit('mine, later');
    const reader = visit(fragment);
    expect(reader.source.value).toBe('mine');
    expect(reader.edited.value).toBe(false);
    reader.edit('theirs');
    expect(visit(fragment).source.value).toBe('theirs');
    expect(visit(programFragment(reader)).source.value).toBe('theirs');
    expect(visit('#example=first').source.value).toBe('mine, later');
    reader.reset();
    expect(reader.source.value).toBe('mine');
  });

  it('is of the untouched example when its code is the gallery’s', () => {
    const session = visit();
    expect(session.untouched.value).toBe(first);
    session.edit('mine');
    expect(session.untouched.value).toBeNull();
    expect(visit(shareFragment(session)).untouched.value).toBeNull();
  });
});

describe('a link to the moment that is shown', () => {
  const ran = (): Session => {
    const session = visit();
    session.show(fixture('hello'), { source: session.source.value });
    session.playback.seek(3);
    return session;
  };

  it('holds it, and says so', () => {
    expect(shareFragment(ran())).toContain('&t=3');
    expect(sharedParts(ran())).toBe('code, clock and this very moment');
  });

  it.each<[string, (session: Session) => void]>([
    ['nothing ran', (session) => session.forget()],
    ['it is the beginning', (session) => session.playback.seek(0)],
    ['the code is another one by now', (session) => session.edit('mine')],
    [
      'a recording stands for the run',
      (session) => {
        session.show(fixture('hello'), { source: session.source.value, recorded: true });
        session.playback.seek(3);
      },
    ],
    [
      'the file that was opened is of another program',
      (session) => {
        session.show(fixture('queues'), { source: null, file: 'queues.jsonl' });
        session.playback.seek(3);
      },
    ],
  ])('leaves it out where %s, and does not promise it', (_, change) => {
    const session = ran();
    change(session);
    expect(shareFragment(session)).not.toContain('&t=');
    expect(sharedParts(session)).toBe('code and clock');
  });
});

describe('settings', () => {
  it('are kept, and dropped one by one where they cannot be right', () => {
    new PrefStore(storage).set('guest', 'python');
    expect(new PrefStore(storage).value.guest).toBe('python');
    expect(readPrefs('{"guest":"basic","theme":"dark","tabsWidth":"wide","toString":1}')).toEqual({
      ...readPrefs(null),
      theme: 'dark',
    });
  });

  it('of a frame are nobody else’s', () => {
    const frame = new PrefStore(null);
    frame.set('theme', 'dark');
    expect(frame.value.theme).toBe('dark');
    expect(new PrefStore(storage).value.theme).toBe('auto');
  });
});
