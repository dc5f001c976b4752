"""A server and a client by protocols, and large data. needs: system"""

import asyncio


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def eof_received(self):
        self.transport.write(b"<end>")


class Client(asyncio.Protocol):
    def __init__(self, message, done):
        self.message, self.done, self.got = message, done, bytearray()

    def connection_made(self, transport):
        transport.write(self.message)
        transport.write_eof()

    def data_received(self, data):
        self.got += data

    def connection_lost(self, error):
        print("The server closed the connection", error)
        self.done.set_result(bytes(self.got))


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    for message in b"hello", b"0123456789" * 300_000:
        done = loop.create_future()
        await loop.create_connection(lambda: Client(message, done), *address)
        got = await done
        print(len(got), got == message + b"<end>")
    server.close()
    await server.wait_closed()


asyncio.run(main())
