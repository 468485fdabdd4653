// One case on the desk: read, followed live, and changed under its version, with what others changed meanwhile told.
import { onMounted, onUnmounted, shallowRef, type Ref, type ShallowRef } from 'vue';
import { api } from '../shared/api/client';
import type { ApiError } from '../shared/api/error';
import type { CaseEvent, Report } from '../shared/api/types';
import { followEvents } from '../shared/events';
import { useFetched } from '../shared/use-fetched';
import { updateReport } from './queue';
import { noteError } from './session';
import { useAttempt } from './use-attempt';

export interface Case {
  report: ShallowRef<Report | null>;
  loading: Ref<boolean>;
  error: ShallowRef<ApiError | null>;
  load: () => Promise<void>;
  /** Puts what a change answered in its place. */
  take: (now: Report) => void;
  /** What was done elsewhere since the page was read, newest last; null: nothing to tell. Empty: something that is not in the history. */
  changed: ShallowRef<CaseEvent[] | null>;
}

export type Act = (what: (now: Report) => Promise<Report>) => Promise<boolean>;

/** Parts of the page that are doing something: what comes live waits for their answers. */
let busy = 0;

export function useCase(id: string): Case {
  const { value: report, loading, error, run } = useFetched<Report>();
  const changed = shallowRef<CaseEvent[] | null>(null);

  async function load(): Promise<void> {
    const before = report.value;
    await run(() => api.report(id), true);
    if (error.value !== null) noteError(error.value);
    const now = report.value;
    if (now === null) return;
    updateReport(now);
    if (before === null || before.version === now.version) return;
    const last = Math.max(0, ...(before.history ?? []).map((event) => event.id));
    const fresh = (now.history ?? []).filter((event) => event.id > last);
    changed.value = [...(changed.value ?? []), ...fresh];
  }
  function take(now: Report): void {
    report.value = now;
    updateReport(now);
  }
  let stop = () => {};
  onMounted(async () => {
    await load();
    if (report.value === null) return;
    stop = followEvents(`report=${id}`, () => {
      if (busy === 0) void load();
    });
  });
  onUnmounted(() => stop());
  return { report, loading, error, load, take, changed };
}

/** Changes of `report` from one part of the page: what it was given stays where the server refuses. */
export function useCaseAct(report: () => Report, took: (now: Report) => void, stale: () => Promise<void> | void) {
  const { isBusy, trouble, attempt } = useAttempt();
  const act: Act = async (what) => {
    busy++;
    try {
      return await attempt(async () => took(await what(report())), async ({ status }) => {
        if (status === 409 || status === 412) await stale();
      });
    } finally {
      busy--;
    }
  };
  return { isBusy, trouble, act };
}
