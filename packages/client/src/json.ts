// Everything else is found in `@typewire/client`.

export type { Client, CreateClient } from './client.ts';
export { createClient } from './create-json-client.ts';
