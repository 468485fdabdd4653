// What the rider says of places, and of the reports that are theirs, on its way to the server. A letter can be taken back for a few seconds; without a network
// it waits on this device, also over a reload, and goes out once: the server knows its key.
import { reactive, ref, shallowRef } from 'vue';
import { api } from '../shared/api/client';
import { ApiError } from '../shared/api/error';
import { sendForm } from '../shared/api/send-report';
import type { Report } from '../shared/api/types';
import { dropLetter, keepLetter, readLetters } from './letter-box';
import { rememberReport, tokenOf } from './my-reports';

export interface Letter {
  /** Its Idempotency-Key. */
  key: string;
  about: About;
  /** As the form that the server takes: what is wrong with the place, how to go on with the report; null: the place is as it says. */
  form: [string, string][] | null;
  photos: File[];
  /** When it goes out, or is tried again. */
  dueMs: number;
  /** It was tried, and no answer came. */
  isWaiting: boolean;
}

/** The name is what the rider was shown. */
export type About = { place: number; name: string } | { report: string; name: string };

/** What became of the last letter about a place. */
export type Outcome = { report: Report } | { counted: boolean };

const HOLD_MS = 5000;
const AGAIN_MS = 15_000;

export const letters = shallowRef<Letter[]>([]);
/** The one that is being sent now. */
export const sending = ref<string | null>(null);
export const refusals = reactive(new Map<string, ApiError>());
export const outcomes = reactive(new Map<number, Outcome>());
/** What reports became by the last letter about them. */
export const answered = reactive(new Map<string, Report>());

export const isAboutPlace = ({ about }: Letter, place: number): boolean => 'place' in about && about.place === place;
export const isAboutReport = ({ about }: Letter, report: string): boolean => 'report' in about && about.report === report;

let timer: ReturnType<typeof setTimeout> | undefined;

function isDue({ key, dueMs }: Letter): boolean {
  return dueMs <= Date.now() && !refusals.has(key);
}

/** Wakes up when the next letter is due. */
function wake(): void {
  clearTimeout(timer);
  const next = Math.min(...letters.value.filter(({ key }) => !refusals.has(key)).map(({ dueMs }) => dueMs));
  if (Number.isFinite(next)) timer = setTimeout(() => void deliver(), Math.max(0, next - Date.now()));
}

function replace(letter: Letter): void {
  letters.value = letters.value.map((old) => (old.key === letter.key ? letter : old));
  void keepLetter(letter);
}

/** Takes a letter on; once it is shown it is not lost when the page goes. About a place it can be taken back for a moment; a report
 *  is gone on with at once, for whoever does so has said so. */
export async function post(letter: Pick<Letter, 'key' | 'about' | 'form' | 'photos'>): Promise<void> {
  const isHeld = 'place' in letter.about;
  const posted = { ...letter, dueMs: Date.now() + (isHeld ? HOLD_MS : 0), isWaiting: false };
  await keepLetter(posted);
  if ('place' in letter.about) outcomes.delete(letter.about.place);
  letters.value = [...letters.value, posted];
  wake();
}

/** Takes a letter back that is not on its way yet, or that was refused. */
export function takeBack(key: string): void {
  if (sending.value === key) return;
  forget(key);
  wake();
}

function forget(key: string): void {
  letters.value = letters.value.filter((letter) => letter.key !== key);
  refusals.delete(key);
  void dropLetter(key);
}

async function sendAboutPlace(place: number, { key, form, photos }: Letter): Promise<Outcome> {
  if (form === null) return { counted: (await api.confirmPlace(place)).counted };
  const report = await sendForm<Report>(`/v1/places/${place}/feedback`, bodyOf(form, photos), key);
  rememberReport(report);
  return { report };
}

function bodyOf(form: [string, string][], photos: File[]): FormData {
  const body = new FormData();
  for (const [name, value] of form) body.append(name, value);
  for (const photo of photos) body.append('photo', photo, photo.name);
  return body;
}

async function send(letter: Letter): Promise<void> {
  const { about, key, form, photos } = letter;
  if ('place' in about) outcomes.set(about.place, await sendAboutPlace(about.place, letter));
  else {
    const path = `/v1/reports/${encodeURIComponent(about.report)}/updates`;
    answered.set(about.report, await sendForm<Report>(path, bodyOf(form ?? [], photos), key, undefined, tokenOf(about.report)));
  }
}

/** No answer, too many at once, or a server that is just starting: the letter is as good as before. */
function isForLater({ status }: ApiError): boolean {
  return status === 0 || status === 429 || status >= 500;
}

async function deliverOne(letter: Letter): Promise<void> {
  sending.value = letter.key;
  try {
    await send(letter);
    forget(letter.key);
  } catch (trouble) {
    if (!(trouble instanceof ApiError)) throw trouble;
    const pauseMs = Math.max(AGAIN_MS, 1000 * (trouble.retryAfterS ?? 0));
    if (isForLater(trouble)) replace({ ...letter, dueMs: Date.now() + pauseMs, isWaiting: true });
    else refusals.set(letter.key, trouble);
  } finally {
    sending.value = null;
  }
}

async function deliver(): Promise<void> {
  if (sending.value !== null) return;
  for (const letter of letters.value.filter(isDue)) {
    if (letters.value.some(({ key }) => key === letter.key)) await deliverOne(letter);
  }
  wake();
}

/** Sends all that lies here without waiting any longer. */
function hurry(): void {
  letters.value = letters.value.map((letter) => ({ ...letter, dueMs: Math.min(letter.dueMs, Date.now()) }));
  void deliver();
}

/** To be called once, when the page begins. */
export async function openOutbox(): Promise<void> {
  const kept = (await readLetters<Letter>()).filter(({ about }) => about !== undefined);
  const known = new Set(letters.value.map(({ key }) => key));
  const dueMs = Date.now();
  letters.value = [...kept.filter(({ key }) => !known.has(key)).map((letter) => ({ ...letter, dueMs })), ...letters.value];
  window.addEventListener('online', hurry);
  // Whoever puts the phone away does not come back to take something back.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hurry();
  });
  wake();
}
