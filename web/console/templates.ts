// Texts that are sent again and again, filled in for the case that they are put into.
import type { Report } from '../shared/api/types';
import { nameOf } from '../shared/i18n';
import { categoryName, stateName } from './kinds';

export function fillIn(text: string, report: Report): string {
  const values: Record<string, string> = {
    id: report.id,
    category: categoryName(report.kind, report.category),
    state: stateName(report.kind, report.state),
    area: report.area ? nameOf(report.area) : '',
    address: report.address ?? '',
  };
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
