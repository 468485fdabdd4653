// A letter to the server: what it is about, and how it is sent. The page and the service worker both send them.
import type { Report } from '../shared/api/types';

/** The name is what the rider was shown. The last is a case of its own, new. */
export type About = { place: number; name: string } | { report: string; name: string } | { kind: string; category: string; name: string };

export type Done = { report: Report } | { counted: boolean };

export interface Letter {
  /** Its Idempotency-Key. */
  key: string;
  about: About;
  /** As the form that the server takes: what is wrong with the place, how to go on with the report, the new report; null: the place is as it says. */
  form: [string, string][] | null;
  photos: File[];
  /** When it goes out, or is tried again. */
  dueMs: number;
  /** It was tried, and no answer came. */
  isWaiting: boolean;
  /** The Case-Token of the report that it is about. */
  token?: string | null;
  /** It is sent by somebody who is signed in, so that only the page can send it: the proof that goes with a session is in no store. */
  isSigned?: boolean;
  /** It was sent while no page was open: what became of it, to be noted by the next one. */
  done?: Done;
}

export function pathOf({ about, form }: Pick<Letter, 'about' | 'form'>): string {
  if ('place' in about) return `/v1/places/${about.place}/${form === null ? 'confirm' : 'feedback'}`;
  return 'report' in about ? `/v1/reports/${encodeURIComponent(about.report)}/updates` : '/v1/reports';
}

export function bodyOf({ form, photos }: Pick<Letter, 'form' | 'photos'>): FormData {
  const body = new FormData();
  for (const [name, value] of form ?? []) body.append(name, value);
  for (const photo of photos) body.append('photo', photo, photo.name);
  return body;
}

/** No answer, too many at once, or a server that is just starting: the letter is as good as before. */
export const isForLater = (status: number): boolean => status === 0 || status === 429 || status >= 500;

/** By which the browser wakes the service worker when there is a network again. */
export const SYNC_TAG = 'letters';
/** What the worker tells open pages when it sent some. */
export const SENT_MESSAGE = 'letters-sent';
