// What the tasks of a program do, as a trace tells it, in words that are the same for C++ and Python: who is made by whom, waits for
// what, is woken and cancelled by whom, ends how; what is done to locks, queues and the like, by whom, and what they are like then;
// and what is printed; each with its time. Left out is what belongs to a language: lines and functions, the types of exceptions,
// the numbers of tasks and futures, handles and turns.

/** The story of a trace, a line for each event. `renumber`: tasks without a name of their own are numbered as the trace meets them. */
export function taskStory(trace, { renumber = false } = {}) {
  const story = new Story(renumber);
  const lines = trace.trimEnd().split('\n').slice(1);
  return lines.flatMap((line) => story.tell(JSON.parse(line))).join('\n');
}

class Story {
  #names = new Map(); // tasks
  #waits = new Map(); // future -> what a task that waits for it waits for
  #renumber;
  #unnamed = 0;

  constructor(renumber) {
    this.#renumber = renumber;
  }

  tell(event) {
    const told = this[event.kind]?.(event);
    return told === undefined ? [] : [`${event.t / 1e9} s  ${told}`];
  }

  task_created({ task, name, parent }) {
    const numbered = this.#renumber && /^Task-\d+$/.test(name);
    this.#names.set(task, numbered ? `Task-${++this.#unnamed}` : name);
    return `${this.#name(task)} is made by ${this.#name(parent)}`;
  }
  task_suspended({ task, awaiting }) {
    if (awaiting.id !== undefined) this.#waits.set(awaiting.id, awaiting.kind);
    return `${this.#name(task)} waits for ${this.#awaited(awaiting)}`;
  }
  task_wakeup({ task, by }) {
    return `${this.#name(task)} is woken by ${this.#cause(by)}`;
  }
  task_cancel_requested({ task, by }) {
    return `${this.#name(task)} is to be cancelled, says ${this.#cause(by)}`;
  }
  task_done({ task, outcome, error }) {
    return `${this.#name(task)} ends: ${outcome}${message(error)}`;
  }
  resource({ id, type, op, state, waiters, by, when, item }) {
    const what = item === undefined ? '' : ` ${item}`;
    const until = when === undefined ? '' : ` until ${when / 1e9} s`;
    return `${type} ${id} is ${op}${what} by ${this.#cause(by)}: ${state}${until}, ${waiters} wait`;
  }
  output({ stream, text }) {
    return stream === 'stdout' ? `prints ${text.trimEnd()}` : undefined;
  }

  #name(task) {
    return task === 0 ? 'nobody' : (this.#names.get(task) ?? `task ${task}`);
  }
  #awaited({ kind, id, when, resource, op }) {
    if (kind === 'task') return this.#name(id);
    if (kind === 'sleep') return `sleep until ${when / 1e9} s`;
    return op === undefined ? kind : `${kind} ${resource} (${op})`;
  }
  #cause({ kind, id }) {
    if (kind === 'task') return this.#name(id);
    return kind === 'future' ? (this.#waits.get(id) ?? 'future') : kind;
  }
}

/** An error without its type: `std::runtime_error: no` is `RuntimeError: no`. */
function message(error) {
  if (error === undefined) return '';
  const colon = error.indexOf(': ');
  return colon < 0 ? '' : `, ${error.slice(colon + 2)}`;
}
