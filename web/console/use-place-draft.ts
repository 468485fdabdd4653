// A place as it is being edited, over what it says. Others may change it meanwhile: what nobody touched here follows them, and
// what was typed stays.
import { computed, reactive, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { PlaceField, PlaceRecord, Position } from '../shared/api/types';
import { differ, draftOf, drafts, emptyDraft, textOf, type Draft } from './places';

export interface Conflict {
  field: PlaceField;
  before: Draft;
  after: Draft;
  /** Something else was typed here. */
  isTyped: boolean;
}

export interface PlaceDraft {
  draft: Draft;
  reason: Ref<string>;
  version: Ref<number>;
  /** The fields that say something else than the place does. */
  dirty: ComputedRef<PlaceField[]>;
  /** What others changed under this draft and was not looked at yet. */
  conflicts: Ref<Conflict[]>;
  /** Takes the place as it is now; `tell` shows what others changed even where nothing was typed over it. */
  follow: (record: PlaceRecord, tell: boolean) => void;
  /** Takes the place as it was stored from this draft. */
  settle: (record: PlaceRecord) => void;
  revert: (fields?: readonly PlaceField[]) => void;
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function pickFields(from: Draft, fields: readonly PlaceField[]): Partial<Draft> {
  return copy(Object.fromEntries(fields.map((field) => [field, from[field]])) as Partial<Draft>);
}

export function usePlaceDraft(record: PlaceRecord | null, centre: Position): PlaceDraft {
  const id = record?.id ?? 0;
  const kept = drafts.get(id);
  const base = ref<Draft>(kept?.base ?? (record ? draftOf(record) : emptyDraft(centre)));
  const draft = reactive<Draft>(copy(kept?.draft ?? base.value));
  const reason = ref(kept?.reason ?? '');
  const version = ref(kept?.version ?? record?.version ?? 0);
  const conflicts = ref<Conflict[]>([]);
  const dirty = computed(() => differ(draft, base.value));

  function follow(now: PlaceRecord, tell: boolean): void {
    const typed = new Set(dirty.value);
    const [before, after] = [base.value, draftOf(now)];
    const moved = differ(after, before);
    const isOver = moved.some((field) => typed.has(field) && textOf(draft, field) !== textOf(after, field));
    if (tell || isOver) {
      const rows = moved.map((field) => ({ field, before, after, isTyped: typed.has(field) && textOf(draft, field) !== textOf(after, field) }));
      conflicts.value = [...conflicts.value.filter(({ field }) => !moved.includes(field)), ...rows];
    }
    base.value = after;
    version.value = now.version;
    Object.assign(draft, pickFields(after, moved.filter((field) => !typed.has(field))));
  }
  function settle(now: PlaceRecord): void {
    conflicts.value = [];
    reason.value = '';
    base.value = draftOf(now);
    version.value = now.version;
    Object.assign(draft, copy(base.value));
  }
  function revert(fields: readonly PlaceField[] = dirty.value): void {
    Object.assign(draft, pickFields(base.value, fields));
    conflicts.value = conflicts.value.filter(({ field }) => !fields.includes(field));
  }

  watch([draft, base, reason], () => {
    if (dirty.value.length === 0) drafts.delete(id);
    else drafts.set(id, { draft: copy(draft), base: copy(base.value), version: version.value, reason: reason.value });
  }, { deep: true });
  if (kept && record && record.version !== kept.version) follow(record, false);
  return { draft, reason, version, dirty, conflicts, follow, settle, revert };
}
