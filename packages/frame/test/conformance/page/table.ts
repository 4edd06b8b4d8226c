import { requestRules } from '../handshake/request-rules.ts';
import { responseRules } from '../handshake/response-rules.ts';
import { rules } from '../rules.ts';
import { otherTests } from './other-tests.ts';

const groups: readonly (readonly [prefix: string, heading: string])[] = [
  ['request', 'The request that opens a connection'],
  ['response', 'The answer to it'],
  ['framing', 'Framing'],
  ['masking', 'Masking'],
  ['control', 'Pings and pongs'],
  ['reserved', 'Reserved bits'],
  ['opcode', 'Reserved opcodes'],
  ['fragmentation', 'Fragmentation'],
  ['utf8', 'Text'],
  ['closing', 'Closing'],
  ['limits', 'Limits and large messages'],
];

interface Row {
  readonly id: string;
  readonly section: string;
  readonly title: string;
  readonly by: string;
}

const byBoth = ['server', 'client'];

const rows: readonly Row[] = [
  ...requestRules.map((rule) => ({ ...rule, by: 'server' })),
  ...responseRules.map((rule) => ({ ...rule, by: 'client' })),
  ...rules.map(({ id, section, title, roles = byBoth }) => ({ id, section, title, by: roles.join(', ') })),
];

/** Marks in the page between which the tables stand. */
export const tableMarks = ['<!-- rules: begin -->', '<!-- rules: end -->'] as const;

/** The tables of the page, from the data that the tests play. */
export function renderTables(): string {
  const known = new Set(groups.map(([prefix]) => prefix));
  const lost = rows.filter(({ id }) => !known.has(prefixOf(id)));
  if (lost.length > 0) throw new Error(`no heading for ${lost.map(({ id }) => id).join(', ')}`);
  const ofData = groups.map(([prefix, heading]) => {
    const own = rows.filter(({ id }) => prefixOf(id) === prefix);
    const lines = own.map(
      ({ id, section, title, by }) => `| \`${id}\` | ${sign(section)} | ${escaped(title)} | ${by} |`,
    );
    return [`### ${heading}`, '', '| test | section | rule | played by |', '|---|---|---|---|', ...lines].join('\n');
  });
  const others = otherTests.map(
    ({ section, title, file, test }) => `| ${sign(section)} | ${title} | \`${file}\`: ${escaped(test)} |`,
  );
  const ofOthers = ['### With tests of their own', '', '| section | rule | test |', '|---|---|---|', ...others];
  return [...ofData, ofOthers.join('\n')].join('\n\n');
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}

function sign(section: string): string {
  return section.startsWith('RFC') ? section : `§${section}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('__', '\\_\\_').replaceAll('*', '\\*');
}
