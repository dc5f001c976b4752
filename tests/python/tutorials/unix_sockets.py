"""Streams over a Unix socket, and loop.sock_*() on plain ones. needs: system"""

import asyncio
import os
import socket
import tempfile


async def handle(reader, writer):
    async for line in reader:
        writer.write(b"> " + line)
    writer.close()


async def main():
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        server = await asyncio.start_unix_server(handle, path)
        reader, writer = await asyncio.open_unix_connection(path)
        writer.writelines([b"one\n", b"two\n"])
        writer.write_eof()
        print(await reader.read())
        writer.close()
        server.close()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    client = socket.socket()
    client.setblocking(False)
    accepting = asyncio.create_task(loop.sock_accept(listener))
    await loop.sock_connect(client, listener.getsockname())
    connection, _ = await accepting
    await loop.sock_sendall(client, b"x" * 100_000)
    client.close()
    got = 0
    while data := await loop.sock_recv(connection, 65536):
        got += len(data)
    print(got)
    connection.close()
    listener.close()


asyncio.run(main())
