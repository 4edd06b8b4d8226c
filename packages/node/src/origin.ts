/** A web origin in parts, all in lower case. RFC 6454 §4. */
export interface Origin {
  /** Such as `https`. */
  readonly scheme: string;
  /** Host name or address; IPv6 in brackets. */
  readonly host: string;
  /** The port, the default one spelled out; `null` where the scheme has no default. */
  readonly port: number | null;
}

const defaultPorts: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['ws', 80],
  ['wss', 443],
]);

/**
 * Reads `scheme://host` or `scheme://host:port`, or returns `null`: for `null`, as browsers send it for sandboxed frames
 * and files, and for everything that is more than an origin. A URL parser would make one out of
 * `http://good@evil` and of `http://evil\.good` alike, each in its own way.
 */
export function readOrigin(text: string): Origin | null {
  const schemeEnd = text.indexOf('://');
  if (schemeEnd <= 0) return null;
  const scheme = text.slice(0, schemeEnd).toLowerCase();
  if (!consistsOf(scheme, schemeChars)) return null;
  const authority = readAuthority(text.slice(schemeEnd + 3));
  if (authority === null) return null;
  return { scheme, host: authority.host, port: authority.port ?? defaultPorts.get(scheme) ?? null };
}

/** A host and the port behind it, `null` when none is written; as in the header `Host`. */
export interface Authority {
  readonly host: string;
  readonly port: number | null;
}

/** Reads `host` or `host:port`, or returns `null` for anything else. */
export function readAuthority(text: string): Authority | null {
  const lower = text.toLowerCase();
  const bracket = lower.startsWith('[') ? lower.indexOf(']') + 1 : 0;
  if (lower.startsWith('[') && bracket === 0) return null;
  const colon = lower.indexOf(':', bracket);
  const host = colon === -1 ? lower : lower.slice(0, colon);
  const inside = bracket > 0 ? host.slice(1, bracket - 1) : host;
  if (bracket > 0 && bracket !== host.length) return null;
  if (!consistsOf(inside, bracket > 0 ? addressChars : hostChars)) return null;
  if (colon === -1) return { host, port: null };
  const port = readPort(lower.slice(colon + 1));
  return port === null ? null : { host, port };
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const digits = new Set('0123456789');
const schemeChars = new Set(`${letters}0123456789+-.`);
const hostChars = new Set(`${letters}0123456789-._`);
const addressChars = new Set('0123456789abcdef:.');

function readPort(text: string): number | null {
  if (text.length > 5 || !consistsOf(text, digits) || (text.length > 1 && text.startsWith('0'))) return null;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : null;
}

function consistsOf(text: string, chars: ReadonlySet<string>): boolean {
  for (let at = 0; at < text.length; at++) {
    if (!chars.has(text.charAt(at))) return false;
  }
  return text.length > 0;
}
