import { describe, expect, it } from 'vitest';
import { decodeMessages } from '../../src/message/decode.ts';
import { decodeBinary } from '../../src/message/decode-binary.ts';
import { type Message, MessageType } from '../../src/message/messages.ts';
import { serverShapes } from '../../src/message/server-shapes.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { decodeValue } from '../../src/message/value.ts';
import { Outbox } from '../../src/session/outbox.ts';
import { describeValue } from '../support/describe-value.ts';
import { encodeMessage, valueField } from '../support/encode-message.ts';
import { encodeNow } from '../support/round-trip.ts';
import { batchVectors, fromHex, messageVectors, received, vectorNames } from '../support/vectors.ts';

const serializer = createSuperjsonSerializer();

describe.each(messageVectors)('$name', (vector) => {
  const { message, value, attachments } = vector;
  const data = received(vector);
  const decode = (): Message =>
    (typeof data === 'string' ? decodeMessages(data, serverShapes) : decodeBinary(data, serverShapes)) as Message;

  it('decodes to its message', () => {
    expect(decode()).toEqual(attachments === undefined ? message : [...message, attachments.map(fromHex)]);
  });

  it('decodes its value and encodes to what it was', () => {
    const decoded = decode();
    const field = valueField(decoded);
    const revived = field === undefined ? undefined : decodeValue(serializer, decoded, field);

    if (value !== undefined) expect(describeValue(revived)).toEqual(value);
    expect(encodeMessage(decoded, encodeNow(serializer, revived))).toEqual(data);
  });
});

describe.each(batchVectors)('$name', ({ text, batch, encodesAs = text }) => {
  it('decodes to its messages', () => {
    expect(decodeMessages(text, serverShapes)).toEqual(batch);
  });

  it('encodes to its text', () => {
    const sent: string[] = [];
    const outbox = new Outbox();
    for (const message of batch) outbox.push(JSON.stringify(message));
    outbox.flush((sending) => sent.push(String(sending)));

    expect(sent).toEqual([encodesAs]);
  });
});

describe('the vectors', () => {
  it.each(Object.entries(MessageType))('have at least one for %s', (_name, type) => {
    expect(messageVectors.filter(({ message }) => message[0] === type)).not.toHaveLength(0);
  });

  it('have names of their own', () => {
    expect(new Set(vectorNames).size).toBe(vectorNames.length);
  });

  it('give a value exactly for the messages with metadata', () => {
    const withMetadata = messageVectors.filter(({ message }) => {
      const field = valueField(message as unknown as Message);
      return field !== undefined && message.length === field + 2;
    });

    expect(messageVectors.filter(({ value }) => value !== undefined)).toEqual(withMetadata);
  });
});
