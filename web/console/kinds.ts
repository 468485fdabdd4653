// The kinds of cases as the operator's files say them.
import { computed, shallowRef } from 'vue';
import { ApiError } from '../shared/api/error';
import { desk } from '../shared/api/desk';
import type { Kind, KindCategory, Report } from '../shared/api/types';
import { pick } from '../shared/i18n';

export const kinds = shallowRef<Kind[]>([]);

/** Without them codes are shown instead of names. */
export async function loadKinds(): Promise<void> {
  try {
    kinds.value = await desk.kinds();
  } catch (trouble) {
    if (!(trouble instanceof ApiError)) throw trouble;
  }
}

const byCode = computed(() => new Map(kinds.value.map((kind) => [kind.code, kind])));
export const kindOf = (code: string): Kind | undefined => byCode.value.get(code);

export function kindLabel(code: string): string {
  const kind = kindOf(code);
  return kind ? pick(kind.label) : code;
}

export function stateName(kind: string, state: string): string {
  const found = kindOf(kind)?.states.find(({ code }) => code === state);
  return found ? pick(found.label) : state;
}

export function categoryOf(kind: string, category: string): KindCategory | undefined {
  return kindOf(kind)?.categories.find(({ code }) => code === category);
}

export function categoryName(kind: string, category: string): string {
  const found = categoryOf(kind, category);
  return found ? pick(found.label) : category;
}

/** The units that the kinds' files name. */
export const units = computed(() => [...new Set(kinds.value.flatMap(({ categories }) => categories.flatMap(({ unit }) => unit ?? [])))]);

export function isOpen({ kind, state }: Pick<Report, 'kind' | 'state'>): boolean {
  return kindOf(kind)?.states.find(({ code }) => code === state)?.open ?? true;
}
