// Addresses that are printed as QR codes or stand in calendars name no "#": the server answers them with this page, which goes on to what they
// mean.
import { goInstead } from '../shared/hash';
import { pageOfPath } from './address';

/** To be called before the page is shown. */
export function arrive(): void {
  const page = pageOfPath(new URL(location.href));
  if (page !== null) goInstead(`/${page}`);
}
