// The kinds of posts, as the operator's file says them; asked for once.
import { shallowRef } from 'vue';
import { community, type PostKinds } from '../../shared/api/community';
import { ApiError } from '../../shared/api/error';
import { pick } from '../../shared/i18n';

export const postKinds = shallowRef<PostKinds['kinds']>([]);
let asked: Promise<void> | null = null;

export function loadPostKinds(): Promise<void> {
  asked ??= community.postKinds().then(({ kinds }) => {
    postKinds.value = kinds;
  }).catch((trouble: unknown) => {
    asked = null;
    if (!(trouble instanceof ApiError)) throw trouble;
  });
  return asked;
}

export function postKindName(code: string): string {
  const found = postKinds.value.find((kind) => kind.code === code);
  return found ? pick(found.label) : code;
}
