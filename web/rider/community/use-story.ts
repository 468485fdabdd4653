// A story of one's own: as the server has it, and what is done to it.
import { ref } from 'vue';
import { own, type Story } from '../../shared/api/own';
import { go } from '../../shared/hash';
import type { MessageKey } from '../../shared/messages';
import { noteRefusal } from '../../shared/session';
import { useFetched } from '../../shared/use-fetched';
import { useAct } from './use-act';
import { draftsOf, useStoryDraft } from './use-story-draft';

export type StoryDesk = ReturnType<typeof useStory>;

/** `owner` is whose draft it is. */
export function useStory(id: number | null, owner: number) {
  const { value: story, error, run } = useFetched<Story>();
  const written = useStoryDraft(`${draftsOf(owner)}${id ?? 'new'}`, story);
  const isReady = ref(false);
  const said = ref<MessageKey | null>(null);
  /** How it stands since somebody changed it while it was written. */
  const moved = ref<Story['state'] | null>(null);
  const { isBusy, trouble, act } = useAct();

  function show(now: Story | null): void {
    story.value = now;
    written.reset();
  }
  async function reload(): Promise<void> {
    if (id !== null) await run(() => own.story(id), true);
    if (error.value) return noteRefusal(error.value);
    if (isReady.value) return; // what is typed by now stays
    written.reset();
    await written.read();
    isReady.value = true;
  }
  /** What somebody else did meanwhile is looked at. */
  async function look(): Promise<void> {
    const seen = story.value?.version;
    if (trouble.value?.status !== 409) return;
    await reload();
    if (story.value && story.value.version !== seen) moved.value = story.value.state;
  }
  async function save(): Promise<void> {
    const version = story.value?.version;
    said.value = moved.value = null;
    const send = async (key: string) => {
      const terms = await written.terms();
      return id === null || version === undefined ? own.sendStory(terms, key) : own.resendStory(id, { ...terms, version });
    };
    await act([written.asSent(), version], send, (now) => {
      show(id === null ? null : now);
      if (id === null) go(['stories'], { done: 'sent' });
      else said.value = 'contrib.saved';
    });
    await look();
  }
  async function remove(): Promise<void> {
    const { version = 0 } = story.value ?? {};
    said.value = moved.value = null;
    await act(version, () => own.takeBackStory(id ?? 0, version), () => {
      show(null);
      go(['stories'], { done: 'removed' });
    });
    await look();
  }
  void reload();
  return { ...written, story, isReady, error, reload, isBusy, trouble, moved, said, save, remove };
}
