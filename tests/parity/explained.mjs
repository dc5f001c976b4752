// Examples whose Python program does not do, task by task, what the C++ program does, and why that is as it should be.
// `sometimes`: which Python it is decides, so that being equal is right too. `output`: an older Python cannot run it at all.
// `numbers`: but for the numbers of tasks it does the same.

/** What an example may need ("needs" in its card) that WebAssembly does not have, and what its row of the table then means. */
export const NATIVE_ONLY = {
  threads:
    'WebAssembly has no threads in C++: there the twin says so and ends with 1, and the page shows what the native twin recorded ' +
    'when the page was built. The threads of a Python program take turns under the virtual clock, as those in C++ do, and their ' +
    'tasks do the same. Stock CPython knows no such clock: there, what they print on the real one is compared. Pyodide has ' +
    'threads, which take turns, where WebAssembly can wait (JSPI): in the page, but not in every Node, where Python says so; ' +
    'what they print is compared.',
  descriptors:
    'WebAssembly has no pipes and sockets that a loop could wait for: there the twin says so and ends with 1, in C++ and in Python, ' +
    'and the page shows what the native twin recorded.',
  signals: 'nobody sends signals to a program in WebAssembly: there it is the same.',
};

const SHUTDOWN =
  'asyncio.run() ends with two tasks of its own, shutdown_asyncgens() and shutdown_default_executor(), which take two ' +
  'names: the first task of the second loop is called Task-4. It is called so in CPython too.';

const NAMED =
  'Before Python 3.13 a task that is given a name takes a number all the same, so that later ones are called otherwise.';

const BEFORE_IT =
  'asyncio.run() ends with the task of shutdown_asyncgens(), which takes a name, before that of shutdown_default_executor(). ' +
  NAMED;

export const EXPLAINED = {
  several_loops: { numbers: true, why: SHUTDOWN },
  policies: { numbers: true, why: SHUTDOWN },
  threads: { numbers: true, why: BEFORE_IT },
  call_soon_threadsafe: { numbers: true, why: BEFORE_IT },
  loop_per_thread: { numbers: true, why: BEFORE_IT },
  eager_tasks: {
    sometimes: true,
    output: true,
    why:
      'asyncio.eager_task_factory came with Python 3.12: with an older one the program ends with an AttributeError. With a ' +
      'newer one the first step happens within the constructor of asyncio.Task, where nobody outside can see it begin or end.',
  },
  queues: { numbers: true, sometimes: true, why: NAMED },
  wait: {
    sometimes: true,
    why: 'asyncio.wait() gives sets: in which order the program cancels what is pending is up to the set.',
  },
  shield: {
    sometimes: true,
    why:
      'With Python 3.11 the future of the second shield() is told as a plain future, and wait_for() has no timeout that the ' +
      'trace could tell of.',
  },
  cancel_scopes: {
    why: 'asyncio has no cancel scopes: the Python program does the same with timeouts, which are told as such.',
  },
  custom_loop: {
    why: 'A loop that is written in Python is not ours: of what happens on it, the trace has only the output.',
  },
  channels: {
    why: 'asyncio has no channels: the Python program does the same with a queue, and makes its tasks in another order.',
  },
};
