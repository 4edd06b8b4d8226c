import { type BrokerPublication, type EncodedValue, UsageError } from '@typewire/core';
import { MAX_KEY_LENGTH } from '@typewire/core/internal';
import type { ChannelRoute } from '../routes.ts';

/** Options of `publish` on the server. */
export interface PublishOptions {
  /**
   * Makes publishing again safe: within 5 minutes, publications on one topic with one key are one, and all of them
   * resolve with its position. At most 255 UTF-16 units. @default none
   */
  readonly idempotencyKey?: string;
  /** A session that does not get the event, as `caller.session` names it. @default none */
  readonly exclude?: string;
}

/**
 * What the broker is given of an event that was checked and encoded.
 *
 * @throws {UsageError} `BAD_OPTION`
 */
export function createPublication(
  route: ChannelRoute,
  event: unknown,
  payload: EncodedValue,
  { idempotencyKey, exclude }: PublishOptions,
): BrokerPublication {
  const { '~definition': definition, '~delivery': delivery } = route.channel;
  return {
    payload,
    history: definition.history,
    key: delivery.key === null ? null : readText(`the key of an event on ${route.path}`, delivery.key(event)),
    exclude: exclude ?? null,
    // What the server publishes and what clients do never have a key in common.
    idempotencyKey: idempotencyKey === undefined ? null : `server ${readText('idempotencyKey', idempotencyKey)}`,
  };
}

function readText(what: string, value: unknown): string {
  if (typeof value === 'string' && value.length <= MAX_KEY_LENGTH) return value;
  throw new UsageError('BAD_OPTION', `${what} must be text of at most ${MAX_KEY_LENGTH} UTF-16 units`);
}
