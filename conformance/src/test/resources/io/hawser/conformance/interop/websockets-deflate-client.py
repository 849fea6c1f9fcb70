# SPDX-License-Identifier: Apache-2.0
# Talks to an echo with Python's websockets, compressed in many ways one after the other; says of each what was agreed on. Arguments: URL,
# largest size, and for each way JSON: {query, serverNoContext, clientNoContext, serverBits, clientBits}.
import asyncio
import json
import os
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, PerMessageDeflate

counted = {"came": 0, "left": 0}


def count():
    """Counts what frames take, as the extension sees them."""
    decode, encode = PerMessageDeflate.decode, PerMessageDeflate.encode

    def counting_decode(extension, frame, **more):
        counted["came"] += len(frame.data)
        return decode(extension, frame, **more)

    def counting_encode(extension, frame):
        encoded = encode(extension, frame)
        counted["left"] += len(encoded.data)
        return encoded

    PerMessageDeflate.decode, PerMessageDeflate.encode = counting_decode, counting_encode


def text(size):
    items = (f'{{"id":{i},"name":"item {i % 10}","price":{i * 37 % 1000}}}' for i in range(size // 20 + 1))
    return ("[" + ",".join(items))[:size]


async def echo(socket, message, parts=None):
    await socket.send(parts or message)
    assert await socket.recv() == message, len(message)


async def talk(url, largest, way):
    extension = ClientPerMessageDeflateFactory(
        server_no_context_takeover=way.get("serverNoContext", False),
        client_no_context_takeover=way.get("clientNoContext", False),
        server_max_window_bits=way.get("serverBits"),
        client_max_window_bits=way.get("clientBits") or None,
    )
    async with websockets.connect(
        url + way["query"], compression=None, extensions=[extension], max_size=1 << 25
    ) as socket:
        for size in (1, 125, 126, 1 << 10, 1 << 16, 1 << 20, 1 << 24):
            if size <= largest:
                for message in (text(size), os.urandom(size), bytes(size), text(size)):
                    await echo(socket, message)
        came, left = counted["came"], counted["left"]
        for more in range(10):
            await echo(socket, text(2000 + more))
        came, left = counted["came"] - came, counted["left"] - left
        await echo(socket, "in some parts", ["in ", "", "some ", "parts"])
        whole = text(5000)
        await echo(socket, whole, [whole[:1], whole[1:4000], whole[4000:]])
        print(socket.response_headers.get("Sec-WebSocket-Extensions"), came, left, sep="|", flush=True)


async def main():
    count()
    for way in sys.argv[3:]:
        try:
            await talk(sys.argv[1], int(sys.argv[2]), json.loads(way))
        except Exception as failure:
            print(way, repr(failure), flush=True)
            raise


asyncio.run(main())
