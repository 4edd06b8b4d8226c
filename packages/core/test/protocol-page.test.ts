import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_TOPIC_BYTES } from '../src/channels/topic.ts';
import { CloseCode, isTerminalClose } from '../src/close-codes.ts';
import { MAX_ATTACHMENTS, MAX_BATCH, MAX_PATH_LENGTH } from '../src/message/limits.ts';
import { MessageType } from '../src/message/messages.ts';
import { MAX_DEPTH } from '../src/message/plain-json.ts';
import { MAX_BIGINT_DIGITS } from '../src/message/sendable.ts';
import { batchVectors, messageVectors, vectorNames } from './support/vectors.ts';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

/** The text from a heading to the next one, or `null`. */
function section(heading: string): string | null {
  const sections = page.split(/^(?=#{2,3} )/m);
  return sections.find((text) => text.startsWith(`${heading}\n`)) ?? null;
}

/** The vectors a section names. */
function vectorsIn(text: string | null): string[] {
  const list = /^Vectors: ([^.]*)\./m.exec(text ?? '')?.[1] ?? '';
  return [...list.matchAll(/`([^`]+)`/g)].map(([, name]) => (name as string).replace(/\s+/g, ' '));
}

describe.each(Object.entries(MessageType))('the page on %s', (name, type) => {
  const text = section(`### ${name} (${type})`);

  it('has a section with the number, the shape and the direction', () => {
    expect(text).toMatch(new RegExp(`^\`\\[${type}[,\\]].*\` · (client → server|server → client|both ways)$`, 'm'));
  });

  it('names each of its vectors, and no other', () => {
    const own = messageVectors.filter(({ message }) => message[0] === type).map((vector) => vector.name);

    expect(vectorsIn(text)).toEqual(own);
  });
});

describe('the page', () => {
  it('has no section for a message that does not exist', () => {
    const headings = [...page.matchAll(/^### (\w+) \((\d+)\)$/gm)].map(([, name, type]) => [name, Number(type)]);

    expect(headings.sort()).toEqual(Object.entries(MessageType).sort());
  });

  it('names the vectors of batches', () => {
    expect(vectorsIn(section('## Batches'))).toEqual(batchVectors.map(({ name }) => name));
  });

  it('names every vector somewhere', () => {
    const text = page.replace(/\s+/g, ' ');

    expect(vectorNames.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it.each([
    ['messages in a batch', MAX_BATCH],
    ['attachments of a message', MAX_ATTACHMENTS],
    ['nesting of a value', MAX_DEPTH],
    ['path', MAX_PATH_LENGTH],
    ['canonical name of a topic', MAX_TOPIC_BYTES],
    ['digits of a BigInt', MAX_BIGINT_DIGITS],
  ])('states the limit of %s as it is', (what, limit) => {
    expect(section('## Limits')).toContain(`| ${what} | ${limit.toLocaleString('en')}`);
  });

  it.each(Object.entries(CloseCode).filter(([, code]) => code !== CloseCode.Abnormal))(
    'says of close code %s what a client does',
    (_name, code) => {
      const row = (section('## Close codes') ?? '')
        .split('\n')
        .find((line) => new RegExp(`^\\|[^|]*\\b${code}\\b`).test(line));

      expect(row).toMatch(isTerminalClose(code) ? /stays away/ : /comes back/);
    },
  );
});

it('links only to sections and files that exist', () => {
  const anchors = [...page.matchAll(/^#{1,3} (.+)$/gm)].map(([, title]) =>
    (title as string)
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replace(/ /g, '-'),
  );
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target as string);

  for (const link of links) {
    if (link.startsWith('#')) expect(anchors).toContain(link.slice(1));
    else expect(readFileSync(new URL(link, new URL('../../../docs/', import.meta.url)), 'utf8')).not.toBe('');
  }
});
