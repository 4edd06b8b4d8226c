import asyncio
import sys

from autobahn.asyncio.websocket import (
    WebSocketClientFactory,
    WebSocketClientProtocol,
    WebSocketServerFactory,
    WebSocketServerProtocol,
)

from conversation import CLOSE_REQUEST, FAREWELL, OWN_FAREWELL, check, read_messages, tell


class Echo(WebSocketServerProtocol):
    def onConnect(self, request):
        return "chat" if "chat" in request.protocols else None

    def onMessage(self, payload, isBinary):
        if payload == CLOSE_REQUEST.encode():
            self.sendClose(*FAREWELL)
        else:
            self.sendMessage(payload, isBinary)


async def serve():
    factory = WebSocketServerFactory()
    factory.protocol = Echo
    factory.setProtocolOptions(echoCloseCodeReason=True)
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    tell(port=server.sockets[0].getsockname()[1])
    await asyncio.Future()


class Talk(WebSocketClientProtocol):
    def onConnect(self, response):
        self.chosen = response.protocol

    def onOpen(self):
        self.events.put_nowait(self)

    def onMessage(self, payload, isBinary):
        self.events.put_nowait(payload if isBinary else payload.decode())

    def onPong(self, payload):
        self.events.put_nowait(("pong", payload))

    def onClose(self, wasClean, code, reason):
        self.events.put_nowait((wasClean, code, reason))

    def say(self, message):
        binary = isinstance(message, bytes)
        self.sendMessage(message if binary else message.encode(), binary)


async def open_socket(url, protocols):
    events = asyncio.Queue()
    factory = WebSocketClientFactory(url, protocols=protocols)
    factory.protocol = type("Own", (Talk,), {"events": events})
    factory.setProtocolOptions(echoCloseCodeReason=True)
    host, port = url.removeprefix("ws://").rstrip("/").split(":")
    await asyncio.get_running_loop().create_connection(factory, host, int(port))
    return await events.get(), events


async def talk(url, messages):
    socket, events = await open_socket(url, ["other", "chat"])
    for message in messages:
        socket.say(message)
    check([await events.get() for _ in messages], messages)
    # A ping within a message in fragments: the pong comes first.
    socket.sendFrame(1, "frag".encode(), fin=False)
    socket.sendPing(b"are you there?")
    socket.sendFrame(0, "mented é".encode(), fin=True)
    check([await events.get(), await events.get()], [("pong", b"are you there?"), "fragmented é"])
    socket.sendClose(*OWN_FAREWELL)
    check([(await events.get())[0]], [True])
    other, other_events = await open_socket(url, ["chat"])
    other.say(CLOSE_REQUEST)
    _, code, reason = await other_events.get()
    tell(protocol=socket.chosen, code=code, reason=reason)


asyncio.run(serve() if sys.argv[1] == "server" else talk(sys.argv[2], read_messages()))
