import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawSocket } from './raw-socket.ts';

let child: ChildProcess;
let ports: { readonly http: number; readonly tcp: number };
/** A well-behaved client that is connected all the while. */
let fair: RawSocket;
let asked = 0;

beforeAll(async () => {
  child = fork(fileURLToPath(new URL('hostile.child.ts', import.meta.url)), {
    execArgv: ['--conditions=@typewire/source', '--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  [ports] = (await once(child, 'message')) as [typeof ports];
  fair = new RawSocket(ports.http);
  expect(await fair.upgrade('/wire')).toBe(101);
  fair.send(0x81, '[1,1,{"control":true}]');
}, 30_000);

afterAll(() => child.kill());

/** The process lives, and whoever was connected before is still served. */
async function expectUnharmed(): Promise<void> {
  const answer = `[17,${++asked},"still here"]`;
  fair.send(0x81, `[16,${asked},"echo",0,"still here"]`);
  await fair.until((bytes) => bytes.includes(answer));
  expect(child.exitCode).toBeNull();
}

async function open(): Promise<RawSocket> {
  const raw = new RawSocket(ports.http);
  expect(await raw.upgrade('/wire')).toBe(101);
  return raw;
}

describe('frames', () => {
  const invalidUtf8 = Buffer.from([0xc3, 0x28]);
  it.each<[string, number, string | Buffer, number]>([
    ['a reserved opcode', 0x83, '', 1002],
    ['a reserved bit', 0xc1, 'x', 1002],
    ['a fragmented ping', 0x09, '', 1002],
    ['a continuation of nothing', 0x80, 'x', 1002],
    ['a ping above 125 bytes', 0x89, 'x'.repeat(126), 1002],
    ['text that is not UTF-8', 0x81, invalidUtf8, 1007],
    ['a close with a reserved code', 0x88, Buffer.from([0x03, 0xed]), 1002],
    ['a close of one byte', 0x88, 'x', 1002],
  ])('closes on %s', async (_name, first, payload, code) => {
    const raw = await open();
    raw.send(first, payload);
    expect(await raw.closeCode()).toBe(code);
    await expectUnharmed();
  });

  it('closes on a frame without a mask', async () => {
    const raw = await open();
    raw.socket.write(Buffer.from([0x81, 0x01, 0x78]));
    expect(await raw.closeCode()).toBe(1002);
    await expectUnharmed();
  });

  it.each([
    ['2 MiB', [0, 0, 0, 0, 0, 0x20, 0, 0], 1009],
    ['2^53', [0, 0x20, 0, 0, 0, 0, 0, 0], 1009],
    ['2^63', [0x80, 0, 0, 0, 0, 0, 0, 0], 1009],
  ])('closes on the header of a message of %s, before any of it came', async (_name, length, code) => {
    const raw = await open();
    raw.socket.write(Buffer.from([0x81, 0xff, ...length, 0, 0, 0, 0]));
    expect(await raw.closeCode()).toBe(code);
    await expectUnharmed();
  });

  it.each(['end', 'resetAndDestroy'] as const)('goes on when a peer vanishes in mid frame by %s', async (how) => {
    const raw = await open();
    raw.socket.write(Buffer.from([0x81, 0xfe, 0x10]));
    await expectUnharmed();
    raw.socket[how]();
    await raw.closeCode();
    await expectUnharmed();
  });
});

describe('compressed messages', () => {
  const bomb = deflateRawSync(Buffer.alloc(64 * 1_048_576), { level: 9, finishFlush: 2 }).subarray(0, -4);

  async function openCompressed(): Promise<RawSocket> {
    const raw = new RawSocket(ports.http);
    expect(await raw.upgrade('/compressed', { 'Sec-WebSocket-Extensions': 'permessage-deflate' })).toBe(101);
    return raw;
  }

  async function rss(): Promise<number> {
    child.send('rss');
    const [bytes] = (await once(child, 'message')) as [number];
    return bytes;
  }

  it.each<[string, number, Buffer, number]>([
    ['64 MiB out of 65 kB', 0xc2, bomb, 1009],
    ['what is not DEFLATE', 0xc1, Buffer.alloc(1_000, 0xff), 1007],
    ['compressed text that is not UTF-8', 0xc1, Buffer.from('000200fdffc328', 'hex'), 1007],
    ['a compressed ping', 0xc9, Buffer.alloc(0), 1002],
    ['another reserved bit', 0xe1, Buffer.alloc(0), 1002],
  ])('close on %s', async (_name, first, payload, code) => {
    const raw = await openCompressed();
    raw.send(first, payload);
    expect(await raw.closeCode()).toBe(code);
    await expectUnharmed();
  });

  it('cost no more memory than a message may have, however many bombs there are', async () => {
    const attack = async () => {
      const raw = await openCompressed();
      for (let at = 0; at < bomb.length; at += 8_192) {
        const last = at + 8_192 >= bomb.length;
        raw.send((at === 0 ? 0x42 : 0x00) | (last ? 0x80 : 0), bomb.subarray(at, at + 8_192));
      }
      expect(await raw.closeCode()).toBe(1009);
    };
    await attack();
    const before = await rss();
    for (let round = 0; round < 10; round++) await Promise.all([attack(), attack(), attack()]);
    // One bomb alone would be 64 MiB.
    expect((await rss()) - before).toBeLessThan(48 * 1_048_576);
    await expectUnharmed();
  });
});

describe('messages', () => {
  const hello = '[1,1,{"control":true}]';
  it.each<[string, readonly string[], number]>([
    ['something before the hello', ['[16,1,"echo",0,"x"]'], 4502],
    ['a version nobody speaks', ['[1,99,{"control":true}]'], 4505],
    ['an oversized hello', [`[1,1,{"control":true},"${'x'.repeat(20_000)}"]`], 1009],
    ['an unknown type', [hello, '[99]'], 4502],
    ['no JSON', [hello, 'hunter2'], 4502],
    ['a deep value', [hello, `[16,1,"echo",0,${'['.repeat(100)}${']'.repeat(100)}]`], 4502],
    ['a key of the prototype', [hello, '[16,1,"echo",0,{"__proto__":{"polluted":1}}]'], 4502],
    ['hostile metadata', [hello, '[16,1,"echo",0,"x",{"values":["regexp"],"v":1}]'], 4502],
    ['an id twice', [hello, '[16,1,"echo",0,"x"]', '[16,1,"echo",0,"x"]'], 4502],
    ['a batch of 65', [hello, `[${Array.from({ length: 65 }, () => '[9]').join()}]`], 4502],
    ['a message of the server', [hello, '[17,1]'], 4502],
  ])('closes on %s', async (_name, messages, code) => {
    const raw = await open();
    for (const [index, message] of messages.entries()) {
      raw.send(0x81, message);
      if (index === 0 && messages.length > 1) await raw.until((bytes) => bytes.includes('[2,'));
    }
    expect(await raw.closeCode()).toBe(code);
    await expectUnharmed();
  });

  it('closes on a binary message that is none of the protocol', async () => {
    const raw = await open();
    raw.send(0x82, Buffer.from([1, 2, 3]));
    expect(await raw.closeCode()).toBe(4502);
    await expectUnharmed();
  });

  it.each([
    ['an unknown path', '[16,1,"nothing",0]', 'NOT_FOUND'],
    ['__proto__', '[16,1,"__proto__",0]', 'NOT_FOUND'],
    ['constructor', '[16,1,"constructor",0]', 'NOT_FOUND'],
    ['an invalid input', '[16,1,"echo",0,7]', 'INVALID_INPUT'],
    ['a handler that throws', '[16,1,"fail",0]', 'INTERNAL'],
    ['a channel that is not there', '[32,1,"hasOwnProperty",null,0]', 'NOT_FOUND'],
    ['publishing where clients may not', '[38,1,"news",null,null,"x"]', 'FORBIDDEN'],
  ])('answers a call to %s with a typed error, and the connection goes on', async (_name, message, code) => {
    const raw = await open();
    raw.send(0x81, '[1,1,{"control":true}]');
    await raw.until((bytes) => bytes.includes('[2,'));
    raw.send(0x81, message);
    await raw.until((bytes) => {
      expect(bytes.includes('hunter2')).toBe(false);
      return bytes.includes(`"${code}"`);
    });
    raw.send(0x81, '[9]');
    await raw.until((bytes) => bytes.includes('[10]'));
    await expectUnharmed();
  });
});

describe('handshakes', () => {
  it.each<[string, string, Record<string, string>, number]>([
    ['a page of another origin', '/wire', { Origin: 'https://evil.example' }, 403],
    ['a page of a sandbox', '/wire', { Origin: 'null' }, 403],
    ['an origin that is listed elsewhere', '/wire', { Origin: 'https://partner.example' }, 403],
    ['an origin that only ends like a listed one', '/partners', { Origin: 'https://evilpartner.example' }, 403],
    ['a path nothing is mounted on', '/other', {}, 404],
    ['a version of the past', '/wire', { 'Sec-WebSocket-Version': '7' }, 426],
    ['a key that is none', '/wire', { 'Sec-WebSocket-Key': 'short' }, 400],
  ])('refuses %s', async (_name, path, headers, status) => {
    const raw = new RawSocket(ports.http);
    expect(await raw.upgrade(path, headers)).toBe(status);
    await expectUnharmed();
  });

  it('accepts a page of the same host, a listed origin, and a program without one', async () => {
    expect(await new RawSocket(ports.http).upgrade('/wire', { Origin: `http://127.0.0.1:${ports.http}` })).toBe(101);
    expect(await new RawSocket(ports.http).upgrade('/partners', { Origin: 'https://partner.example' })).toBe(101);
    expect(await new RawSocket(ports.http).upgrade('/wire')).toBe(101);
    await expectUnharmed();
  });

  it('serves HTTP beside the wire', async () => {
    expect(await (await fetch(`http://127.0.0.1:${ports.http}/`)).text()).toBe('hello');
  });

  it('refuses garbage on a bare TCP port, and serves the next', async () => {
    const garbage = new RawSocket(ports.tcp);
    garbage.socket.write('\0\0garbage\r\n\r\n');
    await garbage.until((bytes) => bytes.includes('HTTP/1.1 400'));
    expect(await new RawSocket(ports.tcp).upgrade('/any/path')).toBe(101);
  });

  it.each(['before the request ended', 'right after the 101'])('goes on when a peer resets %s', async (when) => {
    const raw = new RawSocket(ports.http);
    if (when === 'right after the 101') expect(await raw.upgrade('/wire')).toBe(101);
    else raw.socket.write('GET /wire HTTP/1.1\r\nUpgrade: websock');
    await expectUnharmed();
    raw.socket.resetAndDestroy();
    await expectUnharmed();
  });
});
