/** The file that `--trace` names. */
import { closeSync, fstatSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { UsageError } from './usage.js';

/** Whether `path` is the file, the pipe or the terminal that `fd` writes to. */
function isFileOf(fd: number, path: string): boolean {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined || (file.isCharacterDevice() && !isatty(fd))) return false;
  const own = fstatSync(fd);
  return own.dev === file.dev && own.ino === file.ino;
}

export class TraceFile {
  readonly #path: string;
  readonly #fd: number;
  /** Up to where there are whole lines. */
  #whole = 0;
  #failed = false;

  /** Creates or empties the file. Throws UsageError. */
  constructor(path: string, source: string) {
    if (path === '-' || isFileOf(1, path) || isFileOf(2, path)) {
      throw new UsageError(
        `the trace cannot go to "${path}", where the program prints: name a file`,
      );
    }
    const [file, program] = [path, source].map((one) => statSync(one, { throwIfNoEntry: false }));
    if (file !== undefined && file.dev === program?.dev && file.ino === program.ino) {
      throw new UsageError(`the trace would overwrite the program "${path}"`);
    }
    try {
      this.#fd = openSync(path, 'w');
    } catch (error) {
      throw new UsageError(`cannot write the trace to "${path}": ${reasonOf(error)}`);
    }
    this.#path = path;
  }

  /** Whole lines. The program goes on where they cannot be written; that is said once. */
  write(lines: Uint8Array): void {
    if (this.#failed) return;
    let written = 0;
    try {
      while (written < lines.length) written += writeSync(this.#fd, lines, written);
      this.#whole += written;
    } catch (error) {
      this.#failed = true;
      this.#whole += lines.subarray(0, written).lastIndexOf(0x0a) + 1;
      if (fstatSync(this.#fd).isFile()) ftruncateSync(this.#fd, this.#whole);
      process.stderr.write(
        `loopscope: cannot write the trace to "${this.#path}": ${reasonOf(error)}; it ends there\n`,
      );
    }
  }

  /** The exit code of the command, the program's being `code`: a trace that was asked for must be there. */
  close(code: number): number {
    closeSync(this.#fd);
    return this.#failed && code === 0 ? 1 : code;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
