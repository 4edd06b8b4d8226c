import type { UpgradeOptions } from '@typewire/node';

/** Whoever can reach the port can make up origins: they may not fill the log. */
const MAX_WARNINGS = 20;

/** Longest part of an origin that is printed. */
const MAX_ORIGIN_LENGTH = 200;

/** An `onRefused` that prints each refused origin once, with the option that would let it in. */
export function warnOfRefusedOrigins(): NonNullable<UpgradeOptions['onRefused']> {
  const seen = new Set<string | null>();
  return (error, request) => {
    if (error.code !== 'ORIGIN_REFUSED' || request === null) return;
    const { origin } = request;
    if (seen.size >= MAX_WARNINGS || seen.has(origin)) return;
    seen.add(origin);
    // biome-ignore lint/suspicious/noConsole: a page that cannot connect sees 1006 and no reason; only here it can be told
    console.warn(`typewire: refused with 403: ${origin === null ? error.message : describe(origin)}`);
  };
}

function describe(origin: string): string {
  const page = `a page of ${JSON.stringify(origin.slice(0, MAX_ORIGIN_LENGTH))}`;
  // Not for `null`, which no list can hold, nor for what somebody made up to have it copied.
  if (!/^https?:\/\/[\w.:[\]-]{1,100}$/.test(origin)) return `${page}; see the option origins`;
  return `${page}; to let it in: origins: ['same-host', '${origin}']`;
}
