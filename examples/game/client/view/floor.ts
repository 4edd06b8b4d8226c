import { ARENA_HEIGHT, ARENA_WIDTH, PILLARS } from '../../shared/map.ts';
import type { Theme } from './theme.ts';

const TILE = 100;
const CORNER = 36;

/** What never moves: the floor, and what casts its shadow on it. */
export function drawFloor(context: CanvasRenderingContext2D, theme: Theme): void {
  context.fillStyle = theme.paint('wall');
  context.beginPath();
  context.roundRect(-16, -16, ARENA_WIDTH + 32, ARENA_HEIGHT + 32, CORNER + 16);
  context.fill();
  context.save();
  context.beginPath();
  context.roundRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT, CORNER);
  context.clip();
  context.fillStyle = theme.paint('floor');
  context.fillRect(0, 0, ARENA_WIDTH, ARENA_HEIGHT);
  context.fillStyle = theme.paint('tile');
  for (let column = 0; column < ARENA_WIDTH / TILE; column++) {
    for (let row = column % 2; row < ARENA_HEIGHT / TILE; row += 2) {
      context.fillRect(column * TILE, row * TILE, TILE, TILE);
    }
  }
  for (const pillar of PILLARS) {
    drawDisc(context, theme.paint('shade'), pillar.x + 8, pillar.y + 14, pillar.radius);
    drawDisc(context, theme.paint('pillar'), pillar.x, pillar.y, pillar.radius);
    drawDisc(context, theme.paint('pillar-top'), pillar.x, pillar.y - 7, pillar.radius - 9);
  }
  context.restore();
}

export function drawDisc(
  context: CanvasRenderingContext2D,
  colour: string,
  x: number,
  y: number,
  radius: number,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
