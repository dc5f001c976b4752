"""Importing this package registers all operations, in the order that the generator's choices depend on."""

from . import core, callbacks, futures, tasks, gather  # noqa: F401
from . import wait, wait_for, as_completed, shield, timeout, task_group  # noqa: F401
from . import lock, event, condition, semaphore, barrier, queue  # noqa: F401
from . import context, async_generator  # noqa: F401
from .registry import ALL  # noqa: F401
