// Areas as a list to choose one from: each behind the one that it lies in.
import type { Area } from './api/types';
import { nameOf } from './i18n';

export interface AreaRow {
  area: Area;
  /** How deep it lies. */
  depth: number;
}

export function areaRows(areas: readonly Area[]): AreaRow[] {
  const known = new Set(areas.map(({ id }) => id));
  const inside = new Map<number, Area[]>();
  for (const area of areas) {
    const parent = area.parent_id !== undefined && known.has(area.parent_id) ? area.parent_id : 0;
    inside.set(parent, [...(inside.get(parent) ?? []), area]);
  }
  const rows: AreaRow[] = [];
  const walk = (parent: number, depth: number) => {
    for (const area of inside.get(parent) ?? []) {
      rows.push({ area, depth });
      walk(area.id, depth + 1);
    }
  };
  walk(0, 0);
  return rows;
}

/** A name set in by how deep the area lies. */
export const areaLabel = ({ area, depth }: AreaRow) => '\u3000'.repeat(depth) + nameOf(area);
