import { createSuperjsonSerializer } from '@typewire/core';
import { type AnyClientOptions, type CreateClient, openClient } from './client.ts';

export const createClient: CreateClient = (options: AnyClientOptions) => openClient(options, createSuperjsonSerializer);
