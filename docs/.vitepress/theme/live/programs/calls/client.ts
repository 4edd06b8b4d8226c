// Runs twice: once for Ann, once for Ben.
import { createClient, safe } from '@typewire/client';
import type { api } from './api.ts';
import { connect, screen } from './tab.ts';

export const wire = createClient<typeof api>({ url: 'memory:', connect });
wire.on('status', ({ state, session }) => screen.status(state, session));

let counting = new AbortController();

screen.onSay(async (text) => {
  if (text === 'stop') return counting.abort();
  const [first, second] = text.split('/').map(Number);
  if (second === undefined) await count(first ?? 0);
  else await divide(first ?? 0, second);
});

async function divide(dividend: number, divisor: number) {
  const result = await safe(wire.api.divide.query({ dividend, divisor }));
  if (result.ok)
    screen.line('query', `${result.value.quotient}`, result.value.at); // a Date, as on the server
  else if (result.error.code === 'BY_ZERO') screen.note(`${result.error.data.dividend} cannot be divided by 0.`);
  else screen.note(`${result.error.code}: ${result.error.message}`);
}

async function count(from: number) {
  counting.abort();
  counting = new AbortController();
  const { signal } = counting;
  try {
    for await (const left of wire.api.count.stream(from, { signal })) screen.line('stream', `${left}`, new Date());
    screen.note('Done.');
  } catch (error) {
    if (!signal.aborted) throw error;
    screen.note('Stopped, on the server too.');
  }
}
