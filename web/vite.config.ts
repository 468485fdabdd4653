// Two pages from one build: index.html for riders, console/index.html for staff.
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin, type Rollup } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// While developing, the API comes from a running server: `yizhan serve` on its usual address, or YIZHAN_URL.
const server = process.env['YIZHAN_URL'] ?? 'http://127.0.0.1:8080';

const FIRST = here('rider/main.ts');
const APP = here('rider/start.ts');

/** What a module imports, and what that does, but for what is fetched later. */
function importsOf(id: string, infoOf: Rollup.GetModuleInfo, seen = new Set<string>()): Set<string> {
  if (!seen.has(id)) {
    seen.add(id);
    for (const next of infoOf(id)?.importedIds ?? []) importsOf(next, infoOf, seen);
  }
  return seen;
}
let early: Set<string>, app: Set<string>;

/** What both pages share and the rider's app begins with is one file, and not one for each way in which it is shared: a phone takes longer to ask for
 *  many small files than to run what is in them. */
function inFewFiles(id: string, { getModuleInfo }: Rollup.ManualChunkMeta): string | undefined {
  early ??= importsOf(FIRST, getModuleInfo);
  app ??= importsOf(APP, getModuleInfo);
  if (id.includes('/node_modules/maplibre-gl/')) return 'maplibre';
  if (id.includes('vite/preload-helper') || id.includes('vite/modulepreload-polyfill')) return 'first';
  if (!id.startsWith(here('shared/'))) return undefined;
  return early.has(id) ? 'first' : app.has(id) ? 'core' : undefined;
}

/** The rider's app is imported once what stood there the last time is painted; that needs the app's styles already, but none of its scripts. */
const stylesFirst: Plugin = {
  name: 'styles-first',
  transformIndexHtml: {
    order: 'post',
    handler(html, { path, bundle }) {
      if (path !== '/index.html' || bundle === undefined) return []; // while developing there is none
      const stylesOf = (name: string, seen = new Set<string>()): string[] => {
        const chunk = bundle[name];
        if (chunk?.type !== 'chunk' || seen.has(name)) return [];
        seen.add(name);
        return [...chunk.imports.flatMap((next) => stylesOf(next, seen)), ...(chunk.viteMetadata?.importedCss ?? [])];
      };
      const start = Object.values(bundle).find((file) => file.type === 'chunk' && file.moduleIds.includes(APP));
      if (start === undefined) throw new Error(`${APP} is in no file`);
      const files = stylesOf(start.fileName).filter((file) => !html.includes(`"/${file}"`));
      const tags = files.map((file) => ({ tag: 'link', attrs: { rel: 'stylesheet', crossorigin: true, href: `/${file}` }, injectTo: 'head' as const }));
      // An empty page is not worth painting: the script puts there what is painted first.
      const script = '<script type="module"';
      if (!html.includes(script)) throw new Error(`${path}: no ${script}`);
      return { html: html.replace(script, `${script} blocking="render"`), tags };
    },
  },
};

export default defineConfig({
  root: here('.'),
  plugins: [vue(), stylesFirst],
  resolve: {
    // MapLibre's build for a strict Content-Security-Policy: its worker is a file of ours, not a blob.
    alias: [{ find: /^maplibre-gl$/, replacement: 'maplibre-gl/dist/maplibre-gl-csp.js' }],
  },
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    manifest: true, // for the service worker and the budget
    target: 'es2020',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1100,
    rollupOptions: {
      input: { rider: here('index.html'), console: here('console/index.html') },
      output: {
        manualChunks: inFewFiles,
        chunkFileNames: ({ moduleIds }) => `assets/${moduleIds.includes(APP) ? 'start' : '[name]'}-[hash].js`,
      },
    },
  },
  server: {
    // The server sees the page's own Host, which is what it holds a page's requests against.
    proxy: Object.fromEntries(['/v1', '/tiles', '/route'].map((path) => [path, { target: server }])),
  },
});
