// The inbox: what waits to be read first. What is opened is read.
import { computed, ref, watch } from 'vue';
import { own, type Inbox, type Message, type MessageGroup } from '../../shared/api/own';
import { lang } from '../../shared/i18n';
import { person } from '../../shared/session';
import { unread } from './unread';
import { useAct } from './use-act';
import { usePaged } from './use-paged';

export function useInbox() {
  const group = ref<MessageGroup | ''>('');
  const { isBusy, trouble, act } = useAct();
  const paged = usePaged<Message>(async (cursor) => {
    const page: Inbox = person.value ? await own.inbox({ lang: lang.value, group: group.value }, cursor) : { messages: [], unread: 0, cursor: null };
    unread.value = page.unread;
    return { items: page.messages, cursor: page.cursor };
  }, () => [person.value?.id, lang.value, group.value]);

  const newest = computed(() => Math.max(0, ...paged.items.map(({ id }) => id)));
  function mark(isRead: (message: Message) => boolean): void {
    const now = new Date().toISOString();
    paged.items = paged.items.map((message) => (message.read_at === undefined && isRead(message) ? { ...message, read_at: now } : message));
  }
  function open(message: Message): void {
    if (message.read_at !== undefined) return;
    void act(message.id, () => own.readMessage(message.id), () => {
      mark(({ id }) => id === message.id);
      unread.value = Math.max(0, unread.value - 1);
    });
  }
  function readAll(): void {
    const upto = newest.value;
    if (upto > 0) void act(upto, () => own.readMessages(upto), ({ marked }) => {
      mark(({ id }) => id <= upto);
      unread.value = Math.max(0, unread.value - marked);
    });
  }
  watch(group, () => (trouble.value = null));
  return { group, paged, isBusy, trouble, open, readAll };
}
