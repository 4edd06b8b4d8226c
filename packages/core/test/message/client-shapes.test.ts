import { describe, expect, it } from 'vitest';
import { packValue } from '../../src/message/binary.ts';
import { callerShapes } from '../../src/message/caller-shapes.ts';
import { createClientShapes } from '../../src/message/client-shapes.ts';
import { decodeMessages } from '../../src/message/decode.ts';
import { decodeBinary } from '../../src/message/decode-binary.ts';
import { closeMessage } from '../../src/message/encode.ts';
import { pastShapes } from '../../src/message/past.ts';
import { presenceShapes } from '../../src/message/presence.ts';

const unknownType = expect.objectContaining({ name: 'ProtocolError', code: 'UNKNOWN_MESSAGE' });
const malformed = expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' });

describe('a client', () => {
  it.each([
    '[1,1,{"control":true}]',
    '[5,"secret"]',
    '[32,1,"news",null,0]',
    '[34,1]',
    '[38,1,"news",null,null,1]',
    '[39,1,"news",null,10]',
    '[41,1,"all"]',
    '[43,1]',
    '[44,1]',
  ])('knows nothing that only clients say: %s', (text) => {
    expect(() => decodeMessages(text, createClientShapes())).toThrow(unknownType);
  });

  it.each([
    '[16,1,"ask",0,1,{}]',
    '[24,1,"ask",0,null,1,{}]',
    '[20,1,"ask",0,1,null,1,{}]',
    '[31,1,"ask",0,null,1,{}]',
    '[25,1,1,{}]',
    '[19,1]',
    '[23,1,5]',
    '[26,1]',
    '[27,1,"why"]',
  ])('can tell which call it refuses: %s', (text) => {
    expect(decodeMessages(text, createClientShapes())).toEqual(JSON.parse(text));
    expect(() => decodeMessages(text.replace(',1', ',0'), createClientShapes())).toThrow(malformed);
  });

  it('can tell it of one that brings bytes', () => {
    const message = closeMessage('[16,1,"ask",0', packValue(',[0,"Uint8Array"],{"values":1}', [Uint8Array.of(7)]));
    expect(decodeBinary(message as Uint8Array, createClientShapes()).slice(0, 2)).toEqual([16, 1]);
  });

  it('with handlers reads calls as closely as a server', () => {
    const shapes = Object.assign(createClientShapes(), callerShapes);
    for (const text of ['[16,1,7,0]', '[24,1,"ask",0,7]', '[20,1,"ask",0,-1,null]', '[31,1,"ask","soon",null]']) {
      expect(() => decodeMessages(text, shapes), text).toThrow(malformed);
      expect(() => decodeMessages(text, createClientShapes()), text).not.toThrow();
    }
  });

  it.each([
    ['[40,1,1,7,"event"]', pastShapes],
    ['[42,1,2,1]', presenceShapes],
    ['[45,1,"entered","m1"]', presenceShapes],
  ])('knows what answers a question from then on: %s', (text, shapes) => {
    expect(() => decodeMessages(text, createClientShapes())).toThrow(unknownType);
    expect(decodeMessages(text, Object.assign(createClientShapes(), shapes))).toEqual(JSON.parse(text));
  });
});
