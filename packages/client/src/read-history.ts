import { type HistoryPage, type Serializer, UsageError } from '@typewire/core';
import {
  type Caller,
  type CallObserver,
  encodeText,
  HistoryRequest,
  pastShapes,
  type Shapes,
  topicName,
} from '@typewire/core/internal';
import type { HistoryOptions } from './options.ts';

/** A page of a topic's past that is wanted. */
interface WantedPage {
  readonly path: string;
  readonly params: unknown;
  readonly options: HistoryOptions | undefined;
  readonly caller: Caller;
}

/** It is answered once, and by no items. */
const never = (): void => {};

/** Asks for a page of a topic's past. Rejects with a `UsageError` `BAD_OPTION`, or why the call failed. */
export function readHistory(
  { path, params, options = {}, caller }: WantedPage,
  { shapes }: { readonly shapes: Shapes },
  { serializer, callTimeoutMs }: { readonly serializer: Serializer; readonly callTimeoutMs: number },
): Promise<HistoryPage> {
  const { limit = 50, before = null } = options;
  return new Promise((resolve, reject) => {
    // Refuses parameters that are not plain JSON.
    topicName(path, params);
    if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError('BAD_OPTION', `limit is a count: ${limit}`);
    Object.assign(shapes, pastShapes);
    const fields = { path: caller.pathText(path), before, limit };
    const observer = { result: resolve as CallObserver['result'], fail: reject, item: never, end: never };
    const text = encodeText(serializer, params, 'params');
    const make = (deadline: number, { result, fail }: CallObserver): HistoryRequest =>
      new HistoryRequest({ ...fields, params: text, deadline, resolve: result, reject: fail });
    caller.start(make, options, callTimeoutMs, observer, text);
  });
}
