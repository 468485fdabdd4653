// Keeps how the first screen looks for the next time that the app is opened (`last-view.ts`): when the map has come to rest, and when the app goes
// out of sight.
import { onMounted, onUnmounted, watch } from 'vue';
import { lang, t } from '../shared/i18n';
import { isDark } from '../shared/settings';
import { LAST_SHOWN } from './last-near';
import { dropLastView, keepLastView, readLastView } from './last-view';

const PICTURE_QUALITY = 0.6;

/** Whether the first screen is shown, with a list that is no other than what is near. */
let isWorthIt: () => boolean = () => false;
/** Until the live map has been drawn, that of the last time, which is what is seen. */
let picture = readLastView()?.map ?? '';

const element = (tag: string, text: string, className = '') => Object.assign(document.createElement(tag), { className, textContent: text });

/** The app as it stands, as of the last time, and without the live map. */
function snapshot(app: HTMLElement): string {
  const copy = app.cloneNode(true) as HTMLElement;
  copy.querySelector('.map-box')?.replaceChildren();
  for (const passing of copy.querySelectorAll(`.map-picture, .map-credit, .toast, .suggestions, [role=status], .cards > li:nth-child(n + ${LAST_SHOWN + 1})`)) passing.remove();
  copy.querySelector('.heading')?.replaceChildren(element('h1', t('near.of_last')), element('p', t('near.last'), 'hint'));
  for (const styled of copy.querySelectorAll('[style]')) {
    styled.setAttribute('data-style', styled.getAttribute('style') ?? '');
    styled.removeAttribute('style');
  }
  return copy.innerHTML;
}

function keep(): void {
  const app = document.querySelector<HTMLElement>('#app');
  const credit = app?.querySelector('.maplibregl-ctrl-attrib-inner')?.textContent ?? '';
  if (app !== null && isWorthIt()) keepLastView({ html: snapshot(app), map: picture, credit });
}
function keepIfHidden(): void {
  if (document.visibilityState === 'hidden') keep();
}

watch([lang, isDark], () => {
  picture = '';
  dropLastView();
});

/** For the panel of the first screen: keeps it as long as it is shown and `isGood`. */
export function useKeptView(isGood: () => boolean): void {
  onMounted(() => {
    isWorthIt = isGood;
    document.addEventListener('visibilitychange', keepIfHidden);
  });
  onUnmounted(() => {
    isWorthIt = () => false;
    document.removeEventListener('visibilitychange', keepIfHidden);
  });
}

/** To be called while what was drawn is still on the canvas, that is within the map's `idle`. */
export function takePicture(canvas: HTMLCanvasElement): void {
  if (!isWorthIt()) return;
  // One pixel for each of the page: it only stands in for the map while that is made.
  const small = Object.assign(document.createElement('canvas'), { width: canvas.clientWidth, height: canvas.clientHeight });
  small.getContext('2d')?.drawImage(canvas, 0, 0, small.width, small.height);
  setTimeout(() => {
    picture = small.toDataURL('image/webp', PICTURE_QUALITY);
    keep();
  });
}
