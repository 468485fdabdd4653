// Where this server's map is: its box and the point to open on.
import { ref } from 'vue';
import { api } from '../api/client';
import { ApiError } from '../api/error';
import type { Position } from '../api/types';

export interface Extent {
  /** West, south, east, north. */
  bounds: [number, number, number, number];
  centre: Position;
  attribution: string;
}

export const extent = ref<Extent | null>(null);
export const extentError = ref<ApiError | null>(null);

const WORLD: Extent['bounds'] = [-180, -85, 180, 85];

export async function loadExtent(): Promise<void> {
  extentError.value = null;
  try {
    const tiles = await api.tileSet('all');
    const [west, south, east, north] = tiles.bounds ?? WORLD;
    const bounds: Extent['bounds'] = [west ?? -180, south ?? -85, east ?? 180, north ?? 85];
    const centre: Position = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
    extent.value = { bounds, centre: tiles.center ? [tiles.center[0], tiles.center[1]] : centre, attribution: tiles.attribution ?? '' };
  } catch (error) {
    extentError.value = error as ApiError;
  }
}

/** Whether a point lies in the map or within about 20 km of it. */
export function isOnMap([lon, lat]: Position): boolean {
  if (extent.value === null) return true;
  const [west, south, east, north] = extent.value.bounds;
  return lon > west - 0.2 && lon < east + 0.2 && lat > south - 0.2 && lat < north + 0.2;
}
