import { expect, it } from 'vitest';
import { createProxy, memberPath } from '../src/proxy.ts';

function recording() {
  const calls: unknown[][] = [];
  const verb = (path: string, args: readonly unknown[]) => calls.push([path, ...args]);
  return { calls, api: createProxy({ query: verb, mutate: verb }) as never as Record<string, never> };
}

it('joins names to a path and passes the arguments on', () => {
  const { calls, api } = recording();
  (api as unknown as { chat: { send: { mutate(...args: unknown[]): void } } }).chat.send.mutate({ text: 'hi' }, 2);
  expect(calls).toEqual([['chat.send', { text: 'hi' }, 2]]);
});

it('lets users name things like verbs', () => {
  const { calls, api } = recording();
  (api as unknown as { query: { mutate: { query(): void } } }).query.mutate.query();
  expect(calls).toEqual([['query.mutate']]);
});

it('is no promise, whatever is awaited', async () => {
  const { api, calls } = recording();
  await (api as never as Promise<unknown>);
  await (api['chat'] as never as Promise<unknown>);
  expect(calls).toEqual([]);
});

it('gives the same object for the same path', () => {
  const { api } = recording();
  expect(api['chat']).toBe(api['chat']);
});

it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])('treats %s as a name like any other', (name) => {
  const { calls, api } = recording();
  (api[name] as unknown as { query(): void }).query();
  expect(calls).toEqual([[name]]);
});

it('says its path to those who know the symbol, and to nobody else', () => {
  const { api } = recording();
  const paths = [api, api['chat'], (api['query'] as unknown as Record<string, object>)['mutate']] as object[];
  expect(paths.map((member) => Reflect.get(member, memberPath))).toEqual(['', 'chat', 'query.mutate']);
  expect(Reflect.get(api, Symbol.toPrimitive)).toBeUndefined();
});

it('cannot be changed', () => {
  const { api } = recording();
  expect(() => {
    (api as Record<string, unknown>)['chat'] = 1;
  }).toThrow(TypeError);
});
