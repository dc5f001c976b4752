/** Clang's messages as text -> diagnostics with places in the user's file. */
import type { Diagnostic } from '../../protocol/runtime.js';

interface Message {
  readonly file: string;
  readonly line: number;
  /** In bytes of UTF-8, from 1, as Clang counts. */
  readonly column: number;
  readonly ranges: readonly Range[];
  readonly kind: 'error' | 'warning' | 'note';
  readonly text: string;
}

interface Range {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A diagnostic that further lines may still add to. */
type Draft = Diagnostic & { readonly notes: string[] };

const MESSAGE =
  /^(.+?):(\d+):(\d+):(?:((?:\{\d+:\d+-\d+:\d+\})+):)? (fatal error|error|warning|note): (.*)$/;
const PLACELESS = /^(?:clang[^:]*: )?(fatal error|error): (.*)$/;

/**
 * Reads what Clang printed for `source`, compiled under the name `file`. An error inside a header is shown where the
 * first note leads back into the user's file; where none does, it belongs to the error before it, or stands at the
 * file's start: an error never gets lost, and a cascade of them is one marker.
 */
export function parseDiagnostics(output: string, source: string, file: string): Diagnostic[] {
  const places = new Places(source);
  const found: Draft[] = [];
  let current: Draft | null = null;
  let elsewhere: Message | null = null;
  const settleElsewhere = (): void => {
    if (!elsewhere) return;
    const before = found.findLast((one) => one.severity === 'error');
    if (before) before.notes.push(inHeader(elsewhere));
    else found.push(places.draft(1, 1, [], severityOf(elsewhere), inHeader(elsewhere)));
    elsewhere = null;
  };
  for (const line of output.split('\n')) {
    const message = readMessage(line);
    if (!message) {
      const [, , text] = PLACELESS.exec(line) ?? [];
      if (text !== undefined) found.push(places.draft(1, 1, [], 'error', text));
      continue;
    }
    const mine = message.file.replace(/^\.?\//, '') === file;
    if (message.kind !== 'note') {
      settleElsewhere();
      current = null;
      // Warnings inside headers are not the reader's concern.
      if (!mine && message.kind === 'warning') continue;
      if (!mine) {
        elsewhere = message;
        continue;
      }
      current = places.draftOf(message, message.kind, message.text);
      found.push(current);
    } else if (mine && elsewhere) {
      const draft = places.draftOf(message, severityOf(elsewhere), inHeader(elsewhere));
      const same = found.find(
        (one) => one.startLine === draft.startLine && one.startColumn === draft.startColumn,
      );
      current = same ?? draft;
      current.notes.push(same ? draft.message : message.text);
      if (!same) found.push(draft);
      elsewhere = null;
    } else if (current) {
      current.notes.push(mine ? `line ${message.line}: ${message.text}` : message.text);
    }
  }
  settleElsewhere();
  return found;
}

/** A function or variable that is declared and used but defined nowhere, at the first place that names it. */
export function undefinedSymbol(symbol: string, source: string): Diagnostic {
  const name = /([A-Za-z_]\w*)\s*(\(|$)/.exec(symbol)?.[1] ?? symbol;
  const lines = source.split(/\r\n|\n|\r/);
  const word = new RegExp(`\\b${name}\\b`);
  const line = lines.findIndex((text) => word.test(text));
  const column = line < 0 ? 0 : (lines[line] ?? '').search(word);
  return {
    severity: 'error',
    message: `${symbol} is declared but defined nowhere`,
    startLine: Math.max(line, 0) + 1,
    startColumn: column + 1,
    endLine: Math.max(line, 0) + 1,
    endColumn: column + 1 + (line < 0 ? 1 : name.length),
    notes: [],
  };
}

/** The program does not say where it begins. */
export function noMain(): Diagnostic {
  return {
    severity: 'error',
    message:
      'the program defines no main(): write int main(), which calls asyncio::run(...), ' +
      'or asyncio::Coro<int> co_main(int, char**), which is run for you',
    startLine: 1,
    startColumn: 1,
    endLine: 1,
    endColumn: 2,
    notes: [],
  };
}

function inHeader(message: Message): string {
  const name = message.file.replace(
    /^\/?(sysroot\/include\/(c\+\+\/v1\/)?|library\/include\/)/,
    '',
  );
  return `${message.text} (in <${name}>, line ${message.line})`;
}

function severityOf(message: Message): 'error' | 'warning' {
  return message.kind === 'warning' ? 'warning' : 'error';
}

function readMessage(line: string): Message | null {
  const match = MESSAGE.exec(line);
  if (!match) return null;
  const [, file = '', lineNumber, column, ranges = '', kind = '', text = ''] = match;
  return {
    file,
    line: Number(lineNumber),
    column: Number(column),
    ranges: [...ranges.matchAll(/\{(\d+):(\d+)-(\d+):(\d+)\}/g)].map((range) => ({
      startLine: Number(range[1]),
      startColumn: Number(range[2]),
      endLine: Number(range[3]),
      endColumn: Number(range[4]),
    })),
    kind: kind === 'warning' || kind === 'note' ? kind : 'error',
    text,
  };
}

/** Turns Clang's byte columns into UTF-16 columns and finds where a marker ends. */
class Places {
  readonly #lines: readonly string[];

  constructor(source: string) {
    this.#lines = source.split(/\r\n|\n|\r/);
  }

  draftOf(message: Message, severity: 'error' | 'warning', text: string): Draft {
    return this.draft(message.line, message.column, message.ranges, severity, text);
  }

  draft(
    line: number,
    byteColumn: number,
    ranges: readonly Range[],
    severity: 'error' | 'warning',
    message: string,
  ): Draft {
    const startColumn = this.#column(line, byteColumn);
    const range = ranges.find(
      (candidate) =>
        candidate.startLine === line &&
        candidate.startColumn <= byteColumn &&
        (candidate.endLine > line || candidate.endColumn > byteColumn),
    );
    const end = range
      ? { line: range.endLine, column: this.#column(range.endLine, range.endColumn) }
      : { line, column: this.#endOfWord(line, startColumn) };
    return {
      severity,
      message,
      startLine: line,
      startColumn,
      endLine: end.line,
      endColumn: end.column,
      notes: [],
    };
  }

  #column(line: number, byteColumn: number): number {
    const bytes = new TextEncoder().encode(this.#lines[line - 1] ?? '');
    return new TextDecoder().decode(bytes.subarray(0, byteColumn - 1)).length + 1;
  }

  #endOfWord(line: number, startColumn: number): number {
    const rest = (this.#lines[line - 1] ?? '').slice(startColumn - 1);
    const word = /^[\p{L}\p{N}_]+/u.exec(rest)?.[0] ?? '';
    return startColumn + Math.max(word.length, 1);
  }
}
