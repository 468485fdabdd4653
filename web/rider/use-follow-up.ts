// How one goes on with a report of one's own, as it is being written. It outlives its panel, so that a look at the map loses nothing.
import { reactive } from 'vue';
import { answerFields, type Answers } from '../shared/api/send-report';
import type { Report } from '../shared/api/types';
import { addPhotos, clearPhotos, newPhotos } from './use-photos';
import type { Letter } from './letter';

/** Words and photos alone; else the state that it is to come to. */
export const WRITE = 'write';

export const followUp = reactive({ report: '', act: null as string | null, words: '', rating: 0, answers: {} as Answers, hasAnswers: false });
export const photos = newPhotos(6);

export function clearFollowUp(report = ''): void {
  Object.assign(followUp, { report, act: null, words: '', rating: 0, answers: {}, hasAnswers: false });
  clearPhotos(photos);
}

export function answersOf(report: Report): Answers {
  const answers: Answers = {};
  for (const { code, value } of report.attributes ?? []) (answers[code] ??= []).push(value);
  return answers;
}

/** Begins with what was answered before: what is sent stands in place of all that. */
export function beginFollowUp(report: Report, act: string): void {
  followUp.act = act;
  if (followUp.hasAnswers) return;
  followUp.answers = answersOf(report);
  followUp.hasAnswers = true;
}

/** As the server takes it; `version` is owed by who works in an office, too. */
export function followUpForm(report: Report, withVersion: boolean): [string, string][] {
  const { act, words, rating, answers } = followUp;
  const form: [string, string][] = [];
  if (act !== null && act !== WRITE) form.push(['state', act]);
  if (act !== WRITE && withVersion) form.push(['version', String(report.version)]);
  if (words.trim() !== '') form.push(['text', words.trim()]);
  if (rating > 0) form.push(['rating', String(rating)]);
  const said = answerFields(answers);
  if (JSON.stringify(said) !== JSON.stringify(answerFields(answersOf(report)))) form.push(...said);
  return form;
}

/** A letter that was refused, to be written again: nothing of it is lost. */
export function takeUpAgain(report: Report, { form, photos: files }: Letter): void {
  clearFollowUp(report.id);
  const said = new Map(form ?? []);
  beginFollowUp(report, said.get('state') ?? WRITE);
  followUp.words = said.get('text') ?? '';
  followUp.rating = Number(said.get('rating') ?? 0);
  const answers: Answers = {};
  for (const [name, value] of form ?? []) {
    const code = /^attribute\[(.+?)\]/.exec(name)?.[1];
    if (code !== undefined) (answers[code] ??= []).push(value);
  }
  if (Object.keys(answers).length > 0) followUp.answers = answers;
  addPhotos(photos, files);
}
