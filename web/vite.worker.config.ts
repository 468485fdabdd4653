// The service worker, after the pages: one file, /sw.js, that knows by the pages' manifest what the rider's app is made of.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Manifest } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const manifest = JSON.parse(readFileSync(here('dist/.vite/manifest.json'), 'utf8')) as Manifest;

/** All that a page can come to load: its scripts, styles, pictures. */
function filesOf(entry: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[entry];
  if (!chunk || seen.has(chunk.file)) return seen;
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) seen.add(file);
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) filesOf(next, seen);
  return seen;
}
const files = [...filesOf('index.html')].sort();
const version = createHash('sha256').update(files.join() + readFileSync(here('dist/index.html'), 'utf8')).digest('hex').slice(0, 12);

export default defineConfig({
  publicDir: false,
  define: { __SHELL__: JSON.stringify(['/', '/manifest.webmanifest', ...files.map((file) => `/${file}`)]), __VERSION__: JSON.stringify(version) },
  build: {
    outDir: here('dist'),
    emptyOutDir: false,
    target: 'es2020',
    copyPublicDir: false,
    lib: { entry: here('worker/sw.ts'), formats: ['iife'], name: 'sw', fileName: () => 'sw.js' },
  },
});
