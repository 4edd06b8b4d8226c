import { isPositionFields } from '../channels/position.ts';
import { callerShapes } from './caller-shapes.ts';
import { clientShapes } from './client-shapes.ts';
import { MessageType, type SubscriberMessage } from './messages.ts';
import { pastShapes } from './past.ts';
import { isMode, presenceShapes } from './presence.ts';
import {
  createShapes,
  holds,
  isCount,
  isId,
  isKey,
  isPath,
  isRecord,
  isText,
  type Shape,
  type Shapes,
} from './shape.ts';

function isPublishFields(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { key, exclude } = value;
  return (key === undefined || (key !== null && isKey(key))) && (exclude === undefined || typeof exclude === 'boolean');
}

function isHelloOptions(value: unknown): boolean {
  if (!isRecord(value) || typeof value['control'] !== 'boolean') return false;
  const { client, resume } = value;
  if (client !== undefined && (client === '' || !isText(client, 64))) return false;
  return (
    resume === undefined ||
    (Array.isArray(resume) &&
      resume.length === 3 &&
      isText(resume[0], 64) &&
      isText(resume[1], 64) &&
      isCount(resume[2]))
  );
}

/** What only clients say. */
const fromClients: Readonly<Record<SubscriberMessage[0] | 1 | 5, Shape>> = {
  [MessageType.Hello]: (m) => holds(m, 3) && isCount(m[1]) && isHelloOptions(m[2]),
  [MessageType.Auth]: (m) => holds(m, 1),
  [MessageType.Subscribe]: (m) =>
    holds(m, 5) && isId(m[1]) && isPath(m[2]) && (m[3] === null || isPositionFields(m[3])) && isCount(m[4]),
  [MessageType.Unsubscribe]: (m) => m.length === 2 && isId(m[1]),
  [MessageType.Publish]: (m) => holds(m, 5) && isId(m[1]) && isPath(m[2]) && (m[4] === null || isPublishFields(m[4])),
  [MessageType.History]: (m) =>
    holds(m, 5) && isId(m[1]) && isPath(m[2]) && (m[3] === null || isPositionFields(m[3])) && isCount(m[4]),
  [MessageType.Watch]: (m) => m.length === 3 && isId(m[1]) && isMode(m[2]),
  [MessageType.Enter]: (m) => holds(m, 2) && isId(m[1]),
  [MessageType.Exit]: (m) => m.length === 2 && isId(m[1]),
};

/** All there are: to the layer above it is left to say what a client must not. */
const every: Readonly<Record<MessageType, Shape>> = {
  ...clientShapes,
  ...callerShapes,
  ...pastShapes,
  ...presenceShapes,
  ...fromClients,
};

/** What a server takes. */
export const serverShapes: Shapes = createShapes(every);
