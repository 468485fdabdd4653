// What a list of the desk shows of each thing.
import type { MessageKey } from '../../shared/messages';

/** The tones of badges (shared/ui/base.css). */
export type Tone = 'new' | 'busy' | 'good' | 'bad' | 'wait' | 'quiet';

export interface Column<T> {
  key: string;
  title: MessageKey;
  text: (item: T) => string;
  /** Said below, smaller. */
  sub?: (item: T) => string;
  /** Shown as a badge. */
  tone?: (item: T) => Tone;
  isNumber?: boolean;
}

/** One of several pages that belong together. */
export interface Tab {
  path: string[];
  label: MessageKey;
}
