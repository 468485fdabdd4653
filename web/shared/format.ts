// Figures and times as a person reads them, in the chosen language.
import { locale, t } from './i18n';

export function distanceText(metres: number): string {
  if (metres < 995) return t('common.m', { n: metres < 95 ? Math.round(metres) : Math.round(metres / 10) * 10 });
  return t('common.km', { n: (metres / 1000).toFixed(metres < 9950 ? 1 : 0) });
}

export function durationText(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return t('common.min', { n: minutes });
  return t('common.hours_min', { h: Math.floor(minutes / 60), n: minutes % 60 });
}

export function timeText(rfc3339: string): string {
  const time = new Date(rfc3339);
  if (Number.isNaN(time.getTime())) return rfc3339;
  return time.toLocaleString(locale.value, { dateStyle: 'medium', timeStyle: 'short' });
}

const DAYS = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'] as const;

function dayText(day: string): string {
  // 1970-01-04 was a Sunday.
  const date = new Date(Date.UTC(1970, 0, 4 + DAYS.indexOf(day as (typeof DAYS)[number])));
  return date.toLocaleDateString(locale.value, { weekday: 'short', timeZone: 'UTC' });
}

/** OSM opening_hours with its English words put into the chosen language; what is not known stays as it is. */
export function hoursText(hours: string): string {
  if (hours.trim() === '24/7') return t('place.always');
  return hours
    .replace(/([a-z])-(?=[A-Z])/g, `$1${t('place.until_day')}`)
    .replace(/\b(Su|Mo|Tu|We|Th|Fr|Sa)\b/g, dayText)
    .replace(/\bPH\b/g, t('place.holidays'))
    .replace(/\b(off|closed)\b/g, t('place.closed'))
    .replace(/(\d)-(\d)/g, '$1–$2')
    .replace(/\s*;\s*/g, t('place.between_hours'));
}
