// The operator's lists that the community desk chooses from, each fetched once; without one, codes are shown.
import { shallowRef, type ShallowRef } from 'vue';
import { ApiError } from '../../shared/api/error';
import { community, type PointsRule } from '../../shared/api/community';
import { communityDesk, type Schemas } from '../../shared/api/community-desk';
import { nameOf, pick, t } from '../../shared/i18n';
import { areasById } from '../found';
import type { Option } from './fields';

function once<T>(list: ShallowRef<T>, fetch: () => Promise<T>): () => Promise<void> {
  let pending: Promise<void> | null = null;
  return () => (pending ??= fetch().then((value) => void (list.value = value), (error: unknown) => {
    pending = null;
    if (!(error instanceof ApiError)) throw error;
  }));
}

export const postKinds = shallowRef<Schemas['PostKinds']>({ kinds: [], video_hosts: [] });
export const activityKinds = shallowRef<Schemas['ActivityKind'][]>([]);
export const offerKinds = shallowRef<Schemas['OfferKind'][]>([]);
export const pointKinds = shallowRef<PointsRule[]>([]);
export const branches = shallowRef<Schemas['Branch'][]>([]);
export const loadPostKinds = once(postKinds, community.postKinds);
export const loadActivityKinds = once(activityKinds, community.activityKinds);
export const loadOfferKinds = once(offerKinds, community.offerKinds);
export const loadPointKinds = once(pointKinds, community.pointsRules);

/** Branches come and go: they are read whenever a form begins. */
export async function loadBranches(): Promise<void> {
  try {
    branches.value = (await communityDesk.branches({ limit: 100 })).items;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

interface Labelled { label: { zh: string; en: string } }
const label = (found: Labelled | undefined, code: string) => (found ? pick(found.label) : code);
export const postKindName = (code: string) => label(postKinds.value.kinds.find((kind) => kind.code === code), code);
export const activityKindName = (code: string) => label(activityKinds.value.find(({ kind }) => kind === code), code);
export const offerKindName = (code: string) => label(offerKinds.value.find((kind) => kind.code === code), code);
export const pointKindName = (code: string) => label(pointKinds.value.find(({ kind }) => kind === code), code);

export const postKindOptions = (): Option[] => postKinds.value.kinds.map(({ code }) => ({ value: code, label: postKindName(code) }));
export const activityKindOptions = (): Option[] => activityKinds.value.map(({ kind }) => ({ value: kind, label: activityKindName(kind) }));
export const offerKindOptions = (): Option[] => offerKinds.value.map(({ code }) => ({ value: code, label: offerKindName(code) }));
export const pointKindOptions = (): Option[] => pointKinds.value.map(({ kind }) => ({ value: kind, label: pointKindName(kind) }));
export const branchOptions = (): Option[] => branches.value.map((branch) => ({ value: String(branch.id), label: nameOf(branch) }));

/** The name of an area; all of them without one. */
export function areaName(id: number | undefined): string {
  if (id === undefined) return t('area.all');
  const area = areasById.value.get(id);
  return area ? nameOf(area) : `#${id}`;
}
