import type { Socket } from 'node:net';
import type { Load } from '../../harness/load-child.ts';
import type { EchoParams, EngineParams } from '../engine-params.ts';
import { openRaw } from './raw-connection.ts';
import { type Direction, frameOf, serverFrameBytes } from './raw-frames.ts';

const openingAtOnce = 50;

/**
 * Light on purpose, so that the server is what is measured: frames are built once, answers are counted by
 * their bytes. What comes back is compared once for each connection and round.
 */
export function driveEngine(port: number, params: EngineParams, direction: Direction): Promise<Load> {
  switch (params.act) {
    case 'echo':
      return echoLoad(port, params, direction);
    case 'connect':
      return Promise.resolve(connectLoad(port, params.atOnce));
    case 'broadcast':
      return broadcastLoad(port, params);
    case 'hold':
      return Promise.resolve(holdLoad(port, params.payloadBytes));
  }
}

async function echoLoad(port: number, params: EchoParams, direction: Direction): Promise<Load> {
  const sockets: Socket[] = [];
  for (let count = 0; count < params.connections; count++) sockets.push(await openRaw(port));
  return async (messages) => {
    const each = Math.ceil(messages / params.connections);
    await Promise.all(sockets.map((socket) => echo(socket, params, each, direction)));
    return { messages: each * params.connections, figures: {} };
  };
}

/** Keeps the agreed number of messages on their way until `messages` have come back. */
function echo(socket: Socket, params: EchoParams, messages: number, direction: Direction): Promise<void> {
  const payload = Buffer.alloc(params.payloadBytes, 'typewire ');
  const frame = frameOf(params.kind === 'text' ? 1 : 2, payload, direction);
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

function connectLoad(port: number, atOnce: number): Load {
  const close = frameOf(8, Buffer.from([0x03, 0xe8]), 'masked');
  return async (messages) => {
    await times(messages, atOnce, async () => {
      const socket = await openRaw(port);
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve).write(close));
    });
    return { messages, figures: {} };
  };
}

type BroadcastParams = Extract<EngineParams, { act: 'broadcast' }>;

async function broadcastLoad(port: number, params: BroadcastParams): Promise<Load> {
  const payload = Buffer.alloc(params.payloadBytes, 'typewire ');
  const frame = frameOf(1, payload, 'masked');
  const burst = Buffer.concat(new Array<Buffer>(params.messagesAtOnce).fill(frame));
  const burstBytes = serverFrameBytes(params.payloadBytes) * params.messagesAtOnce;
  const sockets: Socket[] = [];
  let missing = 0;
  let allHeard = (): void => {};
  await times(params.connections, openingAtOnce, async () => {
    const socket = await openRaw(port);
    let receivedBytes = 0;
    socket.on('data', (chunk) => {
      receivedBytes += chunk.length;
      if (receivedBytes < burstBytes) return;
      receivedBytes -= burstBytes;
      if (--missing === 0) allHeard();
    });
    sockets.push(socket);
  });
  return async (messages) => {
    const bursts = Math.ceil(messages / params.connections / params.messagesAtOnce);
    for (let count = 0; count < bursts; count++) {
      missing = params.connections;
      await new Promise<void>((resolve) => {
        allHeard = resolve;
        sockets[0]?.write(burst);
      });
    }
    return { messages: bursts * params.messagesAtOnce * params.connections, figures: {} };
  };
}

/** A message goes each way, so that whatever an engine keeps of it is kept. */
function holdLoad(port: number, payloadBytes: number): Load {
  const frame = frameOf(1, Buffer.alloc(payloadBytes, 'typewire '), 'masked');
  return async (messages) => {
    await times(messages, openingAtOnce, async () => {
      const socket = await openRaw(port);
      await new Promise((resolve) => socket.once('data', resolve).write(frame));
    });
    return { messages, figures: {} };
  };
}

async function times(count: number, atOnce: number, run: () => Promise<void>): Promise<void> {
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      await run();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}
