"""python3 python_echo.py [CASE ...]: TCP echo under Python, our loop against asyncio's and uvloop's, in one process, in turns.

Both ends are in the loop. CPU time of the process for one message there and back, the best of five. Needs what python_loops.py needs.

By streams a piece takes two turns, one for the descriptor and one for the task, and as asyncio does we look at the descriptors in both:
two system calls more for each message than uvloop, which runs tasks before it looks. Protocols take one turn.
"""

import asyncio
import sys

from python_loops import compare

MESSAGES = 10_000  # of all connections together


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


class Caller(asyncio.Protocol):
    """Sends the next message when all of the one before has come back."""

    def __init__(self, message, times):
        self.message, self.times, self.missing = message, times, len(message)
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.message)

    def data_received(self, data):
        self.missing -= len(data)
        if self.missing:
            return
        self.times -= 1
        if self.times:
            self.missing = len(self.message)
            self.transport.write(self.message)
        else:
            self.transport.close()
            self.done.set_result(None)


class BufferedEcho(asyncio.BufferedProtocol):
    def connection_made(self, transport):
        self.transport, self.buffer = transport, bytearray(65536)

    def get_buffer(self, hint):
        return self.buffer

    def buffer_updated(self, size):
        self.transport.write(memoryview(self.buffer)[:size])


async def by_protocols(size, connections, echo=Echo):
    loop, message, times = asyncio.get_running_loop(), b"x" * size, MESSAGES // connections
    server = await loop.create_server(echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    callers = [(await loop.create_connection(lambda: Caller(message, times), *address))[1] for _ in range(connections)]
    await asyncio.gather(*(caller.done for caller in callers))
    server.close()
    return MESSAGES


async def by_streams(size, connections):
    message, times = b"x" * (size - 1) + b"\n", MESSAGES // connections

    async def serve(reader, writer):
        while data := await reader.readline():
            writer.write(data)
            await writer.drain()
        writer.close()

    async def call():
        reader, writer = await asyncio.open_connection(*address)
        for _ in range(times):
            writer.write(message)
            await reader.readline()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    await asyncio.gather(*(call() for _ in range(connections)))
    server.close()
    return MESSAGES


async def by_sockets(size, connections):
    """loop.sock_recv() and loop.sock_sendall(), on pairs of sockets."""
    import socket

    loop, message, times = asyncio.get_running_loop(), b"x" * size, MESSAGES // connections

    async def receive(sock):
        missing = size
        while missing:
            missing -= len(await loop.sock_recv(sock, missing))

    async def call(one, other):
        async def answer():
            for _ in range(times):
                await receive(other)
                await loop.sock_sendall(other, message)

        answering = asyncio.create_task(answer())
        for _ in range(times):
            await loop.sock_sendall(one, message)
            await receive(one)
        await answering
        one.close()
        other.close()

    pairs = [socket.socketpair() for _ in range(connections)]
    for sock in [sock for pair in pairs for sock in pair]:
        sock.setblocking(False)
    await asyncio.gather(*(call(*pair) for pair in pairs))
    return MESSAGES


def case(name, work, *arguments):
    async def measured():
        return await work(*arguments)

    measured.__name__ = name
    return measured


CASES = [
    case("protocol_32", by_protocols, 32, 1),
    case("protocol_32_x10", by_protocols, 32, 10),
    case("protocol_10k", by_protocols, 10_000, 1),
    case("protocol_10k_x10", by_protocols, 10_000, 10),
    case("buffered_32", by_protocols, 32, 1, BufferedEcho),
    case("buffered_10k", by_protocols, 10_000, 1, BufferedEcho),
    case("streams_32", by_streams, 32, 1),
    case("streams_32_x10", by_streams, 32, 10),
    case("streams_10k", by_streams, 10_000, 1),
    case("streams_10k_x10", by_streams, 10_000, 10),
    case("sockets_32", by_sockets, 32, 1),
    case("sockets_10k", by_sockets, 10_000, 1),
]

if __name__ == "__main__":
    compare([one for one in CASES if not sys.argv[1:] or one.__name__ in sys.argv[1:]])
