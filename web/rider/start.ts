// The rider's app itself.
import { createApp, watch } from 'vue';
import App from './App.vue';
import { loadCategories } from '../shared/categories';
import { hash } from '../shared/hash';
import { keepTitle } from '../shared/i18n';
import { loadKinds } from '../shared/kinds';
import { extent, loadExtent } from '../shared/map/extent';
import { restoreSession } from '../shared/session';
import { keepSettings } from '../shared/settings';
import { arrive } from './arrive';
import { keepCounting } from './community/unread';
import { dropOldDrafts } from './keep-draft';
import { dropOldNear } from './last-near';
import { dropLastView, readLastView } from './last-view';
import { fix, locateIfAllowed, tapped } from './origin';
import { openOutbox } from './outbox';
import { pageAt } from './pages';
import { lookAt } from './scene';
import { startWorker } from './start-worker';
import { readDraft } from './use-draft';

/** For so long what stood there the last time stays for want of what the server calls things. */
const NAMES_MS = 1000;

async function locateFirst(): Promise<void> {
  const isFound = await locateIfAllowed();
  if (isFound && fix.value !== null && tapped.value === null && pageAt(hash.value.path).name === 'near') lookAt([fix.value.position], 15);
}

/** `isDrawn`: the first screen stands there as it was the last time. */
export async function start(isDrawn: boolean): Promise<void> {
  arrive();
  keepSettings();
  keepCounting();
  const named = loadCategories();
  // Once the extent of the map is known, not before: a position outside of it is no use. It may be known before the app stands.
  watch(extent, locateFirst, { once: true });
  void loadExtent();
  void loadKinds();
  // What lies in the outbox may be sent by somebody who is signed in.
  void restoreSession().then(openOutbox);
  void readDraft();
  void dropOldDrafts();
  dropOldNear();
  if (readLastView() === null) dropLastView();
  keepTitle('app.rider');
  // Without these names the list would flash up with bare codes.
  if (isDrawn) await Promise.race([named, new Promise((resolve) => setTimeout(resolve, NAMES_MS))]);
  createApp(App).mount('#app');
  setTimeout(startWorker); // behind what the first screen asks for
}
