import { readPosition } from '../../src/channels/position.ts';
import type { EncodedMessage, EncodedValue } from '../../src/message/binary.ts';
import {
  AUTHENTICATED,
  encodeAbort,
  encodeAck,
  encodeAuth,
  encodeCall,
  encodeCancel,
  encodeChunk,
  encodeCredit,
  encodeEnd,
  encodeEnded,
  encodeError,
  encodeEvent,
  encodeFinish,
  encodeGap,
  encodeGrant,
  encodeHello,
  encodeItem,
  encodeLeave,
  encodeMutate,
  encodeOpen,
  encodePublish,
  encodeRenew,
  encodeResult,
  encodeSkip,
  encodeStop,
  encodeSubscribe,
  encodeSubscribed,
  encodeTracked,
  encodeUnsubscribe,
  encodeUpload,
  encodeWelcome,
  PING,
  PONG,
} from '../../src/message/encode.ts';
import { type Message, MessageType } from '../../src/message/messages.ts';
import { encodeHistory, encodePast } from '../../src/message/past.ts';
import {
  encodeEnter,
  encodeEntered,
  encodeExit,
  encodeMember,
  encodePresence,
  encodePresenceCount,
  encodeRefused,
  encodeWatch,
} from '../../src/message/presence.ts';

/** Where the value of each type begins; a type that is missing carries none. */
const valueFields: Partial<Record<MessageType, number>> = {
  [MessageType.Hello]: 3,
  [MessageType.Auth]: 1,
  [MessageType.Call]: 4,
  [MessageType.Mutate]: 5,
  [MessageType.Result]: 2,
  [MessageType.Error]: 4,
  [MessageType.Open]: 6,
  [MessageType.Upload]: 5,
  [MessageType.Chunk]: 2,
  [MessageType.Tracked]: 3,
  [MessageType.Item]: 2,
  [MessageType.Subscribe]: 5,
  [MessageType.Subscribed]: 5,
  [MessageType.Event]: 4,
  [MessageType.Ended]: 4,
  [MessageType.Publish]: 5,
  [MessageType.Enter]: 2,
  [MessageType.History]: 5,
  [MessageType.Past]: 4,
  [MessageType.Standing]: 5,
};

export function valueField(message: Message): number | undefined {
  return valueFields[message[0]];
}

/** Encodes any message; `value` is what `encodeValue` made of the one it carries. */
export function encodeMessage(message: Message, value: EncodedValue): EncodedMessage {
  switch (message[0]) {
    case MessageType.Hello:
      return encodeHello(message[2], String(value));
    case MessageType.Welcome:
      return encodeWelcome(message[1], message[2]);
    case MessageType.Ack:
      return encodeAck(message[1]);
    case MessageType.Renew:
      return encodeRenew(message[1], message[2]);
    case MessageType.Auth:
      return encodeAuth(String(value));
    case MessageType.Authenticated:
      return AUTHENTICATED;
    case MessageType.Leave:
      return encodeLeave(message[1], message[2]);
    case MessageType.Ping:
      return PING;
    case MessageType.Pong:
      return PONG;
    case MessageType.Call:
      return encodeCall(message[1], JSON.stringify(message[2]), message[3], value);
    case MessageType.Mutate: {
      const [, id, path, timeoutMs, key] = message;
      return encodeMutate(id, JSON.stringify(path), timeoutMs, JSON.stringify(key), value);
    }
    case MessageType.Result:
      return encodeResult(message[1], value);
    case MessageType.Error:
      return encodeError(message[1], message[2], message[3], value);
    case MessageType.Cancel:
      return encodeCancel(message[1]);
    case MessageType.Open:
      return encodeOpen(
        message[1],
        JSON.stringify(message[2]),
        message[3],
        message[4],
        JSON.stringify(message[5]),
        value,
      );
    case MessageType.Item:
      return encodeItem(message[1], value);
    case MessageType.End:
      return encodeEnd(message[1]);
    case MessageType.Credit:
      return encodeCredit(message[1], message[2]);
    case MessageType.Upload:
      return encodeUpload(message[1], JSON.stringify(message[2]), message[3], message[4], value);
    case MessageType.Chunk:
      return encodeChunk(message[1], value);
    case MessageType.Finish:
      return encodeFinish(message[1]);
    case MessageType.Abort:
      return encodeAbort(message[1], message[2]);
    case MessageType.Grant:
      return encodeGrant(message[1], message[2]);
    case MessageType.Stop:
      return encodeStop(message[1]);
    case MessageType.Tracked:
      return encodeTracked(message[1], message[2], value);
    case MessageType.Subscribe: {
      const position = message[3] === null ? null : readPosition(message[3]);
      return encodeSubscribe(message[1], JSON.stringify(message[2]), position, message[4], value);
    }
    case MessageType.Subscribed:
      return encodeSubscribed(message[1], message[2], readPosition(message[3]), message[4], value);
    case MessageType.Unsubscribe:
      return encodeUnsubscribe(message[1]);
    case MessageType.Event:
      return encodeEvent(message[1], message[2], message[3], value);
    case MessageType.Ended:
      return encodeEnded(message[1], message[2], message[3], value);
    case MessageType.Gap:
      return encodeGap(message[1], readPosition(message[2]), message[3] ?? null);
    case MessageType.History: {
      const before = message[3] === null ? null : readPosition(message[3]);
      return encodeHistory(message[1], JSON.stringify(message[2]), before, message[4], value);
    }
    case MessageType.Past:
      return encodePast(message[1], message[2], message[3], value);
    case MessageType.Watch:
      return encodeWatch(message[1], message[2]);
    case MessageType.Presence: {
      if (message.length === 4) return encodePresenceCount(message[1], message[2], message[3]);
      const [, topic, kind, left, members] = message;
      const encoded = members.map(([id, subject, ...state]) =>
        encodeMember(id, subject, state.map((part) => `,${JSON.stringify(part)}`).join('')),
      );
      return encodePresence(topic, kind, left, encoded);
    }
    case MessageType.Enter:
      return encodeEnter(message[1], String(value));
    case MessageType.Exit:
      return encodeExit(message[1]);
    case MessageType.Standing:
      if (message[2] === 'entered') return encodeEntered(message[1], message[3]);
      return encodeRefused(message[1], message[2], message[3], message[4], String(value));
    case MessageType.Skip:
      return encodeSkip(message[1], message[2], message[3]);
    case MessageType.Publish:
      return encodePublish(message[1], JSON.stringify(message[2]), JSON.stringify(message[3]), message[4], value);
  }
}
