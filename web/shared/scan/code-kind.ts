// What a code that is shown at a counter is of, by its shape alone (docs/members.md, docs/points.md).
export type CodeKind = 'card' | 'reward';

/** A card's has sixteen digits; a reward's twelve of those letters and digits that are not mistaken for each other. Null: it is neither. */
export function codeKind(text: string): CodeKind | null {
  const bare = text.replace(/[\s-]/g, '').toLowerCase();
  if (/^\d{16}$/.test(bare)) return 'card';
  return /^[2-9a-hjkmnp-z]{12}$/.test(bare) ? 'reward' : null;
}
