import { describe, expect, it } from 'vitest';
import { PublishRequest } from '../../src/channels/publish-request.ts';
import { ProtocolError } from '../../src/errors.ts';
import type { CalleeMessage } from '../../src/message/messages.ts';
import { connectedTable } from '../support/test-table.ts';

function publishing(): { request: PublishRequest; outcomes: string[] } {
  const outcomes: string[] = [];
  const request = new PublishRequest({
    path: '"chat.room"',
    params: '{"room":"lobby"}',
    event: ',"hi"',
    deadline: 5_000,
    resolve: () => void outcomes.push('published'),
    reject: (error) => void outcomes.push(`${error.code} ${error.delivery}`),
  });
  return { request, outcomes };
}

describe('a publication', () => {
  it('leaves like a call', () => {
    const { table, sent } = connectedTable();
    table.start(publishing().request, 0);

    expect(sent).toEqual(['[38,1,"chat.room",{"room":"lobby"},"hi"]']);
  });

  it('is done with any result', () => {
    const { table } = connectedTable();
    const { request, outcomes } = publishing();
    table.start(request, 0);
    table.receive([17, 1]);

    expect(outcomes).toEqual(['published']);
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

  it.each<[CalleeMessage]>([[[21, 1, 'odd']], [[22, 1]]])('is not answered like a stream: %j', (message) => {
    const { table } = connectedTable();
    const { request, outcomes } = publishing();
    table.start(request, 0);

    expect(() => table.receive(message)).toThrow(ProtocolError);
    expect(outcomes).toEqual([]);
  });
});
