/** How a program ended that did not come back from the interpreter, told from the JavaScript error that came out of it. */

const SIGABRT = 128 + 6;
const SIGSEGV = 128 + 11;

type End =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'crashed'; readonly code: number; readonly error: string };

export function describeEnd(error: unknown): End {
  const text = error instanceof Error ? error.message : String(error);
  // os._exit()
  const exit = /Program terminated with exit\((-?\d+)\)/.exec(text)?.[1];
  if (exit !== undefined) return { how: 'exited', code: Number(exit) & 0xff };
  return { how: 'crashed', ...describeCrash(error, text) };
}

function describeCrash(
  error: unknown,
  text: string,
): { readonly code: number; readonly error: string } {
  if (error instanceof RangeError || /call stack|too much recursion/i.test(text)) {
    return {
      code: SIGSEGV,
      error: 'stack overflow: functions call each other too deeply (does a recursion have no end?)',
    };
  }
  if (/memory access out of bounds|out of memory|memory\.grow/i.test(text)) {
    return { code: SIGABRT, error: 'the interpreter ran out of memory' };
  }
  // Pyodide puts Python's traceback into the message: its last line says what it was.
  const last = text.trim().split('\n').at(-1) ?? text;
  return { code: SIGABRT, error: `the interpreter broke down: ${last}` };
}
