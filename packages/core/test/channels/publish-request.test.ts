import { describe, expect, it } from 'vitest';
import type { Position } from '../../src/channels/position.ts';
import { PublishRequest } from '../../src/channels/publish-request.ts';
import { ProtocolError } from '../../src/errors.ts';
import type { CalleeMessage, PublishFields } from '../../src/message/messages.ts';
import { connectedTable } from '../support/test-table.ts';

function publishing(fields: PublishFields | null = null): { request: PublishRequest; outcomes: string[] } {
  const outcomes: string[] = [];
  const request = new PublishRequest({
    path: '"chat.room"',
    params: '{"room":"lobby"}',
    fields,
    input: ',"hi"',
    deadline: 5_000,
    observer: {
      result: (value) => {
        const { epoch, offset, tag } = value as Position;
        outcomes.push(`published at ${epoch} ${offset} ${tag}`);
      },
      fail: (error) => void outcomes.push(`${error.code} ${error.delivery}`),
      item: () => outcomes.push('item'),
      end: () => outcomes.push('end'),
    },
  });
  return { request, outcomes };
}

describe('a publication', () => {
  it('leaves like a call', () => {
    const { table, sent } = connectedTable();
    table.start(publishing().request, 0);

    expect(sent).toEqual(['[38,1,"chat.room",{"room":"lobby"},null,"hi"]']);
  });

  it('is done with its position', () => {
    const { table } = connectedTable();
    const { request, outcomes } = publishing();
    table.start(request, 0);
    table.receive([17, 1, ['e1', 4, 9]]);

    expect(outcomes).toEqual(['published at e1 4 9']);
    expect(table.size).toBe(0);
  });

  it('is refused with an error', () => {
    const { table } = connectedTable();
    const { request, outcomes } = publishing();
    table.start(request, 0);
    table.receive([18, 1, 'FORBIDDEN', '']);

    expect(outcomes).toEqual(['FORBIDDEN answered']);
  });

  it('is not repeated after a lost connection, for it may be out', () => {
    const { table, sent, connect } = connectedTable();
    const { request, outcomes } = publishing();
    table.start(request, 0);
    table.disconnected();
    connect();

    expect(outcomes).toEqual(['DISCONNECTED unknown']);
    expect(sent).toHaveLength(1);
  });

  it('is repeated after a lost connection when it has a key', () => {
    const { table, sent, connect } = connectedTable();
    const { request, outcomes } = publishing({ key: 'k' });
    table.start(request, 0);
    table.disconnected();
    connect();
    table.receive([17, 1, ['e1', 4, 9]]);

    const text = '[38,1,"chat.room",{"room":"lobby"},{"key":"k"},"hi"]';
    expect(sent).toEqual([text, text]);
    expect(outcomes).toEqual(['published at e1 4 9']);
  });

  it.each([[[17, 1]], [[17, 1, 7]], [[17, 1, ['e1', -1, 0]]], [[17, 1, ['e1', 1, 2 ** 32]]]] as Array<[CalleeMessage]>)(
    'fails, with the connection, by an answer that is no position: %j',
    (message) => {
      const { table } = connectedTable();
      const { request, outcomes } = publishing();
      table.start(request, 0);

      expect(() => table.receive(message)).toThrow(ProtocolError);
      expect(outcomes).toEqual(['DISCONNECTED unknown']);
    },
  );

  it.each<[CalleeMessage]>([[[21, 1, 'odd']], [[22, 1]]])('is not answered like a stream: %j', (message) => {
    const { table } = connectedTable();
    const { request, outcomes } = publishing();
    table.start(request, 0);

    expect(() => table.receive(message)).toThrow(ProtocolError);
    expect(outcomes).toEqual([]);
  });
});
