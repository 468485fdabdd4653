import { createApp } from 'vue';
import '../shared/ui/base.css';
import './console.css';
import './cases.css';
import App from './App.vue';
import { loadCategories } from '../shared/categories';
import { keepTitle } from '../shared/i18n';
import { loadExtent } from '../shared/map/extent';
import { restoreSession } from './session';

void loadCategories();
void loadExtent();
void restoreSession();
keepTitle('app.console');
createApp(App).mount('#app');
