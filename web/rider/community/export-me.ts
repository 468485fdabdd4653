// All that the server keeps of somebody, as one file: the pages of the export, one after the other.
import { cursorOf, http, settle } from '../../shared/api/client';

const PAGE = 100;
const LATER_MS = 60_000;

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: 'yizhan-export.json' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), LATER_MS);
}

/** Resolves with how many pages there were. */
export async function exportAll(): Promise<number> {
  const pages: unknown[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query: { limit: number; cursor?: string } = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await settle(http.GET('/v1/me/export', { params: { query } }));
    pages.push(page);
    cursor = cursorOf(page.next);
  }
  download(JSON.stringify(pages.length === 1 ? pages[0] : pages, null, 2));
  return pages.length;
}
