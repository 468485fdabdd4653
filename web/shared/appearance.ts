// Language, light or dark, and how large text is, before Vue is there: i18n.ts and settings.ts keep them, and the first paint goes by them already.
import { readStored, writeStored } from './storage';

/** `system` is as the device says; `night` is dark by the clock as well. */
export const LOOKS = ['system', 'night', 'light', 'dark'] as const;
export const TEXT_SIZES = ['normal', 'large', 'huge'] as const;
export type Look = (typeof LOOKS)[number];
export type TextSize = (typeof TEXT_SIZES)[number];

export type Lang = 'zh' | 'en';

const NIGHT_FROM_H = 19;
const NIGHT_TO_H = 6;

const readOne = <T extends string>(name: string, allowed: readonly T[], first: T): T => readStored(`yizhan.${name}`, first, (value): value is T => allowed.includes(value as T));
export const readLook = (): Look => readOne('look', LOOKS, 'system');
export const readTextSize = (): TextSize => readOne('text', TEXT_SIZES, 'normal');

const LANG_STORE = 'yizhan.lang';
/** The word itself, not JSON. */
export function readLang(): Lang {
  try {
    return localStorage.getItem(LANG_STORE) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}
export function keepLang(lang: Lang): void {
  try {
    localStorage.setItem(LANG_STORE, lang);
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
}
export const localeOf = (lang: Lang): string => (lang === 'zh' ? 'zh-CN' : 'en-GB');

export function keepAppearance(look: Look, textSize: TextSize): void {
  writeStored('yizhan.look', look);
  writeStored('yizhan.text', textSize);
}

export const systemScheme = window.matchMedia('(prefers-color-scheme: dark)');

export function isDarkAt(hour: number, look: Look, isSystemDark: boolean): boolean {
  if (look === 'light' || look === 'dark') return look === 'dark';
  return isSystemDark || (look === 'night' && (hour >= NIGHT_FROM_H || hour < NIGHT_TO_H));
}

/** Puts both on the root element. */
export function dress(isDark: boolean, textSize: TextSize): void {
  const root = document.documentElement;
  root.setAttribute('theme-mode', isDark ? 'dark' : 'light');
  root.dataset['text'] = textSize;
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', isDark ? '#1d2329' : '#ffffff');
}

export const dressAsKept = (): void => dress(isDarkAt(new Date().getHours(), readLook(), systemScheme.matches), readTextSize());
