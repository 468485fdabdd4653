// What happened to a report, in a few words.
import type { CaseEvent } from '../shared/api/rider';
import type { Report } from '../shared/api/types';
import { reportLabel, stateLabel } from '../shared/categories';
import { t } from '../shared/i18n';
import { categoryName, categoryOf } from '../shared/kinds';
import { messages, type MessageKey } from '../shared/messages';

/** A category's name: kinds may use the same code for other things. */
export function categoryText(kind: string | undefined, category: string): string {
  return kind !== undefined && categoryOf(kind, category) ? categoryName(kind, category) : reportLabel(category);
}

/** Whether it is told by the state that it led to. */
export const isMove = ({ verb }: CaseEvent): boolean => verb === 'moved' || verb === 'created';

export function eventText({ kind }: Report, event: CaseEvent): string {
  if (isMove(event)) return stateLabel(event.state, kind);
  const key = `event.${event.verb}`;
  return t(key in messages ? (key as MessageKey) : 'event.changed', { category: event.value === undefined ? '' : categoryText(kind, event.value) });
}

/** The last thing that happened, for a list. */
export function newsOf(report: Report): string {
  const last = report.history?.slice(-1)[0];
  if (last === undefined) return '';
  const what = t('event.by', { actor: t(`actor.${last.actor}`), what: eventText(report, last) });
  return last.reason ? t('event.said', { what, words: last.reason }) : what;
}
