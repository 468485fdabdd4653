// Where the rider is, or wants to be taken to be. Kept on this device only, and sent with a question alone.
import { computed, ref } from 'vue';
import type { Position } from '../shared/api/types';
import type { MessageKey } from '../shared/messages';
import { extent, isOnMap } from '../shared/map/extent';
import { lookAt } from './scene';

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

async function find(): Promise<boolean> {
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
    return true;
  } catch (error) {
    const isDenied = (error as GeolocationPositionError | undefined)?.code === 1;
    locateTrouble.value = isDenied ? 'locate.denied' : 'locate.failed';
    return false;
  } finally {
    locating.value = false;
  }
}

/** Asks the device where it is, which is where the rider is taken to be from then on. Resolves with whether that is a point on this map; never rejects. */
export async function locate(): Promise<boolean> {
  const isFound = await find();
  if (isFound) tapped.value = null;
  return isFound;
}

/** Locates, and brings that into view. */
export async function findMe(): Promise<void> {
  if ((await locate()) && fix.value !== null) lookAt([fix.value.position], 16);
}

/** For so long a device under the open sky may look where it is. */
const SETTLES_IN_MS = 6000;

/** Locates without a question when the rider has allowed it before. A point that was tapped meanwhile stays. */
export async function locateIfAllowed(): Promise<boolean> {
  const timer = setTimeout(() => (isSettling.value = false), SETTLES_IN_MS);
  try {
    const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
    return permission?.state === 'granted' ? await find() : false;
  } finally {
    clearTimeout(timer);
    isSettling.value = false;
  }
}
