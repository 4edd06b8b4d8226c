import { afterEach, describe, expect, it } from 'vitest';
import { decodeMessages, isBatch } from '../../src/message/decode.ts';
import { serverShapes } from '../../src/message/server-shapes.ts';
import { expectNoPollution } from '../support/pollution.ts';

const malformed = expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' });
const unknownType = expect.objectContaining({ name: 'ProtocolError', code: 'UNKNOWN_MESSAGE' });

afterEach(expectNoPollution);

describe('text that is not a message', () => {
  it.each([
    ['nothing', ''],
    ['one newline', '\n'],
    ['only newlines', '\n'.repeat(100_000)],
    ['only commas', ','.repeat(100_000)],
    ['words', 'hello'],
    ['an open array', '[9'],
    ['two messages side by side', '[9][9]'],
    ['lines of messages', '[9]\n[9]'],
    ['a number', '9'],
    ['null', 'null'],
    ['a string', '"[9]"'],
    ['an object', '{"0":9,"length":1}'],
    ['an empty array', '[]'],
    ['a byte order mark', '\ufeff[9]'],
    ['a NUL', '[9]\0'],
    ['a comment', '[9]//'],
    ['NaN', '[NaN]'],
  ])('is malformed: %s', (_name, text) => {
    expect(() => decodeMessages(text, serverShapes)).toThrow(malformed);
  });

  it.each(['\n[9]\n', ' [ 9 ] ', '[9.0]', '[0.9e1]'])('may be JSON spelled another way: %j', (text) => {
    expect(decodeMessages(text, serverShapes)).toEqual([9]);
  });
});

describe('an unknown type', () => {
  it.each([
    '0',
    '-0',
    '7',
    '7',
    '11',
    '15',
    '48',
    '63',
    '47',
    '47',
    '48',
    '-1',
    '1.5',
    '1e9',
    '4294967297',
    '1e400',
    '"16"',
    '"__proto__"',
    '"length"',
    'null',
    'true',
    '{}',
    '{"toString":1}',
    '{"toString":1,"valueOf":1}',
  ])('is refused: %s', (type) => {
    expect(() => decodeMessages(`[${type},1,"now",0]`, serverShapes)).toThrow(unknownType);
  });

  it('is told apart from a number that grows into one', () => {
    expect(() => decodeMessages('[256]', serverShapes)).toThrow(unknownType);
  });

  it.each(['[[[9]]]', '[[[[9]]]]', '[[[{"toString":1}]]]', '[[[]]]'])(
    'is what a batch within a batch is: %s',
    (text) => {
      expect(() => decodeMessages(text, serverShapes)).toThrow(unknownType);
    },
  );

  it('keeps the error short', () => {
    const text = `["${'x'.repeat(10_000)}"]`;

    expect(() => decodeMessages(text, serverShapes)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{0,60}$/) }),
    );
  });
});

describe('an id', () => {
  const bad = [
    'null',
    '0',
    '-0',
    '-1',
    '1.5',
    '1e-7',
    '9007199254740992',
    '1e400',
    '"1"',
    '"__proto__"',
    '"NaN"',
    'true',
    '[1]',
    '[]',
    '{}',
    '{"valueOf":1}',
  ];
  const messages: ReadonlyArray<readonly [name: string, text: (id: string) => string]> = [
    ['call', (id) => `[16,${id},"now",0]`],
    ['result', (id) => `[17,${id}]`],
    ['error', (id) => `[18,${id},"CONFLICT",""]`],
    ['cancel', (id) => `[19,${id}]`],
    ['open', (id) => `[20,${id},"ticks",0,0,null]`],
    ['item', (id) => `[21,${id}]`],
    ['end', (id) => `[22,${id}]`],
    ['credit of a call', (id) => `[23,${id},1]`],
    ['credit given', (id) => `[23,1,${id}]`],
    ['subscribe', (id) => `[32,${id},"news",null,0]`],
    ['subscribed', (id) => `[33,${id},1,["e",0,0],"fresh"]`],
    ['topic of subscribed', (id) => `[33,1,${id},["e",0,0],"fresh"]`],
    ['unsubscribe', (id) => `[34,${id}]`],
    ['event', (id) => `[35,${id},1,1]`],
    ['ended', (id) => `[36,${id},"FORBIDDEN",""]`],
    ['gap', (id) => `[37,${id},["e",0,0]]`],
    ['publish', (id) => `[38,${id},"news",null,null,1]`],
  ];

  it.each(messages)('is a positive safe integer in %s', (_name, text) => {
    expect(decodeMessages(text('9007199254740991'), serverShapes)).toBeDefined();
    for (const id of bad) expect(() => decodeMessages(text(id), serverShapes), id).toThrow(malformed);
  });
});

describe('a field', () => {
  const longPath = JSON.stringify('x'.repeat(256));
  it.each([
    ['hello without options', '[1,1]'],
    ['hello with a version of text', '[1,"1",{"control":true}]'],
    ['hello with a negative version', '[1,-1,{"control":true}]'],
    ['hello with options of null', '[1,1,null]'],
    ['hello with an array of options', '[1,1,[true]]'],
    ['hello without control', '[1,1,{}]'],
    ['hello with control of 1', '[1,1,{"control":1}]'],
    ['hello with a field too many', '[1,1,{"control":true},1,{},1]'],
    ['welcome without a session', '[2,null,{}]'],
    ['welcome without options', '[2,"s"]'],
    ['welcome with empty options', '[2,"s",{}]'],
    [
      'welcome with a negative interval',
      '[2,"s",{"heartbeatIntervalMs":-1,"heartbeatTimeoutMs":1,"maxMessageBytes":1,"maxSubscriptions":1}]',
    ],
    [
      'welcome with a session of 65 characters',
      `[2,"${'s'.repeat(65)}",{"heartbeatIntervalMs":1,"heartbeatTimeoutMs":1,"maxMessageBytes":1,"maxSubscriptions":1}]`,
    ],
    ['leave without a delay', '[8,1012]'],
    ['leave with a delay of text', '[8,1012,"1"]'],
    ['ping with a payload', '[9,1]'],
    ['pong with a payload', '[10,null]'],
    ['call without a deadline', '[16,1,"now"]'],
    ['call with a path of null', '[16,1,null,0]'],
    ['call with a path of an array', '[16,1,["now"],0]'],
    ['call with a path of 256 characters', `[16,1,${longPath},0]`],
    ['call with a negative deadline', '[16,1,"now",-1]'],
    ['call with a field too many', '[16,1,"now",0,1,{},1]'],
    ['result with a field too many', '[17,1,1,{},1]'],
    ['error with a code of 1', '[18,1,1,""]'],
    ['error with a code of 256 characters', `[18,1,${longPath},""]`],
    ['error without a message', '[18,1,"CONFLICT"]'],
    ['cancel with a field too many', '[19,1,1]'],
    ['open without credit', '[20,1,"ticks",0]'],
    ['open without an id to go on from', '[20,1,"ticks",0,1]'],
    ['open with an id to go on from that is a number', '[20,1,"ticks",0,1,7]'],
    ['open with an id to go on from that is too long', `[20,1,"ticks",0,1,"${'x'.repeat(256)}"]`],
    ['open with negative credit', '[20,1,"ticks",0,-1,null]'],
    ['upload without credit', '[31,1,"avatar",0]'],
    ['upload with negative credit', '[31,1,"avatar",0,-1]'],
    ['grant of nothing', '[28,1,0]'],
    ['stop with a reason', '[29,1,"full"]'],
    ['finish with a value', '[26,1,7]'],
    ['abort without a reason', '[27,1]'],
    ['abort with a reason that is no text', '[27,1,7]'],
    ['chunk with three fields of a value', '[25,1,1,{},2]'],
    ['tracked without an id', '[30,1]'],
    ['tracked with an id that is a number', '[30,1,7,"item"]'],
    ['end with a value', '[22,1,1]'],
    ['credit without a count', '[23,1]'],
    ['subscribe with a position of two', '[32,1,"news",["e",1],0]'],
    ['subscribe with a position of four', '[32,1,"news",["e",1,1,1],0]'],
    ['subscribe with a position of an object', '[32,1,"news",{"epoch":"e"},0]'],
    ['subscribe with an epoch of 65 characters', `[32,1,"news",["${'e'.repeat(65)}",1,1],0]`],
    ['subscribe with an offset of -1', '[32,1,"news",["e",-1,1],0]'],
    ['subscribe with a tag of 2^32', '[32,1,"news",["e",1,4294967296],0]'],
    ['subscribe with a rewind of -1', '[32,1,"news",null,-1]'],
    ['subscribed without a position', '[33,1,1,null,"fresh"]'],
    ['subscribed with an unknown outcome', '[33,1,1,["e",0,0],"constructor "]'],
    ['event without a tag', '[35,1,1]'],
    ['event with an offset of text', '[35,1,"1",1]'],
    ['ended without a message', '[36,1,"FORBIDDEN"]'],
    ['gap without a position', '[37,1,null]'],
    ['mutate without a key', '[24,1,"send",0]'],
    ['mutate with an empty key', '[24,1,"send",0,""]'],
    ['mutate with a key that is a number', '[24,1,"send",0,7]'],
    ['mutate with a key of 256 characters', `[24,1,"send",0,"${'k'.repeat(256)}"]`],
    ['publish without parameters', '[38,1,"news"]'],
    ['publish without options', '[38,1,"news",null]'],
    ['publish with an empty key', '[38,1,"news",null,{"key":""}]'],
    ['publish with a key of null', '[38,1,"news",null,{"key":null}]'],
    ['publish that excludes a number', '[38,1,"news",null,{"exclude":1}]'],
    ['skip without a tag', '[46,1,2]'],
    ['gap of a negative number', '[37,1,["e",1,1],-1]'],
  ])('makes a message malformed: %s', (_name, text) => {
    expect(() => decodeMessages(text, serverShapes)).toThrow(malformed);
  });

  it('may be a path of 255 characters', () => {
    const path = 'x'.repeat(255);

    expect(decodeMessages(`[16,1,"${path}",0]`, serverShapes)).toEqual([16, 1, path, 0]);
  });
});

describe('a batch', () => {
  const batch = (count: number): string => `[${Array(count).fill('[9]').join(',')}]`;

  it('holds up to 64 messages', () => {
    expect(decodeMessages(batch(64), serverShapes)).toHaveLength(64);
  });

  it('is malformed with 65', () => {
    expect(() => decodeMessages(batch(65), serverShapes)).toThrow(malformed);
  });

  it.each(['[[9],9]', '[[9],null]', '[[9],{}]', '[[9],[16,0,"now",0]]'])('is malformed as a whole: %s', (text) => {
    expect(() => decodeMessages(text, serverShapes)).toThrow(malformed);
  });

  it('is told apart from a message', () => {
    expect(isBatch(decodeMessages('[[9]]', serverShapes))).toBe(true);
    expect(isBatch(decodeMessages('[9]', serverShapes))).toBe(false);
  });
});

describe('nesting', () => {
  const call = (levels: number): string => `[16,1,"echo",0,${'['.repeat(levels)}${']'.repeat(levels)}]`;

  it('may be 64 levels of a value, in a batch too', () => {
    expect(decodeMessages(call(64), serverShapes)).toBeDefined();
    expect(decodeMessages(`[${call(64)}]`, serverShapes)).toBeDefined();
  });

  it('of 65 levels is refused where a batch takes two of its own', () => {
    expect(() => decodeMessages(`[${call(65)}]`, serverShapes)).toThrow(malformed);
  });

  it('of objects counts as well', () => {
    expect(() => decodeMessages(`[16,1,"echo",0,${'{"a":'.repeat(66)}1${'}'.repeat(66)}]`, serverShapes)).toThrow(
      malformed,
    );
  });
});

describe('a forbidden key', () => {
  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"prototype":1}',
    '{"\\u005f_proto__":{"polluted":1}}',
    '{"\\u005F\\u005Fproto\\u005f\\u005f":{"polluted":1}}',
    '{"c\\u006fnstructor":1}',
    '{"prototyp\\u0065":1}',
    '[[{"deep":[{"__proto__":1}]}]]',
  ])('is malformed wherever it stands: %s', (value) => {
    expect(() => decodeMessages(`[16,1,"echo",0,${value}]`, serverShapes)).toThrow(malformed);
    expect(() => decodeMessages(`[[9],[35,1,1,1,${value}]]`, serverShapes)).toThrow(malformed);
    expect(() => decodeMessages(`[1,1,{"control":true,"extra":${value}}]`, serverShapes)).toThrow(malformed);
  });

  it.each(['"__proto__"', '["constructor","\\u0070rototype"]', '{"proto":"\\u005f_proto__"}', '{"__proto":1}'])(
    'is none as a value, or nearly spelled: %s',
    (value) => {
      expect(decodeMessages(`[16,1,"echo",0,${value}]`, serverShapes)).toEqual([16, 1, 'echo', 0, JSON.parse(value)]);
    },
  );
});
