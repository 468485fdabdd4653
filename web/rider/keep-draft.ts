// What is written and not sent lies on this device until it is: its words at each change, and apart from them its photos, which are too large for that.
import { effectScope, getCurrentScope, watch } from 'vue';
import { dropLetter, keepLetter, readLetters } from './letter-box';
import { filesOf, putBackPhotos, type Photos } from './use-photos';

const KEPT_MS = 3 * 86_400_000;

export interface Written<W extends object> {
  /** Under what it lies; its photos lie beside it. */
  name: string;
  photos: Photos;
  /** Nothing is written that is worth being kept. */
  isBlank: () => boolean;
  /** What is kept, as plain values. */
  words: () => W;
  putBack: (words: W) => void;
}
type KeptWords<W> = W & { key: string; atMs: number };
interface KeptPhotos {
  key: string;
  photos: File[];
}
const photosOf = (name: string) => `${name}-photos`;
const isOld = (atMs: number) => Date.now() - atMs >= KEPT_MS;

function drop(name: string): void {
  void dropLetter(name);
  void dropLetter(photosOf(name));
}

/** Also those go whose form nobody opens any more: on a shared phone they are somebody else's. */
export async function dropOldDrafts(): Promise<void> {
  for (const { key, atMs } of await readLetters<{ key: string; atMs?: number }>()) {
    if (atMs !== undefined && isOld(atMs)) drop(key);
  }
}

/** Those whose names begin so, with their photos. */
export async function dropDrafts(begin: string): Promise<void> {
  for (const { key } of await readLetters<{ key: string }>()) if (key.startsWith(begin)) void dropLetter(key);
}

/** How to read what was left, once; each change is kept from then on, as long as whoever asks for it lives. A form opens when it is done, so that
 *  nothing is typed before. */
export function keepDraft<W extends object>({ name, photos, isBlank, words, putBack }: Written<W>): () => Promise<void> {
  const scope = getCurrentScope() ?? effectScope(true);
  const photosName = photosOf(name);

  function watchIt(): void {
    watch(() => [words(), photos.shots.length], () => {
      if (isBlank()) void dropLetter(name);
      else void keepLetter<KeptWords<W>>({ ...words(), key: name, atMs: Date.now() });
    });
    watch(() => photos.shots, (shots) => {
      if (shots.length === 0) void dropLetter(photosName);
      else void keepLetter<KeptPhotos>({ key: photosName, photos: filesOf(photos) });
    });
  }
  async function takeUp(): Promise<void> {
    const kept = await readLetters<{ key: string }>();
    const left = kept.find(({ key }) => key === name) as KeptWords<W> | undefined;
    if (left === undefined || isOld(left.atMs)) drop(name);
    else if (isBlank()) {
      putBack(left);
      putBackPhotos(photos, (kept.find(({ key }) => key === photosName) as KeptPhotos | undefined)?.photos ?? []);
    }
    if (scope.active) scope.run(watchIt);
  }
  let reading: Promise<void> | null = null;
  return () => (reading ??= takeUp());
}
