// What is drawn over the base map: the listed places and what is avoided. Call again whenever a style was loaded.
import type { FeatureCollection, Point } from 'geojson';
import type { GeoJSONSource, GlMap } from './gl';
import type { Place, Position } from '../api/types';
import { placeColour, placeSign } from '../categories';
import { nameOf } from '../i18n';

const PLACES = 'yizhan-near';
const AVOIDED = 'yizhan-avoided';
/** The style's own layers of places; what is listed is left out there, so that nothing is drawn twice. */
const STYLE_LAYERS = ['place', 'place-icon', 'place-name'];
/** Where a tap finds a place: among the listed ones, then among the style's. */
export const PLACE_LAYERS = [`${PLACES}-dot`, 'place'];
/** Where a tap finds several places that lie close together. */
export const CLUSTER_LAYER = 'cluster';

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

export function addOverlays(map: GlMap, isDark = false): void {
  if (map.getSource(PLACES)) return;
  map.addSource(PLACES, { type: 'geojson', data: EMPTY });
  map.addSource(AVOIDED, { type: 'geojson', data: EMPTY });
  map.addLayer({ id: AVOIDED, type: 'fill', source: AVOIDED, paint: { 'fill-color': '#d0021b', 'fill-opacity': 0.28, 'fill-outline-color': '#d0021b' } });
  // Names lie under the dots, and keep clear of the signs, which are placed first.
  map.addLayer({
    id: `${PLACES}-name`,
    type: 'symbol',
    source: PLACES,
    layout: {
      'text-field': ['get', 'name'],
      'text-font': ['sans-serif'],
      'text-size': 12,
      'text-max-width': 8,
      'text-anchor': 'top',
      'text-offset': ['case', ['get', 'chosen'], ['literal', [0, 1.7]], ['literal', [0, 1.2]]],
      'symbol-sort-key': ['-', 0, ['get', 'rank']],
    },
    paint: { 'text-color': isDark ? '#eef2f5' : '#1a2129', 'text-halo-color': isDark ? '#15191d' : '#ffffff', 'text-halo-width': 1.6 },
  });
  map.addLayer({
    id: `${PLACES}-dot`,
    type: 'circle',
    source: PLACES,
    layout: { 'circle-sort-key': ['get', 'rank'] },
    paint: {
      'circle-color': ['get', 'colour'],
      'circle-radius': ['case', ['get', 'chosen'], 17, 12],
      'circle-stroke-color': '#ffffff',
      'circle-stroke-width': ['case', ['get', 'chosen'], 3, 2],
    },
  });
  map.addLayer({
    id: `${PLACES}-sign`,
    type: 'symbol',
    source: PLACES,
    layout: {
      'text-field': ['get', 'sign'],
      'text-font': ['sans-serif'],
      'text-size': ['case', ['get', 'chosen'], 17, 13],
      'text-allow-overlap': true,
      'text-padding': 4,
      'symbol-sort-key': ['get', 'rank'],
    },
    paint: { 'text-color': '#ffffff' },
  });
}

/** Sets what a source holds, where the style that is shown has it. */
export function setData(map: GlMap, source: string, data: FeatureCollection): void {
  (map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
}

/** The nearest of the list is drawn last, on top; the chosen one above all. */
export function drawPlaces(map: GlMap, places: readonly Place[], chosen: number | null): void {
  const features = places.map((place, i) => ({
    type: 'Feature' as const,
    geometry: { type: 'Point', coordinates: place.location } as Point,
    properties: {
      id: place.id,
      name: nameOf(place),
      sign: placeSign(place.category),
      colour: placeColour(place.category),
      chosen: place.id === chosen,
      rank: place.id === chosen ? 1000 : places.length - i,
    },
  }));
  setData(map, PLACES, { type: 'FeatureCollection', features });
  const listed = places.map(({ id }) => id);
  for (const layer of STYLE_LAYERS) {
    if (map.getLayer(layer)) map.setFilter(layer, ['all', ['!', ['has', 'cluster']], ['!', ['in', ['get', 'id'], ['literal', listed]]]]);
  }
}

export function drawAvoided(map: GlMap, rings: readonly (readonly Position[])[]): void {
  const features = rings.map((ring) => ({
    type: 'Feature' as const, geometry: { type: 'Polygon' as const, coordinates: [ring.map((point) => [...point])] }, properties: {},
  }));
  setData(map, AVOIDED, { type: 'FeatureCollection', features });
}
