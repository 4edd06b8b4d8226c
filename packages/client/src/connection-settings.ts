import type { Connect, Serializer, TimerEnvironment } from '@typewire/core';
import type { DecodeBinary } from '@typewire/core/internal';
import type { Handler } from './handlers/read-handlers.ts';
import type { ClientOptions, clientDefaults } from './options.ts';

/** Something that is there, or is being loaded. */
export interface Loaded<Part> {
  load(): Part | Promise<Part>;
}

/** Options of a client that have been read, with what it must have before it connects. */
export type ConnectionSettings = typeof clientDefaults & {
  readonly url: ClientOptions['url'];
  readonly auth: unknown;
  readonly serializer: Serializer;
  readonly binary: Loaded<{ readonly decodeBinary: DecodeBinary }>;
  readonly connect: Connect;
  readonly environment: TimerEnvironment;
  /** `null` when the server may call nothing here. */
  readonly handlers: ReadonlyMap<string, Handler> | null;
};
