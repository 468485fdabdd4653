// What a page of the desk is. `pages.ts` lists them all.
import type { Component } from 'vue';
import type { MessageKey } from '../shared/messages';
import type { Right, Where } from './rights';

/** The parts of the menu, from above. */
export const GROUPS = ['cases', 'map', 'community', 'office'] as const;

export interface Page {
  load: () => Promise<{ default: Component }>;
  title: MessageKey;
  /** What it is told, of what follows its name in the address: "#/place/12" → ["12"]. */
  props?: (rest: string[]) => Record<string, unknown>;
  /** Stands in this part of the menu, with its icon; in none where it is left out. */
  group?: (typeof GROUPS)[number];
  icon?: Component;
  /** Whom the menu offers it: who may do this, there; everybody where it is left out. */
  right?: Right;
  where?: Where;
  /** What its link in the menu asks for. */
  query?: Record<string, string>;
  /** It can be narrowed to an area, which stands in its address as `area`. */
  isByArea?: boolean;
  /** It fills what the frame leaves and scrolls its parts by itself; else it is a sheet that scrolls as a whole. */
  isWide?: boolean;
}

export type Pages = Record<string, Page>;
