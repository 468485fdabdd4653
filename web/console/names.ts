// The names of people of whom the server tells a number alone, for those who keep accounts and as far as they reach. What is shown at once is asked for together, and once.
import { shallowRef, watch } from 'vue';
import { desk } from '../shared/api/desk';
import { ApiError } from '../shared/api/error';
import { t } from '../shared/i18n';
import { may } from './rights';
import { person } from './session';

const MOST = 200;
const SOON_MS = 20;

const names = shallowRef<ReadonlyMap<number, string>>(new Map());
const asked = new Set<number>();
let waiting: number[] = [];
watch(() => person.value?.id, () => {
  names.value = new Map();
  asked.clear();
  waiting = [];
});

async function fetchNames(): Promise<void> {
  const ids = waiting.splice(0, MOST);
  if (waiting.length > 0) setTimeout(fetchNames, SOON_MS);
  if (ids.length === 0) return;
  const whom = person.value?.id;
  try {
    const { items } = await desk.people({ ids: ids.join(','), limit: MOST });
    if (whom === person.value?.id) names.value = new Map([...names.value, ...items.map(({ id, name, login }) => [id, name || login] as const)]);
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
    for (const id of ids) asked.delete(id); // the number stands there until the next time
  }
}

/** undefined as long as it is not known, and for good to whom it is not told. Ask while rendering: what asked is drawn again once it is known. */
export function knownName(id: number): string | undefined {
  const name = names.value.get(id);
  if (name === undefined && !asked.has(id) && may('people')) {
    asked.add(id);
    if (waiting.push(id) === 1) setTimeout(fetchNames, SOON_MS);
  }
  return name;
}

export function personName(id: number): string {
  return id === person.value?.id ? t('act.me') : (knownName(id) ?? t('act.person_n', { id }));
}
