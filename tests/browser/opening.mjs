// How long the rider's app takes to open on a phone that has been there before: medians of the time to the first paint, to the app's own list, to the
// server's, and to the canvas that the map is drawn on, with the processor slowed down, four times unless told otherwise, as for a phone of the middle
// class; and how long a fixed loop took in the same minutes, by which to tell a busy machine from a slow app. By hand: YIZHAN_BIN=… node opening.mjs [ROUNDS [SLOWER]]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchKept, openPage, PHONE } from './browser.mjs';
import { startServer, whyNot } from './server.mjs';

const rounds = Number(process.argv[2] ?? 9), SLOWER = Number(process.argv[3] ?? 4);
const reason = whyNot();
if (reason !== null) throw new Error(reason);

const server = await startServer();
const dir = mkdtempSync(join(tmpdir(), 'yizhan-opening-'));
const context = await launchKept(dir, {
  ...PHONE, locale: 'zh-CN', geolocation: { latitude: -34.9052, longitude: -56.1868 }, permissions: ['geolocation'],
});

/** Milliseconds that the page takes for work of a known size. */
const loop = () => {
  const from = performance.now();
  const seen = new Map();
  for (let i = 0; i < 4_000_000; i++) seen.set(`${i % 1000}`, i);
  return performance.now() - from;
};

/** Milliseconds from the navigation on until what `selector` finds is there, as the page's own clock has it. */
async function openings(slower) {
  const { page, quiet } = await openPage(context, server.base);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  const paces = [await page.evaluate(loop), await page.evaluate(loop)];
  await page.addInitScript(() => {
    window.seen = {};
    const live = '#app[data-v-app] .heading'; // Vue marks what it has mounted
    const wanted = { list: `${live} ~ .cards .card`, answer: `${live}:not(:has([data-last])) ~ .cards .card`, canvas: 'canvas.maplibregl-canvas' };
    new MutationObserver(() => {
      for (const [name, selector] of Object.entries(wanted)) {
        if (!(name in window.seen) && document.querySelector(selector)) requestAnimationFrame(() => (window.seen[name] ??= performance.now()));
      }
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });
  await page.goto(server.base);
  await page.waitForFunction(() => ['list', 'answer', 'canvas'].every((name) => name in window.seen), null, { polling: 100 });
  const seen = await page.evaluate(() => ({ paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, ...window.seen }));
  seen.loop = Math.min(...paces);
  await quiet();
  // By then it is a phone that has been there before.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null && (JSON.parse(localStorage.getItem('yizhan.view'))?.map ?? '') !== '', null, { polling: 100 });
  await page.close();
  return seen;
}

await openings(1); // the first visit
await openings(1);
const all = [];
for (let i = 0; i < rounds; i++) all.push(await openings(SLOWER));
for (const name of ['paint', 'list', 'answer', 'canvas', 'loop']) {
  const sorted = all.map((one) => one[name]).sort((a, b) => a - b);
  process.stdout.write(`${name}: median ${sorted[sorted.length >> 1].toFixed(0)} ms, ${sorted[0].toFixed(0)} to ${sorted.at(-1).toFixed(0)} ms in ${rounds} openings, processor ${SLOWER} times slower\n`);
}
await context.close();
await server.stop();
rmSync(dir, { recursive: true });
