// A closure in words.
import type { Closure } from '../shared/api/types';
import { profileLabel } from '../shared/categories';
import { timeText } from '../shared/format';
import { t } from '../shared/i18n';

type Terms = Pick<Closure, 'effect' | 'factor' | 'profiles' | 'from' | 'to'>;

export function effectText({ effect, factor }: Terms): string {
  return effect === 'closed' ? t('road.close') : t('closure.slowed', { factor: factor ?? '' });
}
export const whomText = ({ profiles }: Terms) => (profiles.length === 0 ? t('closure.everybody') : profiles.map(profileLabel).join(t('common.and')));
export const whenText = ({ from, to }: Terms) =>
  to === null ? t('closure.from', { from: timeText(from) }) : t('closure.from_to', { from: timeText(from), to: timeText(to) });
