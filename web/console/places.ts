// What the parts of the desk for places share.
import { ref, shallowReactive } from 'vue';
import type { PlaceField, PlaceRecord, Position } from '../shared/api/types';
import type { MessageKey } from '../shared/messages';

/** Grows with every change made here, so that lists look again. */
export const changed = ref(0);

/** What the form edits, as text where a person types text. */
export interface Draft {
  name: string;
  name_en: string;
  names: string;
  category: string;
  amenities: string[];
  address: string;
  phone: string;
  hours: string;
  hours_self: string;
  /** Text while a number field is empty. */
  capacity: number | '';
  location: Position;
}
export const LABELS = {
  name: 'places.name', name_en: 'places.name_en', names: 'places.names', category: 'places.category', amenities: 'places.amenities',
  address: 'places.address', phone: 'places.phone', hours: 'places.hours', hours_self: 'places.hours_self', capacity: 'place.capacity',
  location: 'desk.where',
} as const satisfies Record<PlaceField, MessageKey>;
export const FIELDS = Object.keys(LABELS) as PlaceField[];

/** What is being typed about a place, and what the place said when it was last looked at. */
export interface Unsaved {
  draft: Draft;
  base: Draft;
  version: number;
  reason: string;
}
/** What was typed and not saved, by the place's id, 0 for a new one: looking at another place loses nothing. */
export const drafts = shallowReactive(new Map<number, Unsaved>());

window.addEventListener('beforeunload', (event) => {
  if (drafts.size > 0) event.preventDefault();
});

export function draftOf(record: PlaceRecord): Draft {
  const { name, name_en, category, address, phone, hours, hours_self, capacity } = record;
  return {
    name, name_en, category, address, phone, hours, hours_self, capacity,
    names: record.names.join('；'),
    amenities: [...record.amenities],
    location: [record.location[0], record.location[1]],
  };
}

export const emptyDraft = (location: Position): Draft => ({
  name: '', name_en: '', names: '', category: '', amenities: [], address: '', phone: '', hours: '', hours_self: '', capacity: 0, location,
});

const namesOf = (text: string) => text.split(/[;；]/).map((name) => name.trim()).filter((name) => name !== '');

/** A field as one text, to be compared; amenities in any order are the same. */
export function textOf(draft: Draft, field: PlaceField): string {
  if (field === 'amenities') return [...draft.amenities].sort().join(', ');
  if (field === 'names') return namesOf(draft.names).join('; ');
  if (field === 'location') return draft.location.map((degrees) => degrees.toFixed(6)).join(', ');
  if (field === 'capacity') return String(draft.capacity || 0);
  return draft[field].trim();
}

export const differ = (a: Draft, b: Draft): PlaceField[] => FIELDS.filter((field) => textOf(a, field) !== textOf(b, field));

/** Some fields of a draft as the API takes them. */
export function fieldsOf(draft: Draft, fields: readonly PlaceField[]): Partial<Record<PlaceField, unknown>> {
  const valueOf = (field: PlaceField): unknown => {
    if (field === 'names') return namesOf(draft.names);
    if (field === 'capacity') return draft.capacity || 0;
    const value = draft[field];
    return typeof value === 'string' ? value.trim() : value;
  };
  return Object.fromEntries(fields.map((field) => [field, valueOf(field)]));
}
