// What a list asks for: the filters that are set, as the API names them, and which page.
import type { Wanted } from '../paging';

/** `most` is what the route gives at once. The server holds the values against its own lists, as they come from an address. */
export function ask<Q>(filter: Record<string, string>, { limit, cursor }: Wanted, most = 100): Q {
  const set = Object.entries(filter).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(set), limit: Math.min(limit, most), ...(cursor === null ? {} : { cursor }) } as Q;
}
