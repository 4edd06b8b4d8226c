import asyncio
import sys

import websockets

from conversation import CLOSE_REQUEST, FAREWELL, OWN_FAREWELL, check, read_messages, tell


async def echo(socket, *_):
    try:
        async for message in socket:
            if message == CLOSE_REQUEST:
                await socket.close(*FAREWELL)
            else:
                await socket.send(message)
    except websockets.ConnectionClosed:
        pass  # With any code but 1000 and 1001 it is raised.


async def serve():
    async with websockets.serve(echo, "127.0.0.1", 0, subprotocols=["chat"]) as server:
        tell(port=server.sockets[0].getsockname()[1])
        await asyncio.Future()


async def talk(url, messages):
    socket = await websockets.connect(url, subprotocols=["other", "chat"])
    for message in messages:
        await socket.send(message)
    check([await socket.recv() for _ in messages], messages)
    await (await socket.ping("are you there?"))
    # A message in fragments, and a ping while it is under way.
    await socket.send(["frag", "men", "", "ted é"])
    check([await socket.recv()], ["fragmented é"])
    await socket.close(*OWN_FAREWELL)
    other = await websockets.connect(url, subprotocols=["chat"])
    await other.send(CLOSE_REQUEST)
    await other.wait_closed()
    tell(protocol=socket.subprotocol, code=other.close_code, reason=other.close_reason)


asyncio.run(serve() if sys.argv[1] == "server" else talk(sys.argv[2], read_messages()))
