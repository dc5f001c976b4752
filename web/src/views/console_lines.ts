/**
 * What the program wrote as the lines of a terminal. The trace cuts output where an event comes between, and tells of
 * what it is cut into; here what stands on one line is one line again, with what a person typed.
 */
import type { ConsoleLine } from '../trace/state.js';
import type { Vector } from '../trace/vector.js';

/** A line that a person typed for input(). */
export interface Answer {
  /** How many events there were then. */
  readonly position: number;
  readonly text: string;
}

/** A stretch of a line that was written at once. `text` has no line end. */
export interface Piece extends Omit<ConsoleLine, 'stream'> {
  readonly stream: ConsoleLine['stream'] | 'typed';
}

export type TerminalLine = readonly [Piece, ...Piece[]];

/** The last lines, at most `limit`, and whether there are earlier ones. */
export function terminalLines(
  written: Vector<ConsoleLine>,
  answers: readonly Answer[],
  position: number,
  limit: number,
): { readonly lines: readonly TerminalLine[]; readonly more: boolean } {
  let lines: TerminalLine[] = [];
  let from = written.size;
  // Most lines are one piece; where they are not, further back.
  for (let room = limit + 1; from > 0 && lines.length <= limit; room *= 4) {
    from = Math.max(0, written.size - room);
    const pieces = withAnswers(written.slice(from), answers, position);
    lines = joined(withoutRepeats(pieces));
  }
  if (written.size === 0) lines = joined(withAnswers([], answers, position));
  const more = from > 0 || lines.length > limit;
  return { lines: lines.slice(Math.max(0, lines.length - limit)), more };
}

/** As it stands in a terminal, to be copied. */
export function terminalText(lines: readonly TerminalLine[]): string {
  return lines.map((line) => `${plain(line.map(({ text }) => text).join(''))}\n`).join('');
}

function withAnswers(
  written: readonly ConsoleLine[],
  answers: readonly Answer[],
  position: number,
): Piece[] {
  const pieces: Piece[] = [...written];
  for (const answer of answers) {
    if (answer.position > position) continue;
    const after = pieces.findLastIndex((piece) => piece.event < answer.position);
    const before = pieces[after];
    if (before === undefined && written.length > 0) continue; // Further back than what is shown.
    pieces.splice(after + 1, 0, {
      event: Math.max(0, answer.position - 1) as Piece['event'],
      time: before?.time ?? (0 as Piece['time']),
      loop: before?.loop ?? 0,
      task: before?.task,
      stream: 'typed',
      level: undefined,
      text: `${answer.text}\n`,
    });
  }
  return pieces;
}

/** What the loop logs is often printed to stderr as well: once is enough. */
function withoutRepeats(pieces: readonly Piece[]): Piece[] {
  return pieces.filter((piece, index) => {
    const next = pieces[index + 1];
    return !(piece.stream === 'log' && next?.stream === 'stderr' && says(next.text, piece.text));
  });
}

function says(printed: string, logged: string): boolean {
  const first = logged.trimStart().split('\n', 1)[0] ?? '';
  return first !== '' && printed.includes(first);
}

function joined(pieces: readonly Piece[]): TerminalLine[] {
  const lines: [Piece, ...Piece[]][] = [];
  let open = false;
  for (const piece of pieces) {
    const line = lines.at(-1);
    // The loop's messages stand for themselves.
    const apart = piece.stream === 'log' || line?.[0].stream === 'log';
    const text = piece.text.replace(/\r?\n$/, '');
    const part = { ...piece, text };
    if (open && !apart && line !== undefined) line.push(part);
    else lines.push([part]);
    open = text === piece.text;
  }
  return lines;
}

/** A carriage return goes back to the start of the line: what comes then is written over it. */
export function overwritten(text: string): string {
  if (!text.includes('\r')) return text;
  let shown = '';
  for (const part of text.split('\r'))
    shown = part.includes('\u001b[') ? part : part + shown.slice(part.length);
  return shown;
}

// Colours aside: they move the cursor, clear, or name the window.
// eslint-disable-next-line no-control-regex
const COMMANDS = /\u001b(?:\[[0-9;?]*[A-Za-ln-z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;
// eslint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[0-9;:]*m/g;

export function withoutCommands(text: string): string {
  return text.replace(COMMANDS, '');
}

function plain(text: string): string {
  return overwritten(withoutCommands(text).replace(COLOURS, ''));
}
