import { type ConnectOptions, connect } from '@typewire/node';
import { echo, echoCompression, echoLimits } from './echo-limits.ts';

/** Options of {@link runCases}. */
export interface RunCasesOptions {
  /** Name of ours in the server's report. @default 'typewire' */
  agent?: string;
  /** Told about each step. @default () => {} */
  log?: (line: string) => void;
}

/**
 * Plays the client of an Autobahn fuzzing server: asks how many cases there are, echoes through each of them until the
 * server closes, and asks for the report. A case in which connecting fails is logged, since that too may be the case.
 */
export async function runCases(url: string, options: RunCasesOptions = {}): Promise<number> {
  const { agent = 'typewire', log = () => {} } = options;
  const caseCount = await readCaseCount(new URL('/getCaseCount', url));
  log(`${caseCount} cases`);
  for (let number = 1; number <= caseCount; number++) {
    const address = new URL('/runCase', url);
    address.searchParams.set('case', String(number));
    address.searchParams.set('agent', agent);
    const outcome = await echoUntilClosed(address).catch((error: unknown) => String(error));
    log(`case ${number} of ${caseCount}: ${outcome}`);
  }
  const report = new URL('/updateReports', url);
  report.searchParams.set('agent', agent);
  await echoUntilClosed(report);
  return caseCount;
}

const connectOptions: ConnectOptions = { ...echoLimits, perMessageDeflate: echoCompression };

async function readCaseCount(url: URL): Promise<number> {
  const connection = await connect(url, connectOptions);
  const text = await new Promise<string>((resolve, reject) => {
    connection.on('message', (message) => resolve(String(message)));
    connection.on('closed', () => reject(new Error('the server closed before it told the number of cases')));
  });
  connection.close();
  const caseCount = Number(text);
  if (!Number.isInteger(caseCount) || caseCount < 0) throw new Error('the server did not tell a number of cases');
  return caseCount;
}

async function echoUntilClosed(url: URL): Promise<string> {
  const connection = await connect(url, connectOptions);
  return new Promise((resolve) => {
    connection.on('closed', ({ code }) => resolve(`closed with ${code}`));
    echo(connection);
  });
}
