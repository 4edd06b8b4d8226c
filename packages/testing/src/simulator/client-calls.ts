import type { PublishOptions } from '@typewire/client';
import { isCallError } from '@typewire/core';
import type { CallKind } from './call-oracle.ts';
import type { Life } from './client-life.ts';
import { type Action, isRoom, roomOf } from './schedule.ts';
import { createEvent, sleep } from './service.ts';
import type { World } from './world.ts';

export type CallAction = Extract<Action, { type: 'call' }>;
export type PublishAction = Extract<Action, { type: 'publish' }>;
export type StreamAction = Extract<Action, { type: 'stream' }>;

/** Makes a call, and follows it to its end. */
export function makeCall(
  world: World,
  life: Life,
  { kind, key, workMs, timeoutMs, abortAfterMs, isIdempotent }: CallAction,
): void {
  const abort = new AbortController();
  if (abortAfterMs !== null) life.process.setTimer(abortAfterMs, () => abort.abort());
  const options = { timeoutMs, signal: abort.signal };
  const { read, add } = life.client.api;
  const mutation = isIdempotent ? 'idempotent mutation' : 'mutation';
  follow(world, life, key, kind === 'query' ? 'query' : mutation, () => {
    if (kind === 'query') return read.query({ key, workMs }, options);
    return add.mutate({ key, workMs }, isIdempotent ? { ...options, idempotencyKey: true } : options);
  });
}

/** Publishes, and follows what becomes of it. */
export function publishEvent(
  world: World,
  life: Life,
  { topic, key, isIdempotent, excludesSelf }: PublishAction,
): void {
  const { api } = life.client;
  if (excludesSelf) life.unheard.add(key);
  const options: PublishOptions = {
    ...(isIdempotent && { idempotencyKey: true }),
    ...(excludesSelf && { exclude: 'self' }),
  };
  follow(world, life, key, isIdempotent ? 'idempotent publish' : 'publish', async () => {
    const event = createEvent(key);
    await (isRoom(topic)
      ? api.room.publish(roomOf(topic), event, options)
      : api[topic].publish(undefined, event, options));
    return null;
  });
}

/** Reads a stream, slowly and perhaps not to its end. */
export async function readStream(
  world: World,
  life: Life,
  { key, count, everyMs, isTracked, readMs, leaveAfter }: StreamAction,
): Promise<void> {
  const { process, client, calls } = life;
  const { streams, trace } = world;
  let read = 0;
  calls.add(key);
  world.calls.made(key, 'query');
  try {
    for await (const item of client.api.count.stream({ key, count, everyMs, isTracked })) {
      streams.item(key, item);
      if (++read === leaveAfter) break;
      await sleep(process, readMs);
    }
    if (read !== leaveAfter) streams.ended(key, count);
    trace.add(process.name, `${key} read ${read}`);
  } catch (error) {
    if (!isCallError(error)) throw error;
    trace.add(process.name, `${key} failed after ${read}: ${error.code} ${error.delivery}`);
    if (isTracked && read > 0 && client.status.state !== 'closed') streams.broke(key, read, error.code);
  } finally {
    if (calls.delete(key)) world.calls.forgotten(key);
  }
}

function follow(
  { calls, trace }: World,
  { process, calls: open }: Life,
  key: string,
  kind: CallKind,
  make: () => Promise<string | null>,
): void {
  calls.made(key, kind);
  open.add(key);
  make().then(
    (result) => {
      open.delete(key);
      trace.add(process.name, `${key} resolved: ${result}`);
      calls.resolved(key, result);
    },
    (error: unknown) => {
      open.delete(key);
      trace.add(process.name, `${key} rejected: ${isCallError(error) ? `${error.code} ${error.delivery}` : error}`);
      calls.rejected(key, error);
    },
  );
}
