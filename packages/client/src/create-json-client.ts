import { createJsonSerializer, ProtocolError } from '@typewire/core';
import { type AnyClientOptions, type CreateClient, openClient } from './client.ts';
import { binaryPart } from './parts.ts';

/**
 * As that of `@typewire/client`, but for a server that speaks plain JSON: without superjson, and without its size. For a
 * `serializer` of your own what reads bytes is loaded before the client connects.
 */
export const createClient: CreateClient = (options: AnyClientOptions) =>
  openClient(
    options,
    createJsonSerializer,
    options.serializer === undefined ? { load: () => ({ decodeBinary: refuseBytes }) } : binaryPart,
  );

function refuseBytes(): never {
  throw new ProtocolError('MALFORMED', 'a binary message, where only plain JSON is spoken');
}
