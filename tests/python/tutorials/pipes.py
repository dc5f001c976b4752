"""connect_read_pipe() and connect_write_pipe(), sendfile(). needs: system"""

import asyncio
import os
import tempfile


async def main():
    loop = asyncio.get_running_loop()
    read_end, write_end = os.pipe()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb"))
    writing, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(write_end, "wb"))
    writer = asyncio.StreamWriter(writing, protocol, None, loop)
    writer.write(b"through a pipe\n")
    print(await reader.readline())
    writer.close()
    print(await reader.read())
    transport.close()

    async def serve(reader, writer):
        with tempfile.TemporaryFile() as file:
            file.write(b"0123456789" * 10_000)
            print("sent", await loop.sendfile(writer.transport, file, offset=5, count=50_000))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    data = await reader.read()
    print(len(data), data[:8])
    writer.close()
    server.close()


asyncio.run(main())
