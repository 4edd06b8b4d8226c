// Prints the closing line of a test run from its JSON report, and fails where a green run would mislead:
// when nothing ran, or when a test was skipped because a browser or server was missing.
import { existsSync, readFileSync } from 'node:fs';

const [path, runnerStatus] = process.argv.slice(2);
if (!existsSync(path)) {
  console.error('the test run left no report');
  process.exit(1);
}
const report = JSON.parse(readFileSync(path, 'utf8'));
const tests = report.testResults.flatMap((file) => file.assertionResults);
const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
const passed = count('passed');
const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
const failed = count('failed') + brokenFiles.length;
const skipped = tests.length - passed - count('failed');

const problems = [];
if (passed === 0) problems.push('no test ran');
for (const { name } of brokenFiles) problems.push(`${name} could not be run`);
for (const test of tests.filter(({ status }) => status !== 'passed' && status !== 'failed')) {
  problems.push(`skipped: ${test.fullName}`);
}
const browserTests = report.testResults.filter(({ name }) => name.endsWith('.browser.test.ts'));
if (browserTests.length === 0) problems.push('the browser tests did not run: is there a Chromium at CHROMIUM_PATH?');
for (const problem of problems) console.error(problem);

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (Number(runnerStatus) !== 0 || failed > 0 || problems.length > 0) process.exit(1);
