// Who is signed in at the desk.
import type { ApiError } from '../shared/api/error';
import { noteRefusal, signOut } from '../shared/session';
import { drafts } from './places';

export { isRestoring, person, restoreSession, signIn, wasSignedOut } from '../shared/session';

/** Signs out here, or as `end` does it. */
export async function leave(end?: () => Promise<unknown>): Promise<void> {
  await signOut(end);
  // A desk is often shared: whoever comes next does not find what was typed here.
  drafts.clear();
}

/** To be called with every error of the desk: a refused session is over. */
export function noteError(error: ApiError): void {
  if (error.problem?.type === 'urn:yizhan:problem:second-factor-missing') location.hash = '#/account';
  noteRefusal(error);
}
