// The whole arena in bytes: 30 times a second to everybody, an eighth of what it is as JSON, and encoded once for all.
//
//   tick u32 | winner u32 | players u8 | coins u8 | player … | coin …
//   player: id u32 | ack u32 | x y vx vy f32 | dash u8 | cooldown u8 | stun u8 | flags u8 | score u16 | colour u8
//   coin:   id u16 | x u16 | y u16

import type { Body } from './rules.ts';

export interface PlayerState extends Body {
  readonly id: number;
  /** `seq` of the last input that has been used. */
  readonly ack: number;
  readonly score: number;
  /** Number of its colour: the lowest that nobody else has. */
  readonly colour: number;
  /** Its connection gives no inputs. */
  readonly isIdle: boolean;
  /** Whom the server plays. */
  readonly isBot: boolean;
}

export interface Coin {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

export interface Snapshot {
  readonly tick: number;
  /** Id of who has won, until the next round begins; 0 while one is on. */
  readonly winner: number;
  readonly players: readonly PlayerState[];
  readonly coins: readonly Coin[];
}

const HEADER_BYTES = 10;
const PLAYER_BYTES = 31;
const COIN_BYTES = 6;

export function encodeSnapshot({ tick, winner, players, coins }: Snapshot): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + players.length * PLAYER_BYTES + coins.length * COIN_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, tick);
  view.setUint32(4, winner);
  view.setUint8(8, players.length);
  view.setUint8(9, coins.length);
  let at = HEADER_BYTES;
  for (const player of players) {
    view.setUint32(at, player.id);
    view.setUint32(at + 4, player.ack);
    view.setFloat32(at + 8, player.x);
    view.setFloat32(at + 12, player.y);
    view.setFloat32(at + 16, player.vx);
    view.setFloat32(at + 20, player.vy);
    view.setUint8(at + 24, player.dash);
    view.setUint8(at + 25, player.cooldown);
    view.setUint8(at + 26, player.stun);
    view.setUint8(at + 27, (player.isIdle ? 1 : 0) | (player.isBot ? 2 : 0));
    view.setUint16(at + 28, player.score);
    view.setUint8(at + 30, player.colour);
    at += PLAYER_BYTES;
  }
  for (const { id, x, y } of coins) {
    view.setUint16(at, id);
    view.setUint16(at + 2, x);
    view.setUint16(at + 4, y);
    at += COIN_BYTES;
  }
  return bytes;
}

export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const coinsAt = HEADER_BYTES + view.getUint8(8) * PLAYER_BYTES;
  return {
    tick: view.getUint32(0),
    winner: view.getUint32(4),
    players: Array.from({ length: view.getUint8(8) }, (_, index) =>
      readPlayer(view, HEADER_BYTES + index * PLAYER_BYTES),
    ),
    coins: Array.from({ length: view.getUint8(9) }, (_, index) => readCoin(view, coinsAt + index * COIN_BYTES)),
  };
}

function readPlayer(view: DataView, at: number): PlayerState {
  const flags = view.getUint8(at + 27);
  return {
    id: view.getUint32(at),
    ack: view.getUint32(at + 4),
    x: view.getFloat32(at + 8),
    y: view.getFloat32(at + 12),
    vx: view.getFloat32(at + 16),
    vy: view.getFloat32(at + 20),
    dash: view.getUint8(at + 24),
    cooldown: view.getUint8(at + 25),
    stun: view.getUint8(at + 26),
    isIdle: (flags & 1) !== 0,
    isBot: (flags & 2) !== 0,
    score: view.getUint16(at + 28),
    colour: view.getUint8(at + 30),
  };
}

function readCoin(view: DataView, at: number): Coin {
  return { id: view.getUint16(at), x: view.getUint16(at + 2), y: view.getUint16(at + 4) };
}
