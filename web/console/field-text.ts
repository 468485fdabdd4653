// A field of a place as a person reads it.
import type { PlaceField } from '../shared/api/types';
import { amenityLabel, placeLabel } from '../shared/categories';
import { t } from '../shared/i18n';
import type { Draft } from './places';
import { textOf } from './places';

export function fieldText(draft: Draft, field: PlaceField): string {
  if (field === 'amenities') return draft.amenities.map(amenityLabel).join(t('common.and')) || t('places.nothing');
  if (field === 'category') return draft.category === '' ? t('places.nothing') : placeLabel(draft.category);
  if (field === 'capacity' && !draft.capacity) return t('places.nothing');
  return textOf(draft, field) || t('places.nothing');
}
