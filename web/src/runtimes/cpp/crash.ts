/** Why a WebAssembly program stopped, told from the JavaScript error that came out of it. */

export interface Crash {
  /** One line for a reader. */
  readonly message: string;
  /** The exit code a shell would show: 128 + the signal that a native program dies of. */
  readonly code: number;
}

const SIGABRT = 128 + 6;
const SIGFPE = 128 + 8;
const SIGSEGV = 128 + 11;
const SIGILL = 128 + 4;

/** A step below the stack's end: a frame may have been larger than what was left. */
const STACK_GUARD = 65536;

/** `stackLeft`: bytes between the stack pointer and the stack's end; `aborted`: what abort() was told, if it was called. */
export function describeCrash(error: unknown, stackLeft: number, aborted: string | null): Crash {
  const text = error instanceof Error ? error.message : String(error);
  const name = error instanceof Error ? error.name : '';
  if (isStackOverflow(name, text, stackLeft) || recurses(error, text)) {
    return {
      message:
        'stack overflow: functions call each other too deeply (does a recursion have no end?)',
      code: SIGSEGV,
    };
  }
  if (aborted !== null) return { message: abortMessage(aborted), code: SIGABRT };
  if (/memory access out of bounds|index out of bounds/.test(text)) {
    return {
      message: 'segmentation fault: memory that does not belong to the program was used',
      code: SIGSEGV,
    };
  }
  if (/divide by zero|integer overflow|divide result unrepresentable/.test(text)) {
    return { message: `arithmetic error: ${text}`, code: SIGFPE };
  }
  if (/null function|table index|signature mismatch|indirect call/.test(text)) {
    return {
      message: 'segmentation fault: a function was called through a bad pointer',
      code: SIGSEGV,
    };
  }
  if (name === 'RuntimeError' && /unreachable/.test(text)) {
    return {
      message: 'the program ran into code that can never be reached (undefined behaviour)',
      code: SIGILL,
    };
  }
  return { message: text, code: SIGABRT };
}

/** What a program says of its end, and where the reason lies in where it runs, what is possible there. */
export function explained(error: string): string {
  if (!/thread constructor failed|Resource temporarily unavailable/.test(error)) return error;
  return (
    `${error}. WebAssembly has one thread here, so std::thread, std::async and to_thread() cannot start another: ` +
    'use tasks (create_task, gather), or run the program natively with the command line twin.'
  );
}

function isStackOverflow(name: string, text: string, stackLeft: number): boolean {
  if (name === 'RangeError' || /call stack|too much recursion/i.test(text)) return true;
  // The stack lies at the start of memory, so that running over its end is an access out of bounds.
  return text.includes('out of bounds') && stackLeft < STACK_GUARD;
}

/** The stack pointer may have been put back on the way here; that the same calls repeat tells it, too. */
function recurses(error: unknown, text: string): boolean {
  if (!text.includes('out of bounds') || !(error instanceof Error)) return false;
  const calls = (error.stack ?? '').split('\n').filter((line) => line.includes('wasm'));
  return calls.length >= 6 && new Set(calls).size <= calls.length / 2;
}

function abortMessage(aborted: string): string {
  return aborted === '' || aborted === 'undefined'
    ? 'abort() was called'
    : `abort() was called: ${aborted}`;
}
