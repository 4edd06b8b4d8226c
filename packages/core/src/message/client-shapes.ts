import { isPositionFields } from '../channels/position.ts';
import {
  type AuthMessage,
  type HelloMessage,
  isOutcome,
  isSessionOutcome,
  MessageType,
  type PastMessage,
  type SubscriberMessage,
  type WelcomeOptions,
} from './messages.ts';
import type { PresenceMessage, StandingMessage } from './presence.ts';
import {
  bare,
  createShapes,
  holds,
  idAlone,
  idAndCredit,
  isCount,
  isEventId,
  isId,
  isRecord,
  isTag,
  isText,
  type Shape,
  type Shapes,
  withValue,
} from './shape.ts';

const welcomeCounts: ReadonlyArray<keyof WelcomeOptions> = [
  'received',
  'resumableMs',
  'heartbeatIntervalMs',
  'heartbeatTimeoutMs',
  'maxMessageBytes',
  'maxSubscriptions',
];

function isWelcomeOptions(value: unknown): boolean {
  return (
    isRecord(value) &&
    isSessionOutcome(value['outcome']) &&
    isText(value['token'], 64) &&
    welcomeCounts.every((name) => isCount(value[name]))
  );
}

type ForServers = (HelloMessage | AuthMessage | SubscriberMessage)[0];
type AskedFor = (PastMessage | PresenceMessage | StandingMessage)[0];

/** Of an error or an end: a code and a text behind the id. */
const failure: Shape = (m) => holds(m, 4) && isId(m[1]) && isText(m[2], 255) && typeof m[3] === 'string';

/**
 * What a client takes that has no handlers and asks for nothing rare: of a call only as much as it needs to refuse it. The
 * shapes of the rest come with the code that asks or handles, see `createShapes`.
 */
export const clientShapes: Readonly<Record<Exclude<MessageType, ForServers | AskedFor>, Shape>> = {
  [MessageType.Welcome]: (m) => m.length === 3 && isText(m[1], 64) && isWelcomeOptions(m[2]),
  [MessageType.Ack]: (m) => m.length === 2 && isCount(m[1]),
  [MessageType.Renew]: (m) => m.length === 3 && isCount(m[1]) && typeof m[2] === 'boolean',
  [MessageType.Authenticated]: bare,
  [MessageType.Leave]: (m) => m.length === 3 && isCount(m[1]) && isCount(m[2]),
  [MessageType.Ping]: bare,
  [MessageType.Pong]: bare,
  [MessageType.Call]: /* @__PURE__ */ withValue(4),
  [MessageType.Result]: /* @__PURE__ */ withValue(2),
  [MessageType.Error]: failure,
  [MessageType.Cancel]: idAlone,
  [MessageType.Open]: /* @__PURE__ */ withValue(6),
  [MessageType.Item]: /* @__PURE__ */ withValue(2),
  [MessageType.End]: idAlone,
  [MessageType.Credit]: idAndCredit,
  [MessageType.Mutate]: /* @__PURE__ */ withValue(5),
  [MessageType.Chunk]: /* @__PURE__ */ withValue(2),
  [MessageType.Finish]: idAlone,
  [MessageType.Abort]: (m) => m.length === 3 && isId(m[1]) && typeof m[2] === 'string',
  [MessageType.Grant]: idAndCredit,
  [MessageType.Stop]: idAlone,
  [MessageType.Tracked]: (m) => holds(m, 3) && isId(m[1]) && isEventId(m[2]),
  [MessageType.Upload]: /* @__PURE__ */ withValue(5),
  [MessageType.Subscribed]: (m) => holds(m, 5) && isId(m[1]) && isId(m[2]) && isPositionFields(m[3]) && isOutcome(m[4]),
  [MessageType.Event]: (m) => holds(m, 4) && isId(m[1]) && isCount(m[2]) && isTag(m[3]),
  [MessageType.Ended]: failure,
  [MessageType.Gap]: (m) =>
    (m.length === 3 || (m.length === 4 && isCount(m[3]))) && isId(m[1]) && isPositionFields(m[2]),
  [MessageType.Skip]: (m) => m.length === 4 && isId(m[1]) && isCount(m[2]) && isTag(m[3]),
};

/** A table of its own for each session: what it asks for later adds to it. */
export function createClientShapes(): Shapes {
  return createShapes(clientShapes);
}
