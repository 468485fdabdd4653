// The report being written. It outlives its panel, so that a look at the map loses nothing, and the page: it lies on this device until it is sent.
import { reactive, ref, toRaw, watch } from 'vue';
import { newIdempotencyKey, type Answers, type Draft } from '../shared/api/send-report';
import type { Position } from '../shared/api/types';
import { keepDraft } from './keep-draft';
import type { Letter } from './letter';
import { clearPhotos, filesOf, newPhotos, putBackPhotos } from './use-photos';

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
  const where: Where = said.has('lon') ? 'map' : said.has('address') ? 'address' : 'none';
  Object.assign(draft, {
    kind: said.get('kind') ?? 'report', category: said.get('category') ?? '', description: said.get('description') ?? '', address: said.get('address') ?? '', where, answers,
  });
  draftPin.value = said.has('lon') ? [lon, lat] : null;
  putBackPhotos(photos, files);
}

const isBlank = () => photos.shots.length === 0 && draft.description.trim() === '' && draft.category === '' && draft.address.trim() === '';

export const readDraft = keepDraft({
  name: 'draft', photos, isBlank,
  words: () => ({ draft: JSON.parse(JSON.stringify(draft)) as typeof draft, pin: draftPin.value === null ? null : ([...toRaw(draftPin.value)] as Position) }),
  putBack: ({ draft: said, pin }) => {
    Object.assign(draft, said);
    draftPin.value = pin;
  },
});
