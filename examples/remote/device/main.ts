import { parseArgs } from 'node:util';
import { startDevice } from './device.ts';

const { values } = parseArgs({ options: { url: { type: 'string' }, 'with-parent': { type: 'boolean' } } });
const token = process.env['TOKEN'];
if (token === undefined) throw new Error('the variable TOKEN holds the token of the device, which the server prints');

const wire = startDevice({ url: values.url ?? 'http://localhost:3000', token });
let shown = '';
wire.on('status', ({ state, error }) => {
  const text = error === null ? state : `${state}: ${error.message}`;
  if (text !== shown) console.log(text);
  shown = text;
});
// Whose pipe ends has lost the program that started it.
if (values['with-parent']) process.stdin.resume().once('end', () => process.exit());
