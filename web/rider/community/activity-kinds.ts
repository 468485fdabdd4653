// The kinds of tasks and events, as the operator's files say them; asked for once.
import { shallowRef } from 'vue';
import { community, type ActivityKind } from '../../shared/api/community';
import { ApiError } from '../../shared/api/error';
import { pick } from '../../shared/i18n';

export const activityKinds = shallowRef<ActivityKind[]>([]);
let asked: Promise<void> | null = null;

export function loadActivityKinds(): Promise<void> {
  asked ??= community.activityKinds().then((kinds) => {
    activityKinds.value = kinds;
  }).catch((trouble: unknown) => {
    asked = null;
    if (!(trouble instanceof ApiError)) throw trouble;
  });
  return asked;
}

export const activityKind = (code: string): ActivityKind | undefined => activityKinds.value.find(({ kind }) => kind === code);

export function activityKindName(code: string): string {
  const found = activityKind(code);
  return found ? pick(found.label) : code;
}
