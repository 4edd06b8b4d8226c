export interface BenchRequest {
  suite: string;
  /** Counted rounds; one more runs first and is thrown away. */
  rounds: number;
  /** A quarter of the messages: good for "does it run", not for a figure to quote. */
  quick: boolean;
  /** Where the rows go as JSON; `null` prints the table only. */
  jsonFile: string | null;
  /** Runs only the cases whose name contains this; `''` is all of them. */
  caseFilter: string;
  pin: 'separate-cores' | 'none';
}

const defaultRounds = 7;
const quickRounds = 3;
const maxRounds = 100;

/** `null` when the line makes no sense; the caller prints {@link usage}. */
export function readArguments(words: readonly string[]): BenchRequest | null {
  const request: BenchRequest = {
    suite: '',
    rounds: 0,
    quick: false,
    jsonFile: null,
    caseFilter: '',
    pin: 'separate-cores',
  };
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--quick') request.quick = true;
    else if (word === '--no-pin') request.pin = 'none';
    else if (word === '--rounds' || word === '--json' || word === '--case') {
      const value = rest.shift();
      if (value === undefined || value.startsWith('--')) return null;
      if (word === '--json') request.jsonFile = value;
      else if (word === '--case') request.caseFilter = value;
      else if (isRoundCount(value)) request.rounds = Number(value);
      else return null;
    } else if (word.startsWith('-') || request.suite !== '') return null;
    else request.suite = word;
  }
  if (request.suite === '') return null;
  if (request.rounds === 0) request.rounds = request.quick ? quickRounds : defaultRounds;
  return request;
}

export function usage(suites: readonly string[]): string {
  return [
    `npm run bench -- <${suites.join(' | ')}> [options]`,
    `  --rounds N   counted rounds (default ${defaultRounds}, with --quick ${quickRounds})`,
    '  --quick      a quarter of the messages',
    '  --case TEXT  only the cases whose name contains TEXT',
    '  --json FILE  also write the rows as JSON',
    '  --no-pin     leave the choice of cores to the system',
  ].join('\n');
}

function isRoundCount(text: string): boolean {
  return /^[1-9]\d*$/.test(text) && Number(text) <= maxRounds;
}
