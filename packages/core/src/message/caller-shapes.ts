import { type CallMessage, MessageType, type MutateMessage, type OpenMessage, type UploadMessage } from './messages.ts';
import { holds, isCount, isEventId, isId, isKey, isPath, type Shape } from './shape.ts';

type Asking = CallMessage | MutateMessage | OpenMessage | UploadMessage;

/** What whoever runs calls takes, beyond what a client needs to refuse them. */
export const callerShapes: Readonly<Record<Asking[0], Shape>> = {
  [MessageType.Call]: (m) => holds(m, 4) && isId(m[1]) && isPath(m[2]) && isCount(m[3]),
  [MessageType.Mutate]: (m) => holds(m, 5) && isId(m[1]) && isPath(m[2]) && isCount(m[3]) && isKey(m[4]),
  [MessageType.Open]: (m) =>
    holds(m, 6) && isId(m[1]) && isPath(m[2]) && isCount(m[3]) && isCount(m[4]) && (m[5] === null || isEventId(m[5])),
  [MessageType.Upload]: (m) =>
    holds(m, 5) && isId(m[1]) && isPath(m[2]) && isCount(m[3]) && (m[4] === null || isCount(m[4])),
};
