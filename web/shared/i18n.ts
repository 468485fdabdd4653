// Two languages, one table. Chinese is what the pages open in.
import { computed, ref, watchEffect } from 'vue';
import type { ApiError } from './api/error';
import { keepLang, localeOf, readLang, type Lang } from './appearance';
import { messages, type MessageKey } from './messages';

export type { Lang } from './appearance';

export const lang = ref<Lang>(readLang());
export const locale = computed(() => localeOf(lang.value));

export function switchLang(): void {
  setLang(lang.value === 'zh' ? 'en' : 'zh');
}

export function setLang(chosen: Lang): void {
  lang.value = chosen;
  keepLang(chosen);
}

/** The text for a key in the chosen language, `{name}` filled in from `values`. */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const text = messages[key][lang.value === 'zh' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** A label that the server gives in both languages. */
export function pick(label: { zh: string; en: string }): string {
  return (lang.value === 'zh' ? label.zh : label.en) || label.zh || label.en;
}

/** A thing's name in the chosen language, else the one it has. */
export function nameOf(thing: { name: string; name_en?: string }): string {
  return (lang.value === 'en' && thing.name_en) || thing.name;
}

const BY_STATUS: Record<number, MessageKey> = {
  0: 'error.network', 401: 'error.signed_out', 403: 'error.forbidden', 404: 'error.not_found', 409: 'error.conflict',
  413: 'error.too_large', 415: 'error.kind', 429: 'error.busy', 503: 'error.starting',
};

/** Where our sentence says all that there is to say; the server's words are English. */
const SAYS_ALL = [0, 401, 404, 413, 415, 429, 503];

/** A sentence for a person: what happened and what to do; the server's own words where it named the culprit. */
export function explain(error: ApiError): string {
  const key = BY_STATUS[error.status] ?? (error.status >= 500 ? 'error.server' : 'error.refused');
  const text = t(key, { seconds: error.retryAfterS ?? 10 });
  const detail = error.problem?.errors?.map((item) => item.detail).join(' ') || error.problem?.detail;
  return detail && !SAYS_ALL.includes(error.status) ? t('error.with_detail', { text, detail }) : text;
}

export function keepTitle(key: MessageKey): void {
  watchEffect(() => {
    document.documentElement.lang = locale.value;
    document.title = t(key);
  });
}
