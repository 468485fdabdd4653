// What is said of a task or an event.
import type { Activity } from '../../shared/api/community';
import { lang, t } from '../../shared/i18n';
import { timeText } from '../../shared/format';
import { isPast } from './when';

export const titleOf = (thing: { title: string; title_en?: string }): string => (lang.value === 'en' && thing.title_en) || thing.title;

export const isFull = ({ seats, taken }: Activity): boolean => seats > 0 && taken >= seats;

export function seatsText(activity: Activity): string {
  const { seats, taken, waiting } = activity;
  if (seats === 0) return t('act.seats_free', { taken });
  const text = t('act.seats', { taken, seats });
  return waiting > 0 ? `${text} · ${t('act.waiting', { n: waiting })}` : text;
}

/** Why nobody can sign up (any more); null while one can. */
export function closedText(activity: Activity): string | null {
  if (activity.state === 'cancelled') return activity.reason ? t('act.cancelled_why', { reason: activity.reason }) : t('act.was_cancelled');
  if (activity.state === 'done' || isPast(activity.to)) return t('act.done');
  if (activity.state !== 'open' || isPast(activity.sign_up_until)) return t('act.closed');
  return null;
}

/** From when on somebody can check in, as the kind says. */
export const checkInFrom = (activity: Activity, aroundMin: number): number => Date.parse(activity.from) - aroundMin * 60_000;
export const checkInTo = (activity: Activity, aroundMin: number): number => Date.parse(activity.to) + aroundMin * 60_000;
export const untilText = (activity: Activity): string => t('act.until', { time: timeText(activity.sign_up_until) });
