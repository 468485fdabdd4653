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

async function begin(): Promise<void> {
  try {
    await (await import('./start')).start(isDrawn);
  } catch (trouble) {
    // Words in both languages: those of the app are among what did not come.
    app?.replaceChildren(Object.assign(document.createElement('a'), { className: 'not-loaded', href: '/', textContent: '应用没有加载成功，点这里再试。The app could not be loaded: tap to try again.' }));
    throw trouble;
  }
}
// A page that nobody sees is not painted: it would wait for ever.
if (isDrawn && document.visibilityState === 'visible') requestAnimationFrame(() => setTimeout(() => void begin()));
else void begin();
