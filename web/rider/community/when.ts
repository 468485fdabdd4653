// Days and spans of time, as a person reads them.
import { locale } from '../../shared/i18n';

const words = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale.value, options);

export const dayText = (time: string): string => words({ year: 'numeric', month: 'short', day: 'numeric' }).format(new Date(time));

/** "Fri 4 Dec, 18:00–20:00", with the second day only where it is another. */
export function spanText(from: string, to: string): string {
  return words({ month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hour12: false }).formatRange(new Date(from), new Date(to));
}

export const isPast = (time: string): boolean => Date.parse(time) <= Date.now();
