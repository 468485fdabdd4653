// Waits where the server takes no more for the moment. What its limits refuse was not looked at (docs/decisions/0014), so the same is sent again, under the same key.
import { computed, shallowRef } from 'vue';

/** A wait longer than this is for somebody who watches, and so is one that does not come to its end. */
const MOST_S = 30;
const ALL_MS = 120_000;

let isPatient = false;
const waits = shallowRef<readonly { seconds: number }[]>([]);

/** From now on requests wait; the page shows `waiting`. Else they are refused as they come. */
export function bePatient(): void {
  isPatient = true;
}

/** What waits now: how many requests, and the longest wait of them; null: nothing. */
export const waiting = computed(() => (waits.value.length === 0 ? null : {
  n: waits.value.length, seconds: Math.max(...waits.value.map(({ seconds }) => seconds)),
}));

async function wait(seconds: number): Promise<void> {
  const one = { seconds };
  waits.value = [...waits.value, one];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  waits.value = waits.value.filter((other) => other !== one);
}

export interface Answered {
  status: number;
  header: (name: string) => string | null;
}

/** The seconds after which a limit lets more through; null where it was no limit that refused: who guesses codes waits by hand. */
function pauseOf({ status, header }: Answered): number | null {
  const seconds = Number.parseInt(header('Retry-After') ?? '', 10);
  const isLimit = status === 429 && /^"(write|read|long)"/.test(header('RateLimit') ?? '');
  return isLimit && Number.isFinite(seconds) ? Math.max(1, seconds) : null;
}

/** Sends, and sends again as long as the limits of the server say when. */
export async function patiently<T>(send: () => Promise<T>, answered: (answer: T) => Answered): Promise<T> {
  for (const end = Date.now() + ALL_MS;;) {
    const answer = await send();
    const seconds = isPatient ? pauseOf(answered(answer)) : null;
    if (seconds === null || seconds > MOST_S || Date.now() + seconds * 1000 > end) return answer;
    await wait(seconds);
  }
}
