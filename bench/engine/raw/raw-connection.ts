import { connect, type Socket } from 'node:net';

const request = [
  'GET / HTTP/1.1',
  'Host: 127.0.0.1',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  '',
  '',
].join('\r\n');

/** Opens a WebSocket connection with as little work as possible; resolves when the server has answered. */
export function openRaw(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    socket.once('error', reject);
    socket.write(request, 'latin1');
    socket.on('data', function readAnswer(chunk: Buffer) {
      answer += chunk.toString('latin1');
      if (!answer.endsWith('\r\n\r\n')) return;
      socket.off('data', readAnswer);
      socket.off('error', reject);
      if (answer.startsWith('HTTP/1.1 101 ')) resolve(socket);
      else reject(new Error(`the server answered ${answer.split('\r\n')[0]}`));
    });
  });
}
