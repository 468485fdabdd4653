// What happened to a case, in words.
import type { CaseEvent, Report } from '../shared/api/types';
import { nameOf, t } from '../shared/i18n';
import type { MessageKey } from '../shared/messages';
import { areasById } from './found';
import { categoryName, stateName } from './kinds';
import { personName } from './names';

export function priorityName(priority: number): string {
  return t(`priority.${Math.max(-1, Math.min(2, priority))}` as MessageKey);
}

function assigned(value: string): string {
  const [what, ...rest] = value.split(':');
  const name = rest.join(':');
  if (what === 'person') return t('story.assigned', { who: personName(Number(name)) });
  return what === 'unit' ? t('story.assigned', { who: name }) : t('story.unassigned');
}

const TELL: Record<string, (event: CaseEvent, kind: string) => string> = {
  created: () => t('story.created'),
  moved: ({ state }, kind) => t('story.moved', { state: stateName(kind, state) }),
  written: () => t('story.written'),
  noted: () => t('story.noted'),
  assigned: ({ value }) => assigned(value ?? ''),
  transferred: ({ value }) => {
    const area = areasById.value.get(Number(value));
    return t('story.transferred', { area: area ? nameOf(area) : (value ?? '') });
  },
  recategorised: ({ value }, kind) => t('story.recategorised', { category: categoryName(kind, value ?? '') }),
  prioritised: ({ value }) => t('story.prioritised', { priority: priorityName(Number(value)) }),
  linked: ({ value }) => t('story.linked', { id: value ?? '' }),
  unlinked: ({ value }) => t('story.unlinked', { id: value ?? '' }),
  joined: () => t('story.joined'),
};

export function eventText(event: CaseEvent, kind: string): string {
  return TELL[event.verb]?.(event, kind) ?? t('story.other', { verb: event.verb, value: event.value ?? '' });
}

/** Who did it, as far as staff may know. */
export function actorText({ actor, person_id }: CaseEvent): string {
  return actor === 'staff' && person_id !== undefined ? personName(person_id) : t(`actor.${actor}`);
}

/** Who works on it. */
export function holderText({ assignee_id, unit }: Pick<Report, 'assignee_id' | 'unit'>): string {
  if (assignee_id !== undefined) return personName(assignee_id);
  return unit ?? t('act.nobody');
}
