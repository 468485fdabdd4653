// The questions of a lesson as they are typed.
import type { Schemas, Terms } from '../../shared/api/community-desk';

export type QuestionTerms = NonNullable<Terms<'createPost'>['questions']>[number];
export type QuestionType = QuestionTerms['type'];
export interface QuestionDraft {
  type: QuestionType;
  text: string;
  options: string[];
  /** Codes of what is right: a, b, c … by the order of options; true or false. */
  answer: string[];
  feedback: string;
}

export const codeAt = (i: number) => String.fromCharCode(97 + i);
export const emptyQuestion = (): QuestionDraft => ({ type: 'single', text: '', options: ['', ''], answer: [], feedback: '' });

export function questionsOf(quiz: Schemas['Quiz'] | undefined): QuestionDraft[] {
  return (quiz?.questions ?? []).map(({ type, text, options, answer, feedback }) => ({
    type, text, options: type === 'true_false' ? [] : options.map((option) => option.text), answer: [...(answer ?? [])], feedback: feedback ?? '',
  }));
}

export function questionTerms(questions: readonly QuestionDraft[]): QuestionTerms[] {
  return questions.map(({ type, text, options, answer, feedback }) => ({
    type, text: text.trim(), answer: answer as QuestionTerms['answer'],
    ...(type === 'true_false' ? {} : { options: options.map((option) => option.trim()) as QuestionTerms['options'] }),
    ...(feedback.trim() === '' ? {} : { feedback: feedback.trim() }),
  }));
}

/** What is right, once an option was ticked or unticked. */
export function toggled({ type, answer }: QuestionDraft, code: string): string[] {
  if (type !== 'multiple') return [code];
  return answer.includes(code) ? answer.filter((other) => other !== code) : [...answer, code].sort();
}
