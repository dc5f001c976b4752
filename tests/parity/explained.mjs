// Examples whose Python program does not do, task by task, what the C++ program does, and why that is as it should be.

export const EXPLAINED = {
  several_loops:
    'asyncio.run() ends with two tasks of its own, shutdown_asyncgens() and shutdown_default_executor(), which take two ' +
    'names: the tasks of the second loop are called Task-4 and Task-5. They are called so in CPython too.',
};
