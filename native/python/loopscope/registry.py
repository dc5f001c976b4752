"""Who is who: the numbers of tasks, futures and of what they share."""

import asyncio
import weakref


class Registry:
    def __init__(self, core):
        self._core = core
        # What carries no number itself: tasks of a task factory, futures of other classes.
        self._foreign = weakref.WeakKeyDictionary()

    def number_task(self, task):
        """Its number, given when it is first asked for."""
        if number := getattr(task, "number", 0):
            return number
        if number := self._foreign.get(task, 0):
            return number
        number = self._core.new_task()
        try:
            task.number = number
        except AttributeError:
            self._foreign[task] = number
        return number

    def number_future(self, future):
        if isinstance(future, asyncio.Task):
            return self.number_task(future)
        if number := getattr(future, "number", 0):
            return number
        if number := self._foreign.get(future, 0):
            return number
        number = self._core.new_future()
        try:
            future.number = number
        except AttributeError:
            self._foreign[future] = number
        return number

    def new_resource(self):
        """A number for a lock, a queue ...: resources.py keeps it."""
        return self._core.new_resource()

    def deadlock_text(self, loop):
        """Who waits for what, oldest task first: the words of the C++ loop."""
        text = "the event loop would wait for ever: nothing is ready and no timer is set"
        waiting = [self._waiting_text(task) for task in in_order(asyncio.all_tasks(loop), self)]
        return "; ".join([text, ", ".join(waiting)]) if waiting else text

    def _waiting_text(self, task):
        awaited = task._fut_waiter
        if awaited is None:
            return f"{task.get_name()} is ready"
        if isinstance(awaited, asyncio.Task):
            return f"{task.get_name()} waits for {awaited.get_name()}"
        kind = getattr(awaited, "kind", None)
        if kind is None:
            kind = "gather" if isinstance(awaited, asyncio.tasks._GatheringFuture) else type(awaited).__name__
        return f"{task.get_name()} waits for {kind} {self.number_future(awaited)}"


def in_order(tasks, registry):
    """Oldest first."""
    return sorted(tasks, key=registry.number_task)


class OrderedTasks(set):
    """What all_tasks() returns: a set as in asyncio, whose order is that in which the tasks were made.

    asyncio promises no order, and has that of the tasks' addresses: a program that cancels all tasks would do so in another order at
    each run.
    """

    def __init__(self, tasks, registry):
        super().__init__(tasks)
        self._registry = registry

    def __iter__(self):
        return iter(in_order(set.__iter__(self), self._registry))

    def __sub__(self, other):
        return OrderedTasks(set(set.__iter__(self)) - set(other), self._registry)

    def __and__(self, other):
        return OrderedTasks(set(set.__iter__(self)) & set(other), self._registry)


def install():
    """asyncio.all_tasks() is in order for loops that have a registry."""
    original = asyncio.all_tasks

    def all_tasks(loop=None):
        loop = asyncio.get_running_loop() if loop is None else loop
        found = original(loop)
        registry = getattr(loop, "_registry", None)
        return found if registry is None else OrderedTasks(found, registry)

    all_tasks.__doc__ = original.__doc__
    asyncio.all_tasks = asyncio.tasks.all_tasks = all_tasks
