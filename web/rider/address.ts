// What an address or a code means that was scanned, typed or pasted. Only addresses of this server lead anywhere.
import { hashOf, safeDecode } from '../shared/hash';
import { codeKind, type CodeKind } from '../shared/scan/code-kind';

/** A page of the app, a code that is for somebody else to read, or anything else. */
export type Meaning = { is: 'page'; hash: string } | { is: CodeKind } | { is: 'other'; text: string };

/** The first word of the path, the page that it means, and what of the query the page is told. */
const PAGES = new Map<string, { page: string; query: string[] }>([['join', { page: 'join', query: [] }], ['activities', { page: 'activity', query: ['code'] }]]);
/** A branch's code (data/secrets.h): what its poster says for those who type. */
const JOIN_CODE = /^[\w-]{22}$/;

/** The page of an address that is printed, as what stands after "/": "#/join/CODE"; null where it means none. */
export function pageOfPath({ pathname, searchParams }: URL): string | null {
  const [first = '', id, ...more] = pathname.split('/').filter((part) => part !== '').map(safeDecode);
  const known = PAGES.get(first);
  if (known === undefined || id === undefined || more.length > 0) return null;
  return hashOf([known.page, id], Object.fromEntries(known.query.flatMap((name) => (searchParams.has(name) ? [[name, searchParams.get(name) ?? '']] : []))));
}

function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function pageOf(url: URL, isPage: (name: string) => boolean): string | null {
  if (url.pathname !== '/') return pageOfPath(url);
  const name = /^#\/?([^/?]+)/.exec(url.hash)?.[1];
  return name !== undefined && isPage(name) ? url.hash : null;
}

/** What was scanned. `origin` is this server's; `isPage` tells the names of pages. */
export function meaningOf(text: string, origin: string, isPage: (name: string) => boolean): Meaning {
  const kind = codeKind(text);
  if (kind !== null) return { is: kind };
  const url = urlOf(text);
  const hash = url?.origin === origin ? pageOf(url, isPage) : null;
  return hash === null ? { is: 'other', text } : { is: 'page', hash };
}

/** What was typed: the code of a poster alone, a link, or a link without what stands before its host. */
export function meaningOfTyped(typed: string, origin: string, isPage: (name: string) => boolean): Meaning {
  const text = typed.trim();
  if (JOIN_CODE.test(text)) return { is: 'page', hash: hashOf(['join', text]) };
  const host = new URL(origin).host;
  const whole = text.startsWith('/') ? origin + text : text.startsWith(`${host}/`) ? origin + text.slice(host.length) : text;
  return meaningOf(whole, origin, isPage);
}
