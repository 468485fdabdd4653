// What the account that is signed in sent or joined, from whatever device.
import { shallowRef, watch } from 'vue';
import { ApiError } from '../shared/api/error';
import { rider, type Exported } from '../shared/api/rider';
import { noteRefusal, person } from '../shared/session';
import { sentOf, type Part } from './my-reports';

/** Newest first. */
export const accountReports = shallowRef<Exported[]>([]);
export const accountError = shallowRef<ApiError | null>(null);

/** Reads all of them; what came before stays where the network does not answer. */
export async function loadAccountReports(): Promise<void> {
  accountError.value = null;
  const who = person.value;
  if (who === null) return;
  try {
    const all: Exported[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await rider.mine(cursor ?? null);
      all.push(...page.items);
      cursor = page.cursor;
    }
    if (person.value?.id === who.id) accountReports.value = all.reverse();
  } catch (trouble) {
    if (!(trouble instanceof ApiError)) throw trouble;
    accountError.value = trouble;
    noteRefusal(trouble);
  }
}

watch(person, () => {
  accountReports.value = [];
});

/** What one is to a report: by the secret on this device, or by the account. */
export function partOf(id: string): Part | null {
  const item = sentOf(id);
  if (item?.token !== undefined) return item.as ?? 'reporter';
  return accountReports.value.find(({ report }) => report.id === id)?.as ?? null;
}
