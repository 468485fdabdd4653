// Figures and times as a person reads them, in the chosen language.
import type { Position } from './api/types';
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

/** A place that is closed for a while, or will be, as a sentence. */
export function closedText(closed: { from: string; to?: string; reason?: string }): string {
  const isLater = Date.parse(closed.from) > Date.now();
  const when = isLater
    ? t(closed.to ? 'place.will_close_to' : 'place.will_close', { from: timeText(closed.from), to: closed.to ? timeText(closed.to) : '' })
    : closed.to ? t('place.closed_to', { to: timeText(closed.to) }) : t('place.closed_now');
  return closed.reason ? t('place.closed_why', { when, reason: closed.reason }) : when;
}

/** How far apart two points are; good for what lies within a city (mean radius of the Earth, equirectangular). */
export function metresBetween([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const radians = Math.PI / 180;
  const east = (lon2 - lon1) * radians * Math.cos(((lat1 + lat2) / 2) * radians);
  return 6_371_008.8 * Math.hypot(east, (lat2 - lat1) * radians);
}

const STEPS = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]] as const;

/** How long ago that was, to the day, hour or minute. */
export function agoText(rfc3339: string): string {
  const passedMs = Math.max(0, Date.now() - Date.parse(rfc3339));
  const words = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' });
  for (const [unit, ms] of STEPS) {
    if (passedMs >= ms) return words.format(-Math.floor(passedMs / ms), unit);
  }
  return t('common.just_now');
}
