// Gives texts of errors that are new a number, in the page of them: `npm run error-texts`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { page, readNumbers, textsOf } from '../tsup.error-texts.ts';

const folders = ['packages/core/src', 'packages/client/src'];
const markdown = readFileSync(page, 'utf8').trimEnd();
const numbers = readNumbers(markdown);
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
);
const texts = files
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .flatMap((name) => textsOf(readFileSync(name, 'utf8')).map(({ text }) => text));

let last = Math.max(0, ...numbers.values());
const added = [...new Set(texts)].filter((text) => !numbers.has(text));
const rows = added.map((text) => `| ${++last} | ${text.replaceAll('|', '\\|')} |`);
writeFileSync(page, `${[markdown, ...rows].join('\n')}\n`);
console.log(`${added.length} new texts, ${last} in all`);
