// Where in the app the thing is that a message is about: the first words of its path, and the page for it.
import { hashOf } from '../../shared/hash';

const PAGES: Record<string, string> = { activities: 'activity', posts: 'post', votes: 'vote', offers: 'offer', rewards: 'reward', proposals: 'proposal', reports: 'mine' };
/** Of one's own, what has no page for each. */
const OWN: Record<string, string[]> = { points: ['points'], redemptions: ['redemptions'], memberships: ['membership'], signups: ['signups'], stories: ['stories'], inbox: ['inbox'], wechat: ['profile'] };
const OWN_BY_ID: Record<string, string> = { redemptions: 'redemption', signups: 'tell', stories: 'story' };

/** null where there is no page for it. */
export function aboutHash(about: string | undefined, group: string): string | null {
  const [version, first = '', second, third] = (about ?? '').split('/').filter((part) => part !== '');
  if (version !== 'v1') return null;
  if (first === 'me') {
    const byId = OWN_BY_ID[second ?? ''];
    return byId && third ? hashOf([byId, third]) : OWN[second ?? ''] ? hashOf(OWN[second ?? ''] as string[]) : null;
  }
  if (first === 'reports' && second) return hashOf([group === 'proposals' ? 'proposal' : 'mine', second]);
  if (first === 'points') return hashOf(['points']);
  if (first === 'branches' || first === 'members') return hashOf(['membership']);
  if (first === 'deeds') return hashOf(['signups']);
  const page = PAGES[first];
  return page && second ? hashOf([page, second]) : null;
}
