import { freemem, loadavg, totalmem, uptime as uptimeSeconds } from 'node:os';

export async function* uptime(): AsyncGenerator<string> {
  const minutes = Math.floor(uptimeSeconds() / 60);
  yield `up      ${Math.floor(minutes / 1_440)} d ${Math.floor(minutes / 60) % 24} h ${minutes % 60} min`;
  yield `load    ${loadavg()
    .map((load) => load.toFixed(2))
    .join('  ')}`;
  yield `memory  ${inGigabytes(totalmem() - freemem())} of ${inGigabytes(totalmem())} in use`;
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
