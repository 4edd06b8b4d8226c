import { parseArgs } from 'node:util';
import { startNewsroom } from './start.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
const deskKey = process.env['DESK_KEY'] ?? 'stop press';

const newsroom = await startNewsroom({ port: Number(values.port ?? process.env['PORT'] ?? 3_000), deskKey });
console.log(`Typewire newsroom is running: ${newsroom.url}`);
console.log(`The editor’s desk is at ${newsroom.url}/#desk, and its key is “${deskKey}”.`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void newsroom.close());
