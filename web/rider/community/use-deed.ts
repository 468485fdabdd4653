// The deed of a sign-up while it is written: its words, its pictures, and whether it may be shown.
import { reactive, ref, shallowRef, watch } from 'vue';
import type { components } from '#api';
import type { Deed } from '../../shared/api/community';
import { ApiError } from '../../shared/api/error';
import { own } from '../../shared/api/own';
import type { MessageKey } from '../../shared/messages';
import { person } from '../../shared/session';
import { clearPhotos, newPhotos } from '../use-photos';
import { bringer } from './bring-pictures';
import { useAct } from './use-act';

const MAX_PHOTOS = 6;
type Picture = components['schemas']['Picture'];

export function useDeed(signup: string) {
  const deed = shallowRef<Deed | null>(null);
  const draft = reactive({ words: '', name: '', agreed: true, kept: [] as Picture[] });
  const photos = newPhotos(MAX_PHOTOS);
  const loading = ref(true);
  const error = shallowRef<ApiError | null>(null);
  const said = ref<MessageKey | null>(null);
  const { isBusy, trouble, act } = useAct();
  const bring = bringer(photos);

  function show(now: Deed | null): void {
    deed.value = now;
    Object.assign(draft, { words: now?.words ?? '', name: now?.name ?? '', agreed: now?.agreed ?? true, kept: now?.pictures ?? [] });
  }
  async function reload(): Promise<void> {
    loading.value = true;
    error.value = null;
    try {
      show(await own.deed(signup));
    } catch (without) {
      if (!(without instanceof ApiError)) throw without;
      if (without.status === 404) show(null);
      else error.value = without;
    } finally {
      loading.value = false;
    }
  }
  function save(): Promise<void> {
    said.value = null;
    const { words, name, agreed } = draft;
    const version = deed.value?.version ?? 0;
    const send = async () => own.writeDeed(signup, { words: words.trim(), name: name.trim(), agreed, version, pictures: [...draft.kept.map(({ id }) => id), ...await bring()] });
    return act([words, name, agreed, version], send, (now) => {
      clearPhotos(photos);
      show(now);
      said.value = now.agreed === false ? 'deed.saved_private' : 'deed.saved';
    });
  }
  function remove(): Promise<void> {
    const { version = 0 } = deed.value ?? {};
    return act(version, () => own.deleteDeed(signup, version), () => show(null));
  }
  function drop(id: string): void {
    draft.kept = draft.kept.filter((picture) => picture.id !== id);
  }
  watch(() => person.value?.id, () => person.value && void reload(), { immediate: true });
  return { deed, draft, photos, loading, error, reload, isBusy, trouble, said, save, remove, drop };
}
