// What is done to cases by a single key: from the table of moves of their kind, one step after another.
import { ref } from 'vue';
import { desk } from '../shared/api/desk';
import { newIdempotencyKey } from '../shared/api/send-report';
import type { BulkForm, Kind, Report } from '../shared/api/types';
import { t } from '../shared/i18n';
import { whyRefused, type BulkAct } from './bulk';
import { kindOf } from './kinds';
import { reports, updateReport } from './queue';
import { BULK_MOST, clearSelection, cursorAt, nextAfter, selected } from './selection';
import { person } from './session';

type Step = Kind['moves'][number];
const DISPATCHED_STEP = 3;

/** What was done last, in words. */
export const said = ref<{ text: string; isBad: boolean } | null>(null);

let last: Promise<unknown> = Promise.resolve();
/** One act after another: what a key begins while the server has not answered yet waits for its turn. */
export function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const turn = last.then(act);
  last = turn.catch(() => {});
  return turn;
}

const isMine = ({ by }: Step) => person.value?.grants.some(({ role }) => by.includes(role)) ?? false;

/** The moves that end the case from where it is. */
export function endingsOf({ kind, state }: Report): Step[] {
  const table = kindOf(kind);
  const ends = new Set(table?.states.filter(({ open }) => !open).map(({ code }) => code));
  return (table?.moves ?? []).filter((move) => move.from === state && ends.has(move.to) && isMine(move));
}

/** The states from here to where the case is given out, over moves that owe nothing; null where there is no such way. */
export function wayOut({ kind, state }: Report): string[] | null {
  const table = kindOf(kind);
  const goal = table?.states.find(({ open, paused, step }) => open && !paused && (step ?? 0) >= DISPATCHED_STEP)?.code;
  const ways = new Map<string, string[]>([[state, []]]);
  for (const [at, way] of ways) {
    for (const move of table?.moves ?? []) {
      if (move.from === at && move.needs.length === 0 && isMine(move) && !ways.has(move.to)) ways.set(move.to, [...way, move.to]);
    }
  }
  return goal === undefined || goal === state ? null : (ways.get(goal) ?? null);
}

type Result = Awaited<ReturnType<typeof desk.bulk>>['results'][number];

/** The case as the act left it, until the server is asked again. */
function actedOn(report: Report, act: BulkAct, { version, state }: Result): Report {
  const { assignee_id, unit, ...rest } = report;
  const before = { ...(assignee_id === undefined ? {} : { assignee_id }), ...(unit === undefined ? {} : { unit }) };
  const after = { ...(act.person_id === undefined ? {} : { assignee_id: act.person_id }), ...(act.unit === undefined ? {} : { unit: act.unit }) };
  return {
    ...rest, ...(act.act === 'assignment' || act.person_id !== undefined || act.unit !== undefined ? after : before),
    version: version ?? report.version, ...(state === undefined ? {} : { state: state as Report['state'] }),
  };
}

/** Does it to all of them and puts into the list what became of each. Returns those that were refused. */
async function apply(ids: readonly string[], act: BulkAct): Promise<Result[]> {
  const now = reports.value.filter(({ id }) => ids.includes(id)).slice(0, BULK_MOST);
  if (now.length === 0) return [];
  const body: BulkForm = { ...act, reports: now.map(({ id, version }) => ({ id, version })) };
  const { results } = await desk.bulk(body, newIdempotencyKey());
  for (const result of results) {
    const report = now.find(({ id }) => id === result.id);
    if (report && result.ok) updateReport(actedOn(report, act, result));
  }
  return results.filter(({ ok }) => !ok);
}

function tell(act: string, ids: readonly string[], refused: readonly Result[]): void {
  const [first] = refused;
  const done = ids.length - refused.length;
  said.value = first === undefined
    ? { text: t('quick.done', { act, n: done }), isBad: false }
    : { text: t('quick.refused', { act, done, refused: refused.length, why: whyRefused(first) }), isBad: true };
}

/** What was done is let go of, and the keyboard is at the next one. Returns that; null where the keyboard went on by itself meanwhile. */
function goOn(ids: readonly string[], refused: readonly Result[]): string | null {
  const left = new Set(refused.map(({ id }) => id));
  const wasSelected = ids.some((id) => selected.value.has(id));
  if (wasSelected && left.size === 0) clearSelection();
  else if (wasSelected) selected.value = left;
  if (cursorAt.value !== null && !ids.includes(cursorAt.value)) return null;
  if (left.size === 0) cursorAt.value = nextAfter(new Set(ids)) ?? cursorAt.value;
  return cursorAt.value;
}

/** One act for all of them; the id of the case to go on with. */
export async function actOn(name: string, ids: readonly string[], act: BulkAct): Promise<string | null> {
  const refused = await apply(ids, act);
  tell(name, ids, refused);
  return goOn(ids, refused);
}

/** Each on its own way to where it is given out, from where it is by now, those that take the same step together. */
export async function dispatchAll(ids: readonly string[]): Promise<string | null> {
  const cases = reports.value.filter((report) => ids.includes(report.id) && wayOut(report) !== null);
  if (cases.length === 0) return null; // an act before this one did it
  const refused: Result[] = [];
  let ways = new Map(cases.flatMap((report) => {
    const way = wayOut(report);
    return way === null ? [] : [[report.id, way] as const];
  }));
  while (ways.size > 0) {
    const to = [...ways.values()][0]?.[0] ?? '';
    const together = [...ways].filter(([, way]) => way[0] === to).map(([id]) => id);
    const bad = await apply(together, { act: 'state', state: to });
    refused.push(...bad);
    const stuck = new Set(bad.map(({ id }) => id));
    ways = new Map([...ways].flatMap(([id, way]) => {
      if (!together.includes(id)) return [[id, way] as const];
      return way.length > 1 && !stuck.has(id) ? [[id, way.slice(1)] as const] : [];
    }));
  }
  const tried = cases.map(({ id }) => id);
  tell(t('quick.dispatch'), tried, refused);
  return goOn(tried, refused);
}
