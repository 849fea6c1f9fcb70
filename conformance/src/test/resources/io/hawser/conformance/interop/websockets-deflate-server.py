# SPDX-License-Identifier: Apache-2.0
# Echoes with Python's websockets, a port for each way to compress; says the ports. To "count" it answers how many compressed bytes came and
# left. Arguments: for each way JSON: {serverNoContext, clientNoContext, serverBits, clientBits}. Ends with its input.
import asyncio
import json
import sys

import websockets
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory


class Counting:
    """What compressed frames take, as the extension sees them."""

    def __init__(self):
        self.decode, self.encode = PerMessageDeflate.decode, PerMessageDeflate.encode

    def count(self):
        def decode(extension, frame, **more):
            if frame.rsv1 or frame.opcode == 0:
                extension.came = getattr(extension, "came", 0) + len(frame.data)
            return self.decode(extension, frame, **more)

        def encode(extension, frame):
            encoded = self.encode(extension, frame)
            extension.left = getattr(extension, "left", 0) + len(encoded.data)
            return encoded

        PerMessageDeflate.decode, PerMessageDeflate.encode = decode, encode


async def echo(socket, path=None):
    async for message in socket:
        if message == "count":
            extension = socket.extensions[0]
            await socket.send(f"{extension.came} {extension.left}")
        elif isinstance(message, str) and message.startswith("parts"):
            await socket.send([message[:3], "", message[3:]])
        else:
            await socket.send(message)


async def main():
    Counting().count()
    servers = []
    for way in map(json.loads, sys.argv[1:]):
        extension = ServerPerMessageDeflateFactory(
            server_no_context_takeover=way.get("serverNoContext", False),
            client_no_context_takeover=way.get("clientNoContext", False),
            server_max_window_bits=way.get("serverBits"),
            client_max_window_bits=way["clientBits"] if way["clientBits"] > 1 else None,  # True: any
        )
        servers.append(
            await websockets.serve(echo, "127.0.0.1", 0, compression=None, extensions=[extension], max_size=1 << 25)
        )
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
