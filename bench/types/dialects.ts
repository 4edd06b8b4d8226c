export type Dialect = 'typewire' | 'tRPC' | 'zod alone';

/** One call of the client, before it is spelled. */
export interface ClientCall {
  path: readonly [router: string, procedure: string];
  verb: 'query' | 'mutate';
  /** The input as source text. */
  input: string;
  /** Of the variable the result goes into. */
  name: string;
}

/** How one library spells the parts of the same program, as lines of source. */
interface Spelling {
  base: readonly string[];
  /** One member of a router, without its name. */
  procedure(verb: 'query' | 'mutation', schema: string): string;
  /** What joins members, or routers. */
  router: readonly [before: string, after: string];
  clientHead: readonly string[];
  call(call: ClientCall): readonly string[];
}

const handler = '({ input }) => ({ id: input.id, size: input.id.length, at: input.at })';

function awaited({ path, verb, input, name }: ClientCall): readonly string[] {
  return [
    `  const ${name} = await wire.${path.join('.')}.${verb}(${input});`,
    `  text += ${name}.id + ${name}.size.toFixed();`,
  ];
}

export const dialects: Readonly<Record<Dialect, Spelling>> = {
  typewire: {
    base: ["import { typewire } from '@typewire/server';", 'export const t = typewire<{ user: string }>();'],
    procedure: (verb, schema) => `t.input(${schema}).${verb}(${handler})`,
    router: ['t.router({', '})'],
    clientHead: [
      "import { createClient } from '@typewire/client';",
      "import type { api } from './api.ts';",
      "const wire = createClient<typeof api>({ url: 'ws://localhost' }).api;",
    ],
    call: awaited,
  },
  tRPC: {
    base: [
      "import { initTRPC } from '@trpc/server';",
      'export const t = initTRPC.context<{ user: string }>().create();',
    ],
    procedure: (verb, schema) => `t.procedure.input(${schema}).${verb}(${handler})`,
    router: ['t.router({', '})'],
    clientHead: [
      "import { createTRPCClient, httpLink } from '@trpc/client';",
      "import type { api } from './api.ts';",
      "const wire = createTRPCClient<typeof api>({ links: [httpLink({ url: 'http://localhost' })] });",
    ],
    call: awaited,
  },
  // What the schemas and handlers cost where no library stands between them: nobody can be below it.
  'zod alone': {
    base: [
      "import type { z } from 'zod';",
      'type Handler<Schema, Output> = (args: { input: z.output<Schema> }) => Output;',
      'export const t = <Schema extends z.ZodType, Output>(schema: Schema, handler: Handler<Schema, Output>) => ({ schema, handler });',
    ],
    procedure: (_verb, schema) => `t(${schema}, ${handler})`,
    router: ['{', '}'],
    clientHead: ["import type { z } from 'zod';", "import { api } from './api.ts';"],
    call: ({ path, input, name }) => {
      const member = path.map((part) => `['${part}']`).join('');
      return [
        `  const ${name}: z.input<(typeof api)${member}['schema']> = ${input};`,
        `  text += api.${path.join('.')}.handler({ input: ${name} }).id;`,
      ];
    },
  },
};
