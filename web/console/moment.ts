/** A moment as a datetime-local field shows it, by the clock of this desk. */
export function localTime(rfc3339: unknown): string {
  const time = new Date(String(rfc3339 ?? ''));
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What a datetime-local field says, by the clock of this desk, as a member of a request; none where it is empty. */
export function momentOf<K extends string>(key: K, local: string): Partial<Record<K, string>> {
  const time = new Date(local);
  return (Number.isNaN(time.getTime()) ? {} : { [key]: time.toISOString() }) as Partial<Record<K, string>>;
}
