import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { expand } from './documentation/paths.ts';

// A package is published from its own folder: what stands in the root does not come along.
it.each(expand('packages/*'))('the licence is in the tarball of %s', (folder) => {
  const file = `${folder}/LICENSE`;
  expect(existsSync(file) && readFileSync(file, 'utf8')).toBe(readFileSync('LICENSE', 'utf8'));
});
