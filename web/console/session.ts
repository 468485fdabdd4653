// Who is signed in. The token lives as long as the tab: a desk is often shared.
import { ref, shallowRef } from 'vue';
import { api, setToken } from '../shared/api/client';
import { ApiError } from '../shared/api/error';
import type { Person } from '../shared/api/types';

const STORE = 'yizhan.token';

export const person = shallowRef<Person | null>(null);
/** True until it is known whether the tab was signed in before. */
export const isRestoring = ref(true);
/** Set when a session ended by itself. */
export const wasSignedOut = ref(false);

function keepToken(token: string | null): void {
  setToken(token);
  if (token === null) sessionStorage.removeItem(STORE);
  else sessionStorage.setItem(STORE, token);
}

export async function restoreSession(): Promise<void> {
  const token = sessionStorage.getItem(STORE);
  if (token !== null) {
    setToken(token);
    try {
      person.value = await api.me();
    } catch (error) {
      // Without an answer the token may still be good: the next load tries it again.
      if (error instanceof ApiError && error.status === 401) keepToken(null);
      else setToken(null);
    }
  }
  isRestoring.value = false;
}

export async function signIn(name: string, password: string): Promise<void> {
  const session = await api.signIn(name, password);
  keepToken(session.token);
  wasSignedOut.value = false;
  person.value = session.person;
}

export async function signOut(): Promise<void> {
  // The tab forgets the token even when the server cannot be told.
  await api.signOut().catch(() => undefined);
  keepToken(null);
  person.value = null;
}

/** To be called with every error of the desk: a refused token ends the session. */
export function noteError(error: ApiError): void {
  if (error.status !== 401 || person.value === null) return;
  keepToken(null);
  person.value = null;
  wasSignedOut.value = true;
}
