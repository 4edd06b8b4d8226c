import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import oldest from './package.json' with { type: 'json' };

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe.each([
  { name: 'react', framework: 'React' },
  { name: 'vue', framework: 'Vue' },
] as const)('@typewire/$name', ({ name, framework }) => {
  const { peerDependencies } = JSON.parse(read(`packages/${name}/package.json`));
  const promised = String(peerDependencies[name]).replace('>=', '');

  it('is tested with the oldest version that its manifest promises', () => {
    expect(existsSync(new URL(`test/oldest/node_modules/${name}/package.json`, root))).toBe(true);
    expect(oldest.dependencies[name]).toBe([...promised.split('.'), '0', '0'].slice(0, 3).join('.'));
  });

  it.each([`packages/${name}/README.md`, `docs/guide/${name}.md`])('promises the same in %s', (page) => {
    expect(read(page)).toContain(`${framework} ${promised} or newer`);
  });
});
