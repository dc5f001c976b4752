import { describe, expect, test } from 'vitest';
import { Vector, VectorDraft } from '../trace/vector.js';
import type { ConsoleLine } from '../trace/state.js';
import { terminalLines, terminalText, type Answer } from './console_lines.js';

function written(...texts: readonly (string | Partial<ConsoleLine>)[]): Vector<ConsoleLine> {
  const draft = new VectorDraft<ConsoleLine>(Vector.empty());
  texts.forEach((given, event) => {
    const line = typeof given === 'string' ? { text: given } : given;
    draft.push({ event, time: event, loop: 1, stream: 'stdout', text: '', ...line } as never);
  });
  return draft.freeze();
}

function shown(console: Vector<ConsoleLine>, answers: readonly Answer[] = []): string {
  return terminalText(terminalLines(console, answers, Infinity, 100).lines);
}

describe('the console', () => {
  test('shows what is written without a line end on one line', () => {
    expect(shown(written(...Array<string>(10).fill('.'), 'done\n'))).toBe('..........done\n');
  });

  test('keeps which task wrote which part of a line', () => {
    const { lines } = terminalLines(
      written({ text: 'a', task: 1 as never }, { text: 'b\n', task: 2 as never }, 'c\n'),
      [],
      Infinity,
      100,
    );
    expect(lines.map((line) => line.map(({ text, task }) => [text, task]))).toEqual([
      [
        ['a', 1],
        ['b', 2],
      ],
      [['c', undefined]],
    ]);
  });

  test('shows what was typed after its prompt, once it has been typed', () => {
    const console = written('Name? ', 'Hello Ada\n');
    const answers = [{ position: 1, text: 'Ada' }];
    expect(shown(console, answers)).toBe('Name? Ada\nHello Ada\n');
    expect(terminalText(terminalLines(written(), answers, 0, 9).lines)).toBe('');
  });

  test('writes over a line after a carriage return', () => {
    expect(shown(written('loading 10 %', '\rloading 20 %', '\rdone\n'))).toBe('doneing 20 %\n');
    expect(shown(written('a\r\nb\r\n'.slice(0, 3), 'b\r\n'))).toBe('a\nb\n');
  });

  test('is copied without colours and commands', () => {
    expect(shown(written('\u001b[31mred\u001b[0m\u001b[K \u001b]0;title\u0007x\n'))).toBe(
      'red x\n',
    );
  });

  test('says once what the loop logs and Python prints', () => {
    const text = 'Task exception was never retrieved\nfuture: ...';
    const log = { stream: 'log', level: 'error', text } as const;
    const stderr = { stream: 'stderr', text: 'Task exception was never retrieved\n' } as const;
    expect(shown(written(log, stderr))).toBe('Task exception was never retrieved\n');
    expect(shown(written(log, 'next\n'))).toBe(`${text}\nnext\n`);
  });

  test('gives the last lines, however many pieces they are made of', () => {
    const dots = written('first\n', ...Array<string>(500).fill('.'), '\n', 'last\n');
    const { lines, more } = terminalLines(dots, [], Infinity, 2);
    expect(terminalText(lines)).toBe(`${'.'.repeat(500)}\nlast\n`);
    expect(more).toBe(true);
  });
});
