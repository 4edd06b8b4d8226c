import { readFileSync } from 'node:fs';

/** What a reader of a page does next: write a file, run a command and wait for it, or start one in a terminal that stays open. */
export type Step =
  | { readonly kind: 'write'; readonly path: string; readonly text: string; readonly line: number }
  | { readonly kind: 'run' | 'start'; readonly command: string; readonly line: number };

interface Heading {
  readonly depth: number;
  readonly text: string;
}

/**
 * The steps of a page for a reader who takes one of its ways, such as `React`.
 *
 * A block whose title is a path (`ts [server/main.ts]`) is a file. Lines of an `sh` block are commands; under a title
 * that ends in `terminal` they go on running. What stands below a heading, or in a tab, that bears the name of another
 * way is left out. Blocks of code without a title are there to be read.
 */
export function readSteps(path: URL, ways: readonly string[], way: string): Step[] {
  if (!ways.includes(way)) throw new Error(`${path.pathname} has no way called ${way}, but ${ways.join(', ')}`);
  const lines = readFileSync(path, 'utf8').split('\n');
  const steps: Step[] = [];
  let above: Heading[] = [];
  for (let at = 0; at < lines.length; at++) {
    const heading = /^(#+) (.*)$/.exec(lines[at] ?? '');
    if (heading !== null) {
      const [, marks = '', text = ''] = heading;
      above = [...above.filter(({ depth }) => depth < marks.length), { depth: marks.length, text }];
      continue;
    }
    const fence = /^```(\w+)[^[]*(?:\[(.*)\])?$/.exec(lines[at] ?? '');
    if (fence === null) continue;
    const [, language = '', title = ''] = fence;
    const end = lines.indexOf('```', at + 1);
    const body = lines.slice(at + 1, end);
    const isOther = (name: string) => name !== way && ways.includes(name);
    if (!isOther(title) && !above.some(({ text }) => isOther(text)))
      steps.push(...toSteps(language, title, body, at + 1));
    at = end;
  }
  return steps;
}

function toSteps(language: string, title: string, body: readonly string[], line: number): Step[] {
  if (language === 'sh') {
    const kind = /terminal$/i.test(title) ? 'start' : 'run';
    return body.filter((text) => text !== '').map((command, index) => ({ kind, command, line: line + index + 1 }));
  }
  // A reader is not shown what stands above the cut, nor compiler notes.
  const shown = body.slice(body.indexOf('// ---cut---') + 1).filter((text) => !/^\s*\/\/ {1,}\^\?/.test(text));
  return /^[\w./-]+\.\w+$/.test(title) ? [{ kind: 'write', path: title, text: `${shown.join('\n')}\n`, line }] : [];
}
