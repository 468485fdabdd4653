// The ballot while it is filled in.
import { computed, ref } from 'vue';
import { community, type Vote, type VoteAnswer, type VoteQuestion } from '../../shared/api/community';
import { useAct } from './use-act';

export const WHOLE = 100;
export const sumOf = (weights: number[]): number => weights.reduce((sum, weight) => sum + weight, 0);
export const minOf = (question: VoteQuestion): number => question.min ?? 1;
export const maxOf = (question: VoteQuestion): number => question.max ?? (question.type === 'scale' ? 5 : (question.options?.length ?? 1));

/** As even as whole percents can be. */
export function evenWeights(count: number): number[] {
  const each = Math.floor(WHOLE / count);
  return Array.from({ length: count }, (_, i) => each + (i < WHOLE - each * count ? 1 : 0));
}

/** Whether something is said at all, and whether that is an answer. */
const IS_SAID: Record<VoteQuestion['type'], (answer: VoteAnswer) => boolean> = {
  choice: ({ choice }) => choice !== undefined,
  choices: ({ choices = [] }) => choices.length > 0,
  scale: ({ value }) => value !== undefined,
  factors: ({ weights = [] }) => sumOf(weights) > 0,
};
function isWhole(question: VoteQuestion, answer: VoteAnswer): boolean {
  if (question.type === 'choices') {
    const { length } = answer.choices ?? [];
    return length >= minOf(question) && length <= maxOf(question);
  }
  return question.type !== 'factors' || sumOf(answer.weights ?? []) === WHOLE;
}

export function useBallot(vote: Vote) {
  const answers = ref<VoteAnswer[]>(vote.questions.map(() => ({})));
  const { isBusy, trouble, act } = useAct();
  const missing = computed(() => vote.questions.filter((question, i) => {
    const answer = answers.value[i] ?? {};
    return IS_SAID[question.type](answer) ? !isWhole(question, answer) : question.optional !== true;
  }).length);

  function say(index: number, answer: VoteAnswer): void {
    answers.value = answers.value.map((old, i) => (i === index ? answer : old));
  }
  function cast(then: () => void): Promise<void> {
    const said = vote.questions.map((question, i) => (IS_SAID[question.type](answers.value[i] ?? {}) ? (answers.value[i] ?? {}) : {}));
    return act(said, (key) => community.castBallot(vote.id, said, key), then);
  }
  return { answers, isBusy, trouble, missing, say, cast };
}
