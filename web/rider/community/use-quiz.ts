// A try at the quiz of a lesson: what is chosen, and what came of it.
import { computed, ref, shallowRef } from 'vue';
import { community, type Attempt, type Post, type Quiz } from '../../shared/api/community';
import { person } from '../../shared/session';
import { useAct } from './use-act';

export function useQuiz(post: Post, quiz: Quiz) {
  const chosen = ref<string[][]>(quiz.questions.map(() => []));
  const attempt = shallowRef<Attempt | null>(null);
  const { isBusy, trouble, act } = useAct();

  const owed = computed(() => chosen.value.filter((codes) => codes.length === 0).length);
  const left = computed(() => attempt.value?.tries_left ?? quiz.tries_left ?? quiz.tries);
  const isPassed = computed(() => attempt.value?.passed ?? quiz.passed ?? false);
  /** It can be answered now: not passed, a try is left, and the last one is not being looked at. */
  const isOpen = computed(() => person.value !== null && !isPassed.value && left.value > 0 && attempt.value === null);
  /** Somebody changed the lesson since it was read: no try was taken. */
  const isStale = computed(() => trouble.value?.status === 409);

  function choose(question: number, code: string): void {
    const before = chosen.value[question] ?? [];
    const isSeveral = quiz.questions[question]?.type === 'multiple';
    const now = !isSeveral ? [code] : before.includes(code) ? before.filter((one) => one !== code) : [...before, code];
    chosen.value = chosen.value.map((codes, i) => (i === question ? now : codes));
  }
  function send(): Promise<void> {
    return act(chosen.value, (key) => community.tryQuiz(post.id, post.version, chosen.value, key), (answer) => (attempt.value = answer));
  }
  function again(): void {
    attempt.value = null;
    chosen.value = quiz.questions.map(() => []);
  }
  return { chosen, attempt, isBusy, trouble, owed, left, isPassed, isOpen, isStale, choose, send, again };
}
