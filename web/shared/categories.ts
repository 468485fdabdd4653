// The operator's lists (categories, amenities, profiles), fetched once, and how a category looks on the map.
import { computed, ref, shallowRef } from 'vue';
import { api } from './api/client';
import { ApiError } from './api/error';
import type { Categories, Category } from './api/types';
import { lang, pick, t } from './i18n';
import { messages, type MessageKey } from './messages';

export const categories = shallowRef<Categories | null>(null);
export const categoriesError = ref<ApiError | null>(null);

export async function loadCategories(): Promise<void> {
  categoriesError.value = null;
  try {
    categories.value = await api.categories();
  } catch (error) {
    categoriesError.value = error as ApiError;
  }
}

function labels(list: Category[] | undefined): Map<string, Category> {
  return new Map((list ?? []).map((category) => [category.code, category]));
}
const placeKinds = computed(() => labels(categories.value?.places));
const amenityKinds = computed(() => labels(categories.value?.amenities));
const reportKinds = computed(() => labels(categories.value?.reports));

function labelIn(kinds: Map<string, Category>, code: string): string {
  const kind = kinds.get(code);
  return kind ? pick(kind.label) : code;
}
export const placeLabel = (code: string) => labelIn(placeKinds.value, code);
export const amenityLabel = (code: string) => labelIn(amenityKinds.value, code);
export const reportLabel = (code: string) => labelIn(reportKinds.value, code);

export function profileLabel(code: string): string {
  const key = `profile.${code}`;
  return key in messages ? t(key as MessageKey) : code;
}

/** A colour for each category: those we know keep theirs, others take one of the palette by their name. */
const COLOURS: Record<string, string> = {
  rest_station: '#e2541b', union_branch: '#c81e3a', toilet: '#2563c9', fuel: '#7a4fc0', battery_swap: '#0e8a6a',
  charging: '#0e8a6a', drinking_water: '#0a86b8', clinic: '#c2367a', partner_merchant: '#b06a00', repair: '#5d6b7a',
  shelter: '#4d7a2c',
};
const PALETTE = ['#2563c9', '#0e8a6a', '#b06a00', '#7a4fc0', '#c2367a', '#5d6b7a'];

function hashOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
}

export function placeColour(code: string): string {
  return COLOURS[code] ?? PALETTE[hashOf(code) % PALETTE.length] ?? '#5d6b7a';
}

/** One sign for the marker, told from its neighbours better than the label's first character would be. */
const SIGNS: Record<string, string> = {
  rest_station: '驿', union_branch: '工', toilet: '厕', fuel: '油', battery_swap: '换', charging: '电',
  drinking_water: '水', clinic: '医', partner_merchant: '店', repair: '修', shelter: '避',
};

export function placeSign(code: string): string {
  const known = lang.value === 'zh' ? SIGNS[code] : undefined;
  return known ?? [...placeLabel(code)][0]?.toUpperCase() ?? '·';
}
