"""A server and its clients by streams. needs: system"""

import asyncio


async def handle(reader, writer):
    data = await reader.readline()
    message = data.decode().strip()
    print(f"Received {message!r} from {writer.get_extra_info('peername')[0]}")
    writer.write(data.upper())
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def client(port, message):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(message.encode() + b"\n")
    await writer.drain()
    data = await reader.read(100)
    print(f"Answer: {data.decode()!r}", await reader.read(), reader.at_eof())
    writer.close()
    await writer.wait_closed()


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for message in "hello", "wörld":
            await client(port, message)
    print(server.is_serving())
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError as error:
        print(type(error).__name__, error.errno == 111)
    reader = asyncio.StreamReader(limit=8)
    reader.feed_data(b"a line that is too long\n")
    try:
        await reader.readline()
    except ValueError as error:
        print(error)
    reader.feed_data(b"short")
    reader.feed_eof()
    try:
        await reader.readexactly(10)
    except asyncio.IncompleteReadError as error:
        print(error)


asyncio.run(main())
