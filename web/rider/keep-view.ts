// Keeps how the first screen looks for the next time that the app is opened (`last-view.ts`): some time after the map has come to rest, and when
// the app goes out of sight.
import { onMounted, onUnmounted, watch, type Ref } from 'vue';
import { kept } from '../shared/api/kept';
import type { Place } from '../shared/api/types';
import { lang, t } from '../shared/i18n';
import { person } from '../shared/session';
import { isDark, textSize } from '../shared/settings';
import { KEPT_MS, LAST_SHOWN } from './last-near';
import { dropLastView, keepLastView } from './last-view';
import { mapFailed } from './scene';

const PICTURE_QUALITY = 0.6;
/** Whoever moves the map moves it on: what it comes to in the end is kept. */
const REST_MS = 1500;

/** What is not of the next time: it passes, is of somebody alone, or is put there by who opens the app. */
const PASSING = `.map-picture, .map-credit, .toast, .suggestions, .search-clear, .tab-count, [role=status], [role=alert], .cards > li:nth-child(n + ${LAST_SHOWN + 1})`;
/** What waits for the app: as it would else take words and taps that lead nowhere. */
const INERT = '.search, .chips, .grip, .map-buttons';

/** Until when what the first screen says is true; null where it is not shown, or not with a list of now and here. */
let trueUntil: () => number | null = () => null;
let canvas: HTMLCanvasElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

const element = (tag: string, text: string, className = '') => Object.assign(document.createElement(tag), { className, textContent: text });

/** Which of the chips lie beyond the end of their row while it is not scrolled. */
function chipsAway(app: HTMLElement): number[] {
  const row = app.querySelector('.chips');
  if (row === null) return [];
  const end = row.getBoundingClientRect().right - row.scrollLeft;
  return [...row.children].flatMap((chip, i) => (chip.getBoundingClientRect().left >= end ? [i] : []));
}

/** The app as it stands, as of the last time, as it opens, and without the live map. */
function snapshot(app: HTMLElement): string {
  const copy = app.cloneNode(true) as HTMLElement;
  const map = copy.querySelector('.map-box');
  map?.replaceChildren();
  map?.removeAttribute('data-view');
  for (const passing of copy.querySelectorAll(PASSING)) passing.remove();
  for (const sheet of copy.querySelectorAll('.sheet')) {
    sheet.className = 'sheet middle';
    sheet.removeAttribute('style');
  }
  copy.querySelector('.chips')?.classList.remove('whole');
  const chips = copy.querySelectorAll('.chips > *');
  for (const away of chipsAway(app)) chips[away]?.remove();
  for (const defined of copy.querySelectorAll('svg defs')) defined.remove();
  for (const masked of copy.querySelectorAll('[mask]')) masked.removeAttribute('mask');
  for (const waiting of copy.querySelectorAll(INERT)) waiting.setAttribute('inert', '');
  copy.querySelector('.heading')?.replaceChildren(element('h1', t('near.of_last')), element('p', t('near.last'), 'hint'));
  for (const styled of copy.querySelectorAll('[style]')) {
    styled.setAttribute('data-style', styled.getAttribute('style') ?? '');
    styled.removeAttribute('style');
  }
  return copy.innerHTML;
}

/** Where a browser cannot write WebP (Safari) it gives PNG, which of a map is several times as large as JPEG. */
function encode(from: HTMLCanvasElement): string {
  const webp = from.toDataURL('image/webp', PICTURE_QUALITY);
  return webp.startsWith('data:image/webp') ? webp : from.toDataURL('image/jpeg', PICTURE_QUALITY);
}

function keep(): void {
  clearTimeout(timer);
  const app = document.querySelector<HTMLElement>('#app');
  const untilMs = trueUntil();
  // Before the map has been drawn what was kept is better, unless it cannot be.
  if (app === null || untilMs === null || (canvas === null && !mapFailed.value)) return;
  const credit = app.querySelector('.maplibregl-ctrl-attrib-inner')?.textContent ?? '';
  keepLastView({ untilMs, html: snapshot(app), map: canvas === null ? '' : encode(canvas), credit });
}
function keepIfHidden(): void {
  if (document.visibilityState === 'hidden') keep();
}

watch([lang, isDark, textSize], () => {
  canvas = null;
  clearTimeout(timer);
  dropLastView();
});
// What was kept goes with the session (`shared/seen.ts`), and this is of it, too.
watch(person, (_, before) => {
  if (before === null) return;
  canvas = null;
  clearTimeout(timer);
});

/** For the panel of the first screen: keeps it as long as it is shown, `places` were answered by the server, and `isHere`. */
export function useKeptView(places: Ref<Place[] | null>, isHere: () => boolean): void {
  let answeredMs = 0;
  watch(places, () => (answeredMs = Date.now()));
  onMounted(() => {
    trueUntil = () => {
      const shown = places.value?.slice(0, LAST_SHOWN) ?? [];
      if (shown.length === 0 || answeredMs === 0 || kept.value !== null || !isHere()) return null;
      const changes = shown.flatMap(({ open }) => (open?.changes_at === undefined ? [] : [Date.parse(open.changes_at)]));
      return Math.min(answeredMs + KEPT_MS, ...changes);
    };
    document.addEventListener('visibilitychange', keepIfHidden);
  });
  onUnmounted(() => {
    trueUntil = () => null;
    document.removeEventListener('visibilitychange', keepIfHidden);
  });
}

/** To be called while what was drawn is still on the live canvas, that is within the map's `idle`. */
export function takePicture(live: HTMLCanvasElement): void {
  if (trueUntil() === null) return;
  // One pixel for each of the page: it only stands in for the map while that is made.
  canvas ??= document.createElement('canvas');
  Object.assign(canvas, { width: live.clientWidth, height: live.clientHeight });
  canvas.getContext('2d')?.drawImage(live, 0, 0, canvas.width, canvas.height);
  clearTimeout(timer);
  timer = setTimeout(keep, REST_MS);
}
