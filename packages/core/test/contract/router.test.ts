import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract } from '../../src/contract/contract.ts';
import { createRouter, type RouterTree, walkRouter } from '../../src/contract/router.ts';

const query = contract.query();
const channel = contract.channel({ event: z.string() });

function pathsOf(tree: RouterTree): string[] {
  return [...walkRouter(createRouter(tree))].map(([path]) => path);
}

describe('the paths of a router', () => {
  it('are names joined by dots, in the order of declaration', () => {
    const chat = contract.router({ send: query, rooms: { list: query } });

    expect(pathsOf({ now: query, chat, news: channel, admin: { users: { ban: query } } })).toEqual([
      'now',
      'chat.send',
      'chat.rooms.list',
      'news',
      'admin.users.ban',
    ]);
  });

  it('lead to the members themselves', () => {
    expect([...walkRouter(createRouter({ chat: { news: channel, now: query } }))]).toEqual([
      ['chat.news', channel],
      ['chat.now', query],
    ]);
  });

  it('may bear names of the prototype machinery', () => {
    expect(pathsOf({ constructor: query, toString: query, ['__proto__']: query })).toEqual([
      'constructor',
      'toString',
      '__proto__',
    ]);
  });

  it('hold nothing a tree inherits', () => {
    expect(pathsOf(Object.create({ inherited: query }))).toEqual([]);
  });

  it('let the same member stand in two places', () => {
    expect(pathsOf({ a: query, b: query })).toEqual(['a', 'b']);
  });
});

describe('a contract is refused', () => {
  it.each(['', 'a.b', '.'])('for the name %j', (name) => {
    expect(() => contract.router({ chat: { [name]: query } })).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'BAD_CONTRACT' }),
    );
  });

  it.each<[string, unknown]>([
    ['text', 'query'],
    ['a number', 1],
    ['null', null],
    ['undefined', undefined],
    ['a bare function', () => 1],
  ])('for %s in the place of a member', (_name, member) => {
    expect(() => createRouter({ chat: { send: member } } as RouterTree)).toThrow('chat.send is neither');
  });
});
