// What the rider says of places and reports, and what they report, on its way to the server. A letter about a place can be taken back for a few seconds;
// without a network it waits on this device, also over a reload, and goes out once: the server knows its key. Where there is a service worker, that sends it
// after the page was closed (`worker/`).
import { reactive, ref, shallowRef } from 'vue';
import { api } from '../shared/api/client';
import { ApiError } from '../shared/api/error';
import { sendForm } from '../shared/api/send-report';
import type { Report } from '../shared/api/types';
import { person } from '../shared/session';
import { bodyOf, isForLater, pathOf, SENT_MESSAGE, SYNC_TAG, type Done, type Letter } from './letter';
import { dropLetter, keepLetter, readLetters } from './letter-box';
import { rememberReport, tokenOf } from './my-reports';

const HOLD_MS = 5000;
const AGAIN_MS = 15_000;

export const letters = shallowRef<Letter[]>([]);
/** The one that is being sent now. */
export const sending = ref<string | null>(null);
export const refusals = reactive(new Map<string, ApiError>());
/** What became of the last letter about a place. */
export const outcomes = reactive(new Map<number, Done>());
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

type Written = Pick<Letter, 'key' | 'about' | 'form' | 'photos'>;

function stamped(letter: Written, dueMs: number, isWaiting = false): Letter {
  const token = 'report' in letter.about ? tokenOf(letter.about.report) : null;
  return { ...letter, dueMs, isWaiting, token, isSigned: person.value !== null };
}

/** Takes a letter on; once it is shown it is not lost when the page goes. About a place it can be taken back for a moment; a report
 *  is gone on with at once, for whoever does so has said so. */
export async function post(letter: Written): Promise<void> {
  const posted = stamped(letter, Date.now() + ('place' in letter.about ? HOLD_MS : 0));
  await keepLetter(posted);
  if ('place' in letter.about) outcomes.delete(letter.about.place);
  letters.value = [...letters.value, posted];
  wake();
}

/** Sends a new report at once. It lies in the outbox meanwhile, so that neither a closed page nor a dead battery loses it, and stays there
 *  where no answer comes; what is refused is the form's to mend. Throws ApiError. */
export async function sendNow(letter: Written, onProgress: (share: number) => void): Promise<Report> {
  await keepLetter(stamped(letter, Date.now()));
  try {
    const report = await sendForm<Report>(pathOf(letter), bodyOf(letter), letter.key, onProgress);
    rememberReport(report);
    await dropLetter(letter.key);
    return report;
  } catch (trouble) {
    if (trouble instanceof ApiError && isForLater(trouble.status)) {
      const waiting = stamped(letter, Date.now() + AGAIN_MS, true);
      letters.value = [...letters.value.filter(({ key }) => key !== letter.key), waiting];
      await keepLetter(waiting);
      askForSync();
      wake();
    } else await dropLetter(letter.key);
    throw trouble;
  }
}

/** Has the browser wake the service worker when there is a network, whether or not a page is open then. */
function askForSync(): void {
  void navigator.serviceWorker?.ready.then((worker) => (worker as { sync?: { register(tag: string): Promise<void> } }).sync?.register(SYNC_TAG)).catch(() => undefined);
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

function noteDone({ about }: Letter, done: Done): void {
  if ('place' in about) outcomes.set(about.place, done);
  if (!('report' in done)) return;
  if ('report' in about) answered.set(about.report, done.report);
  else rememberReport(done.report);
}

async function send(letter: Letter): Promise<void> {
  const { about, key, form } = letter;
  if ('place' in about && form === null) noteDone(letter, { counted: (await api.confirmPlace(about.place)).counted });
  else noteDone(letter, { report: await sendForm<Report>(pathOf(letter), bodyOf(letter), key, undefined, 'report' in about ? tokenOf(about.report) : null) });
}

async function deliverOne(letter: Letter): Promise<void> {
  sending.value = letter.key;
  try {
    await send(letter);
    forget(letter.key);
  } catch (trouble) {
    if (!(trouble instanceof ApiError)) throw trouble;
    const pauseMs = Math.max(AGAIN_MS, 1000 * (trouble.retryAfterS ?? 0));
    if (isForLater(trouble.status)) {
      replace({ ...letter, dueMs: Date.now() + pauseMs, isWaiting: true });
      askForSync();
    } else refusals.set(letter.key, trouble);
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

/** Reads what lies in the store: letters to send, and what the service worker sent meanwhile. */
async function readStore(): Promise<void> {
  const kept = (await readLetters<Letter>()).filter(({ about }) => about !== undefined);
  for (const letter of kept) {
    if (letter.done === undefined) continue;
    noteDone(letter, letter.done);
    forget(letter.key);
  }
  const known = new Set(letters.value.map(({ key }) => key));
  const dueMs = Date.now();
  letters.value = [...kept.filter(({ key, done }) => !known.has(key) && done === undefined).map((letter) => ({ ...letter, dueMs })), ...letters.value];
}

/** To be called once, when the page begins. */
export async function openOutbox(): Promise<void> {
  await readStore();
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    if (data === SENT_MESSAGE) void readStore();
  });
  window.addEventListener('online', hurry);
  // Whoever puts the phone away does not come back to take something back.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hurry();
  });
  wake();
}
