import { type BuildOptions, build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { numberTexts, readNumbers, textsOf } from '../tsup.error-texts.ts';
import { inlineCodes } from '../tsup.inline-codes.ts';

/** Runs as it does in a page: bundled, minified, with what `#texts` leads to there. */
async function createClientOf(texts: 'full' | 'short'): Promise<(options: object) => unknown> {
  const options: BuildOptions = {
    entryPoints: ['packages/client/src/json.ts'],
    alias: { '#texts': `./packages/client/src/texts/${texts}.ts` },
    plugins: [inlineCodes as unknown as Plugin],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    conditions: ['@typewire/source'],
  };
  const [file] = (await build(options)).outputFiles ?? [];
  return (await import(`data:text/javascript,${encodeURIComponent(file?.text ?? '')}`)).createClient;
}

describe('texts of errors', () => {
  it('are found with what is put into them', () => {
    const text = '`keep is a count above 0: $' + '{keep}, not $' + '{typeof keep}`';
    const source = `throw new UsageError('BAD_OPTION', ${text}); malformed('short');`;
    expect(textsOf(source)).toMatchObject([
      { text: 'keep is a count above 0: {1}, not {2}', values: ['keep', 'typeof keep'] },
    ]);
  });

  it('stay whole without a number, and where a call has failed', () => {
    const source =
      "throw new CallError('TIMEOUT', 'no answer came within the time given'); malformed('not seen before');";
    expect(numberTexts(source, new Map([['no answer came within the time given', 1]]))).toBe(source);
  });

  it('keep the lines of their module', () => {
    const source = "first();\nthrow malformed(\n  'the fields are not those of it',\n);\nlast();";
    const numbered = numberTexts(source, new Map([['the fields are not those of it', 7]]));
    expect(numbered.split('\n').indexOf('last();')).toBe(4);
    expect(numbered).toContain("FULL_TEXTS ? 'the fields are not those of it' : `typewire#7`");
  });

  it('have a number each on the page', () => {
    const numbers = readNumbers();
    expect(numbers.size).toBeGreaterThan(70);
    expect(new Set(numbers.values()).size).toBe(numbers.size);
  });

  it('are given whole, and by number in a page for production', async () => {
    const options = { url: '/wire', callTimeoutMs: -1 };
    const text = '{1} must be a number above 0; Infinity means no limit';
    const full = await createClientOf('full');
    expect(() => full(options)).toThrow(text.replace('{1}', 'callTimeoutMs'));
    const short = await createClientOf('short');
    const error = {
      name: 'UsageError',
      code: 'BAD_OPTION',
      message: `typewire#${readNumbers().get(text)} callTimeoutMs`,
    };
    expect(() => short(options)).toThrow(expect.objectContaining(error));
  });
});
