import type { LinkClose } from '@typewire/core/internal';
import { FULL_TEXTS } from '#texts';

const lost: [code: number, text: string] = [1006, 'the connection was lost'];

/** What the other end means by a close code it gave no reason for. protocol: "Close codes". */
const texts: ReadonlyMap<number, string> = /* @__PURE__ */ new Map(
  FULL_TEXTS
    ? [
        lost,
        [1000, 'the server closed the connection'],
        [1001, 'the server went away'],
        [1002, 'the server found a violation of the WebSocket protocol'],
        [1003, 'the server does not take binary messages'],
        [1007, 'the server received text that is not UTF-8'],
        [1008, 'the server closed the connection over one of its policies'],
        [1009, 'a message was above what the server takes: see its limits.maxMessageBytes and limits.maxHelloLength'],
        [1011, 'the server failed'],
        [1012, 'the server restarts'],
        [1013, 'the server has too much load'],
        [4001, 'nothing was heard within the heartbeat'],
        [4002, 'the session was not open in time'],
        [4003, 'the client is somebody else now'],
        [4008, 'this end reads too slowly for the server'],
        [4501, 'the server refused the credentials'],
        [4502, 'the server received a message that does not follow the protocol'],
        [4503, 'the server does not allow this client to connect'],
        [4505, 'the server speaks another version of the protocol'],
        [4509, 'the session goes on over another connection'],
      ]
    : [lost],
);

/**
 * Whether this end decided it: the session's rules, or the WebSocket engine below, which refuses what its peer sends
 * with the same codes that the peer would use. Recognised by name, as the engine brings its own class.
 */
export function isOurs(event: LinkClose): boolean {
  return event.local || event.error?.name === 'FrameError';
}

/** Why a connection ended, for people. */
export function closeText(event: LinkClose): string {
  const { code, reason, error, local } = event;
  if (!local && isOurs(event) && error) return `this end closed the connection with ${code}: ${error.message}`;
  return reason || error?.message || (texts.get(code) ?? `the connection was closed with ${code}`);
}
