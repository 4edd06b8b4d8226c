import type { TestProject } from 'vitest/node';
import { startTransportServer } from './transport-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    transportUrl: string;
  }
}

/** Runs in Node beside the browser's tests, which learn from it where to connect. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTransportServer();
  project.provide('transportUrl', server.url);
  return () => server.close();
}
