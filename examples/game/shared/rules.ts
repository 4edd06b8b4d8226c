// What a player's body does, the same on the server, which decides, and on the client, which predicts. So that both come to
// the same bits, there is nothing here but + - * / and square roots, and state is kept in 32-bit floats, as it travels.

import { ARENA_HEIGHT, ARENA_WIDTH, PILLARS } from './map.ts';

export const TICKS_PER_SECOND = 30;
export const TICK_MS: number = 1_000 / TICKS_PER_SECOND;

export const PLAYER_RADIUS = 26;
/** Ticks that a dash lasts, and until the next one. */
export const DASH_TICKS = 7;
export const DASH_COOLDOWN_TICKS = 40;
/** Ticks for which whoever was hit cannot steer. */
export const STUN_TICKS = 18;

const ACCELERATION = 1.55;
const FRICTION = 0.86;
const DASH_SPEED = 27;
const BOUNCE = 0.5;

/** What a player wants in one tick. */
export interface Input {
  /** Counts up with each input, so that the server can say which it has used. */
  readonly seq: number;
  /** Direction in hundredths, each from -100 to 100. */
  readonly x: number;
  readonly y: number;
  readonly dash: boolean;
}

/** A player's body after a tick. Speeds are units per tick, the rest are ticks that are left. */
export interface Body {
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  readonly dash: number;
  readonly cooldown: number;
  readonly stun: number;
}

/** The body after one more tick with this input. Pure. */
export function step(body: Body, input: Input): Body {
  const direction = body.stun > 0 ? { x: 0, y: 0 } : readDirection(input);
  const hasDirection = direction.x !== 0 || direction.y !== 0;
  const begins = input.dash && body.cooldown === 0 && body.dash === 0 && hasDirection;
  const dash = begins ? DASH_TICKS : Math.max(0, body.dash - 1);
  let { vx, vy } = body;
  if (begins) {
    const length = Math.sqrt(direction.x * direction.x + direction.y * direction.y);
    vx = (direction.x / length) * DASH_SPEED;
    vy = (direction.y / length) * DASH_SPEED;
  } else if (dash === 0) {
    vx = (vx + direction.x * ACCELERATION) * FRICTION;
    vy = (vy + direction.y * ACCELERATION) * FRICTION;
  }
  const cooldown = begins ? DASH_COOLDOWN_TICKS : Math.max(0, body.cooldown - 1);
  const moved = { x: body.x + vx, y: body.y + vy, vx, vy, dash, cooldown, stun: Math.max(0, body.stun - 1) };
  return toFloats(PILLARS.reduce(bounceOffPillar, bounceOffWalls(moved)));
}

/** A body at rest. */
export function createBody(x: number, y: number): Body {
  return toFloats({ x, y, vx: 0, vy: 0, dash: 0, cooldown: 0, stun: 0 });
}

/** The body as it survives the wire. */
export function toFloats(body: Body): Body {
  const { fround } = Math;
  return { ...body, x: fround(body.x), y: fround(body.y), vx: fround(body.vx), vy: fround(body.vy) };
}

/** At most of length 1, so that nobody is faster on the diagonal. */
function readDirection({ x, y }: Input): { readonly x: number; readonly y: number } {
  const length = Math.sqrt(x * x + y * y) / 100;
  const scale = 100 * Math.max(1, length);
  return { x: x / scale, y: y / scale };
}

function bounceOffWalls(body: Body): Body {
  const x = Math.min(ARENA_WIDTH - PLAYER_RADIUS, Math.max(PLAYER_RADIUS, body.x));
  const y = Math.min(ARENA_HEIGHT - PLAYER_RADIUS, Math.max(PLAYER_RADIUS, body.y));
  return {
    ...body,
    x,
    y,
    vx: x === body.x ? body.vx : -body.vx * BOUNCE,
    vy: y === body.y ? body.vy : -body.vy * BOUNCE,
  };
}

function bounceOffPillar(body: Body, { x, y, radius }: (typeof PILLARS)[number]): Body {
  const reach = radius + PLAYER_RADIUS;
  const [dx, dy] = [body.x - x, body.y - y];
  const distance = Math.sqrt(dx * dx + dy * dy);
  if (distance >= reach || distance === 0) return body;
  const [nx, ny] = [dx / distance, dy / distance];
  const inward = Math.min(0, body.vx * nx + body.vy * ny) * (1 + BOUNCE);
  return { ...body, x: x + nx * reach, y: y + ny * reach, vx: body.vx - nx * inward, vy: body.vy - ny * inward };
}
