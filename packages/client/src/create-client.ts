import { createSuperjsonSerializer } from '@typewire/core';
import { decodeBinary } from '@typewire/core/internal';
import { type AnyClientOptions, type CreateClient, openClient } from './client.ts';

export const createClient: CreateClient = (options: AnyClientOptions) =>
  openClient(options, createSuperjsonSerializer, { load: () => ({ decodeBinary }) });
