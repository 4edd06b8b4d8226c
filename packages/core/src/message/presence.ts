import { MessageType } from './messages.ts';
import { isCount, isId, isText, type Shape } from './shape.ts';

// What is said about who is present on a topic. protocol: "Presence".

/** What a client wants to know: each member, their number alone, or nothing any more. */
export type PresenceMode = 'all' | 'count' | 'off';
const modes: ReadonlySet<unknown> = new Set<PresenceMode>(['all', 'count', 'off']);

/**
 * What the members that follow are: changes, or who is present now; that may take several messages, of which only the
 * last is `state`.
 */
export type PresenceKind = 'diff' | 'part' | 'state';
const kinds: ReadonlySet<unknown> = new Set<PresenceKind>(['diff', 'part', 'state']);

/** A member: `[id, subject, …state]`. */
export type MemberFields = [id: string, subject: string | null, state?: unknown, meta?: unknown];

export type WatchMessage = [41, topic: number, mode: PresenceMode];
export type PresenceMessage =
  | [42, topic: number, kind: PresenceKind, left: readonly string[], members: readonly MemberFields[]]
  | [42, topic: number, members: number, subjects: number];
export type EnterMessage = [43, topic: number, state?: unknown, meta?: unknown];
export type ExitMessage = [44, topic: number];
/** How the client stands: it is a member now, or it may not be one, or may not see who is. */
export type StandingMessage =
  | [45, topic: number, right: 'entered', member: string]
  | [45, topic: number, right: 'enter' | 'watch', code: string, message: string, data?: unknown, meta?: unknown];

/** Longest id of a member, in UTF-16 units. */
const MAX_MEMBER_LENGTH = 64;

export function encodeWatch(topic: number, mode: PresenceMode): string {
  return `[${MessageType.Watch},${topic},"${mode}"]`;
}

/** One member as JSON text; `state` is what `encodeText` made of it. */
export function encodeMember(id: string, subject: string | null, state: string): string {
  return `[${JSON.stringify(id)},${JSON.stringify(subject)}${state}]`;
}

/** `members` are what {@link encodeMember} made of them. */
export function encodePresence(
  topic: number,
  kind: PresenceKind,
  left: readonly string[],
  members: readonly string[],
): string {
  return `[${MessageType.Presence},${topic},"${kind}",${JSON.stringify(left)},[${members.join()}]]`;
}

export function encodePresenceCount(topic: number, members: number, subjects: number): string {
  return `[${MessageType.Presence},${topic},${members},${subjects}]`;
}

/** `state` is what `encodeText` made of it. */
export function encodeEnter(topic: number, state: string): string {
  return `[${MessageType.Enter},${topic}${state}]`;
}

export function encodeExit(topic: number): string {
  return `[${MessageType.Exit},${topic}]`;
}

export function encodeEntered(topic: number, member: string): string {
  return `[${MessageType.Standing},${topic},"entered",${JSON.stringify(member)}]`;
}

/** `data` is what `encodeText` made of it. */
export function encodeRefused(
  topic: number,
  right: 'enter' | 'watch',
  code: string,
  message: string,
  data: string,
): string {
  return `[${MessageType.Standing},${topic},"${right}",${JSON.stringify(code)},${JSON.stringify(message)}${data}]`;
}

const isMemberId = (value: unknown): boolean => value !== '' && isText(value, MAX_MEMBER_LENGTH);

/** The field behind the topic. */
export function isMode(value: unknown): boolean {
  return modes.has(value);
}

/** What a server says. */
export const presenceShapes: Readonly<Record<PresenceMessage[0] | StandingMessage[0], Shape>> = {
  [MessageType.Presence]: (m) => isId(m[1]) && isPresence(m),
  [MessageType.Standing]: (m) => isId(m[1]) && isStanding(m),
};

function isPresence(m: readonly unknown[]): boolean {
  if (!kinds.has(m[2])) return m.length === 4 && isCount(m[2]) && isCount(m[3]);
  return m.length === 5 && Array.isArray(m[3]) && m[3].every(isMemberId) && Array.isArray(m[4]) && m[4].every(isMember);
}

function isMember(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 2 || value.length > 4) return false;
  return isMemberId(value[0]) && (value[1] === null || typeof value[1] === 'string');
}

function isStanding(m: readonly unknown[]): boolean {
  if (m[2] === 'entered') return m.length === 4 && isMemberId(m[3]);
  if (m[2] !== 'enter' && m[2] !== 'watch') return false;
  return m.length >= 5 && m.length <= 7 && isText(m[3], 255) && typeof m[4] === 'string';
}
