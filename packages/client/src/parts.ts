import { Later } from './later.ts';

// What is not in the first download. Each is a file of its own in `dist`, of which bundlers make chunks.

/** Runs what the server calls here. */
export const handlerPart: Later<typeof import('./handlers/handler-runner.ts')> = /* @__PURE__ */ new Later(
  () => import('./handlers/handler-runner.ts'),
);

/** Authenticates over an open connection. */
export const renewalPart: Later<typeof import('./renewal.ts')> = /* @__PURE__ */ new Later(
  () => import('./renewal.ts'),
);

/** Makes calls that send chunks. */
export const uploadPart: Later<typeof import('./upload.ts')> = /* @__PURE__ */ new Later(() => import('./upload.ts'));

/** Reads messages that bring bytes. */
export const binaryPart: Later<typeof import('./read-binary.ts')> = /* @__PURE__ */ new Later(
  () => import('./read-binary.ts'),
);

/** Asks for pages of a topic's past. */
export const historyPart: Later<typeof import('./read-history.ts')> = /* @__PURE__ */ new Later(
  () => import('./read-history.ts'),
);

/** Asks and tells who is present on topics. */
export const presencePart: Later<typeof import('./presence/topic-presence.ts')> = /* @__PURE__ */ new Later(
  () => import('./presence/topic-presence.ts'),
);

/**
 * Loads at once what a client otherwise loads when it is first used: handlers, what reads bytes, renewal of an authentication, uploads, pages of
 * history, presence. For tests on a clock of their own, and pages that go on without a network.
 */
export async function preload(): Promise<void> {
  await Promise.all(
    [binaryPart, handlerPart, renewalPart, uploadPart, historyPart, presencePart].map((part) => part.load()),
  );
}
