import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyFrom, inEmptyFolder, newProject, packAll, runIn } from './packed.ts';

// What is published, as a user of each format and of each TypeScript gets it.
const compilers = { 'typescript-5.9': '5.9.3', 'typescript-6': '6.0.3', 'typescript-7': '7.0.2' };
const all = [
  { module: 'node16', moduleResolution: 'node16' },
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
];
// The strictest of them alone: the others take what it takes.
const resolutions = process.argv.includes('--sample') ? all.slice(0, 1) : all;
const expected = '{"sum":3,"text":"hello","isDate":true,"limit":1,"again":4}\n';

await inEmptyFolder(async (folder) => {
  const tarballs = await packAll(folder);
  for (const type of ['module', 'commonjs'] as const) {
    const project = join(folder, type);
    const aliases = Object.entries(compilers).map(([name, version]) => [name, `npm:typescript@${version}`]);
    await newProject(project, tarballs, {
      type,
      dependencies: {
        '@typewire/client': '*',
        '@typewire/server': '*',
        '@types/node': '20.19.25',
        zod: '4.6.7',
        ...Object.fromEntries(aliases),
      },
    });
    await copyFrom(new URL('consumer/', import.meta.url), project, ['api.ts', 'use.ts']);
    for (const name of Object.keys(compilers)) {
      for (const resolution of resolutions) {
        // Libraries are checked too: a declaration of ours that does not hold by itself is a user's error.
        const options = { ...resolution, target: 'es2022', strict: true, skipLibCheck: false, types: ['node'] };
        const outDir = `out-${name}-${resolution.module}`;
        await writeFile(
          join(project, 'tsconfig.json'),
          JSON.stringify({ compilerOptions: { ...options, outDir }, files: ['use.ts'] }),
        );
        await runIn(project, process.execPath, [`node_modules/${name}/bin/tsc`, '-p', '.']);
        const said =
          resolution.moduleResolution === 'bundler' && type === 'commonjs'
            ? expected // It writes `import`, which a bundler would bundle.
            : await runIn(project, process.execPath, [`${outDir}/use.js`]);
        if (said !== expected) throw new Error(`${type}, ${name}, ${resolution.module}: it said ${said}`);
        console.log(`${type}, ${name}, ${resolution.moduleResolution}: compiles and runs`);
      }
    }
  }
});
