// When are two traces the same? Byte for byte, except for the header's `host`, which says where each was made.

/** The trace without what may differ: its header without `host`. Throws an Error where there is no header. */
export function comparable(trace) {
  const end = trace.indexOf('\n');
  if (end < 0) throw new Error(trace === '' ? 'the trace is empty' : 'the trace has no whole line');
  const { host, ...header } = JSON.parse(trace.slice(0, end));
  if (host === undefined) throw new Error('the header does not say where the trace was made');
  return JSON.stringify(header) + trace.slice(end);
}

/** Undefined when equal, otherwise {line, left, right}: the first line (from 1) that differs, undefined past an end. */
export function firstDifference(left, right) {
  return firstLineThatDiffers(comparable(left), comparable(right));
}

/** The same for any two texts. */
export function firstLineThatDiffers(left, right) {
  if (left === right) return undefined;
  const linesA = left.split('\n');
  const linesB = right.split('\n');
  let line = 0;
  while (linesA[line] === linesB[line]) line++;
  return { line: line + 1, left: linesA[line], right: linesB[line] };
}

/** What the program wrote to its standard output. */
export function printed(trace) {
  const events = trace
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
  const output = events.filter(({ kind, stream }) => kind === 'output' && stream === 'stdout');
  return output.map(({ text }) => text).join('');
}

/** How many events a trace has. */
export function eventCount(trace) {
  return trace.split('\n').length - 2;
}

/** Whether the program came to an end that the trace tells. */
export function isComplete(trace) {
  if (!trace.endsWith('\n')) return false;
  const last = trace.slice(trace.lastIndexOf('\n', trace.length - 2) + 1);
  return JSON.parse(last).kind === 'program_end';
}
