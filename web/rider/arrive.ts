// Addresses that are printed as QR codes or stand in calendars name no "#": the server answers them with this page, which goes on to what they
// mean.
import { hashOf } from '../shared/hash';

/** The first word of the path, and the page that it means. */
const PAGES: Record<string, string> = { join: 'join', activities: 'activity' };

/** To be called before the page is shown. */
export function arrive(): void {
  const [first = '', id] = location.pathname.split('/').filter((part) => part !== '');
  const page = PAGES[first];
  if (page === undefined || id === undefined) return;
  history.replaceState(null, '', `/${hashOf([page, decodeURIComponent(id)])}`);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
