// What takes back a change of a place, as long as what it made still stands.
import { api } from '../shared/api/client';
import type { PlaceEvent, PlaceField, PlaceFields, PlaceRecord, Position } from '../shared/api/types';
import { t } from '../shared/i18n';
import { draftOf, emptyDraft, FIELDS, fieldsOf, textOf, type Draft } from './places';

export type Undo = (now: PlaceRecord) => Promise<PlaceRecord>;

/** The fields that an event changed, before and after it. */
export function changesOf(event: PlaceEvent): { field: PlaceField; before: Draft; after: Draft }[] {
  return FIELDS.flatMap((field) => {
    const pair = event.changes?.[field];
    return pair ? [{ field, before: draftWith(field, pair[0]), after: draftWith(field, pair[1]) }] : [];
  });
}

/** A draft in which one field says what the history has of it. */
function draftWith(field: PlaceField, value: unknown): Draft {
  const draft = emptyDraft([0, 0]);
  if (field === 'amenities') draft.amenities = String(value).split(' ').filter(Boolean);
  else if (field === 'location') draft.location = value as Position;
  else if (field === 'capacity') draft.capacity = Number(value);
  else draft[field] = String(value);
  return draft;
}

function undoFields(event: PlaceEvent, record: PlaceRecord): Undo | null {
  const now = draftOf(record);
  const standing = changesOf(event).filter(({ field, after }) => textOf(after, field) === textOf(now, field));
  if (standing.length === 0) return null;
  const fields = Object.assign({}, ...standing.map(({ field, before }) => fieldsOf(before, [field]))) as PlaceFields;
  // Hours that were there before are put back whatever is thought of them.
  const isForced = fields.hours !== undefined || fields.hours_self !== undefined;
  const reason = t('undo.reason', { version: event.version });
  return ({ id, version }) => api.editPlace(id, { ...fields, ...(isForced ? { force: true } : {}), reason, version });
}

function undoOrder(event: PlaceEvent, record: PlaceRecord): Undo | null {
  const [before, after] = (event.changes?.['photos'] ?? []) as string[];
  if (before === undefined || after !== record.photos.join(' ')) return null;
  return ({ id, version }) => api.orderPhotos(id, version, before.split(' '));
}

/** Pairs of which only the last one can be taken back. */
const TOGGLES: Record<string, readonly string[]> = {
  closed: ['closed', 'opened'], removed: ['removed', 'restored'], restored: ['removed', 'restored'],
};

/** How to take `event` back; null where it cannot be, or where something else stands by now. `events`: newest first. */
export function undoOf(event: PlaceEvent, events: readonly PlaceEvent[], record: PlaceRecord): Undo | null {
  const pair = TOGGLES[event.verb];
  if (pair && events.find(({ verb }) => pair.includes(verb)) !== event) return null;
  switch (event.verb) {
    case 'closed': return record.closed ? ({ id, version }) => api.reopenPlace(id, version) : null;
    case 'removed': return record.status === 'removed' ? ({ id, version }) => api.restorePlace(id, version) : null;
    case 'restored': return ({ id, version }) => api.removePlace(id, version, t('undo.reason', { version: event.version }));
    case 'photos_ordered': return undoOrder(event, record);
    default: return event.verb === 'edited' || event.verb === 'imported' ? undoFields(event, record) : null;
  }
}
