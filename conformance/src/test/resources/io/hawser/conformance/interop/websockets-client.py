# SPDX-License-Identifier: Apache-2.0
# Talks to an echo with Python's websockets; says "all well" or fails. Arguments: URL, and for TLS whom to trust.
import asyncio
import ssl
import sys

import websockets


async def main():
    context = ssl.create_default_context(cafile=sys.argv[2]) if len(sys.argv) > 2 else None
    async with websockets.connect(
        sys.argv[1], ssl=context, subprotocols=["chat.v2", "chat.v1"], max_size=1 << 24
    ) as socket:
        assert socket.subprotocol == "chat.v1", socket.subprotocol
        pong = await socket.ping("are you there?")
        await asyncio.wait_for(pong, 20)
        for size in (0, 1, 125, 126, 65535, 65536, 1 << 20):
            for message in ("x" * size, bytes([7]) * size):
                await socket.send(message)
                assert await socket.recv() == message, size
        await socket.send(part for part in ("in ", "", "parts"))
        assert await socket.recv() == "in parts"
        await socket.close(4001, "done")
        assert socket.close_code == 4001, socket.close_code
    print("all well")


asyncio.run(main())
