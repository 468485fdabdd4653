// The report being written. It outlives its panel, so that a look at the map loses nothing, and the page: it lies on this device until it is sent.
import { reactive, ref, toRaw, watch } from 'vue';
import { newIdempotencyKey, type Answers, type Draft } from '../shared/api/send-report';
import type { Position } from '../shared/api/types';
import type { Letter } from './letter';
import { dropLetter, keepLetter, readLetters } from './letter-box';
import { addPhotos, clearPhotos, filesOf, newPhotos } from './use-photos';

/** How it says where: by the pin on the map, by an address, or not at all. */
export type Where = 'map' | 'address' | 'none';

const EMPTY = { category: '', description: '', address: '', where: 'map' as Where, accuracyM: null as number | null };
export const draft = reactive({ kind: 'report', ...EMPTY, answers: {} as Answers });
export const photos = newPhotos(6);
/** Where the pin was put. */
export const draftPin = ref<Position | null>(null);

/** The key belongs to what is sent: another word or photo is another report. */
let key: string | null = null;
export function draftKey(): string {
  key ??= newIdempotencyKey();
  return key;
}
function forgetKey(): void {
  key = null;
}
watch([draft, () => photos.shots], forgetKey, { deep: true, flush: 'sync' });
export { forgetKey as draftMoved };

export function clearDraft(): void {
  clearPhotos(photos);
  Object.assign(draft, EMPTY, { answers: {} });
  draftPin.value = null;
}

export function draftAt(pin: Position | null): Draft {
  const { where, ...said } = draft;
  return { ...said, location: where === 'map' ? pin : null, address: where === 'address' ? draft.address : '', photos: filesOf(photos) };
}

/** Writes again what lies in the outbox and was not sent. */
export function takeUpDraft({ form, photos: files }: Pick<Letter, 'form' | 'photos'>): void {
  clearDraft();
  const said = new Map(form ?? []);
  const [lon, lat] = [Number(said.get('lon')), Number(said.get('lat'))];
  const answers: Answers = {};
  for (const [name, value] of form ?? []) {
    const code = /^attribute\[(.+?)\]/.exec(name)?.[1];
    if (code !== undefined) (answers[code] ??= []).push(value);
  }
  draft.kind = said.get('kind') ?? 'report';
  draftPin.value = said.has('lon') ? [lon, lat] : null;
  const where: Where = said.has('lon') ? 'map' : said.has('address') ? 'address' : 'none';
  pending = { category: said.get('category') ?? '', description: said.get('description') ?? '', address: said.get('address') ?? '', where, accuracyM: null, answers };
  addPhotos(photos, files);
}
/** What a form takes over once it knows the kind, for another kind empties it. */
let pending: Partial<typeof draft> | null = null;
export function takePending(): void {
  if (pending !== null) Object.assign(draft, pending);
  pending = null;
}

const KEPT_AS = 'draft';
const KEPT_MS = 3 * 86_400_000;
const PAUSE_MS = 400;

interface Kept {
  key: string;
  draft: typeof draft;
  pin: Position | null;
  photos: File[];
  atMs: number;
}

const isBlank = () => photos.shots.length === 0 && draft.description.trim() === '' && draft.category === '' && draft.address.trim() === '';

/** Reads the draft that was left, and keeps each change from then on. To be called once. */
export async function keepDraft(): Promise<void> {
  const found = (await readLetters<Kept>()).find((one) => one.key === KEPT_AS);
  if (found && Date.now() - found.atMs < KEPT_MS && isBlank()) {
    draft.kind = found.draft.kind;
    pending = found.draft;
    draftPin.value = found.pin;
    addPhotos(photos, found.photos);
    takePending();
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch([draft, () => photos.shots, draftPin], () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (isBlank()) return void dropLetter(KEPT_AS);
      const said = JSON.parse(JSON.stringify(draft)) as typeof draft;
      void keepLetter<Kept>({ key: KEPT_AS, draft: said, pin: draftPin.value === null ? null : [...toRaw(draftPin.value)], photos: filesOf(photos), atMs: Date.now() });
    }, PAUSE_MS);
  }, { deep: true });
}
