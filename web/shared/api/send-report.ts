// Sends what has photos. XMLHttpRequest, because fetch cannot tell how far an upload has come.
import { csrfToken } from './client';
import { ApiError, errorFrom } from './error';
import { patiently } from './patience';
import type { Position } from './types';

export interface Draft {
  kind: string;
  category: string;
  /** null where it has none, or an address instead. */
  location: Position | null;
  accuracyM: number | null;
  address: string;
  description: string;
  answers: Answers;
  photos: File[];
}

/** What is said to the questions of a category, by their code; several only where several may be chosen. */
export type Answers = Record<string, string[]>;

/** A slow network may take minutes for photos; the server gives up on a request after its own time. */
const PATIENCE_MS = 180_000;

/** Answers as a form has them (Open311 GeoReport v2, "POST Service Request"). */
export function answerFields(answers: Answers): [string, string][] {
  return Object.entries(answers).flatMap(([code, values]) => {
    const name = values.length > 1 ? `attribute[${code}][]` : `attribute[${code}]`;
    return values.filter((value) => value.trim() !== '').map((value): [string, string] => [name, value.trim()]);
  });
}

/** As the server takes it; the photos go beside it. */
export function reportForm(draft: Draft): { form: [string, string][]; photos: File[] } {
  const form: [string, string][] = [['kind', draft.kind], ['category', draft.category]];
  if (draft.location !== null) {
    form.push(['lon', draft.location[0].toFixed(7)], ['lat', draft.location[1].toFixed(7)]);
    if (draft.accuracyM !== null) form.push(['accuracy', String(Math.round(draft.accuracyM))]);
  }
  if (draft.address.trim() !== '') form.push(['address', draft.address.trim()]);
  if (draft.description.trim() !== '') form.push(['description', draft.description.trim()]);
  return { form: [...form, ...answerFields(draft.answers)], photos: draft.photos };
}

/** A key for one report: sent again with the same content, the server answers as it did the first time. */
export function newIdempotencyKey(): string {
  // crypto.randomUUID is missing on plain http outside of localhost.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sends a form once for its key; resolves with what the server answers, rejects with ApiError. `onProgress` gets the share
 *  that has gone out, 0 to 1; `token` is that of a report's sender or joiner. */
export async function sendForm<T>(
  path: string, form: FormData, key: string, onProgress: (share: number) => void = () => {}, token: string | null = null,
): Promise<T> {
  const request = await patiently(() => sendOnce(path, form, key, onProgress, token), (sent) => ({
    status: sent.status, header: (name) => sent.getResponseHeader(name),
  }));
  const body: unknown = request.response;
  if (request.status === 201 || request.status === 200) return body as T;
  throw errorFrom(request.status, body, request.getResponseHeader('Retry-After'));
}

function sendOnce(path: string, form: FormData, key: string, onProgress: (share: number) => void, token: string | null): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.responseType = 'json';
    request.timeout = PATIENCE_MS;
    request.setRequestHeader('Idempotency-Key', key);
    if (token !== null) request.setRequestHeader('Case-Token', token);
    const proof = csrfToken();
    if (proof !== null) request.setRequestHeader('X-CSRF-Token', proof);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    const lost = () => reject(new ApiError(0, null));
    request.onerror = lost;
    request.ontimeout = lost;
    request.onload = () => resolve(request);
    request.send(form);
  });
}
