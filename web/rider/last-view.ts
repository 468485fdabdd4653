// How the first screen looked the last time, kept on this device for some hours: it is on the page before the app's scripts have run, and they
// then put the live one in its place. Its links lead where they lead; what else could be tapped waits for the app. Without Vue, so that it is
// painted first. `keep-view.ts` keeps it.
import { readStored, writeStored } from '../shared/storage';

interface LastView {
  atMs: number;
  /** The file that drew it: those of another version may know its words and classes no more. */
  version: string;
  lang: string;
  /** Light or dark, which the map shows, too. */
  theme: string;
  /** The width of the window, in pixels. */
  width: number;
  /** What stood in the app. Styles of elements are in `data-style`: the policy of the page forbids them in markup. */
  html: string;
  /** The map as it was drawn, as a data URL, and whose data it shows; '' for none. */
  map: string;
  credit: string;
}

const STORE = 'yizhan.view';
const VERSION = import.meta.url;
export const KEPT_MS = 12 * 3_600_000;
/** A longer one would keep the page from its first paint. */
const MOST_CHARS = 400_000;

const themeNow = () => document.documentElement.getAttribute('theme-mode') ?? '';
const isText = (value: unknown): value is string => typeof value === 'string';

function isGood(value: unknown): value is LastView {
  const { atMs, version, lang, theme, width, html, map, credit } = (value ?? {}) as Partial<LastView>;
  const isOfToday = typeof atMs === 'number' && Math.abs(Date.now() - atMs) < KEPT_MS;
  return isOfToday && version === VERSION && theme === themeNow() && width === window.innerWidth && [lang, html, map, credit].every(isText);
}
export const readLastView = (): LastView | null => readStored<LastView | null>(STORE, null, isGood as (value: unknown) => value is LastView | null);

export function keepLastView(seen: Pick<LastView, 'html' | 'map' | 'credit'>): void {
  const isLong = seen.html.length + seen.map.length > MOST_CHARS;
  writeStored(STORE, isLong ? null : { ...seen, atMs: Date.now(), version: VERSION, lang: document.documentElement.lang, theme: themeNow(), width: window.innerWidth });
}
export const dropLastView = (): void => writeStored(STORE, null);

const isFirstScreen = (): boolean => window.location.pathname === '/' && window.location.search === '' && /^(#\/?)?$/.test(window.location.hash);

/** Puts it on the page, where it fits. Returns whether it did. */
export function drawLastView(app: HTMLElement): boolean {
  const view = isFirstScreen() ? readLastView() : null;
  if (view === null) return false;
  document.documentElement.lang = view.lang;
  document.body.classList.add('rider');
  app.innerHTML = view.html;
  for (const element of app.querySelectorAll<HTMLElement>('[data-style]')) element.style.cssText = element.dataset['style'] ?? '';
  if (view.map !== '') {
    const picture = Object.assign(new Image(), { className: 'map-picture', alt: '', decoding: 'async', src: view.map }) // the list is painted without it;
    const credit = Object.assign(document.createElement('p'), { className: 'map-credit', textContent: view.credit });
    app.querySelector('.map-box')?.after(picture, credit);
  }
  return true;
}
