import { PILLARS } from '../shared/map.ts';
import type { Body, Input } from '../shared/rules.ts';
import type { Coin } from '../shared/snapshot.ts';

/** What a bot wants: the nearest coin, around the pillars, and now and then in a hurry. */
export function thinkAsBot(body: Body, coins: readonly Coin[], seq: number, random: () => number): Input {
  let target: Coin | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const coin of coins) {
    const distance = Math.hypot(coin.x - body.x, coin.y - body.y);
    if (distance < nearest) [nearest, target] = [distance, coin];
  }
  if (target === undefined) return { seq, x: 0, y: 0, dash: false };
  let [x, y] = [(target.x - body.x) / nearest, (target.y - body.y) / nearest];
  for (const pillar of PILLARS) {
    const [dx, dy] = [body.x - pillar.x, body.y - pillar.y];
    const distance = Math.hypot(dx, dy);
    const room = distance - pillar.radius;
    if (room > 70 || dx * x + dy * y > 0) continue;
    // Along the pillar, on the side that is nearer to where it goes.
    const side = dx * y - dy * x > 0 ? 1 : -1;
    [x, y] = [(-dy / distance) * side + dx / distance / 3, (dx / distance) * side + dy / distance / 3];
  }
  // Not at full speed: a person should be able to win.
  return { seq, x: Math.round(x * 82), y: Math.round(y * 82), dash: nearest > 180 && random() < 0.015 };
}
