"""TLS by streams, and start_tls() on a connection that is there. needs: system"""

import asyncio
import os
import ssl

FOLDER = os.path.dirname(os.path.abspath(__file__))


def contexts():
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(os.path.join(FOLDER, "localhost.pem"))
    client = ssl.create_default_context(cafile=os.path.join(FOLDER, "localhost.pem"))
    return server, client


async def main():
    for_server, for_client = contexts()

    async def echo(reader, writer):
        while data := await reader.readline():
            if data == b"STARTTLS\n":
                writer.write(b"go on\n")
                await writer.drain()
                await writer.start_tls(for_server)
            else:
                writer.write(data.upper())
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=for_server)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=for_client, server_hostname="localhost")
    writer.write(b"secret\n")
    print(await reader.readline(), writer.get_extra_info("peercert")["subject"])
    large = b"x" * 1_000_000 + b"\n"
    reader._limit = len(large) * 2
    writer.write(b"short\n")
    print(await reader.readline())
    writer.close()
    server.close()

    plain = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*plain.sockets[0].getsockname())
    writer.write(b"STARTTLS\n")
    print(await reader.readline())
    await writer.start_tls(for_client, server_hostname="localhost")
    writer.write(b"now secret\n")
    print(await reader.readline(), writer.get_extra_info("sslcontext") is for_client)
    writer.close()
    plain.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=for_server)
    try:
        await asyncio.open_connection(*server.sockets[0].getsockname(), ssl=ssl.create_default_context(), server_hostname="localhost")
    except ssl.SSLCertVerificationError as error:
        print(error.verify_message)
    server.close()


asyncio.run(main())
