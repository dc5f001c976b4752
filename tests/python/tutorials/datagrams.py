"""UDP there and back. needs: system"""

import asyncio


class Server(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        print("Received", data)
        self.transport.sendto(data[::-1], address)


class Client(asyncio.DatagramProtocol):
    def __init__(self, done):
        self.done = done

    def connection_made(self, transport):
        transport.sendto(b"hello")

    def datagram_received(self, data, address):
        self.done.set_result(data)


async def main():
    loop = asyncio.get_running_loop()
    server, _ = await loop.create_datagram_endpoint(Server, local_addr=("127.0.0.1", 0))
    done = loop.create_future()
    client, _ = await loop.create_datagram_endpoint(lambda: Client(done), remote_addr=server.get_extra_info("sockname"))
    print(await asyncio.wait_for(done, 5))
    client.close()
    server.close()
    print(await loop.getaddrinfo("127.0.0.1", 80, proto=17) != [], await loop.getnameinfo(("127.0.0.1", 0), 3))


asyncio.run(main())
