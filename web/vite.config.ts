// Two pages from one build: index.html for riders, console/index.html for staff.
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// While developing, the API comes from a running server: `yizhan serve` on its usual address, or YIZHAN_URL.
const server = process.env['YIZHAN_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: here('.'),
  plugins: [vue()],
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
      output: { manualChunks: { maplibre: ['maplibre-gl'] } },
    },
  },
  server: {
    // The server sees the page's own Host, which is what it holds a page's requests against.
    proxy: Object.fromEntries(['/v1', '/tiles', '/route'].map((path) => [path, { target: server }])),
  },
});
