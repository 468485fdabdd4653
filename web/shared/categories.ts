// The operator's lists (categories, amenities, profiles), fetched once, and how a category looks on the map.
import { computed, ref, shallowRef } from 'vue';
import { api } from './api/client';
import { ApiError } from './api/error';
import type { Categories, ReportState } from './api/types';
import { pick, t } from './i18n';
import { stateName } from './kinds';
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

function byCode<T extends { code: string }>(list: T[] | undefined): Map<string, T> {
  return new Map((list ?? []).map((entry) => [entry.code, entry]));
}
const placeKinds = computed(() => byCode(categories.value?.places));
const amenityKinds = computed(() => byCode(categories.value?.amenities));
const reportKinds = computed(() => byCode([...(categories.value?.reports ?? []), ...(categories.value?.feedback ?? [])]));
const feedbackStates = computed(() => byCode(categories.value?.feedback_states));

function labelIn(kinds: Map<string, { label: { zh: string; en: string } }>, code: string): string {
  const kind = kinds.get(code);
  return kind ? pick(kind.label) : code;
}
export const placeLabel = (code: string) => labelIn(placeKinds.value, code);
export const amenityLabel = (code: string) => labelIn(amenityKinds.value, code);
export const reportLabel = (code: string) => labelIn(reportKinds.value, code);

/** A state's name, which a kind of case may have of its own. */
export function stateLabel(state: ReportState, kind?: string): string {
  const own = kind === 'place_feedback' ? feedbackStates.value.get(state) : undefined;
  return own ? pick(own.label) : ((kind === undefined ? null : stateName(kind, state)) ?? t(`state.${state}`));
}

export function profileLabel(code: string): string {
  const key = `profile.${code}`;
  return key in messages ? t(key as MessageKey) : code;
}

/** What a category's dot is painted with; grey for one that is no longer in the list. */
export const placeColour = (code: string) => placeKinds.value.get(code)?.colour ?? '#5d6b7a';

export function placeSign(code: string): string {
  const sign = placeKinds.value.get(code)?.sign;
  return sign ? pick(sign) : '·';
}
