// What a page of the app is. `pages.ts` lists them all.
import { computed, shallowRef, type Component } from 'vue';
import { hash } from '../shared/hash';
import type { MessageKey } from '../shared/messages';

export type Tab = 'map' | 'report' | 'community' | 'me';

export interface Page {
  load: () => Promise<{ default: Component }>;
  /** The tab that is lit while it is shown. */
  tab: Tab;
  title: MessageKey;
  /** In the sheet over the map, with a head of its own; else it fills the screen, under a head that the app draws. */
  isOnMap?: boolean;
  /** Without the tabs below, where its own actions lie. */
  isBare?: boolean;
  /** What it is told, of what follows its name in the address: "#/votes/12" → ["12"]. */
  props?: (rest: string[]) => Record<string, unknown>;
  /** Stands in the list of its tab with this icon. */
  icon?: Component;
  /** A line under its title in that list. */
  about?: MessageKey;
}

export type Pages = Record<string, Page>;

/** What the page that is shown calls itself, once it knows: the name of a vote instead of "Vote". */
const named = shallowRef<{ at: string; title: string } | null>(null);
const address = computed(() => hash.value.path.join('/'));

export function namePage(title: string): void {
  named.value = { at: address.value, title };
}
export const pageName = computed(() => (named.value?.at === address.value ? named.value.title : null));
