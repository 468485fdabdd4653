// The same act for many cases, each under the version that was shown; what was refused is told for each.
import { ref, shallowRef } from 'vue';
import { desk } from '../shared/api/desk';
import { newIdempotencyKey } from '../shared/api/send-report';
import type { BulkForm, BulkResults, Report } from '../shared/api/types';
import { t } from '../shared/i18n';
import type { MessageKey } from '../shared/messages';
import { useAttempt } from './use-attempt';

export type BulkAct = Omit<BulkForm, 'reports'>;

const WHY: Record<number, MessageKey> = { 403: 'error.forbidden', 404: 'error.not_found', 409: 'error.conflict', 412: 'error.conflict' };

/** Why one was refused, in words, with the server's own. */
export function whyRefused({ status, detail }: BulkResults['results'][number]): string {
  const text = t(WHY[status ?? 0] ?? 'error.refused');
  return detail ? t('error.with_detail', { text, detail }) : text;
}

export function useBulk() {
  const answer = shallowRef<BulkResults | null>(null);
  const { isBusy, trouble, attempt } = useAttempt();
  /** Sent again after a lost answer, the same acts are done once. */
  const sent = ref({ body: '', key: '' });

  /** Whether the server did what it could. */
  function run(reports: readonly Report[], act: BulkAct): Promise<boolean> {
    const body: BulkForm = { ...act, reports: reports.map(({ id, version }) => ({ id, version })) };
    const text = JSON.stringify(body);
    if (sent.value.body !== text) sent.value = { body: text, key: newIdempotencyKey() };
    answer.value = null;
    return attempt(async () => {
      answer.value = await desk.bulk(body, sent.value.key);
      sent.value = { body: '', key: '' };
    });
  }
  const forget = () => { answer.value = null; };
  return { answer, isBusy, trouble, run, forget };
}
