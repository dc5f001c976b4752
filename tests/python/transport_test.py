"""Transports and descriptors of our loop say what asyncio's say: each scenario runs on both loops, and what it tells is compared."""

import asyncio
import gc
import logging
import os
import socket
import threading
import unittest
import warnings

TRACED = "LOOPSCOPE_TRACE" in os.environ  # which our import takes out of it

import loopscope  # noqa: E402


class Teller(asyncio.Protocol):
    """Tells what happens to it."""

    def __init__(self, told):
        self.told, self.transport, self.ended = told, None, asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.told.append(data)

    def eof_received(self):
        self.told.append("eof")

    def pause_writing(self):
        self.told.append("pause")

    def resume_writing(self):
        self.told.append("resume")

    def connection_lost(self, error):
        self.told.append(("lost", repr(error)))
        self.ended.set_result(None)


class BufferedTeller(Teller, asyncio.BufferedProtocol):
    buffer = None

    def get_buffer(self, hint):
        self.told.append(hint)
        return self.buffer

    def buffer_updated(self, size):
        self.told.append((size, bytes(self.buffer[:size])))


async def connected(told, kind=Teller):
    """A protocol, and the socket at the other end."""
    ours, other = socket.socketpair()
    other.settimeout(10)
    _, protocol = await asyncio.get_running_loop().create_connection(lambda: kind(told), sock=ours)
    return protocol, other


async def until_ended(protocol, other):
    other.close()
    await protocol.ended


async def pieces_come_in_order_and_then_the_end(told):
    protocol, other = await connected(told)
    for word in b"one", b"two":
        other.send(word)
        await asyncio.sleep(0.01)
    protocol.transport.write(b"three")
    told.append(other.recv(100))
    await until_ended(protocol, other)
    told.append(protocol.transport.is_closing())


async def what_the_socket_does_not_take_is_kept_and_the_protocol_paused(told):
    protocol, other = await connected(told)
    whole = bytes(range(256)) * 8000
    for data in whole[:1_000_000], bytearray(whole[1_000_000:1_500_001]), memoryview(whole)[1_500_001:]:
        protocol.transport.write(data)
    told.append(protocol.transport.get_write_buffer_size() > 0)

    def read_all():
        got = b""
        while len(got) < len(whole):
            got += other.recv(1 << 20)
        return got

    told.append(await asyncio.get_running_loop().run_in_executor(None, read_all) == whole)
    told.append(protocol.transport.get_write_buffer_size())
    await until_ended(protocol, other)


async def views_of_larger_items_are_written_by_their_bytes(told):
    protocol, other = await connected(told)
    protocol.transport.write(memoryview(b"abcdefgh").cast("I"))
    told.append(other.recv(100))
    protocol.transport.write(memoryview(b"a-b-c-")[::2].tobytes())
    protocol.transport.writelines([b"x", bytearray(b"y")])
    told.append(other.recv(100))
    await until_ended(protocol, other)


async def what_cannot_be_written_is_an_error(told):
    protocol, other = await connected(told)
    for data in "text", 5, None, [b"a"]:
        try:
            protocol.transport.write(data)
        except TypeError as error:
            told.append(str(error))
    protocol.transport.write(b"")
    protocol.transport.write_eof()
    try:
        protocol.transport.write(b"more")
    except RuntimeError as error:
        told.append(str(error))
    told.append(other.recv(100))
    await until_ended(protocol, other)


async def writing_to_who_has_gone_loses_the_connection(told):
    protocol, other = await connected(told)
    protocol.transport.pause_reading()
    other.close()
    for _ in range(8):
        protocol.transport.write(b"hello")
    await protocol.ended


async def a_protocol_that_raises_is_reported_and_closed(told):
    class Raises(Teller):
        def data_received(self, data):
            raise ValueError(data)

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: told.append((context["message"], repr(context["exception"]))))
    protocol, other = await connected(told, Raises)
    other.send(b"data")
    await protocol.ended
    other.close()


async def pausing_holds_back_what_comes(told):
    protocol, other = await connected(told)
    protocol.transport.pause_reading()
    other.send(b"early")
    await asyncio.sleep(0.01)
    told.append(protocol.transport.is_reading())
    protocol.transport.resume_reading()
    await asyncio.sleep(0.01)
    await until_ended(protocol, other)


async def buffers_are_filled(told):
    protocol, other = await connected(told, BufferedTeller)
    protocol.buffer = bytearray(4)
    other.send(b"abcdef")
    await asyncio.sleep(0.01)
    await until_ended(protocol, other)


async def buffers_that_will_not_do_are_errors(told):
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: told.append((context["message"], repr(context["exception"]))))
    for buffer in bytearray(), b"read only", None, 5:
        protocol, other = await connected(told, BufferedTeller)
        protocol.buffer = buffer
        other.send(b"abc")
        await protocol.ended
        other.close()


async def another_protocol_can_take_over(told):
    protocol, other = await connected(told)
    second = BufferedTeller(told)
    second.buffer = bytearray(10)
    protocol.transport.set_protocol(second)
    told.append(protocol.transport.get_protocol() is second)
    other.send(b"for the second")
    await asyncio.sleep(0.01)
    await until_ended(second, other)


async def the_size_of_a_piece_can_be_set(told):
    for size in 3, 1 << 20:
        protocol, other = await connected(told)
        protocol.transport.max_size = size
        other.send(b"abcdefg")
        await asyncio.sleep(0.01)
        await until_ended(protocol, other)


async def a_socket_closed_behind_its_back_is_a_read_error(told):
    protocol, other = await connected(told)
    loop, transport = asyncio.get_running_loop(), protocol.transport
    loop.call_soon(transport._read_ready)
    transport._sock.detach()
    await protocol.ended
    other.close()


async def abort_forgets_what_was_not_sent(told):
    protocol, other = await connected(told)
    protocol.transport.write(b"x" * 5_000_000)
    protocol.transport.abort()
    await protocol.ended
    protocol.transport.write(b"into the void")
    other.close()


async def it_prints_itself(told):
    protocol, other = await connected(told)
    text = repr(protocol.transport)
    told.append(text.replace(str(protocol.transport.get_extra_info("socket").fileno()), "N"))
    protocol.transport.close()
    told.append(repr(protocol.transport).split(" fd=")[0])
    await protocol.ended
    told.append(repr(protocol.transport).split(" fd=")[0])
    other.close()


async def a_transport_that_nobody_closes_warns(told):
    protocol, other = await connected(told)
    transport, protocol.transport = protocol.transport, None
    asyncio.get_running_loop()._remove_reader(transport._sock_fd)
    transport._protocol = protocol = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del transport
        gc.collect()
    told.append([str(warning.message).split(" fd=")[0] for warning in caught if "transport" in str(warning.message)])
    other.close()


async def readers_and_writers_come_and_go(told):
    loop = asyncio.get_running_loop()
    one, other = socket.socketpair()
    one.setblocking(False)
    loop.add_reader(one, told.append, "never")
    loop.add_reader(one.fileno(), lambda: (told.append(one.recv(10)), told.append(loop.remove_reader(one))))
    loop.add_writer(one, lambda: (told.append("writable"), told.append(loop.remove_writer(one.fileno()))))
    other.send(b"data")
    await asyncio.sleep(0.02)
    told += [loop.remove_reader(one), loop.remove_writer(one), loop._selector.get_map().get(one.fileno())]
    loop.add_writer(one, print)
    loop.add_reader(one, print)
    key = loop._selector.get_key(one)
    told += [key.events, key.fd == one.fileno(), [handle._callback for handle in key.data]]
    told += [loop.remove_writer(one), loop._selector.get_key(one).events, loop.remove_reader(one)]
    for wrong in "x", object():
        try:
            loop.add_reader(wrong, print)
        except ValueError as error:
            told.append(str(error).split(":")[0])
    with open(os.devnull) as file:
        try:
            loop.add_reader(file, print)
        except PermissionError as error:
            told.append(str(error))
    one.close()
    other.close()


async def a_reader_that_cancels_another_in_its_turn_keeps_it_from_running(told):
    loop = asyncio.get_running_loop()
    pairs = [socket.socketpair() for _ in range(2)]

    def ready(mine, others):
        told.append("one of them")
        loop.remove_reader(mine)
        loop.remove_reader(others)

    loop.add_reader(pairs[0][0], ready, pairs[0][0], pairs[1][0])
    loop.add_reader(pairs[1][0], ready, pairs[1][0], pairs[0][0])
    for _, other in pairs:
        other.send(b"x")
    await asyncio.sleep(0.02)
    for sock in [sock for pair in pairs for sock in pair]:
        sock.close()


async def threads_schedule_and_all_of_it_runs(told):
    loop, count, done = asyncio.get_running_loop(), 0, asyncio.get_running_loop().create_future()

    def ran():
        nonlocal count
        count += 1
        if count == 4000:
            done.set_result(None)

    threads = [threading.Thread(target=lambda: [loop.call_soon_threadsafe(ran) for _ in range(1000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    await done
    for thread in threads:
        thread.join()
    handle = loop.call_soon_threadsafe(told.append, "cancelled")
    handle.cancel()
    await asyncio.sleep(0)
    told.append(count)


SCENARIOS = [
    scenario
    for name, scenario in list(globals().items())
    if asyncio.iscoroutinefunction(scenario) and name not in ("connected", "until_ended")
]


class Logged(logging.Handler):
    """Tells what asyncio logs, without the names of objects, and not what took long."""

    def __init__(self, told):
        super().__init__(logging.WARNING)
        self.told = told

    def emit(self, record):
        if not record.msg.startswith("Executing"):
            self.told.append(("logged", record.msg))


def told_on(factory, scenario, debug):
    told = []
    logger, handler = logging.getLogger("asyncio"), Logged(told)
    logger.addHandler(handler)
    logger.propagate = False
    try:
        with asyncio.Runner(loop_factory=factory, debug=debug) as runner:
            runner.run(asyncio.wait_for(scenario(told), 30))
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
    return told


class TransportTest(unittest.TestCase):
    def test_the_transport_is_ours_where_nothing_is_traced(self):
        async def transport():
            protocol, other = await connected([])
            other.close()
            return protocol.transport

        with asyncio.Runner(loop_factory=loopscope.EventLoop) as runner:
            kind = type(runner.run(transport()))
        self.assertEqual(kind.__name__, "_SelectorSocketTransport")
        self.assertEqual(kind is asyncio.selector_events._SelectorSocketTransport, TRACED)


    def test_what_is_written_goes_out_at_once_whoever_made_the_socket(self):
        # asyncio sees to it only for sockets that were made with IPPROTO_TCP, and so for no connection of most listening ones.
        async def of_given(proto):
            listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, proto)
            listening.bind(("127.0.0.1", 0))
            made = asyncio.get_running_loop().create_future()

            class Accepts(asyncio.Protocol):
                def connection_made(self, transport):
                    made.set_result(transport)

            server = await asyncio.get_running_loop().create_server(Accepts, sock=listening)
            given = socket.socket(socket.AF_INET, socket.SOCK_STREAM, proto)
            given.connect(listening.getsockname())
            client, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=given)
            ends = client, await made
            at_once = [end.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for end in ends]
            for end in *ends, server:
                end.close()
            return [bool(one) for one in at_once]

        with asyncio.Runner(loop_factory=loopscope.EventLoop) as runner:
            for proto in 0, socket.IPPROTO_TCP:
                self.assertEqual(runner.run(of_given(proto)), [True, True])


def sentence(scenario):
    def test(self):
        for debug in False, True:
            with self.subTest(debug=debug):
                stock = told_on(asyncio.SelectorEventLoop, scenario, debug)
                self.assertTrue(stock)
                self.assertEqual(told_on(loopscope.EventLoop, scenario, debug), stock)

    return test


for one in SCENARIOS:
    setattr(TransportTest, f"test_{one.__name__}", sentence(one))

if __name__ == "__main__":
    unittest.main()
