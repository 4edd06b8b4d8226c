export { type Skip, skip } from '@typewire/client/store';
export { mutationOptions, type WireMutationOptions, type WireMutationSettings } from './mutation-options.ts';
export { type KeyOptions, queryKey, type WireKey } from './query-key.ts';
export { type QueryData, queryOptions, type WireQueryOptions, type WireQuerySettings } from './query-options.ts';
export { streamOptions, type WireStreamSettings } from './stream-options.ts';
