import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Events } from '../src/events.ts';

type Map = { said: (text: string, count: number) => void; left: () => void };

const reported: unknown[] = [];

beforeEach(() => vi.stubGlobal('reportError', (error: unknown) => reported.push(error)));

afterEach(() => {
  vi.unstubAllGlobals();
  reported.length = 0;
});

it('tells listeners in the order in which they came, each event to its own', () => {
  const events = new Events<Map>();
  const told: unknown[] = [];
  events.on('said', (...args) => told.push(['first', ...args]));
  events.on('said', (...args) => told.push(['second', ...args]));
  events.on('left', () => told.push('left'));

  events.emit('said', 'hello', 2);
  expect(told).toEqual([
    ['first', 'hello', 2],
    ['second', 'hello', 2],
  ]);
});

it('tells a listener as often as it was added, and takes it away once for each', () => {
  const events = new Events<Map>();
  const listener = vi.fn();
  const stops = [events.on('left', listener), events.on('left', listener)];
  events.emit('left');
  expect(listener).toHaveBeenCalledTimes(2);

  stops[0]?.();
  stops[0]?.();
  events.emit('left');
  expect(listener).toHaveBeenCalledTimes(3);
  expect(events.has('left')).toBe(true);

  stops[1]?.();
  expect(events.has('left')).toBe(false);
});

it('has who comes, leaves or ends all of it inside a listener do so for the next event', () => {
  const events = new Events<Map>();
  const told: string[] = [];
  const stop = events.on('left', () => {
    told.push('first');
    stop();
    stopThird();
    events.on('left', () => told.push('new'));
  });
  events.on('left', () => told.push('second'));
  const stopThird = events.on('left', () => told.push('third'));

  events.emit('left');
  expect(told).toEqual(['first', 'second', 'third']);
  events.emit('left');
  expect(told.slice(3)).toEqual(['second', 'new']);

  events.on('left', () => events.clear());
  events.emit('left');
  expect(told.slice(5)).toEqual(['second', 'new']);
  expect(events.has('left')).toBe(false);
  events.emit('left');
  expect(told).toHaveLength(7);
});

it('reports what a listener throws, and tells the others', () => {
  const events = new Events<Map>();
  const error = new Error('mine');
  const second = vi.fn();
  events.on('left', () => {
    throw error;
  });
  events.on('left', second);

  expect(() => events.emit('left')).not.toThrow();
  expect(second).toHaveBeenCalledOnce();
  expect(reported).toEqual([error]);
});

it('knows no listeners of names that every object has', () => {
  const events = new Events<{ constructor: () => void }>();
  expect(events.has('constructor')).toBe(false);
  expect(() => events.emit('constructor')).not.toThrow();
});

it('tells nobody any more once it was cleared, also in the middle of an event', () => {
  const events = new Events<Map>();
  const told: string[] = [];
  events.on('left', () => {
    told.push('first');
    events.clear();
  });
  events.on('left', () => told.push('second'));
  events.emit('left');
  events.emit('left');
  expect(told).toEqual(['first']);
});
