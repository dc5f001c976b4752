"""The native loop: asyncio's own transports, subprocesses and signals, on the core's poller."""

import asyncio
import selectors
import socket
import sys
from asyncio import format_helpers, sslproto

import _loopscope

from . import core as cores
from .handles import report
from .loop import CoreLoop, named
from .outside import ExpectsAnswers
from .places import without_us


_Base = asyncio.SelectorEventLoop  # as it is now: a program may put another in its place


class CoreSelector(selectors._BaseSelectorImpl):
    """Keeps who watches what, as any selector; it is the core that waits."""

    is_the_cores = True

    def __init__(self, core, loop):
        super().__init__()
        self._core = core
        self._loop = loop
        self._held = None  # registered, and not watched yet
        self.holding = False

    def register(self, fileobj, events, data=None):
        key = super().register(fileobj, events, data)
        if self.holding:
            self._held = key.fd
            return key
        try:
            self._core.watch(key.fd, events)
        except BaseException:
            super().unregister(fileobj)
            raise
        return key

    def modify(self, fileobj, events, data=None):
        old = self.get_key(fileobj)
        key = super().unregister(fileobj)
        key = super().register(fileobj, events, data)
        if old.events != events and key.fd != self._held:
            self._core.watch(key.fd, events)
        return key

    def unregister(self, fileobj):
        key = super().unregister(fileobj)
        if key.fd == self._held:
            self._held = None
            return key
        try:
            self._core.watch(key.fd, 0)
        except OSError:
            pass  # it was closed before: nothing is left to forget
        return key

    def watch_held(self):
        """From now on what was registered while `holding` is watched too."""
        if self._held is not None:
            self._core.watch(self._held, self._fd_to_key[self._held].events)
            self._held = None

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name == "select":
            self._loop._bend("the program has its own select()")

    def select(self, timeout=None):
        if self._core.wait(cores.FOREVER if timeout is None else timeout) == cores.DEADLOCK:
            self._loop._deadlock()
        return self.ready(self._core.take_ready())

    def ready(self, found):
        """The core's (fd, mask) as selectors speak of it."""
        keys = self._fd_to_key
        return [(keys[fd], mask & keys[fd].events) for fd, mask in found if fd in keys]


def _is_plain(selector):
    """Whether the selector is one of Python's own, and new: it does nothing that the core would not do."""
    return type(selector).__module__ == "selectors" and not selector.get_map() and "select" not in vars(selector)


def _send_at_once(sock):
    """asyncio sees to it where a socket was made with IPPROTO_TCP. A listening one that the program made mostly was not, and none of
    its connections is: each answer of two writes would take 40 ms."""
    if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM and sock.proto == 0:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class _SelectorLoop(CoreLoop, _Base):
    def __init__(self, selector=None):
        if selector is not None and _is_plain(selector):
            selector.close()  # it is the core that waits
            selector = None
        core = cores.new_core()
        self._use(core)
        _Base.__init__(self, CoreSelector(core, self) if selector is None else selector)
        if core.debug:
            self.set_debug(True)
        self._finish()
        if selector is not None:
            self._bend("the program has its own selector")

    def _bend(self, why):
        super()._bend(why)
        if isinstance(self._selector, CoreSelector):
            self._selector.watch_held()

    def _write_to_self(self):
        super()._write_to_self()
        if self._bent:
            _Base._write_to_self(self)

    # -- Descriptors

    def _descriptors_ready(self, found):
        self._process_events(self._selector.ready(found))

    _process_events = _Base._process_events

    def _wait(self, seconds):
        if self._core.wait(seconds) == cores.DEADLOCK:
            self._deadlock()
        self._descriptors_ready(self._core.take_ready())

    # -- Transports

    def _make_socket_transport(self, sock, *args, **options):
        _send_at_once(sock)
        return super()._make_socket_transport(sock, *args, **options)

    def _make_ssl_transport(self, rawsock, *args, **options):
        _send_at_once(rawsock)
        return super()._make_ssl_transport(rawsock, *args, **options)

    # -- Waking, and signals

    def _make_self_pipe(self):
        # Only signals come by it: other threads wake the core. So it costs nothing until there is a signal handler.
        if not isinstance(self._selector, CoreSelector):
            return super()._make_self_pipe()
        self._selector.holding = True
        try:
            super()._make_self_pipe()
        finally:
            self._selector.holding = False

    def add_signal_handler(self, sig, callback, *args):
        result = super().add_signal_handler(sig, callback, *args)
        if isinstance(self._selector, CoreSelector):
            self._selector.watch_held()
        return result


def _named_as(name):
    """Python takes the arguments by name, and says what is wrong with them in asyncio's words."""

    def decorate(method):
        method.__name__, method.__qualname__ = name, f"BaseEventLoop.{name}"
        return method

    return decorate


class _FastSelectorLoop(_loopscope.LoopBase, _SelectorLoop):
    """The same where nobody watches: scheduling and turns are done in C++."""

    def __init__(self, selector=None):
        super().__init__(selector)
        if isinstance(self._selector, CoreSelector) and type(self)._process_events is _Base._process_events:
            self._dispatch_by(self._selector._fd_to_key)

    def _use(self, core):
        super()._use(core)
        self._use_core(core)

    _hand_over = _loopscope.LoopBase._hand_over

    def _look_for_overrides(self):
        super()._look_for_overrides()
        self._indirect = self._overrides("call_at")

    def run_forever(self):
        self._check_closed()
        self._check_running()
        self._in_run = True
        try:
            super().run_forever()
        finally:
            self._in_run = False

    # -- Transports: the class differs, where the socket is an ordinary one

    def _make_socket_transport(self, sock, protocol, waiter=None, *, extra=None, server=None):
        _send_at_once(sock)
        if type(sock) is not socket.socket:
            return super()._make_socket_transport(sock, protocol, waiter, extra=extra, server=server)
        self._check_free(sock)
        return _loopscope.SocketTransport(self, sock, protocol, waiter, extra, server)

    def _make_ssl_transport(self, rawsock, protocol, sslcontext, waiter=None, *, extra=None, server=None, **options):
        self._check_free(rawsock)
        tls = sslproto.SSLProtocol(self, protocol, sslcontext, waiter, **options)
        self._make_socket_transport(rawsock, tls, extra=extra, server=server)
        return tls._app_transport

    def _check_free(self, sock):
        # Newer Pythons want one transport for a socket; what this one wants, its own method says.
        if "_ensure_fd_no_transport" in _Base._make_socket_transport.__code__.co_names:
            self._ensure_fd_no_transport(sock)

    if _loopscope.virtual:  # its tasks have numbers
        create_task = CoreLoop.create_task
        create_future = CoreLoop.create_future

    # What the C++ side asks for when something is out of the ordinary.

    @_named_as("call_soon")
    def _call_soon_in_python(self, callback, *args, context=None):
        method = _Base.call_soon if self._bent else _loopscope.LoopBase.call_soon
        return without_us(method(self, callback, *args, context=context))

    @_named_as("call_soon_threadsafe")
    def _call_soon_threadsafe_in_python(self, callback, *args, context=None):
        method = CoreLoop.call_soon_threadsafe if self._bent else _loopscope.LoopBase.call_soon_threadsafe
        return without_us(method(self, callback, *args, context=context))

    @_named_as("call_at")
    def _call_at_in_python(self, when, callback, *args, context=None):
        method = _Base.call_at if self._bent else _loopscope.LoopBase.call_at
        return without_us(method(self, when, callback, *args, context=context))

    _call_later_in_python = _Base.call_later
    _private_call_soon_in_python, _add_callback_in_python = _Base._call_soon, _Base._add_callback
    _timer_handle_cancelled_in_python, _run_once_in_python = _Base._timer_handle_cancelled, CoreLoop._run_bent_turn
    _create_task_in_python = CoreLoop.create_task
    _add_reader_in_python, _remove_reader_in_python = _Base._add_reader, _Base._remove_reader
    _add_writer_in_python, _remove_writer_in_python = _Base._add_writer, _Base._remove_writer

    def _debug_scheduling(self, handle, name):
        if name:
            if name != "call_soon_threadsafe":
                self._check_thread()
            self._check_callback(handle._callback, "call_at" if name == "call_later" else name)
        handle._source_traceback = format_helpers.extract_stack(sys._getframe(1))
        without_us(handle)

    def _report(self, handle, error):
        report(handle, error)


EventLoop = _SelectorLoop if _loopscope.traced else _FastSelectorLoop
if _loopscope.virtual:

    class _VirtualLoop(ExpectsAnswers, EventLoop):
        pass

    EventLoop = _VirtualLoop
EventLoop = named(EventLoop)
