import { parseArgs } from 'node:util';
import { startGame } from './start.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });

const game = await startGame({ port: Number(values.port ?? process.env['PORT'] ?? 3_000) });
console.log(`Typewire game is running: ${game.url}`);

// Once: whoever asks a second time does not want to wait.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('Leaving; clients come back when there is a server again.');
    void game.close();
  });
}
