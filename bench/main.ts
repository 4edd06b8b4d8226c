import { readArguments, usage } from './harness/arguments.ts';
import { runSuite } from './harness/run-suite.ts';
import { isSuiteName, suiteNames, suites } from './suites.ts';

const request = readArguments(process.argv.slice(2));
if (request === null || !isSuiteName(request.suite)) {
  console.error(usage(suiteNames));
  process.exitCode = 2;
} else {
  const suite = await suites[request.suite]();
  const complete = await runSuite(suite, request);
  process.exitCode = complete ? 0 : 1;
}
