import { createApp } from 'vue';
import '../shared/ui/base.css';
import './rider.css';
import App from './App.vue';
import { loadCategories } from '../shared/categories';
import { keepTitle } from '../shared/i18n';
import { loadExtent } from '../shared/map/extent';
import { openOutbox } from './outbox';

void loadCategories();
void loadExtent();
void openOutbox();
keepTitle('app.rider');
createApp(App).mount('#app');
