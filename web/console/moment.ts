/** What a datetime-local field says, by the clock of this desk, as a member of a request; none where it is empty. */
export function momentOf<K extends string>(key: K, local: string): Partial<Record<K, string>> {
  const time = new Date(local);
  return (Number.isNaN(time.getTime()) ? {} : { [key]: time.toISOString() }) as Partial<Record<K, string>>;
}
