import { type UpgradeRequest, UsageError } from '@typewire/frame';
import { type Authority, type Origin, readAuthority, readOrigin } from './origin.ts';

/** Whose pages may open a connection; requests of browsers bear their page's origin, and it cannot be forged there. */
export interface OriginOptions {
  /**
   * `'same-host'`: host and port of the origin are those of the request's `Host`.
   * A list: exactly these, such as `https://example.com`; `https://*.example.com` means every name below it but not
   * `example.com` itself; without a scheme, http and https; without a port, the scheme's own. It replaces `'same-host'`,
   * unless that is an entry of it: a list of full origins cannot be passed by DNS rebinding, the own host can.
   * `'any'`: every page in the world may connect with its visitor's cookies.
   * A function decides itself; `origin` is `null` when the request has none, which `missingOrigin` does not touch then.
   * The origin `null`, of sandboxed frames and files, is refused by all but `'any'` and a function.
   * @default 'same-host'
   */
  origins?: 'same-host' | 'any' | readonly string[] | ((origin: string | null, request: UpgradeRequest) => boolean);
  /**
   * What happens without an `Origin`, thus to a program that is no browser. `'without-cookie'` lets it in unless it
   * brings a `Cookie`: whoever authenticates by cookie should see an origin with it. @default 'without-cookie'
   */
  missingOrigin?: 'allow' | 'without-cookie' | 'refuse';
}

/** Whether a request may come from where it comes. */
export type OriginPolicy = (request: UpgradeRequest) => boolean;

/**
 * Compiles the options once; nothing about a request is remembered.
 *
 * @throws {UsageError} `BAD_OPTION` for an entry that is neither an origin nor a pattern.
 */
export function createOriginPolicy(options: OriginOptions): OriginPolicy {
  const { origins = 'same-host', missingOrigin = 'without-cookie' } = options;
  if (typeof origins === 'function') return (request) => origins(request.origin, request) === true;
  if (!['allow', 'without-cookie', 'refuse'].includes(missingOrigin)) {
    throw new UsageError('BAD_OPTION', "missingOrigin must be 'allow', 'without-cookie' or 'refuse'");
  }
  const allows = originTest(origins);
  return (request) => {
    if (request.origin !== null) return allows(request.origin, request);
    return missingOrigin === 'allow' || (missingOrigin === 'without-cookie' && !request.headers.has('cookie'));
  };
}

/**
 * What a refused request is told.
 *
 * @internal
 */
export function originRefusal({ origins }: OriginOptions, request: UpgradeRequest): string {
  if (request.origin !== null || typeof origins === 'function') return 'Pages of this origin may not connect here.';
  const what = request.headers.has('cookie') ? 'A request with a Cookie needs an Origin' : 'Requests need an Origin';
  return `${what} here (option missingOrigin).`;
}

type OriginTest = (text: string, request: UpgradeRequest) => boolean;

function originTest(origins: 'same-host' | 'any' | readonly string[]): OriginTest {
  if (origins === 'any') return () => true;
  if (origins === 'same-host') return isOfSameHost;
  if (!Array.isArray(origins))
    throw new UsageError('BAD_OPTION', "origins must be 'same-host', 'any', a list or a function");
  const ownHost = origins.includes('same-host');
  const patterns = origins.filter((entry) => entry !== 'same-host').map(readPattern);
  return (text, request) => {
    const origin = readOrigin(text);
    if (origin === null) return false;
    return (ownHost && isOfSameHost(text, request)) || patterns.some((pattern) => matches(pattern, origin));
  };
}

function isOfSameHost(text: string, request: UpgradeRequest): boolean {
  const origin = readOrigin(text);
  const host = readAuthority(request.host);
  return origin !== null && host !== null && isSameHost(origin, host);
}

/** A `Host` without a port means the default one of the page's own scheme: TLS may end at a proxy in front of us. */
function isSameHost(origin: Origin, host: Authority): boolean {
  return isWeb(origin) && origin.host === host.host && origin.port === (host.port ?? defaultPort(origin));
}

interface OriginPattern {
  /** `null`: http and https. */
  readonly scheme: string | null;
  readonly host: string;
  /** Whether `host` is what a name must end in, dot included. */
  readonly below: boolean;
  /** `null`: the default of the scheme. */
  readonly port: number | null;
}

function readPattern(text: string): OriginPattern {
  const schemeEnd = String(text).indexOf('://');
  const scheme = schemeEnd === -1 ? null : text.slice(0, schemeEnd);
  const place = scheme === null ? String(text) : text.slice(schemeEnd + 3);
  const below = place.startsWith('*.');
  const authority = below ? place.slice(2) : place;
  const origin = readOrigin(`${scheme ?? 'http'}://${authority}`);
  // Whoever lists 'null' means sandboxed frames; anybody can make one, so it is no origin to trust.
  if (origin === null || text === 'null') {
    throw new UsageError('BAD_OPTION', `${JSON.stringify(text)} is neither an origin nor a pattern`);
  }
  return {
    scheme: scheme === null ? null : origin.scheme,
    host: below ? `.${origin.host}` : origin.host,
    below,
    port: scheme === null ? (readAuthority(authority)?.port ?? null) : origin.port,
  };
}

function matches(pattern: OriginPattern, origin: Origin): boolean {
  if (pattern.scheme === null ? !isWeb(origin) : pattern.scheme !== origin.scheme) return false;
  if (origin.port !== (pattern.port ?? defaultPort(origin))) return false;
  // The dot is part of what must match: evilx.com is not below x.com.
  return pattern.below
    ? origin.host.endsWith(pattern.host) && origin.host.length > pattern.host.length
    : origin.host === pattern.host;
}

function isWeb(origin: Origin): boolean {
  return origin.scheme === 'http' || origin.scheme === 'https';
}

function defaultPort(origin: Origin): number | null {
  if (origin.scheme === 'https') return 443;
  return origin.scheme === 'http' ? 80 : null;
}
