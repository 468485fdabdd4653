// The kinds of cases as the operator's files say them: categories, questions, states and moves.
import { computed, shallowRef } from 'vue';
import { ApiError } from './api/error';
import { rider, type Kind, type KindCategory, type KindMove } from './api/rider';
import type { Report } from './api/types';
import { pick } from './i18n';

export const kinds = shallowRef<Kind[]>([]);
export const kindsError = shallowRef<ApiError | null>(null);

export async function loadKinds(): Promise<void> {
  kindsError.value = null;
  try {
    kinds.value = await rider.kinds();
  } catch (trouble) {
    if (!(trouble instanceof ApiError)) throw trouble;
    kindsError.value = trouble;
  }
}

const byCode = computed(() => new Map(kinds.value.map((kind) => [kind.code, kind])));
export const kindOf = (code: string): Kind | undefined => byCode.value.get(code);

export function categoryOf(kind: string, category: string): KindCategory | undefined {
  return kindOf(kind)?.categories.find(({ code }) => code === category);
}

/** The code itself where nothing is known of it. */
export function categoryName(kind: string, category: string): string {
  const found = categoryOf(kind, category);
  return found ? pick(found.label) : category;
}

/** What the kind calls the state, if it is known. */
export function stateName(kind: string, state: string): string | null {
  const found = kindOf(kind)?.states.find(({ code }) => code === state);
  return found ? pick(found.label) : null;
}

type Standing = Pick<Report, 'kind' | 'state'>;

export function stateOf({ kind, state }: Standing): Kind['states'][number] | undefined {
  return kindOf(kind)?.states.find(({ code }) => code === state);
}
export const isOpen = (of: Standing): boolean => stateOf(of)?.open ?? true;

/** The moves that the table of the kind lets `role` make from where the case is. */
export function movesOf({ kind, state }: Standing, role: string): KindMove[] {
  return (kindOf(kind)?.moves ?? []).filter((move) => move.from === state && move.by.includes(role));
}

/** Whether the case takes itself back when its sender has it forgotten: nobody but the sender makes that move, and it owes nothing. */
export function canBeTakenBack(of: Standing): boolean {
  return movesOf(of, 'reporter').some((move) => move.by.length === 1 && move.needs.length === 0 && !isOpen({ kind: of.kind, state: move.to as Report['state'] }));
}
