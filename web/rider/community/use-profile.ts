// What somebody says of themselves, while it is changed.
import { reactive, ref, shallowRef } from 'vue';
import { ApiError } from '../../shared/api/error';
import { own } from '../../shared/api/own';
import type { Me } from '../../shared/api/types';
import { person } from '../../shared/session';
import type { MessageKey } from '../../shared/messages';
import { useAct } from './use-act';
import { useOne } from './use-one';

const NOBODY = () => Promise.reject<Me>(new ApiError(401, null));

export function useProfile() {
  const me = shallowRef<Me | null>(null);
  const draft = reactive({ name: '', phone: '', language: '' as '' | 'zh' | 'en' });
  const said = ref<MessageKey | null>(null);
  const { isBusy, trouble, act } = useAct();

  function show(now: Me): void {
    me.value = now;
    Object.assign(draft, { name: now.name, phone: '', language: now.language ?? '' });
    if (person.value) person.value = { ...person.value, name: now.name };
  }
  const { loading, error, reload } = useOne(() => (person.value ? own.me() : NOBODY()), show);

  async function change(what: { name?: string; language?: '' | 'zh' | 'en'; phone?: string }): Promise<void> {
    if (!me.value) return;
    said.value = null;
    const body = { version: me.value.version, ...what };
    await act(body, () => own.change(body), (now) => {
      show(now);
      said.value = 'com.saved';
    });
    if (trouble.value?.status !== 409) return;
    trouble.value = null;
    await reload();
    said.value = 'prof.changed';
  }
  function save(): Promise<void> {
    const phone = draft.phone.trim();
    return change({ name: draft.name.trim(), language: draft.language, ...(phone === '' ? {} : { phone }) });
  }
  return { me, draft, said, loading, error, reload, isBusy, trouble, save, removePhone: () => change({ phone: '' }) };
}
