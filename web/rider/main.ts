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

/** For so long the app waits to be painted: a page that nobody sees, or a busy phone, may not be. */
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
if (isDrawn) {
  const painted = new PerformanceObserver((seen) => {
    if (seen.getEntriesByName('first-contentful-paint').length > 0) void begin();
  });
  painted.observe({ type: 'paint', buffered: true });
  setTimeout(() => void begin(), PAINT_MS);
} else void begin();
