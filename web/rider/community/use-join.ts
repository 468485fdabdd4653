// Asking to belong to a branch: its form, consent before anything is asked, and what came of it.
import { computed, reactive, ref, shallowRef } from 'vue';
import { community, type JoinForm } from '../../shared/api/community';
import { ApiError } from '../../shared/api/error';
import { own, type Membership } from '../../shared/api/own';
import { useAct } from './use-act';
import { useOne } from './use-one';

/** The form is another one by now; one belongs to another branch, and may ask to move. */
export type Refusal = 'old' | 'elsewhere';

export function useJoin(code: string, onCome: (form: JoinForm) => void) {
  const shown = useOne(() => community.joinForm(code), onCome);
  const hasConsent = ref(false);
  const answers = reactive<Record<string, string>>({});
  const sent = shallowRef<Membership | null>(null);
  const { isBusy, trouble, act } = useAct();

  const fields = computed(() => shown.value.value?.form.fields ?? []);
  const owed = computed(() => fields.value.filter((field) => field.required && !(answers[field.code] ?? '').trim()).length);
  const refusal = ref<Refusal | null>(null);

  /** The server's words are for developers: what there is by now says why it was refused. */
  async function findRefusal(version: number): Promise<Refusal | null> {
    try {
      const now = await community.joinForm(code);
      if (now.form.version !== version) return 'old';
      const { items } = await own.memberships(null);
      const isHere = items.some(({ branch, state }) => branch.id === now.branch.id && ['member', 'waiting'].includes(state));
      return !isHere && items.some(({ branch, state }) => state === 'member' && !branch.alongside) ? 'elsewhere' : null;
    } catch (without) {
      if (!(without instanceof ApiError)) throw without;
      return null;
    }
  }

  async function send(move: boolean): Promise<void> {
    const form = shown.value.value?.form;
    if (!form) return;
    const said = Object.fromEntries(Object.entries(answers).filter(([, text]) => text.trim() !== '').map(([field, text]) => [field, text.trim()]));
    const body = { form: form.version, answers: said, move };
    refusal.value = null;
    await act(body, (key) => own.join(code, body, key), (membership) => (sent.value = membership));
    if (trouble.value?.status === 409) refusal.value = await findRefusal(form.version);
  }
  async function reread(): Promise<void> {
    hasConsent.value = false;
    trouble.value = refusal.value = null;
    await shown.reload();
  }
  return { shown, hasConsent, answers, sent, fields, owed, refusal, isBusy, trouble, send, reread };
}
