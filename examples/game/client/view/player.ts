import { DASH_COOLDOWN_TICKS, DASH_TICKS, PLAYER_RADIUS } from '../../shared/rules.ts';
import type { PlayerState } from '../../shared/snapshot.ts';
import { drawEllipse } from './coin.ts';
import { drawDisc } from './floor.ts';
import type { Theme } from './theme.ts';

export interface PlayerLook {
  readonly state: PlayerState;
  readonly name: string;
  readonly isMe: boolean;
  readonly isLeader: boolean;
  /** Where it looks, as an angle. */
  readonly facing: number;
}

export function drawPlayer(context: CanvasRenderingContext2D, theme: Theme, look: PlayerLook, nowMs: number): void {
  const { state, name, isMe, isLeader, facing } = look;
  const colour = theme.player(state.colour);
  context.save();
  context.translate(state.x, state.y);
  if (state.isIdle) context.globalAlpha = 0.4;
  if (state.dash > 0) drawTrail(context, state, colour);
  drawEllipse(context, theme.paint('shade'), 3, PLAYER_RADIUS * 0.72, PLAYER_RADIUS * 0.95, PLAYER_RADIUS * 0.5);
  drawBody(context, state, colour, facing);
  drawEyes(context, state, facing, nowMs);
  if (isMe) drawCooldown(context, theme, state);
  if (isLeader) drawCrown(context, theme);
  drawName(context, theme, state.isIdle ? `${name} · zzz` : name, isMe);
  context.restore();
}

/** Longer and thinner the faster it is. */
function drawBody(context: CanvasRenderingContext2D, { vx, vy }: PlayerState, colour: string, facing: number): void {
  const stretch = Math.min(0.28, Math.hypot(vx, vy) / 80);
  context.save();
  context.rotate(facing);
  context.scale(1 + stretch, 1 - stretch * 0.7);
  drawDisc(context, colour, 0, 0, PLAYER_RADIUS);
  context.restore();
}

function drawTrail(context: CanvasRenderingContext2D, { vx, vy, dash }: PlayerState, colour: string): void {
  const alpha = context.globalAlpha;
  for (let ghost = 4; ghost > 0; ghost--) {
    context.globalAlpha = alpha * 0.09 * (5 - ghost) * (0.4 + dash / DASH_TICKS);
    drawDisc(context, colour, -vx * ghost * 0.75, -vy * ghost * 0.75, PLAYER_RADIUS * (1 - ghost * 0.11));
  }
  context.globalAlpha = alpha;
}

function drawEyes(context: CanvasRenderingContext2D, { stun }: PlayerState, facing: number, nowMs: number): void {
  const [ahead, up] = [Math.cos(facing) * 9, Math.sin(facing) * 7 - 3];
  for (const side of [-1, 1]) {
    const [x, y] = [ahead + side * 8, up];
    if (stun > 0) {
      // Who was hit sees stars.
      context.strokeStyle = 'white';
      context.lineWidth = 3;
      context.lineCap = 'round';
      context.beginPath();
      for (const turn of [0.25, 0.75]) {
        const angle = Math.PI * turn + Math.sin(nowMs / 90) * 0.3;
        context.moveTo(x - 5 * Math.cos(angle), y - 5 * Math.sin(angle));
        context.lineTo(x + 5 * Math.cos(angle), y + 5 * Math.sin(angle));
      }
      context.stroke();
    } else {
      drawDisc(context, 'white', x, y, 6.5);
      drawDisc(context, 'oklch(24% 0.03 270)', x + Math.cos(facing) * 2.6, y + Math.sin(facing) * 2.6, 3.4);
    }
  }
}

/** A ring that closes until the next dash is there. */
function drawCooldown(context: CanvasRenderingContext2D, theme: Theme, { cooldown }: PlayerState): void {
  const part = 1 - cooldown / DASH_COOLDOWN_TICKS;
  context.strokeStyle = theme.paint(part === 1 ? 'coin' : 'on-player');
  context.lineWidth = 4;
  context.lineCap = 'round';
  context.beginPath();
  context.arc(0, 0, PLAYER_RADIUS + 9, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * part);
  context.stroke();
}

function drawCrown(context: CanvasRenderingContext2D, theme: Theme): void {
  context.fillStyle = theme.paint('coin');
  context.strokeStyle = theme.paint('coin-edge');
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.beginPath();
  const top = -PLAYER_RADIUS - 20;
  for (const [x, y] of [
    [-15, 16],
    [-18, 0],
    [-8, 7],
    [0, -5],
    [8, 7],
    [18, 0],
    [15, 16],
  ] as const)
    context.lineTo(x, top + y);
  context.closePath();
  context.fill();
  context.stroke();
}

function drawName(context: CanvasRenderingContext2D, theme: Theme, name: string, isMe: boolean): void {
  context.font = `${isMe ? 700 : 600} 17px ui-sans-serif, system-ui, sans-serif`;
  context.textAlign = 'center';
  context.fillStyle = theme.paint('text');
  context.fillText(name, 0, PLAYER_RADIUS + 29);
}
