// What is said of a list that is brought in, and the form that it goes in.
export const blankFields = () => ({ source: '', crs: '', category: '', map: '', strict: false, keep_missing: false, allow_shrink: false });
export type ImportFields = ReturnType<typeof blankFields>;

export const FATES = ['created', 'updated', 'unchanged', 'refused', 'duplicate', 'vanished'] as const;
export type Fate = (typeof FATES)[number];
export const TONES: Record<Fate, string> = { created: 'good', updated: 'busy', unchanged: 'quiet', refused: 'bad', duplicate: 'wait', vanished: 'wait' };

export function formOf(file: File, fields: ImportFields, isDry: boolean): FormData {
  const form = new FormData();
  form.set('file', file, file.name);
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'boolean' ? value : value.trim() !== '') form.set(name, String(value).trim());
  }
  form.set('dry_run', String(isDry));
  return form;
}
