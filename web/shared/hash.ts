// The address after "#" is the page's state, so that Back, reload and a shared link do what they should.
import { ref } from 'vue';

export interface Hash {
  /** What stands between slashes: "#/place/12" is ["place", "12"]. */
  path: string[];
  query: URLSearchParams;
}

function readHash(): Hash {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter((part) => part !== '');
  return { path: parts.map(safeDecode), query: new URLSearchParams(query) };
}

export function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const hash = ref<Hash>(readHash());
window.addEventListener('hashchange', () => {
  hash.value = readHash();
});

export function hashOf(path: (string | number)[], query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${path.map((part) => encodeURIComponent(String(part))).join('/')}${search === '' ? '' : `?${search}`}`;
}

export function goTo(address: string): void {
  location.hash = address;
}

export function go(path: (string | number)[], query: Record<string, string> = {}): void {
  goTo(hashOf(path, query));
}

/** The same place with another query, without a new entry in the history. */
export function replaceQuery(query: Record<string, string>): void {
  history.replaceState(null, '', hashOf(hash.value.path, query));
  hash.value = readHash();
}

/** Another place instead of this one, which Back does not come to again. */
export function goInstead(address: string): void {
  history.replaceState(null, '', address);
  hash.value = readHash();
}
