import type { Coin, PlayerState } from '../../shared/snapshot.ts';
import { Camera } from './camera.ts';
import { drawCoin } from './coin.ts';
import { find } from './dom.ts';
import type { Effects } from './effects.ts';
import { drawFloor } from './floor.ts';
import { drawPlayer, type PlayerLook } from './player.ts';
import type { Theme } from './theme.ts';

export interface Scene {
  readonly players: readonly Omit<PlayerLook, 'facing'>[];
  readonly coins: readonly Coin[];
  /** What the camera follows. */
  readonly focus: { readonly x: number; readonly y: number };
}

/** Draws the arena: all of it, with each frame, as sharp as the screen. */
export class Renderer {
  readonly #canvas: HTMLCanvasElement = find('arena', HTMLCanvasElement);
  readonly #context: CanvasRenderingContext2D;
  readonly #theme: Theme;
  readonly #effects: Effects;
  readonly #camera: Camera = new Camera();
  /** Where each player looks: on, when it stands still. */
  readonly #facing: Map<number, number> = new Map();

  constructor(theme: Theme, effects: Effects) {
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser has no canvas');
    this.#context = context;
    this.#theme = theme;
    this.#effects = effects;
  }

  draw(scene: Scene, nowMs: number, elapsedMs: number): void {
    const context = this.#context;
    const { width, height } = this.#resize();
    this.#camera.update(width, height, scene.focus);
    const { scale, x, y } = this.#camera;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.#theme.paint('outside');
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    const pixels = scale * devicePixelRatio;
    context.setTransform(pixels, 0, 0, pixels, -x * pixels, -y * pixels);
    drawFloor(context, this.#theme);
    for (const coin of scene.coins) drawCoin(context, this.#theme, coin, nowMs);
    // Whoever is further down stands in front.
    for (const look of [...scene.players].sort((left, right) => left.state.y - right.state.y)) {
      drawPlayer(context, this.#theme, { ...look, facing: this.#turn(look.state) }, nowMs);
    }
    this.#effects.draw(context, elapsedMs);
  }

  #turn({ id, vx, vy }: PlayerState): number {
    const known = this.#facing.get(id) ?? Math.PI / 2;
    if (Math.hypot(vx, vy) < 0.6) return known;
    const off = Math.atan2(vy, vx) - known;
    const turned = known + Math.atan2(Math.sin(off), Math.cos(off)) * 0.3;
    this.#facing.set(id, turned);
    return turned;
  }

  #resize(): { readonly width: number; readonly height: number } {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const [pixelsX, pixelsY] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (this.#canvas.width !== pixelsX) this.#canvas.width = pixelsX;
    if (this.#canvas.height !== pixelsY) this.#canvas.height = pixelsY;
    return { width, height };
  }
}
