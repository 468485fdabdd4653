// What the signed-in person may do: docs/roles.md as a table, held against the grants of GET /v1/me. The server decides; this
// keeps what it would refuse from being offered.
import { areasById } from './found';
import { person } from './session';

const CITY = ['city_admin'];
const LEAD = [...CITY, 'area_lead'];
const AREA = [...LEAD, 'area_staff'];
const DESK = [...AREA, 'branch_staff'];
const WORK = [...DESK, 'handler', 'integrator'];

const RIGHTS = {
  see: WORK, move: WORK, note: WORK, assign: DESK, share: [...LEAD, 'branch_staff'], merge: DESK, blur: DESK, places: AREA, imports: AREA, closures: AREA, export: DESK,
  statistics: DESK, audit: LEAD, people: LEAD,
  points: [...LEAD, 'branch_staff'], flags: DESK, rewards: [...LEAD, 'branch_staff'], verify: WORK, posts: [...LEAD, 'branch_staff'], activities: DESK,
  votes: [...LEAD, 'branch_staff'], members: [...CITY, 'branch_staff'], offers: [...LEAD, 'branch_staff'], moderate: DESK, webhooks: [...CITY, 'integrator'],
} as const;
export type Right = keyof typeof RIGHTS;

const BRANCH = ['difficulty', 'opinion', 'proposal', 'points', 'reward', 'post', 'activity', 'vote', 'member', 'offer'];

type Grant = { role: string; area_id?: number; kind?: string };

function coversKind(grant: Grant, kind: string): boolean {
  if (grant.role === 'branch_staff' && !BRANCH.includes(kind)) return false;
  if (grant.kind !== undefined) return grant.kind === kind;
  return kind !== 'difficulty' || grant.role === 'branch_staff' || grant.role === 'city_admin';
}

function coversArea(grant: Grant, area: number | null): boolean {
  if (grant.area_id === undefined) return true;
  for (let at = area ?? undefined; at !== undefined; at = areasById.value.get(at)?.parent_id) {
    if (at === grant.area_id) return true;
  }
  return false;
}

export interface Where {
  /** Any kind when left out. */
  kind?: string;
  /** null: outside of all areas; anywhere when left out. */
  area?: number | null;
}

export function may(right: Right, { kind, area }: Where = {}): boolean {
  return (person.value?.grants ?? []).some((grant) => (RIGHTS[right] as readonly string[]).includes(grant.role)
    && (kind === undefined || coversKind(grant, kind)) && (area === undefined || coversArea(grant, area)));
}
