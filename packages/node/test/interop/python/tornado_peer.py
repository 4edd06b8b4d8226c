import asyncio
import sys

import tornado.httpserver
import tornado.netutil
import tornado.web
import tornado.websocket

from conversation import CLOSE_REQUEST, FAREWELL, OWN_FAREWELL, check, read_messages, tell


class Echo(tornado.websocket.WebSocketHandler):
    def select_subprotocol(self, subprotocols):
        return "chat" if "chat" in subprotocols else None

    def on_message(self, message):
        if message == CLOSE_REQUEST:
            self.close(*FAREWELL)
        else:
            self.write_message(message, binary=isinstance(message, bytes))


async def serve():
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    tornado.httpserver.HTTPServer(tornado.web.Application([("/", Echo)])).add_sockets(sockets)
    tell(port=sockets[0].getsockname()[1])
    await asyncio.Future()


async def talk(url, messages):
    socket = await tornado.websocket.websocket_connect(url, subprotocols=["other", "chat"])
    for message in messages:
        await socket.write_message(message, binary=isinstance(message, bytes))
    check([await socket.read_message() for _ in messages], messages)
    socket.ping(b"are you there?")
    await socket.write_message("behind the ping")
    check([await socket.read_message()], ["behind the ping"])
    protocol = socket.selected_subprotocol
    socket.close(*OWN_FAREWELL)
    other = await tornado.websocket.websocket_connect(url, subprotocols=["chat"])
    await other.write_message(CLOSE_REQUEST)
    assert await other.read_message() is None
    tell(protocol=protocol, code=other.close_code, reason=other.close_reason)
    assert await socket.read_message() is None


asyncio.run(serve() if sys.argv[1] == "server" else talk(sys.argv[2], read_messages()))
