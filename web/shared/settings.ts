// How a page looks on this device: light or dark, and how large its text is. Kept here alone.
import { computed, ref, watchEffect, type Ref } from 'vue';
import { readStored, writeStored } from './storage';

/** `system` is as the device says; `night` is dark by the clock as well. */
export const LOOKS = ['system', 'night', 'light', 'dark'] as const;
export const TEXT_SIZES = ['normal', 'large', 'huge'] as const;
export type Look = (typeof LOOKS)[number];
export type TextSize = (typeof TEXT_SIZES)[number];

const NIGHT_FROM_H = 19;
const NIGHT_TO_H = 6;
const CLOCK_MS = 60_000;

function kept<T extends string>(name: string, allowed: readonly T[], first: T): Ref<T> {
  return ref(readStored(`yizhan.${name}`, first, (value): value is T => allowed.includes(value as T))) as Ref<T>;
}
export const look = kept('look', LOOKS, 'system');
export const textSize = kept('text', TEXT_SIZES, 'normal');

const system = window.matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = ref(system.matches);
const hour = ref(new Date().getHours());

export const isDark = computed(() => {
  if (look.value === 'light' || look.value === 'dark') return look.value === 'dark';
  const isNight = hour.value >= NIGHT_FROM_H || hour.value < NIGHT_TO_H;
  return isSystemDark.value || (look.value === 'night' && isNight);
});

/** Puts the settings on the root element, and keeps them. To be called once, when a page begins. */
export function keepSettings(): void {
  system.addEventListener('change', ({ matches }) => {
    isSystemDark.value = matches;
  });
  setInterval(() => {
    hour.value = new Date().getHours();
  }, CLOCK_MS);
  watchEffect(() => {
    const root = document.documentElement;
    root.setAttribute('theme-mode', isDark.value ? 'dark' : 'light');
    root.dataset['text'] = textSize.value;
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', isDark.value ? '#1d2329' : '#ffffff');
    writeStored('yizhan.look', look.value);
    writeStored('yizhan.text', textSize.value);
  });
}
