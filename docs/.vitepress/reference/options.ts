import ts from 'typescript';
import { entryPoints } from './entry-points.ts';

interface Option {
  readonly name: string;
  readonly isRequired: boolean;
  /** Its type as the source has it. */
  readonly written: string;
  readonly unit: string;
  readonly fallback: string;
  readonly text: string;
}

interface OptionGroup {
  readonly package: string;
  readonly name: string;
  readonly text: string;
  readonly options: readonly Option[];
}

/** The page of every option: whatever interface of a package's sources says a `@default`, as its docstrings have it. */
export function describeOptions(program: ts.Program): string {
  const groups = readGroups(program);
  const packages = [...new Set(groups.map((group) => group.package))];
  return [
    '---',
    'pageClass: wide options',
    '---',
    '',
    '# Options and defaults',
    '',
    'Made from the sources: every option there is, with its unit and its default. Durations are in milliseconds and end in `Ms`; sizes say what they count. `Infinity` switches a limit off.',
    ...packages.flatMap((name) => [
      '',
      `## ${name}`,
      ...groups.filter((group) => group.package === name).flatMap((group) => writeGroup(group, groups)),
    ]),
    '',
  ].join('\n');
}

/** First in each package what its users begin with. */
const first = ['WireSettings', 'ClientOptions'];

function readGroups(program: ts.Program): OptionGroup[] {
  const checker = program.getTypeChecker();
  const names = [...new Set(entryPoints.map(({ file }) => file.split('/').slice(0, 3).join('/')))];
  const used = usersInterfaces(program);
  return names.flatMap((folder) =>
    used
      .filter((declaration) => declaration.getSourceFile().fileName.includes(`/${folder}/`))
      .map((declaration) => readGroup(checker, `@typewire/${folder.split('/')[1]}`, declaration))
      .filter(({ options }) => options.some(({ fallback }) => fallback !== ''))
      .sort((a, b) => Number(first.includes(b.name)) - Number(first.includes(a.name))),
  );
}

/** Interfaces that packages export, and those by which these are made: who writes options writes them, too. */
function usersInterfaces(program: ts.Program): ts.InterfaceDeclaration[] {
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  const found: ts.InterfaceDeclaration[] = [];
  const take = (given: ts.Symbol | undefined): void => {
    if (given === undefined) return;
    const symbol = given.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(given) : given;
    if (seen.has(symbol)) return;
    seen.add(symbol);
    for (const declaration of symbol.declarations ?? []) {
      const isInterface = ts.isInterfaceDeclaration(declaration);
      if (!isInterface && !ts.isTypeAliasDeclaration(declaration)) continue;
      if (!declaration.getSourceFile().fileName.includes('/packages/')) continue;
      if (isInterface) found.push(declaration);
      visit(declaration);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) take(checker.getSymbolAtLocation(node.typeName));
    if (ts.isExpressionWithTypeArguments(node)) take(checker.getSymbolAtLocation(node.expression));
    ts.forEachChild(node, visit);
  };
  for (const { file } of entryPoints) {
    const source = program.getSourceFiles().find(({ fileName }) => fileName.endsWith(`/${file}`));
    const module = source && checker.getSymbolAtLocation(source);
    if (module !== undefined) checker.getExportsOfModule(module).forEach(take);
  }
  return found;
}

function readGroup(checker: ts.TypeChecker, name: string, declaration: ts.InterfaceDeclaration): OptionGroup {
  const symbol = checker.getSymbolAtLocation(declaration.name);
  const options = declaration.members.filter(ts.isPropertySignature).map((member) => readOption(checker, member));
  return {
    package: name,
    name: declaration.name.text,
    text: firstSentence(symbol === undefined ? '' : plain(symbol.getDocumentationComment(checker))),
    options: options.filter(({ name: option }) => !option.startsWith("'")),
  };
}

function readOption(checker: ts.TypeChecker, member: ts.PropertySignature): Option {
  const symbol = checker.getSymbolAtLocation(member.name);
  const tag = symbol?.getJsDocTags(checker).find(({ name }) => name === 'default');
  const name = member.name.getText();
  return {
    name,
    isRequired: member.questionToken === undefined,
    written: member.type?.getText() ?? '',
    unit: unitOf(name, checker.typeToString(checker.getTypeAtLocation(member)), member.type?.getText() ?? ''),
    fallback: tag === undefined ? '' : plain(tag.text ?? []),
    text: symbol === undefined ? '' : plain(symbol.getDocumentationComment(checker)),
  };
}

/** What a value counts, by the endings that names have here; of what is no number its type. */
function unitOf(name: string, type: string, written: string): string {
  if (/^number(?: \| undefined)?$/.test(type)) {
    if (name === 'code') return 'close code';
    if (name.endsWith('Ms')) return 'milliseconds';
    if (name.endsWith('Bytes')) return 'bytes';
    if (/(?:Length|Size)$/.test(name)) return 'characters';
    return 'a count';
  }
  const short = written.replaceAll(/\s+/g, ' ');
  return short.length <= 48 ? code(short) : /=>/.test(short) ? 'a function' : code(type.length <= 48 ? type : 'object');
}

function writeGroup({ name, text, options }: OptionGroup, groups: readonly OptionGroup[]): string[] {
  const known = new Set(groups.map((group) => group.name));
  return [
    '',
    `### ${name}`,
    '',
    escapeHtml(text),
    '',
    '| option | unit or type | default | |',
    '|---|---|---|---|',
    ...options.map(
      (option) =>
        `| \`${option.name}\` | ${option.unit} | ${option.isRequired ? 'required' : writeDefault(option, known)} | ${cell(option.text)} |`,
    ),
  ];
}

function writeDefault({ fallback: text, written }: Option, known: ReadonlySet<string>): string {
  if (text === '') return known.has(written) ? `[as below](#${written.toLowerCase()})` : 'none';
  return /^(?:[\d_.]+|'[^']*'|true|false|Infinity|\w+Jitter|undefined|null|`[^`]*`)$/.test(text)
    ? code(text.replaceAll('`', '').replaceAll('_', ','))
    : cell(text);
}

function code(text: string): string {
  return `<code v-pre>${escapeHtml(text).replaceAll('|', '&#124;')}</code>`;
}

function cell(text: string): string {
  return escapeHtml(text.replaceAll(/\s*\n\s*/g, ' ')).replaceAll('|', '\\|');
}

/** Vue reads a page as a template: what looks like a tag outside of code would be one. */
function escapeHtml(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;{')))
    .join('');
}

function plain(parts: readonly ts.SymbolDisplayPart[]): string {
  return parts
    .map(({ kind, text }) =>
      kind === 'link' ? '' : kind === 'linkName' || kind === 'linkText' ? `\`${text.trim()}\`` : text,
    )
    .join('')
    .trim();
}

function firstSentence(text: string): string {
  return /^[\s\S]*?[.:](?=\s|$)/.exec(text)?.[0].replaceAll(/\s*\n\s*/g, ' ') ?? text;
}
