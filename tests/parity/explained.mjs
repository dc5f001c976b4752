// Examples whose Python program does not do, task by task, what the C++ program does, and why that is as it should be.
// `sometimes`: which Python it is decides, so that being equal is right too. `output`: an older Python cannot run it at all.

export const EXPLAINED = {
  several_loops: {
    why:
      'asyncio.run() ends with two tasks of its own, shutdown_asyncgens() and shutdown_default_executor(), which take two ' +
      'names: the tasks of the second loop are called Task-4 and Task-5. They are called so in CPython too.',
  },
  eager_tasks: {
    sometimes: true,
    output: true,
    why:
      'asyncio.eager_task_factory came with Python 3.12: with an older one the program ends with an AttributeError. With a ' +
      'newer one the first step happens within the constructor of asyncio.Task, where nobody outside can see it begin or end.',
  },
  queues: {
    sometimes: true,
    why: 'Before Python 3.13 a task that is given a name takes a number all the same, so that later ones are called otherwise.',
  },
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
  channels: {
    why: 'asyncio has no channels: the Python program does the same with a queue, and makes its tasks in another order.',
  },
};
