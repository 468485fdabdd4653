// What kinds of points there are, as the operator's rules name them; asked for once.
import { shallowRef } from 'vue';
import { community, type PointsRule } from '../../shared/api/community';
import { ApiError } from '../../shared/api/error';
import { pick } from '../../shared/i18n';

export const pointRules = shallowRef<PointsRule[]>([]);
let asked: Promise<void> | null = null;

export function loadPointKinds(): Promise<void> {
  asked ??= community.pointsRules().then((rules) => {
    pointRules.value = rules;
  }).catch((trouble: unknown) => {
    asked = null;
    if (!(trouble instanceof ApiError)) throw trouble;
  });
  return asked;
}

/** The code itself until the name is known. */
export function pointKindName(kind: string): string {
  const found = pointRules.value.find((rule) => rule.kind === kind);
  return found ? pick(found.label) : kind;
}
