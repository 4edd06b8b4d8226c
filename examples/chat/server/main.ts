import { parseArgs } from 'node:util';
import { startChat } from './start.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });

const chat = await startChat({ port: Number(values.port ?? process.env['PORT'] ?? 3_000) });
console.log(`Typewire chat is running: ${chat.url}`);

// Once: whoever asks a second time does not want to wait.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('Leaving; clients come back when there is a server again.');
    void chat.close();
  });
}
