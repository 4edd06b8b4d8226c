import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const file = fileURLToPath(new URL('./hovered-program.ts', import.meta.url));
const program = `
import { typewire } from '@typewire/server';
import { z } from 'zod';
import { createClient, safe } from '@typewire/client';

interface Context { readonly user: string }
interface Message { readonly from: string; readonly at: Date }
const t = typewire<Context>();
const room = t.channel({ params: z.object({ room: z.string() }), event: z.object({ text: z.string() }) });
const api = t.router({
  chat: {
    room,
    send: t
      .input(z.object({ room: z.string(), text: z.string().optional() }))
      .errors({ ROOM_FULL: z.object({ limit: z.number() }) })
      .mutation(async ({ input, ctx, fail }): Promise<Message> => {
        if (input.room === '') throw fail('ROOM_FULL', { limit: 50 });
        return { from: ctx.user, at: new Date() };
      }),
    find: t.input(z.object({ id: z.string() })).query(({ input: wanted }) => ({ id: wanted.id, size: 1 })),
    words: t.input(z.string()).stream(async function* ({ input: line }) { yield { word: line }; }),
  },
});
const wire = createClient<typeof api>({ url: '/wire' });

const sent = await wire.api.chat.send.mutate({ room: 'lobby' });
const found = await wire.api.chat.find.query({ id: '1' });
for await (const item of wire.api.chat.words.stream('a b')) void item;
const lobby = wire.api.chat.room.subscribe({ room: 'lobby' });
lobby.on('event', (event) => void event);
const result = await safe(wire.api.chat.send.mutate({ room: 'lobby' }));
if (!result.ok && result.error.code === 'ROOM_FULL') {
  const data = result.error.data;
  void data;
}
void [sent, found];
`;

/** What tells how the types are made, rather than what they are. */
const ours = /Zod|Schema|Procedure|Builder|ErrorData|ErrorInput/;

/** What an editor shows over the first character of `word`, where `text` stands; on one line. */
let hover: (text: string, word?: string) => string;

// The compiler reads all our sources once.
beforeAll(() => {
  const { config } = ts.readConfigFile(`${root}tsconfig.base.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => ({ ...options, noEmit: true, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'] }),
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot(name) {
      const text = name === file ? program : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
  });
  expect(service.getSemanticDiagnostics(file).map(({ messageText }) => messageText)).toEqual([]);
  hover = (text, word = text) => {
    const position = program.indexOf(text);
    expect(position, text).toBeGreaterThan(-1);
    const info = service.getQuickInfoAtPosition(file, position + text.indexOf(word));
    return ts.displayPartsToString(info?.displayParts).replace(/\s+/g, ' ');
  };
}, 120_000);

describe('an editor shows the types of the user', () => {
  it('over a call: what it takes, what it gives and how it fails, worked out from the schemas', () => {
    expect(hover('send.mutate', 'mutate')).toBe(
      '(method) MutationApi<{ room: string; text?: string | undefined; }, Message, { ROOM_FULL: { limit: number; }; }>' +
        '.mutate(input: { room: string; text?: string | undefined; }, options?: MutateOptions | undefined): ' +
        'CallPromise<Message, { ROOM_FULL: { limit: number; }; }>',
    );
    expect(hover('find.query', 'query')).toBe(
      '(method) QueryApi<{ id: string; }, { id: string; size: number; }, {}>' +
        '.query(input: { id: string; }, options?: CallOptions | undefined): CallPromise<{ id: string; size: number; }, {}>',
    );
    expect(hover('words.stream', 'stream')).toMatch(/: ItemStream<\{ word: string; \}>$/);
  });

  it('over what calls give', () => {
    expect(hover('sent =')).toBe('const sent: Message');
    expect(hover('found =')).toBe('const found: { id: string; size: number; }');
    expect(hover('item of')).toBe('const item: { word: string; }');
    // What a channel gives besides its events follows.
    expect(hover('lobby =')).toMatch(/^const lobby: Subscription<\{ text: string; \}, \{ text: string; \}, /);
    expect(hover('lobby =')).not.toMatch(ours);
    expect(hover('event) =>')).toBe('(parameter) event: { text: string; }');
  });

  it('over a failure', () => {
    expect(hover('result =')).toBe(
      'const result: SafeResult<Message, CallFailure<{ ROOM_FULL: { limit: number; }; }>>',
    );
    expect(hover('data =')).toBe('const data: { limit: number; }');
  });

  it('over what handlers are given', () => {
    expect(hover('{ input, ctx', 'input')).toBe('(parameter) input: { room: string; text?: string | undefined; }');
    expect(hover('ctx, fail', 'ctx')).toBe('(parameter) ctx: Context');
    expect(hover('ctx, fail', 'fail')).toBe('(parameter) fail: Fail<{ ROOM_FULL: { limit: number; }; }>');
    expect(hover('wanted })')).toBe('(parameter) wanted: { id: string; }');
    expect(hover('line })')).toBe('(parameter) line: string');
  });

  it('over the tree of a client: no schema, no builder', () => {
    expect(hover('api.chat.send', 'chat')).not.toMatch(ours);
  });
});
