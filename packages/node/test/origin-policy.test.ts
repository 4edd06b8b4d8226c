import { createHeaderMap, type UpgradeRequest } from '@typewire/frame';
import { createOriginPolicy, type OriginOptions } from '@typewire/node';
import { describe, expect, it } from 'vitest';

function request(origin: string | null, host = 'x.com', cookie: string | null = null): UpgradeRequest {
  const headers = createHeaderMap(cookie === null ? [] : [['Cookie', cookie]]);
  return { path: '/', query: '', host, origin, protocols: [], key: '', version: 13, headers };
}

function allows(origins: OriginOptions['origins'], origin: string, host?: string): boolean {
  return createOriginPolicy(origins === undefined ? {} : { origins })(request(origin, host));
}

describe('the same host', () => {
  it.each([
    ['http://x.com', 'x.com'],
    ['https://x.com', 'x.com'],
    ['https://x.com', 'x.com:443'],
    ['http://x.com:80', 'x.com'],
    ['http://X.com', 'x.COM'],
    ['http://localhost:5173', 'localhost:5173'],
    ['http://[::1]:8080', '[::1]:8080'],
  ])('is allowed: %s to %s', (origin, host) => {
    expect(allows(undefined, origin, host)).toBe(true);
  });

  it.each([
    ['http://evilx.com', 'x.com'],
    ['http://x.com.evil', 'x.com'],
    ['http://sub.x.com', 'x.com'],
    ['http://x.com:8080', 'x.com'],
    ['http://x.com', 'x.com:8080'],
    ['http://x.com', 'x.com:443'],
    ['http://x.com.', 'x.com'],
    ['http://x.com@evil', 'x.com'],
    ['http://x.com/', 'x.com'],
    ['http://x.com#evil', 'x.com'],
    ['http://evil\\.x.com', 'x.com'],
    ['chrome-extension://x.com', 'x.com'],
    ['x.com', 'x.com'],
    ['//x.com', 'x.com'],
    ['null', 'null'],
    ['null', 'x.com'],
    ['', 'x.com'],
    ['http://x.com http://evil', 'x.com'],
    ['http://x.com:080', 'x.com:80'],
    ['http://x.com:99999', 'x.com:99999'],
    ['http://[::1', '[::1'],
  ])('is another: %s to %s', (origin, host) => {
    expect(allows(undefined, origin, host)).toBe(false);
  });
});

describe('a list', () => {
  it.each<[string, string, boolean]>([
    ['https://x.com', 'https://x.com', true],
    ['https://x.com', 'https://x.com:443', true],
    ['https://x.com', 'HTTPS://X.COM', true],
    ['https://x.com', 'http://x.com', false],
    ['https://x.com', 'https://x.com:8443', false],
    ['https://x.com', 'https://evilx.com', false],
    ['https://x.com', 'https://x.com.evil', false],
    ['https://x.com', 'https://sub.x.com', false],
    ['https://x.com:8443', 'https://x.com:8443', true],
    ['https://x.com:8443', 'https://x.com', false],
    ['x.com', 'http://x.com', true],
    ['x.com', 'https://x.com', true],
    ['x.com', 'ftp://x.com', false],
    ['x.com:8080', 'http://x.com:8080', true],
    ['x.com:8080', 'http://x.com', false],
    ['*.x.com', 'https://a.x.com', true],
    ['*.x.com', 'https://a.b.x.com', true],
    ['*.x.com', 'https://x.com', false],
    ['*.x.com', 'https://evilx.com', false],
    ['*.x.com', 'https://.x.com', false],
    ['*.x.com', 'https://a.x.com.evil', false],
    ['*.x.com', 'https://a.x.com:8443', false],
    ['https://*.x.com', 'https://a.x.com', true],
    ['https://*.x.com', 'http://a.x.com', false],
    ['https://*.x.com', 'https://evilx.com', false],
    ['https://*.x.com:8443', 'https://a.x.com:8443', true],
    ['https://xn--bcher-kva.example', 'https://xn--bcher-kva.example', true],
    ['chrome-extension://abcdef', 'chrome-extension://abcdef', true],
    ['https://x.com', 'null', false],
  ])('with %s, asked by %s: %s', (entry, origin, expected) => {
    expect(allows([entry], origin)).toBe(expected);
  });

  it("is exact, and has the request's own host only with 'same-host' in it", () => {
    const own = ['http://x.com', 'x.com'] as const;
    const listed = ['https://y.com', 'x.com'] as const;
    expect([allows(['https://y.com'], ...own), allows(['https://y.com'], ...listed)]).toEqual([false, true]);
    const both = ['same-host', 'https://y.com'];
    expect([allows(both, ...own), allows(both, ...listed), allows(both, 'https://z.com', 'x.com')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(allows(['same-host'], 'http://same-host', 'x.com')).toBe(false);
  });

  it('that is empty allows nobody', () => {
    expect(allows([], 'http://x.com')).toBe(false);
  });

  it.each([
    '',
    'null',
    '*',
    '*.',
    'https://',
    'https://*',
    'https://a.*.com',
    'https://x.com/path',
    'https://x.com://y',
    'https://bücher.example',
    'a b',
  ])('cannot hold %j', (entry) => {
    expect(() => createOriginPolicy({ origins: [entry] })).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION' }),
    );
  });
});

describe('without an origin', () => {
  it('a request is let in unless it brings a cookie', () => {
    const policy = createOriginPolicy({});
    expect(policy(request(null))).toBe(true);
    expect(policy(request(null, 'x.com', 'session=1'))).toBe(false);
  });

  it('a request may be let in or refused by option', () => {
    expect(createOriginPolicy({ missingOrigin: 'allow' })(request(null, 'x.com', 'session=1'))).toBe(true);
    expect(createOriginPolicy({ missingOrigin: 'refuse' })(request(null))).toBe(false);
  });
});

it("allows everything with 'any'", () => {
  expect(allows('any', 'null')).toBe(true);
  expect(allows('any', 'https://anything')).toBe(true);
});

it('asks a function, and takes only true for yes', () => {
  expect(createOriginPolicy({ origins: (origin) => origin === null })(request(null, 'x.com', 'a=b'))).toBe(true);
  expect(allows((origin) => origin === 'http://x.com', 'http://y.com')).toBe(false);
  // @ts-expect-error -- JavaScript may return anything
  expect(allows(() => 'yes', 'http://x.com')).toBe(false);
});

it('keeps two policies apart, in either order', () => {
  const strict = createOriginPolicy({ origins: ['https://a.example'] });
  const loose = createOriginPolicy({ origins: 'any' });
  const foreign = request('https://evil.example');
  expect([loose(foreign), strict(foreign), loose(foreign)]).toEqual([true, false, true]);
});
