import { createJsonSerializer } from '@typewire/core';
import { type AnyClientOptions, type CreateClient, openClient } from './client.ts';

/** As that of `@typewire/client`, but for a server that speaks plain JSON: without superjson, and without its size. */
export const createClient: CreateClient = (options: AnyClientOptions) => openClient(options, createJsonSerializer);
