// Writes what `require` is given next to what `import` is given: for each `dist/*.js` a `.cjs`, for each `.d.ts` a `.d.cts`.
// Run in a package, after its build.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { transform } from 'esbuild';

const dist = 'dist';
const files = readdirSync(dist, { recursive: true }).map((name) => `${dist}/${name}`);

for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
  const text = readFileSync(file, 'utf8')
    .replace(/((?:from |import |import\()['"]\.[^'"]*)\.ts(['"])/g, '$1.cts$2')
    .replace(/\n\/\/# sourceMappingURL=.*/, '');
  writeFileSync(file.replace(/\.ts$/, '.cts'), text);
}

for (const file of files.filter((name) => name.endsWith('.js'))) {
  const { code, map } = await transform(withInlineMap(file), {
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    sourcefile: file,
    sourcemap: 'external',
  });
  const target = file.replace(/\.js$/, '.cjs');
  const own = code
    .replace(/\brequire\("(\.[^"]*)\.js"\)/g, 'require("$1.cjs")')
    // One copy of each module: an `import()` would bring those of the other format with it.
    .replace(/\bimport\("(\.[^"]*)\.js"\)/g, 'Promise.resolve().then(() => require("$1.cjs"))');
  writeFileSync(target, `${own}//# sourceMappingURL=${target.split('/').at(-1)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

/** esbuild reads the map of what it is given only when it stands in the text. */
function withInlineMap(file) {
  const map = readFileSync(`${file}.map`).toString('base64');
  const text = readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, '');
  return `${text}\n//# sourceMappingURL=data:application/json;base64,${map}`;
}
