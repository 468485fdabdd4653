// What a rider may look for: the operator's categories and amenities. A category and an amenity of the same code or the same name are one
// need: a toilet is a toilet, in a station or alone.
import { computed } from 'vue';
import type { Categories } from '../shared/api/types';
import { categories, placeColour, placeSign } from '../shared/categories';

type Label = { zh: string; en: string };

export interface Need {
  code: string;
  label: Label;
  /** Those that answer it; one of them is enough. */
  category?: string;
  amenity?: string;
  colour: string;
  sign: string;
}

const PLAIN = 'var(--td-text-color-placeholder)';

export function needsOf({ places, amenities }: Pick<Categories, 'places' | 'amenities'>): Need[] {
  const taken = new Set<string>();
  const byPlace = places.map(({ code, label }): Need => {
    const same = amenities.find((one) => one.code === code || one.label.zh === label.zh);
    if (same) taken.add(same.code);
    return { code, label, category: code, colour: placeColour(code), sign: placeSign(code), ...(same ? { amenity: same.code } : {}) };
  });
  const rest = amenities.filter(({ code }) => !taken.has(code));
  return [...byPlace, ...rest.map(({ code, label }): Need => ({ code, label, amenity: code, colour: PLAIN, sign: label.zh.slice(0, 1) }))];
}

export const needs = computed<Need[]>(() => (categories.value === null ? [] : needsOf(categories.value)));
/** The need that a category or an amenity is part of. */
export const needOf = (code: string | null): Need | undefined => needs.value.find((one) => one.code === code || one.amenity === code);
