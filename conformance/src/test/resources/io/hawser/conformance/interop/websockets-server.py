# SPDX-License-Identifier: Apache-2.0
# Echoes with Python's websockets; says its port. Arguments, for TLS: certificates, key. Ends with its input.
import asyncio
import ssl
import sys

import websockets


async def echo(socket, path=None):
    async for message in socket:
        if message == "close":
            await socket.close(4002, "as you wish")
        else:
            await socket.send(message)


async def main():
    context = None
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
    async with websockets.serve(
        echo, "127.0.0.1", 0, ssl=context, subprotocols=["chat.v1"], max_size=1 << 24
    ) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
