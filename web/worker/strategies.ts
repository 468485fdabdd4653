// How something is answered: from what is kept, while it is fetched anew, or from the network, and from what is kept where that fails.
const PATIENCE_MS = 6000;
const KEPT_AT = 'Yizhan-Kept-At';

/** Only whole answers are kept: not what a session alone may see (the rules name none such), and no errors. */
async function keep(cacheName: string, key: Request | string, response: Response): Promise<void> {
  if (response.status !== 200) return;
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  const cache = await caches.open(cacheName);
  await cache.put(key, new Response(await response.blob(), { status: 200, headers })).catch(() => undefined); // the device may be full
}

export async function keptFirst(cacheName: string, event: FetchEvent): Promise<Response> {
  const { request } = event;
  const kept = await (await caches.open(cacheName)).match(request);
  const fresh = fetch(request).then(async (response) => {
    await keep(cacheName, request, response.clone());
    return response;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}

interface NetworkFirst {
  /** The header that says from when a kept answer is; null: it need not be said. */
  mark: string | null;
  /** Under what it is kept, where that is not its address. */
  keepAs?: string;
}

export async function networkFirst(cacheName: string, request: Request, { mark, keepAs }: NetworkFirst): Promise<Response> {
  const key = keepAs ?? request;
  try {
    const response = await withPatience(request);
    await keep(cacheName, key, response.clone());
    return response;
  } catch (trouble) {
    const kept = await (await caches.open(cacheName)).match(key);
    if (!kept) throw trouble;
    const headers = new Headers(kept.headers);
    if (mark !== null) headers.set(mark, kept.headers.get(KEPT_AT) ?? '');
    return new Response(kept.body, { status: 200, headers });
  }
}

/** A network that does not answer for so long is none. */
async function withPatience(request: Request): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: patience.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Lets go of what was kept first, beyond `most`. */
export async function trim(cacheName: string, most: number): Promise<void> {
  const cache = await caches.open(cacheName);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
}
