import type { EncodedValue, Serializer } from '@typewire/core';
import { encodeValue, validate } from '@typewire/core/internal';
import type { RuleArguments } from '../builder/server-channel.ts';
import type { ChannelRoute } from '../routes.ts';

/**
 * The state of a topic as one subscriber gets it. Rejects with what the handler throws, and with an error of the
 * server's own for a state that does not pass the contract's schema.
 */
export async function encodeState(
  route: ChannelRoute,
  args: RuleArguments<unknown, unknown, never>,
  serializer: Serializer,
): Promise<EncodedValue> {
  const { '~snapshot': load, '~definition': definition } = route.channel;
  const state = await load?.(args);
  return encodeValue(
    serializer,
    definition.snapshot ? await check(route.path, definition.snapshot, state) : state,
    'snapshot',
  );
}

async function check(path: string, schema: Parameters<typeof validate>[0], state: unknown): Promise<unknown> {
  const checked = await validate(schema, state);
  if (checked.issues === undefined) return checked.value;
  throw new Error(`the snapshot of ${path} does not pass its schema: ${JSON.stringify(checked.issues)}`);
}
