import { expect, it } from 'vitest';
import { execute } from '../device/commands/execute.ts';
import { Journal } from '../device/journal.ts';
import { Command } from '../shared/command.ts';

function argumentsWith(cancel: AbortController) {
  const journal = new Journal(`test-${Math.random()}`);
  return { signal: cancel.signal, journal, notFound: (text: string) => new Error(text) };
}

it('follows a log from its last lines on, until it is cancelled', async () => {
  const cancel = new AbortController();
  const args = argumentsWith(cancel);
  for (const text of ['one', 'two', 'three']) args.journal.write(text);
  const lines = execute({ name: 'tail', log: 'device', lines: 2 }, args);
  expect((await lines.next()).value).toMatch(/ two$/);
  expect((await lines.next()).value).toMatch(/ three$/);
  args.journal.write('four');
  expect((await lines.next()).value).toMatch(/ four$/);
  const next = lines.next();
  cancel.abort();
  await expect(next).rejects.toThrow('aborted');
});

it('counts, and stops at once when it is cancelled', async () => {
  const cancel = new AbortController();
  const numbers = execute({ name: 'count', to: 10_000, everyMs: 20 }, argumentsWith(cancel));
  expect((await numbers.next()).value).toBe('1 of 10000');
  const next = numbers.next();
  cancel.abort();
  await expect(next).rejects.toThrow('aborted');
});

it('knows how long the machine is up, and how full its disk is', async () => {
  const args = argumentsWith(new AbortController());
  const lines: string[] = [];
  for await (const line of execute({ name: 'uptime' }, args)) lines.push(line);
  for await (const line of execute({ name: 'disk' }, args)) lines.push(line);
  expect(lines).toEqual([
    expect.stringMatching(/^up +\d+ d \d+ h \d+ min$/),
    expect.stringMatching(/^load +[\d.]+ {2}[\d.]+ {2}[\d.]+$/),
    expect.stringMatching(/^memory +[\d.]+ GB of [\d.]+ GB in use$/),
    expect.stringMatching(/ \d+ % of [\d.]+ GB$/),
  ]);
});

it('takes no command that is not on the list, and no argument that could be a path', () => {
  const refused = [
    { name: 'sh', script: 'rm -rf /' },
    { name: 'tail', log: '../../etc/passwd', lines: 10 },
    { name: 'tail', log: 'device', lines: 1e9 },
    { name: 'count', to: 10, everyMs: 0 },
  ];
  expect(refused.map((command) => Command.safeParse(command).success)).toEqual([false, false, false, false]);
});
