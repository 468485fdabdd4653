// How votes look, and their questions as they are typed.
import type { Schemas, Terms } from '../../shared/api/community-desk';
import type { Tone } from './columns';

type Vote = Schemas['Vote'];
export const VOTE_STATES = ['draft', 'open', 'closed', 'cancelled'] as const;
export const VOTE_TONES: Record<Vote['state'], Tone> = { draft: 'wait', open: 'good', closed: 'quiet', cancelled: 'bad' };
export const OUTCOME_TONES: Record<NonNullable<Vote['outcome']>, Tone> = { counted: 'good', adopted: 'good', rejected: 'bad', no_quorum: 'wait', too_few: 'wait' };

export const QUESTION_TYPES = ['choice', 'choices', 'scale', 'factors'] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];
export interface VoteQuestionDraft {
  type: QuestionType;
  title: string;
  isOptional: boolean;
  /** As typed: of choices how many at least and at most, of a scale its highest. */
  min: string;
  max: string;
  options: string[];
  /** Which option adopts a decision; -1 for none. */
  adopts: number;
}

export const emptyVoteQuestion = (): VoteQuestionDraft => ({ type: 'choice', title: '', isOptional: false, min: '', max: '', options: ['', ''], adopts: -1 });

export function voteQuestionsOf(questions: readonly Schemas['VoteQuestion'][]): VoteQuestionDraft[] {
  return questions.map(({ type, title, optional, min, max, options = [] }) => ({
    type, title, isOptional: optional ?? false, min: String(min ?? ''), max: String(max ?? ''),
    options: options.map(({ name }) => name), adopts: options.findIndex(({ adopts }) => adopts === true),
  }));
}

const hasBounds = (type: QuestionType) => type === 'choices' || type === 'scale';

export function voteQuestionTerms(questions: readonly VoteQuestionDraft[]): Terms<'createVote'>['questions'] {
  return questions.map(({ type, title, isOptional, min, max, options, adopts }) => ({
    type, title: title.trim(), ...(isOptional ? { optional: true } : {}),
    ...(type === 'choices' && min !== '' ? { min: Number(min) } : {}), ...(hasBounds(type) && max !== '' ? { max: Number(max) } : {}),
    ...(type === 'scale' ? {} : { options: options.map((name, i) => ({ name: name.trim(), ...(type === 'choice' && i === adopts ? { adopts: true } : {}) })) }),
  })) as Terms<'createVote'>['questions'];
}
