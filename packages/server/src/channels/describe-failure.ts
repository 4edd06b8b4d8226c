import type { Serializer } from '@typewire/core';
import { encodeText } from '@typewire/core/internal';
import { internalText } from '../calls/call-runner.ts';
import { checkFailureData } from '../calls/failure-data.ts';
import { Failure } from '../failure.ts';
import type { ChannelRoute } from '../routes.ts';
import { BrokerFailure, UNAVAILABLE_TEXT } from './broker-outage.ts';
import type { Hub } from './hub.ts';

export interface FailureHost {
  readonly serializer: Serializer;
  readonly hub: Hub;
  report(error: unknown, path: string): string;
}

/** A failure as a client is told of it; `data` is encoded. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly data: string;
}

/** What a client is told when something fails on a channel: what is meant for it, or a word to look it up by. */
export async function describeFailure(host: FailureHost, route: ChannelRoute, error: unknown): Promise<Refusal> {
  try {
    if (error instanceof BrokerFailure) {
      host.hub.failed(error, route.path);
      return { code: 'UNAVAILABLE', message: UNAVAILABLE_TEXT, data: '' };
    }
    if (!(error instanceof Failure)) throw error;
    const { errors = {} } = route.channel['~definition'];
    // Failures leave in the order in which they came where nothing has to be waited for.
    const isDeclared = Object.hasOwn(errors, error.code);
    const checked = isDeclared ? await checkFailureData(errors, route.path, error) : error.data;
    const data = encodeText(host.serializer, checked, 'data');
    return { code: error.code, message: error.message, data };
  } catch (cause) {
    const id = host.report(cause, route.path);
    return { code: 'INTERNAL', message: internalText(id), data: `,{"id":${JSON.stringify(id)}}` };
  }
}
