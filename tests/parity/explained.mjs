// Examples whose Python program does not do, task by task, what the C++ program does, and why that is as it should be.
// `sometimes`: which Python it is decides, so that being equal is right too.

export const EXPLAINED = {
  several_loops: {
    why:
      'asyncio.run() ends with two tasks of its own, shutdown_asyncgens() and shutdown_default_executor(), which take two ' +
      'names: the tasks of the second loop are called Task-4 and Task-5. They are called so in CPython too.',
  },
  eager_tasks: {
    sometimes: true,
    why: 'asyncio.eager_task_factory came with Python 3.12; a twin with an older CPython ends with an AttributeError.',
  },
};
