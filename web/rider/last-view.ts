// How the first screen looked the last time, kept on this device for some hours: it is on the page before the app's scripts have run, and they
// then put the live one in its place. Its links lead where they lead; what else could be touched is inert until then. Without Vue, so that it is
// painted first. `keep-view.ts` keeps it.
import { localeOf, readLang, readTextSize } from '../shared/appearance';
import { SEEN } from '../shared/seen';
import { readStored, writeStored } from '../shared/storage';

interface LastView {
  /** Until when what it says is true. */
  untilMs: number;
  /** The file that drew it: those of another version may know its words and classes no more. */
  version: string;
  locale: string;
  /** Light or dark, which the map shows, too. */
  theme: string;
  /** How large text is. */
  text: string;
  /** The width of the window, in pixels. */
  width: number;
  /** What stood in the app. Styles of elements are in `data-style`: the policy of the page forbids them in markup. */
  html: string;
  /** The map as it was drawn, as a data URL, and whose data it shows; '' for none. */
  map: string;
  credit: string;
}

const VERSION = import.meta.url;
/** A longer one would keep the page from its first paint. */
const MOST_CHARS = 400_000;

const isText = (value: unknown): value is string => typeof value === 'string';
const ways = () => ({ version: VERSION, locale: localeOf(readLang()), theme: document.documentElement.getAttribute('theme-mode') ?? '', text: readTextSize(), width: window.innerWidth });

function isGood(value: unknown): value is LastView {
  const { untilMs, html, map, credit, ...rest } = (value ?? {}) as Partial<LastView>;
  const isTrue = typeof untilMs === 'number' && Date.now() < untilMs;
  return isTrue && [html, map, credit].every(isText) && Object.entries(ways()).every(([name, now]) => rest[name as keyof typeof rest] === now);
}
export const readLastView = (): LastView | null => readStored<LastView | null>(SEEN.view, null, isGood as (value: unknown) => value is LastView | null);

export function keepLastView(seen: Pick<LastView, 'untilMs' | 'html' | 'map' | 'credit'>): void {
  const isLong = seen.html.length + seen.map.length > MOST_CHARS;
  writeStored(SEEN.view, { ...seen, ...(isLong ? { map: '' } : {}), ...ways() });
}
export const dropLastView = (): void => writeStored(SEEN.view, null);

/** What was put on the page when it was opened. */
export let drawn: LastView | null = null;

const isFirstScreen = (): boolean => window.location.pathname === '/' && window.location.search === '' && /^(#\/?)?$/.test(window.location.hash);

/** Puts it on the page, where it fits. Returns whether it did. */
export function drawLastView(app: HTMLElement): boolean {
  const view = isFirstScreen() ? readLastView() : null;
  if (view === null) return false;
  drawn = view;
  document.documentElement.lang = view.locale;
  document.body.classList.add('rider');
  app.innerHTML = view.html;
  for (const element of app.querySelectorAll<HTMLElement>('[data-style]')) element.style.cssText = element.dataset['style'] ?? '';
  if (view.map !== '') {
    // Decoded beside the first paint, which does not wait for it.
    const picture = Object.assign(new Image(), { className: 'map-picture', alt: '', decoding: 'async', src: view.map });
    const credit = Object.assign(document.createElement('p'), { className: 'map-credit', textContent: view.credit });
    app.querySelector('.map-box')?.after(picture, credit);
  }
  return true;
}
