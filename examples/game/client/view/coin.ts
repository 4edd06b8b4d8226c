import type { Coin } from '../../shared/snapshot.ts';
import type { Theme } from './theme.ts';

const RADIUS = 14;

/** A coin that turns: it is as wide as the angle from which it is seen. */
export function drawCoin(context: CanvasRenderingContext2D, theme: Theme, { id, x, y }: Coin, nowMs: number): void {
  const turn = nowMs / 420 + id;
  const width = Math.max(2.5, Math.abs(Math.cos(turn)) * RADIUS);
  const hover = 3 * Math.sin(nowMs / 300 + id);
  drawEllipse(context, theme.paint('shade'), x + 2, y + RADIUS + 4, width * 0.8, 4);
  drawEllipse(context, theme.paint('coin-edge'), x, y + hover, width, RADIUS);
  drawEllipse(context, theme.paint('coin'), x, y + hover, Math.max(1.5, width - 3.5), RADIUS - 3.5);
}

export function drawEllipse(
  context: CanvasRenderingContext2D,
  colour: string,
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.ellipse(x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
  context.fill();
}
