// Whether the last answer came from what the service worker keeps, and from when that is (RFC 3339); null with a network.
import { shallowRef } from 'vue';
import { KEPT_HEADER } from './kept-header';

export const kept = shallowRef<string | null>(null);

export function noteAnswer(response: Response): void {
  kept.value = response.headers.get(KEPT_HEADER);
}
