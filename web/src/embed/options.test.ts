import { describe, expect, it } from 'vitest';
import { readHostMessage } from './messages.js';
import { readEmbedOptions } from './options.js';

describe('the options of an embedded player', () => {
  it('have defaults that load nothing of the runtime', () => {
    expect(readEmbedOptions('')).toEqual({
      example: null,
      guest: null,
      theme: 'auto',
      readonly: false,
      clock: null,
      autorun: false,
      t: null,
      panels: ['code', 'loop', 'timeline', 'console'],
      complaints: [],
    });
  });

  it('are read from the query', () => {
    const options = readEmbedOptions(
      '?example=gather&theme=dark&readonly&autorun=1&clock=real&t=12&panels=timeline,why,why',
    );
    expect(options).toMatchObject({
      example: 'gather',
      theme: 'dark',
      readonly: true,
      autorun: true,
      clock: 'real',
      t: 12,
      panels: ['timeline', 'why'],
      complaints: [],
    });
  });

  it('name what they did not understand and go on with the default', () => {
    const options = readEmbedOptions('?theme=pink&panels=code,lanes&t=-1&readonly=false');
    expect(options).toMatchObject({ theme: 'auto', panels: ['code'], t: null, readonly: false });
    expect([...options.complaints].sort()).toEqual([
      'panels: "lanes" is none of code, loop, timeline, console, events, why',
      't="-1": expected the number of an event',
      'theme="pink": expected one of light, dark, auto',
    ]);
  });
});

describe('a message to the player', () => {
  it('is taken when it carries the tag of this version', () => {
    expect(readHostMessage({ loopscope: 1, type: 'seek', event: 7 })).toEqual({
      loopscope: 1,
      type: 'seek',
      event: 7,
    });
  });

  it.each([
    [null],
    ['ping'],
    [{ type: 'ping' }],
    [{ loopscope: 2, type: 'ping' }],
    [{ loopscope: 1, type: 'format-disk' }],
    [{ loopscope: 1, type: 'seek', event: 'far' }],
    [{ loopscope: 1, type: 'open', code: 1, guest: 'cpp' }],
  ])('is ignored when it is %j', (data) => {
    expect(readHostMessage(data)).toBeNull();
  });
});
