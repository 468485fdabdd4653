// Who is signed in. The session is in a cookie that no script can read; what is kept here is only that there is one.
import { ref, shallowRef } from 'vue';
import { api, setCsrf } from './api/client';
import { ApiError } from './api/error';
import type { Person } from './api/types';
import { forgetSeen } from './seen';
import { readStored, writeStored } from './storage';

const STORE = 'yizhan.signed_in';

export const person = shallowRef<Person | null>(null);
/** True until it is known whether the browser was signed in before. */
export const isRestoring = ref(true);
/** Set when a session ended by itself. */
export const wasSignedOut = ref(false);

function forget(): void {
  forgetSeen();
  setCsrf(null);
  writeStored(STORE, false);
}

export async function restoreSession(): Promise<void> {
  if (readStored(STORE, false, (value): value is boolean => typeof value === 'boolean')) {
    try {
      const me = await api.me();
      setCsrf(me.csrf ?? null);
      person.value = me;
    } catch (error) {
      // Without an answer the session may still be good: the next load tries it again.
      if (error instanceof ApiError && error.status === 401) forget();
    }
  }
  isRestoring.value = false;
}

/** `code` is that of the second factor, '' for none. */
export async function signIn(name: string, password: string, code: string): Promise<void> {
  const session = await api.signIn(name, password, code);
  setCsrf(session.csrf ?? null);
  writeStored(STORE, true);
  wasSignedOut.value = false;
  person.value = session.person;
}

/** Signs out here, or as `end` does it. */
export async function signOut(end: () => Promise<unknown> = () => api.signOut()): Promise<void> {
  // The page forgets who it was even when the server cannot be told.
  await end().catch(() => undefined);
  forget();
  person.value = null;
}

/** To be called with every error of what is asked for somebody who is signed in: a refused session is over. */
export function noteRefusal(error: ApiError): void {
  if (error.status !== 401 || person.value === null) return;
  forget();
  person.value = null;
  wasSignedOut.value = true;
}
