import { describe, expect, it } from 'vitest';
import { createRandom } from '../server/random.ts';
import { ARENA_HEIGHT, ARENA_WIDTH, PILLARS } from '../shared/map.ts';
import {
  type Body,
  createBody,
  DASH_COOLDOWN_TICKS,
  type Input,
  PLAYER_RADIUS,
  step,
  toFloats,
} from '../shared/rules.ts';

const still: Input = { seq: 0, x: 0, y: 0, dash: false };
const right: Input = { ...still, x: 100 };

function run(body: Body, input: Input, ticks: number): Body {
  let now = body;
  for (let tick = 0; tick < ticks; tick++) now = step(now, input);
  return now;
}

/** The body after each of the inputs. */
function follow(start: Body, inputs: readonly Input[]): Body[] {
  let now = start;
  return inputs.map((input) => {
    now = step(now, input);
    return now;
  });
}

/** Any inputs, dashes among them. */
function wander(seed: number, count: number): Input[] {
  const random = createRandom(seed);
  const direction = (): number => Math.round(random() * 200 - 100);
  return Array.from({ length: count }, (_, seq) => ({ seq, x: direction(), y: direction(), dash: random() < 0.1 }));
}

describe('a body', () => {
  it('stays where it is when nobody steers it', () => {
    expect(run(createBody(200, 200), still, 30)).toEqual(createBody(200, 200));
  });

  it('gets no faster than its friction allows, and no faster on the diagonal', () => {
    const straight = run(createBody(100, 500), right, 25);
    const diagonal = run(createBody(100, 100), { ...right, y: 100 }, 25);
    expect(straight.vx).toBeGreaterThan(8);
    expect(straight.vx).toBeLessThan(10);
    expect(Math.hypot(diagonal.vx, diagonal.vy)).toBeCloseTo(straight.vx, 4);
  });

  it('dashes, and can again only after a while', () => {
    const dash = { ...right, dash: true };
    const begun = step(createBody(200, 120), dash);
    expect(begun.vx).toBeGreaterThan(20);
    expect(run(begun, dash, DASH_COOLDOWN_TICKS - 1).dash).toBe(0);
    expect(run(begun, dash, DASH_COOLDOWN_TICKS + 1).dash).toBeGreaterThan(0);
  });

  it('cannot be steered while it is stunned', () => {
    const stunned = { ...createBody(200, 200), stun: 3 };
    expect(run(stunned, right, 3)).toEqual(createBody(200, 200));
    expect(run(stunned, right, 4).vx).toBeGreaterThan(0);
  });

  it('stays inside the walls and outside the pillars, whatever it is told', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const way = follow(createBody(800, 300), wander(seed, 600));
      const isInside = way.every(({ x, y }) => {
        const isLeftAndUp = x <= ARENA_WIDTH - PLAYER_RADIUS && y <= ARENA_HEIGHT - PLAYER_RADIUS;
        return x >= PLAYER_RADIUS && y >= PLAYER_RADIUS && isLeftAndUp;
      });
      const nearest = Math.min(
        ...way.flatMap((body) => PILLARS.map(({ x, y, radius }) => Math.hypot(body.x - x, body.y - y) - radius)),
      );
      expect({ seed, isInside, isOutside: nearest > PLAYER_RADIUS - 0.01 }).toEqual({
        seed,
        isInside: true,
        isOutside: true,
      });
    }
  });

  it('comes to the same bits again from any place on its way, as it travels', () => {
    const inputs = wander(7, 300);
    const way = follow(createBody(300, 500), inputs);
    const middle = JSON.parse(JSON.stringify(toFloats(way[149] as Body))) as Body;
    expect(inputs.slice(150).reduce(step, middle)).toEqual(way.at(-1));
  });
});
