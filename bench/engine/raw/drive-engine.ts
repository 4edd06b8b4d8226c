import type { Socket } from 'node:net';
import { type Load, runLoad } from '../../harness/load-child.ts';
import type { EngineParams } from '../engine-params.ts';
import { openRaw } from './raw-connection.ts';
import { clientFrame, serverFrameBytes } from './raw-frames.ts';

/**
 * Light on purpose, so that the server is what is measured: frames are built once, answers are counted by
 * their bytes. What comes back is compared once for each connection and round.
 */
runLoad<EngineParams>((port, params) => (params.act === 'echo' ? echoLoad(port, params) : connectLoad(port, params)));

async function echoLoad(port: number, params: EngineParams): Promise<Load> {
  const sockets: Socket[] = [];
  for (let count = 0; count < params.connections; count++) sockets.push(await openRaw(port));
  return async (messages) => {
    const each = Math.ceil(messages / params.connections);
    await Promise.all(sockets.map((socket) => echo(socket, params, each)));
    return { messages: each * params.connections, figures: {} };
  };
}

/** Keeps the agreed number of messages on their way until `messages` have come back. */
function echo(socket: Socket, params: EngineParams, messages: number): Promise<void> {
  const payload = Buffer.alloc(params.payloadBytes, 'typewire ');
  const frame = clientFrame(params.kind === 'text' ? 1 : 2, payload);
  const window = Buffer.concat(new Array<Buffer>(params.inFlightPerConnection).fill(frame));
  const answerBytes = serverFrameBytes(params.payloadBytes);
  const head = answerBytes - params.payloadBytes;
  return new Promise((resolve, reject) => {
    let sent = 0;
    let receivedBytes = 0;
    let answered = 0;
    const send = (count: number): void => {
      const now = Math.min(count, messages - sent);
      sent += now;
      if (now > 0) socket.write(window.subarray(0, now * frame.length));
    };
    const fail = (): void => reject(new Error('the server ended the connection'));
    const read = (chunk: Buffer): void => {
      if (receivedBytes === 0 && !chunk.subarray(head, answerBytes).equals(payload.subarray(0, chunk.length - head))) {
        reject(new Error('something else came back'));
      }
      receivedBytes += chunk.length;
      const newly = Math.floor(receivedBytes / answerBytes) - answered;
      answered += newly;
      send(newly);
      if (answered < messages) return;
      socket.off('data', read).off('close', fail);
      resolve();
    };
    socket.on('data', read).on('close', fail);
    send(params.inFlightPerConnection);
  });
}

async function connectLoad(port: number, params: EngineParams): Promise<Load> {
  const close = clientFrame(8, Buffer.from([0x03, 0xe8]));
  const visit = async (): Promise<void> => {
    const socket = await openRaw(port);
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve).write(close));
  };
  return async (messages) => {
    let begun = 0;
    const visitor = async (): Promise<void> => {
      while (begun < messages) {
        begun += 1;
        await visit();
      }
    };
    await Promise.all(Array.from({ length: params.connections }, visitor));
    return { messages: begun, figures: {} };
  };
}
