import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startDemoDevices } from './demo-devices.ts';
import { startRemote } from './start.ts';
import { createToken } from './tokens.ts';

const { values } = parseArgs({ options: { port: { type: 'string' }, 'demo-devices': { type: 'string' } } });
const secret = process.env['SECRET'] ?? randomBytes(32).toString('base64url');

const remote = await startRemote({ port: Number(values.port ?? process.env['PORT'] ?? 3_000), secret });
const operator = createToken(secret, { role: 'operator', name: 'ann' });
const device = createToken(secret, { role: 'device', name: 'laptop' });
console.log(`Typewire remote is running: ${remote.url}

  The operator's page:      ${remote.url}/#token=${operator}
  The same for a device,
  which may do nothing:     ${remote.url}/#token=${device}
  A device of your own:     TOKEN=${device} npm run device --workspace examples/remote -- --url ${remote.url}
`);
startDemoDevices(Number(values['demo-devices'] ?? 0), remote.url, secret);

// Once: whoever asks a second time does not want to wait.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('Leaving; clients come back when there is a server again.');
    void remote.close().then(() => process.exit());
  });
}
