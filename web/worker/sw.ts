/// <reference lib="webworker" />
// The service worker: the shell of the app from this device, the map as it was seen last, what was near when there was a network, and letters
// that go out after the page was closed. Built to /sw.js by vite.worker.config.ts, which lists the shell. The desk it leaves alone.
import { KEPT_HEADER } from '../shared/api/kept-header';
import { SENT_MESSAGE, SYNC_TAG } from '../rider/letter';
import { deliverLetters } from './deliver';
import { keptFirst, networkFirst, trim } from './strategies';

declare const self: ServiceWorkerGlobalScope;
/** The files of the app, with the page itself; a name for what they are together. */
declare const __SHELL__: string[];
declare const __VERSION__: string;

const SHELL = `shell-${__VERSION__}`;
const MAP = 'map';
const ANSWERS = 'answers';

interface Rule {
  test: RegExp;
  answer: (event: FetchEvent) => Promise<Response>;
}
/** The first that fits; what none fits goes to the network. */
const RULES: Rule[] = [
  { test: /^\/tiles\/(closures|places)\//, answer: ({ request }) => networkFirst(MAP, request, { mark: null }) },
  { test: /^\/tiles\/(all\.json|style\.json|sprite)|^\/tiles\/[^/]+\.json$|^\/tiles\/[^/]+\/\d+\//, answer: (event) => keptFirst(MAP, event) },
  { test: /^\/v1\/(categories|kinds)$/, answer: (event) => keptFirst(ANSWERS, event) },
  { test: /^\/v1\/places$/, answer: ({ request }) => networkFirst(ANSWERS, request, { mark: KEPT_HEADER, keepAs: withoutPosition(request.url) }) },
  { test: /^\/v1\/places\/\d+$/, answer: ({ request }) => networkFirst(ANSWERS, request, { mark: KEPT_HEADER }) },
];

/** What was near is kept by what was looked for, not by where: offline the last answer is better than none, and no trace of ways is kept. */
function withoutPosition(url: string): string {
  const address = new URL(url);
  for (const name of ['near', 'along', 'avoid']) if (address.searchParams.has(name)) address.searchParams.set(name, 'here');
  return address.href;
}

async function shell(request: Request): Promise<Response> {
  const cache = await caches.open(SHELL);
  return (await cache.match(request)) ?? (await caches.match(request)) ?? fetch(request);
}

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(__SHELL__)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    // A page of the version before may still be open and want its files: that one is kept, older ones go.
    const shells = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== SHELL);
    await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/console')) return;
  if (request.mode === 'navigate') {
    if (pathname === '/') event.respondWith(shell(new Request('/')));
    return;
  }
  if (pathname.startsWith('/assets/') || pathname.startsWith('/icons/')) return event.respondWith(shell(request));
  const rule = RULES.find(({ test }) => test.test(pathname));
  if (rule) event.respondWith(rule.answer(event));
  event.waitUntil(trim(MAP, 800).then(() => trim(ANSWERS, 120)));
});

self.addEventListener('sync', ((event: ExtendableEvent & { tag: string }) => {
  if (event.tag !== SYNC_TAG) return;
  event.waitUntil((async () => {
    const { sent, left } = await deliverLetters();
    if (sent > 0) for (const client of await self.clients.matchAll()) client.postMessage(SENT_MESSAGE);
    if (left > 0) throw new Error('some letters wait'); // by which the browser comes again
  })());
}) as EventListener);
