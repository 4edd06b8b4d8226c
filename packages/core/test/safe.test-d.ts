import { describe, expectTypeOf, test } from 'vitest';
import {
  type CallError,
  type CallErrorCode,
  type CallPromise,
  isCallError,
  type SafeResult,
  safe,
} from '../src/index.ts';

type Declared = { ROOM_FULL: { limit: number }; MUTED: { until: Date } };
declare const call: CallPromise<string, Declared>;

describe('safe', () => {
  test('gives the value only when the call went well', async () => {
    const result = await safe(call);
    if (result.ok) {
      expectTypeOf(result.value).toEqualTypeOf<string>();
      // @ts-expect-error -- there is no error then
      result.error;
    } else {
      // @ts-expect-error -- there is no value then
      result.value;
    }
  });

  test('narrows the data by the code', async () => {
    const result = await safe(call);
    if (result.ok) return;
    switch (result.error.code) {
      case 'ROOM_FULL':
        expectTypeOf(result.error.data).toEqualTypeOf<{ limit: number }>();
        break;
      case 'MUTED':
        expectTypeOf(result.error.data).toEqualTypeOf<{ until: Date }>();
        break;
      default:
        expectTypeOf(result.error).toEqualTypeOf<CallError<CallErrorCode, unknown>>();
    }
  });

  test('knows every code there can be', async () => {
    const result = await safe(call);
    if (result.ok) return;
    expectTypeOf(result.error.code).toEqualTypeOf<'ROOM_FULL' | 'MUTED' | CallErrorCode>();
    // @ts-expect-error -- nobody declared this one
    void (result.error.code === 'ROOM_EMPTY');
  });

  test('knows only the general codes when none are declared', async () => {
    const result = await safe({} as CallPromise<number, Record<never, never>>);
    if (!result.ok) expectTypeOf(result.error).toEqualTypeOf<CallError<CallErrorCode, unknown>>();
  });

  test('takes any promise', () => {
    expectTypeOf(safe(Promise.resolve(1))).resolves.toExtend<SafeResult<number, CallError>>();
  });
});

test('a caught error is narrowed by its guard', () => {
  const caught: unknown = null;
  if (isCallError(caught)) expectTypeOf(caught).toEqualTypeOf<CallError>();
});
