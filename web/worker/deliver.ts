// Sends what lies in the outbox while no page may be open. What became of it stays in the store for the next page, which alone can note it.
import { bodyOf, isForLater, pathOf, type Done, type Letter } from '../rider/letter';
import { dropLetter, keepLetter, readLetters } from '../rider/letter-box';

async function send(letter: Letter): Promise<Response> {
  const headers: Record<string, string> = { 'Idempotency-Key': letter.key, ...(letter.token ? { 'Case-Token': letter.token } : {}) };
  // Without the session: that would want its proof, which only the page has.
  return fetch(pathOf(letter), { method: 'POST', headers, credentials: 'omit', ...(letter.form === null ? {} : { body: bodyOf(letter) }) });
}

/** How many were sent, and how many wait for a better network. */
export async function deliverLetters(): Promise<{ sent: number; left: number }> {
  let sent = 0, left = 0;
  const letters = (await readLetters<Letter>()).filter(({ about, done, isSigned }) => about !== undefined && done === undefined && !isSigned);
  for (const letter of letters) {
    try {
      const answer = await send(letter);
      if (answer.ok) {
        const body = await answer.json() as { counted?: boolean };
        const done = (letter.form === null ? { counted: body.counted === true } : { report: body }) as Done;
        sent++;
        // Taken back meanwhile, or sent by a page: then nothing is left to note.
        if ((await readLetters<Letter>()).some(({ key }) => key === letter.key)) await keepLetter({ ...letter, photos: [], done });
        else await dropLetter(letter.key);
      } else if (isForLater(answer.status)) left++;
    } catch {
      left++;
    }
  }
  return { sent, left };
}
