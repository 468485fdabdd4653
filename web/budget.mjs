// What the rider's app weighs: all the JavaScript that it can come to load, gzipped, but for the map library, must stay within the budget; and what
// the first screen needs must not have the map library among it, and must come in few files.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 350, FIRST_KB = 130, FIRST_FILES = 5;
const dist = join(dirname(fileURLToPath(import.meta.url)), 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const isMap = (file) => /\/maplibre-/.test(file);

/** The scripts that a chunk leads to; `lazy` follows what is loaded later, too. */
function scripts(name, lazy, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const next of [...(chunk.imports ?? []), ...(lazy ? chunk.dynamicImports ?? [] : [])]) scripts(next, lazy, seen);
  return seen;
}
const weigh = (files) => [...files].filter((file) => file.endsWith('.js') && !isMap(file)).reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0) / 1000;

// The page itself only paints what stood there the last time, and imports the app.
const first = new Set(['index.html', ...manifest['index.html'].dynamicImports].flatMap((name) => [...scripts(name, false)]));
const all = scripts('index.html', true);
const early = [...first].filter(isMap);
process.stdout.write(`rider's JavaScript: ${weigh(first).toFixed(1)} kB gzip at first, ${weigh(all).toFixed(1)} kB in all without the map library (budget ${BUDGET_KB} kB)\n`);
if (early.length > 0) process.stderr.write(`the first screen waits for the map library: ${early.join(', ')}\n`);
if (weigh(all) > BUDGET_KB) process.stderr.write(`that is above the budget of ${BUDGET_KB} kB\n`);
const isHeavy = weigh(first) > FIRST_KB || first.size > FIRST_FILES;
if (isHeavy) process.stderr.write(`the first screen takes ${first.size} files and ${weigh(first).toFixed(1)} kB: above ${FIRST_FILES} files or ${FIRST_KB} kB\n`);
process.exitCode = early.length > 0 || weigh(all) > BUDGET_KB || isHeavy ? 1 : 0;
