import { parseArgs } from 'node:util';
import { startDashboard } from './start.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });

const dashboard = await startDashboard({ port: Number(values.port ?? process.env['PORT'] ?? 3_000) });
console.log(`Typewire dashboard is running: ${dashboard.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void dashboard.close());
