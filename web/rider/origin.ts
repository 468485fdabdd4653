// Where the rider is, or wants to be taken to be. Kept on this device only, and sent with a question alone.
import { computed, ref } from 'vue';
import type { Position } from '../shared/api/types';
import type { MessageKey } from '../shared/messages';
import { extent, isOnMap } from '../shared/map/extent';

export interface Fix {
  position: Position;
  accuracyM: number;
}

/** The last position that the device told. */
export const fix = ref<Fix | null>(null);
/** The point that was tapped instead. */
export const tapped = ref<Position | null>(null);
export const locating = ref(false);
/** Not known yet whether the device tells where it is. */
export const isSettling = ref(true);
export const locateTrouble = ref<MessageKey | null>(null);

export const origin = computed<Position | null>(() => tapped.value ?? fix.value?.position ?? extent.value?.centre ?? null);
export const originKind = computed<'me' | 'pin' | 'centre'>(() => {
  if (tapped.value !== null) return 'pin';
  return fix.value !== null ? 'me' : 'centre';
});

function askDevice(): Promise<GeolocationPosition> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(resolve, reject, { enableHighAccuracy: true, timeout: 12_000, maximumAge: 30_000 });
  });
}

/** Asks the device where it is. Resolves with whether that is a point on this map; never rejects. */
export async function locate(): Promise<boolean> {
  locating.value = true;
  locateTrouble.value = null;
  try {
    const { coords } = await askDevice();
    const position: Position = [coords.longitude, coords.latitude];
    if (!isOnMap(position)) {
      locateTrouble.value = 'locate.far';
      return false;
    }
    fix.value = { position, accuracyM: coords.accuracy };
    tapped.value = null;
    return true;
  } catch (error) {
    const isDenied = (error as GeolocationPositionError | undefined)?.code === 1;
    locateTrouble.value = isDenied ? 'locate.denied' : 'locate.failed';
    return false;
  } finally {
    locating.value = false;
  }
}

const SETTLES_IN_MS = 3000;

/** Locates without a question when the rider has allowed it before. */
export async function locateIfAllowed(): Promise<boolean> {
  const timer = setTimeout(() => (isSettling.value = false), SETTLES_IN_MS);
  try {
    const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
    return permission?.state === 'granted' ? await locate() : false;
  } finally {
    clearTimeout(timer);
    isSettling.value = false;
  }
}
