"""The loop where there are neither descriptors nor signals: WebAssembly."""

from .bent import Waiter
from .loop import CoreLoop

_NATIVELY = "run the program natively: loopscope run FILE"
_NO_SOCKETS = (
    "there are no sockets in WebAssembly, so nothing can be served or connected to here; "
    f"queues and asyncio.StreamReader.feed_data() stand in for a connection, or {_NATIVELY}"
)
_NO_PROCESSES = f"there are no processes in WebAssembly, so none can be started here; {_NATIVELY}"
_NO_PIPES = f"there are no pipes in WebAssembly; {_NATIVELY}"


def _without(text, *names):
    """Coroutine methods of these names that say what there is none of."""

    def method(name):
        async def refuse(self, *args, **kwargs):
            raise NotImplementedError(f"{name}(): {text}")

        refuse.__name__ = name
        return refuse

    return {name: method(name) for name in names}


class LoopWithoutSystem(CoreLoop):
    def __init__(self, selector=None):
        self._selector = Waiter(self)
        super().__init__(selector)

    def add_reader(self, fd, callback, *args):
        raise NotImplementedError("WebAssembly has no file descriptors to wait for")

    add_writer = add_reader

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError("a program in WebAssembly receives no signals")

    vars().update(
        _without(
            _NO_SOCKETS,
            *("create_server", "create_connection", "create_datagram_endpoint", "connect_accepted_socket"),
            *("create_unix_server", "create_unix_connection", "getaddrinfo", "getnameinfo"),
            *("sock_accept", "sock_connect", "sock_recv", "sock_recv_into", "sock_recvfrom", "sock_sendall", "sock_sendto"),
        )
    )
    vars().update(_without(_NO_PROCESSES, "subprocess_exec", "subprocess_shell"))
    vars().update(_without(_NO_PIPES, "connect_read_pipe", "connect_write_pipe"))
