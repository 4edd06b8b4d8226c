import { acceptDeflate, createHeaderMap, type DeflateParameters, writeDeflateOffer } from '@typewire/frame';
import { describe, expect, it } from 'vitest';
import { readDeflateAnswer } from '../../src/handshake/deflate-answer.ts';
import { checkDeflateParameters } from '../../src/handshake/deflate-parameters.ts';

/** Takeover in both directions and the largest windows: nothing is asked for. */
const anything: DeflateParameters = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};
const frugal: DeflateParameters = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 12,
  clientMaxWindowBits: 11,
};
const bits = [8, 9, 10, 11, 12, 13, 14, 15];

function extensions(...values: string[]) {
  return createHeaderMap(values.map((value) => ['Sec-WebSocket-Extensions', value] as const));
}

/** What a server answers, `null` for nothing; throws what it refuses the request with. */
function answer(offers: string | readonly string[], preferences: DeflateParameters) {
  const result = acceptDeflate(extensions(...(typeof offers === 'string' ? [offers] : offers)), preferences);
  if (!result.ok) throw result.error;
  return result.value?.extensions ?? null;
}

const offer = (parameters: string) => `permessage-deflate${parameters === '' ? '' : `; ${parameters}`}`;

describe('a server that wants nothing particular', () => {
  it.each<[string, string]>([
    ['', ''],
    ['server_no_context_takeover', 'server_no_context_takeover'],
    ['client_no_context_takeover', 'client_no_context_takeover'],
    [
      'client_no_context_takeover; server_no_context_takeover',
      'server_no_context_takeover; client_no_context_takeover',
    ],
    ['client_max_window_bits', 'client_max_window_bits=15'],
    ...bits.map((n): [string, string] => [`client_max_window_bits=${n}`, `client_max_window_bits=${n}`]),
    ...bits.map((n): [string, string] => [`server_max_window_bits=${n}`, `server_max_window_bits=${n}`]),
    ['server_max_window_bits="10"', 'server_max_window_bits=10'],
    ['server_max_window_bits="1\\0"', 'server_max_window_bits=10'],
  ])('answers %j with %j', (offered, expected) => {
    expect(answer(offer(offered), anything)).toBe(offer(expected));
  });
});

describe('a server that wants little memory used', () => {
  const own = 'server_no_context_takeover; client_no_context_takeover';
  it.each<[string, string]>([
    // What was not offered cannot be asked of the client (§7.1.2.2), and is not told of ourselves.
    ['', own],
    ['client_no_context_takeover', own],
    ['client_max_window_bits', `${own}; client_max_window_bits=11`],
    ...bits.map((n): [string, string] => [
      `client_max_window_bits=${n}`,
      `${own}; client_max_window_bits=${Math.min(n, 11)}`,
    ]),
    ...bits.map((n): [string, string] => [
      `server_max_window_bits=${n}`,
      `${own}; server_max_window_bits=${Math.min(n, 12)}`,
    ]),
  ])('answers %j with %j', (offered, expected) => {
    expect(answer(offer(offered), frugal)).toBe(offer(expected));
  });

  it('uses its own window where the client did not ask for one, and expects the largest from it', () => {
    const result = acceptDeflate(extensions('permessage-deflate'), frugal);
    expect(result).toMatchObject({ ok: true, value: { agreed: { ...frugal, clientMaxWindowBits: 15 } } });
  });
});

// CVE-2026-2229: a window that zlib does not have ended the process.
const nonsense = [
  'server_no_context_takeover=1',
  'server_no_context_takeover=true',
  'client_no_context_takeover=0',
  'server_no_context_takeover; server_no_context_takeover',
  'client_no_context_takeover; client_no_context_takeover',
  'server_max_window_bits=10; server_max_window_bits=10',
  'client_max_window_bits; client_max_window_bits',
  'client_max_window_bits=9; client_max_window_bits',
  'server_max_window_bits',
  ...['0', '7', '16', '08', '015', '1e1', '10.0', '-8', '+8', '0x8', '0xa', '99999999999999999999', 'a', 'NaN'].flatMap(
    (value) => [
      `server_max_window_bits=${value}`,
      `client_max_window_bits=${value}`,
      `client_max_window_bits="${value}"`,
    ],
  ),
  'constructor',
  '__proto__=1',
  'toString',
  'unknown',
  'unknown=1',
  'Server_No_Context_Takeover',
  'level=9',
];

describe.each(nonsense)('an offer with %j', (parameters) => {
  it('is declined by a server', () => {
    expect(answer(offer(parameters), anything)).toBeNull();
    expect(answer(offer(parameters), frugal)).toBeNull();
  });

  it('is passed over for the next, in the same header or another', () => {
    const next = 'permessage-deflate; server_max_window_bits=9';
    expect(answer(`${offer(parameters)}, ${next}`, anything)).toBe(next);
    expect(answer([offer(parameters), next], anything)).toBe(next);
  });

  it('is refused as an answer by a client', () => {
    expect(() => readDeflateAnswer(extensions(offer(parameters)), anything)).toThrow(
      expect.objectContaining({ code: 'BAD_EXTENSION' }),
    );
  });
});

describe('a server', () => {
  it('takes the first offer that it can', () => {
    const offers = 'permessage-deflate; server_max_window_bits=10, permessage-deflate';
    expect(answer(offers, anything)).toBe('permessage-deflate; server_max_window_bits=10');
    expect(answer(offers.split(', ').toReversed(), anything)).toBe('permessage-deflate');
  });

  it.each([
    '',
    'x-webkit-deflate-frame',
    'permessage-bzip2; x=1',
    'Permessage-Deflate',
    'constructor, __proto__; toString',
  ])('answers nothing to %j', (header) => {
    expect(answer(header, anything)).toBeNull();
  });

  it('passes over what it does not know', () => {
    expect(answer('foo; a="b", permessage-deflate, bar', anything)).toBe('permessage-deflate');
  });

  it('answers nothing where nothing is asked', () => {
    expect(acceptDeflate(createHeaderMap([]), anything)).toEqual({ ok: true, value: null });
  });

  it.each(['permessage-deflate;', 'permessage-deflate; x="', 'permessage deflate', 'foo=1, permessage-deflate'])(
    'refuses the request for %j, which is no list of extensions',
    (header) => {
      expect(() => answer(header, anything)).toThrow(expect.objectContaining({ code: 'BAD_EXTENSION', status: 400 }));
    },
  );
});

describe('a client offers', () => {
  it.each<[Partial<DeflateParameters>, string]>([
    [{}, 'client_max_window_bits'],
    [{ serverNoContextTakeover: true }, 'server_no_context_takeover; client_max_window_bits'],
    [{ clientNoContextTakeover: true }, 'client_no_context_takeover; client_max_window_bits'],
    ...bits
      .slice(0, -1)
      .map((n): [Partial<DeflateParameters>, string] => [
        { serverMaxWindowBits: n, clientMaxWindowBits: n },
        `server_max_window_bits=${n}; client_max_window_bits=${n}`,
      ]),
  ])('%j as such', (wanted, expected) => {
    expect(writeDeflateOffer({ ...anything, ...wanted })).toBe(offer(expected));
  });
});

describe('a client', () => {
  const bad = expect.objectContaining({ name: 'HandshakeError', code: 'BAD_EXTENSION' });

  it.each<[string, Partial<DeflateParameters>, Partial<DeflateParameters>]>([
    ['', {}, {}],
    // §7.1.1.1: a server may leave takeover out unasked, and tell the client to.
    ['server_no_context_takeover', {}, { serverNoContextTakeover: true }],
    ['client_no_context_takeover', {}, { clientNoContextTakeover: true }],
    ['', { clientNoContextTakeover: true }, { clientNoContextTakeover: true }],
    ['server_no_context_takeover', { serverNoContextTakeover: true }, { serverNoContextTakeover: true }],
    ...bits.map((n): [string, object, object] => [`server_max_window_bits=${n}`, {}, { serverMaxWindowBits: n }]),
    ...bits.map((n): [string, object, object] => [`client_max_window_bits=${n}`, {}, { clientMaxWindowBits: n }]),
    ['client_max_window_bits="9"', {}, { clientMaxWindowBits: 9 }],
    ['server_max_window_bits=9', { serverMaxWindowBits: 10 }, { serverMaxWindowBits: 9 }],
    ['server_max_window_bits=10', { serverMaxWindowBits: 10 }, { serverMaxWindowBits: 10 }],
    ['client_max_window_bits=9', { clientMaxWindowBits: 10 }, { clientMaxWindowBits: 9 }],
    ['', { clientMaxWindowBits: 10 }, { clientMaxWindowBits: 10 }],
  ])('takes the answer %j to %j', (answered, wanted, expected) => {
    const agreed = readDeflateAnswer(extensions(offer(answered)), { ...anything, ...wanted });
    expect(agreed).toEqual({ ...anything, ...expected });
  });

  it.each<[string, Partial<DeflateParameters>]>([
    ['', { serverNoContextTakeover: true }],
    ['', { serverMaxWindowBits: 10 }],
    ['server_max_window_bits=11', { serverMaxWindowBits: 10 }],
    ['client_max_window_bits=11', { clientMaxWindowBits: 10 }],
    ['client_max_window_bits', {}],
  ])('refuses the answer %j to %j', (answered, wanted) => {
    expect(() => readDeflateAnswer(extensions(offer(answered)), { ...anything, ...wanted })).toThrow(bad);
  });

  it('refuses an answer that chooses twice', () => {
    expect(() => readDeflateAnswer(extensions('permessage-deflate, permessage-deflate'), anything)).toThrow(bad);
    expect(() => readDeflateAnswer(extensions('permessage-deflate', 'permessage-deflate'), anything)).toThrow(bad);
  });

  it('refuses an answer that chooses nothing, in so many words', () => {
    expect(() => readDeflateAnswer(extensions(''), anything)).toThrow(bad);
  });

  it('refuses what it did not offer', () => {
    const notOffered = expect.objectContaining({ code: 'EXTENSION_NOT_OFFERED' });
    expect(() => readDeflateAnswer(extensions('permessage-deflate'), null)).toThrow(notOffered);
    expect(() => readDeflateAnswer(extensions('foo'), anything)).toThrow(notOffered);
    expect(() => readDeflateAnswer(extensions('permessage-deflate, foo'), anything)).toThrow(notOffered);
  });

  it('goes on without compression where the server does not answer the offer', () => {
    expect(readDeflateAnswer(createHeaderMap([]), anything)).toBeNull();
  });
});

describe('both ends', () => {
  const flags = [true, false];
  const wishes = flags.flatMap((serverNoContextTakeover) =>
    flags.flatMap((clientNoContextTakeover) =>
      [8, 11, 15].flatMap((serverMaxWindowBits) =>
        [8, 12, 15].map((clientMaxWindowBits) => ({
          serverNoContextTakeover,
          clientNoContextTakeover,
          serverMaxWindowBits,
          clientMaxWindowBits,
        })),
      ),
    ),
  );

  it('agree on the same, within what each of them wants, whatever that is', () => {
    for (const client of wishes) {
      for (const server of wishes) {
        const accepted = acceptDeflate(extensions(writeDeflateOffer(client)), server);
        if (!accepted.ok || accepted.value === null) throw new Error('declined');
        const { agreed } = accepted.value;
        const read = readDeflateAnswer(extensions(accepted.value.extensions), client) as DeflateParameters;
        // The client may not know how little of its window a server uses: it is not told unasked.
        expect({ ...read, serverMaxWindowBits: 0 }).toEqual({ ...agreed, serverMaxWindowBits: 0 });
        expect(agreed.serverMaxWindowBits).toBe(Math.min(client.serverMaxWindowBits, server.serverMaxWindowBits));
        expect(read.serverMaxWindowBits).toBeGreaterThanOrEqual(agreed.serverMaxWindowBits);
        expect(read.serverMaxWindowBits).toBeLessThanOrEqual(client.serverMaxWindowBits);
        expect(agreed.clientMaxWindowBits).toBe(Math.min(client.clientMaxWindowBits, server.clientMaxWindowBits));
        expect(agreed.serverNoContextTakeover).toBe(client.serverNoContextTakeover || server.serverNoContextTakeover);
        expect(agreed.clientNoContextTakeover).toBe(client.clientNoContextTakeover || server.clientNoContextTakeover);
      }
    }
  });
});

describe('options of our own', () => {
  it.each([
    { serverMaxWindowBits: 7 },
    { serverMaxWindowBits: 16 },
    { clientMaxWindowBits: 9.5 },
    { clientMaxWindowBits: Number.NaN },
    { clientMaxWindowBits: '12' },
    { serverNoContextTakeover: 1 },
    { clientNoContextTakeover: null },
  ])('cannot be %j', (wrong) => {
    expect(() => Reflect.apply(checkDeflateParameters, undefined, [{ ...anything, ...wrong }])).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION' }),
    );
  });
});
