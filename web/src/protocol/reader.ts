/** Reads a trace from bytes as they come: blocks may end in the middle of a line, or of a character. */
import type { AnyEvent } from './events.js';
import { LineSplitter } from './lines.js';
import type { TraceHeader } from './trace.js';
import { InvalidLine, checkEvent, checkHeader } from './validate.js';

/** What is wrong with a trace. The events before it are good. */
export interface TraceProblem {
  readonly code: 'empty' | 'not-a-trace' | 'unknown-version' | 'not-json' | 'bad-field' | 'cut-off';
  /** Counted from 1; the header is line 1. */
  readonly line: number;
  readonly field: string | undefined;
  /** One sentence that names line and field, e.g. ``line 12: `t` must be an integer of 0 or more, is "x"``. */
  readonly message: string;
}

export class TraceReader {
  readonly #lines = new LineSplitter();
  #header: TraceHeader | null = null;
  #problem: TraceProblem | null = null;
  /** Lines seen so far. */
  #line = 0;
  #seq = 0;
  #ended = false;

  /** Null until line 1 has been read. */
  get header(): TraceHeader | null {
    return this.#header;
  }

  /** Set once something is wrong; nothing after it is read. */
  get problem(): TraceProblem | null {
    return this.#problem;
  }

  /** True once the program's end was read: a trace without it was stopped or cut off between two lines. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The events that this block completes. */
  push(block: Uint8Array): readonly AnyEvent[] {
    const text = this.#problem === null ? this.#lines.push(block) : null;
    return text === null ? [] : this.#readLines(text.split('\n'));
  }

  /** The file ends here. The last line may lack its line end; a line that stops half-way is a cut-off file. */
  end(): readonly AnyEvent[] {
    if (this.#problem !== null) return [];
    const rest = this.#lines.rest();
    if (isBlank(rest)) {
      if (this.#header === null)
        this.#fail('empty', 1, 'the file is empty: there is no trace in it');
      return [];
    }
    const events = this.#readLines([rest]);
    if (this.problem?.code === 'not-json' && this.#header !== null)
      this.#fail(
        'cut-off',
        this.#line,
        `line ${this.#line}: the file is cut off in the middle of this line; what came before it is shown`,
      );
    return events;
  }

  #readLines(lines: readonly string[]): AnyEvent[] {
    const events: AnyEvent[] = [];
    try {
      for (const line of lines) {
        this.#line++;
        if (isBlank(line)) continue;
        if (this.#header === null) this.#header = checkHeader(this.#parseHeader(line));
        else events.push(this.#readEvent(line));
      }
    } catch (error) {
      this.#note(error);
    }
    return events;
  }

  #readEvent(line: string): AnyEvent {
    const event = checkEvent(JSON.parse(line), this.#seq);
    this.#seq++;
    if (event.kind === 'program_end') this.#ended = true;
    return event;
  }

  #parseHeader(line: string): unknown {
    try {
      // Some editors put a byte order mark before the first line.
      return JSON.parse(line.replace(/^\uFEFF/, ''));
    } catch {
      throw new InvalidLine(
        'not-a-trace',
        'this is not a Loopscope trace: the first line is not JSON',
      );
    }
  }

  #note(error: unknown): void {
    if (error instanceof InvalidLine)
      this.#fail(error.code, this.#line, `line ${this.#line}: ${error.message}`, error.field);
    else if (error instanceof SyntaxError)
      this.#fail('not-json', this.#line, `line ${this.#line} is not JSON: ${error.message}`);
    else throw error;
  }

  #fail(code: TraceProblem['code'], line: number, message: string, field?: string): void {
    this.#problem = { code, line, field, message };
  }
}

/** A whole file at once. */
export function readTrace(bytes: Uint8Array): {
  readonly header: TraceHeader | null;
  readonly events: readonly AnyEvent[];
  readonly problem: TraceProblem | null;
  readonly ended: boolean;
} {
  const reader = new TraceReader();
  const events = [...reader.push(bytes), ...reader.end()];
  return { header: reader.header, events, problem: reader.problem, ended: reader.ended };
}

function isBlank(line: string): boolean {
  return line === '' || line.trim() === '';
}
