// What is painted first: the page's colours, and the first screen as it was the last time. Then the app.
import 'tdesign-mobile-vue/es/style/index.css';
import '../shared/ui/theme.css';
import '../shared/ui/base.css';
import './rider.css';
import './frame.css';
import { dressAsKept } from '../shared/appearance';
import { drawLastView } from './last-view';

const app = document.querySelector<HTMLElement>('#app');
dressAsKept();
const isDrawn = app !== null && drawLastView(app);

/** For so long the app waits to be painted: a busy phone may not be for a while. */
const PAINT_MS = 1000;
let hasBegun = false;
async function begin(): Promise<void> {
  if (hasBegun) return;
  hasBegun = true;
  try {
    await (await import('./start')).start(isDrawn);
  } catch (trouble) {
    // Words in both languages: those of the app may be among what did not come.
    const again = Object.assign(document.createElement('button'), { type: 'button', className: 'not-started', textContent: '应用没有启动成功，点这里再试。The app did not start: tap to try again.' });
    again.addEventListener('click', () => window.location.reload());
    app?.replaceChildren(again);
    throw trouble;
  }
}

/** Calls `act` once what is on the page has been painted; a browser that does not tell of that is taken to paint with its next frame. */
function whenPainted(act: () => void): void {
  setTimeout(act, PAINT_MS);
  const tells = 'PerformanceObserver' in window && (PerformanceObserver.supportedEntryTypes as string[] | undefined)?.includes('paint');
  if (!tells) {
    requestAnimationFrame(() => setTimeout(act));
    return;
  }
  const observer = new PerformanceObserver((seen) => {
    if (seen.getEntriesByName('first-contentful-paint').length === 0) return;
    observer.disconnect();
    act();
  });
  observer.observe({ type: 'paint', buffered: true });
}
// A page that nobody sees is not painted.
if (isDrawn && document.visibilityState === 'visible') whenPainted(() => void begin());
else void begin();
