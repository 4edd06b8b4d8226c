import { parseArgs } from 'node:util';
import { runCases } from './autobahn-client.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { agent: { type: 'string', default: 'typewire' } },
});
const [url] = positionals;
if (url === undefined) {
  console.error('usage: npm run echo-client -- ws://127.0.0.1:9001');
  process.exitCode = 2;
} else {
  await runCases(url, { agent: values.agent, log: (line) => console.log(line) });
}
