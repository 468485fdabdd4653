// How a page looks on this device: light or dark, and how large its text is. Kept here alone.
import { computed, ref, watchEffect } from 'vue';
import { dress, isDarkAt, keepAppearance, readLook, readTextSize, systemScheme } from './appearance';

export { LOOKS, TEXT_SIZES, type Look, type TextSize } from './appearance';

const CLOCK_MS = 60_000;

export const look = ref(readLook());
export const textSize = ref(readTextSize());

const isSystemDark = ref(systemScheme.matches);
const hour = ref(new Date().getHours());

export const isDark = computed(() => isDarkAt(hour.value, look.value, isSystemDark.value));

/** Puts the settings on the root element, and keeps them. To be called once, when a page begins. */
export function keepSettings(): void {
  systemScheme.addEventListener('change', ({ matches }) => {
    isSystemDark.value = matches;
  });
  setInterval(() => {
    hour.value = new Date().getHours();
  }, CLOCK_MS);
  watchEffect(() => {
    dress(isDark.value, textSize.value);
    keepAppearance(look.value, textSize.value);
  });
}
