import { describe, expect, it } from 'vitest';
import { decodeMessages } from '../../src/message/decode.ts';
import { type Message, MessageType } from '../../src/message/messages.ts';
import { createSuperjsonSerializer } from '../../src/message/serializer.ts';
import { decodeValue, encodeValue } from '../../src/message/value.ts';
import { Outbox } from '../../src/session/outbox.ts';
import { describeValue } from '../support/describe-value.ts';
import { encodeMessage, valueField } from '../support/encode-message.ts';
import { batchVectors, messageVectors, vectorNames } from '../support/vectors.ts';

const serializer = createSuperjsonSerializer();

describe.each(messageVectors)('$name', ({ text, message, value }) => {
  it('decodes to its message', () => {
    expect(decodeMessages(text)).toEqual(message);
  });

  it('decodes its value and encodes to its text again', () => {
    const decoded = decodeMessages(text) as Message;
    const field = valueField(decoded);
    const revived = field === undefined ? undefined : decodeValue(serializer, decoded, field);

    if (value !== undefined) expect(describeValue(revived)).toEqual(value);
    expect(encodeMessage(decoded, encodeValue(serializer, revived))).toBe(text);
  });
});

describe.each(batchVectors)('$name', ({ text, batch, encodesAs = text }) => {
  it('decodes to its messages', () => {
    expect(decodeMessages(text)).toEqual(batch);
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
