import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The page that gives each text its number. `npm run error-texts` adds what is new; no number is ever given twice. */
export const page: URL = new URL('docs/error-numbers.md', import.meta.url);

/** Where the text stands among the arguments of what makes the errors that are for whoever writes the program. */
const textAt: Readonly<Record<string, number>> = {
  UsageError: 1,
  ProtocolError: 1,
  malformed: 0,
};

/** Shorter ones are as good as a number. */
const MIN_LENGTH = 16;

export interface ErrorText {
  /** With `{1}`, `{2}` … for what is put in at run time. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Source of what is put in. */
  readonly values: readonly string[];
}

/** The texts of errors in a module, in order. */
export function textsOf(source: string): ErrorText[] {
  const file = ts.createSourceFile('module.ts', source, ts.ScriptTarget.ESNext, true);
  const texts: ErrorText[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return;
    const at = ts.isIdentifier(node.expression) ? textAt[node.expression.text] : undefined;
    const argument = at === undefined ? undefined : node.arguments?.[at];
    const found = argument && read(argument);
    if (found && found.text.length >= MIN_LENGTH) texts.push(found);
  };
  visit(file);
  return texts.sort((left, right) => left.start - right.start);
}

function read(argument: ts.Expression): ErrorText | undefined {
  const place = { start: argument.getStart(), end: argument.getEnd() };
  if (ts.isStringLiteralLike(argument)) return { ...place, text: argument.text, values: [] };
  if (!ts.isTemplateExpression(argument)) return undefined;
  const values = argument.templateSpans.map(({ expression }) => expression.getText());
  const parts = argument.templateSpans.map(({ literal }, index) => `{${index + 1}}${literal.text}`);
  return { ...place, text: argument.head.text + parts.join(''), values };
}

/** The numbers of texts, as the page has them. */
export function readNumbers(markdown: string = readFileSync(page, 'utf8')): Map<string, number> {
  const rows = markdown.matchAll(/^\| (\d+) \| (.*) \|$/gm);
  return new Map([...rows].map(([, number, text]) => [(text as string).replaceAll('\\|', '|'), Number(number)]));
}

/**
 * Has a module give texts in full, and only their numbers in a page's build for production: `#texts` says which. A text
 * without a number stays as it is. Lines stay where they are.
 */
export function numberTexts(source: string, numbers: ReadonlyMap<string, number>): string {
  let result = source;
  for (const { text, start, end, values } of textsOf(source).reverse()) {
    const number = numbers.get(text);
    if (number === undefined) continue;
    const short = `\`typewire#${number}${values.map((value) => ` \${${value}}`).join('')}\``;
    result = `${result.slice(0, start)}FULL_TEXTS ? ${source.slice(start, end)} : ${short}${result.slice(end)}`;
  }
  if (result === source || source.includes("from '#texts'")) return result;
  return `${result}\nimport { FULL_TEXTS } from '#texts';\n`;
}
