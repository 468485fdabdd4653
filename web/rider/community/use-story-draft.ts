// The words and pictures of a story while they are written, or changed: they stay on this device until they were sent.
import { computed, reactive, ref, watch, type ShallowRef } from 'vue';
import type { components } from '#api';
import type { Story, StoryTerms } from '../../shared/api/own';
import { keepDraft } from '../keep-draft';
import { clearPhotos, newPhotos } from '../use-photos';
import { bringer } from './bring-pictures';

export const TITLE_MAX = 80;
export const BODY_MAX = 5000;
export const PICTURES_MAX = 20;
type Picture = components['schemas']['Picture'];
/** How the names of somebody's drafts begin: another person on the same device finds others. */
export const draftsOf = (owner: number) => `story-${owner}-`;

interface Draft {
  title: string;
  body: string;
  author: string;
  area: number | null;
  /** Pictures that the story shows already. */
  kept: Picture[];
}
const draftOf = (story: Story | null): Draft => ({
  title: story?.title ?? '', body: story?.body ?? '', author: story?.author ?? '', area: story?.area_id ?? null, kept: [...(story?.pictures ?? [])],
});
/** What its writer wrote of it; where a new one goes is filled in for them. */
const wordsOf = ({ title, body, author, area, kept }: Draft, isNew: boolean) => JSON.stringify([title.trim(), body.trim(), author.trim(), isNew ? null : area, kept.map(({ id }) => id)]);

/** `name` is under what it is kept; `story` is what the server has of it. */
export function useStoryDraft(name: string, story: Readonly<ShallowRef<Story | null>>) {
  const draft = reactive<Draft>(draftOf(null));
  const photos = newPhotos(PICTURES_MAX);
  /** How many of the photos are at the server. */
  const there = ref(0);
  const bring = bringer(photos);

  const isWritten = computed(() => photos.shots.length > 0 || wordsOf(draft, story.value === null) !== wordsOf(draftOf(story.value), story.value === null));
  const isWhole = computed(() => draft.title.trim() !== '' && draft.body.trim() !== '' && draft.area !== null && photos.preparing === 0
    && draft.kept.length + photos.shots.length <= PICTURES_MAX);
  const read = keepDraft({
    name, photos, isBlank: () => !isWritten.value,
    words: () => ({ draft: JSON.parse(JSON.stringify(draft)) as Draft }),
    putBack: (left) => void Object.assign(draft, left.draft),
  });
  watch(() => draft.kept.length, (kept) => (photos.max = PICTURES_MAX - kept));

  function reset(): void {
    const { area } = draft;
    Object.assign(draft, draftOf(story.value), story.value === null ? { area } : {}); // where a new one goes was filled in for its writer
    clearPhotos(photos);
  }
  /** Brings the photos first. */
  async function terms(): Promise<StoryTerms> {
    const { title, body, author, area, kept } = draft;
    there.value = 0;
    const pictures = [...kept.map((picture) => picture.id), ...await bring((n) => (there.value = n))];
    return { title: title.trim(), body: body.trim(), author: author.trim(), area_id: area as number, pictures };
  }
  function drop(picture: string): void {
    draft.kept = draft.kept.filter((one) => one.id !== picture);
  }
  /** What a try to send it is known by. */
  const asSent = () => [wordsOf(draft, false), photos.shots.map(({ url }) => url)];
  return { draft, photos, there, isWritten, isWhole, read, reset, terms, drop, asSent };
}
