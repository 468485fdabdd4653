import { createApp } from 'vue';
import 'tdesign-mobile-vue/es/style/index.css';
import '../shared/ui/theme.css';
import '../shared/ui/base.css';
import './rider.css';
import './frame.css';
import App from './App.vue';
import { loadCategories } from '../shared/categories';
import { keepTitle } from '../shared/i18n';
import { loadKinds } from '../shared/kinds';
import { loadExtent } from '../shared/map/extent';
import { restoreSession } from '../shared/session';
import { keepSettings } from '../shared/settings';
import { arrive } from './arrive';
import { keepCounting } from './community/unread';
import { openOutbox } from './outbox';

arrive();
keepSettings();
keepCounting();
void loadCategories();
void loadExtent();
void loadKinds();
// What lies in the outbox may be sent by somebody who is signed in.
void restoreSession().then(openOutbox);
keepTitle('app.rider');
createApp(App).mount('#app');
