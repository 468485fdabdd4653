// A map of the desk with layers of its own over the base map: by day or by night as the desk is, in its language, both while it is open.
import { onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue';
import type { Geometry } from 'geojson';
import type { Position } from '../shared/api/types';
import { lang, t } from '../shared/i18n';
import { createMap, restyle, type Gl } from '../shared/map/create-map';
import { extent } from '../shared/map/extent';
import type { GlMap } from '../shared/map/gl';
import { isDark } from '../shared/settings';

const STYLE_PLACES = /^(place|cluster)/;
/** How far beside a thing a click still means it. */
const SLACK_PX = 5;

type Found = ReturnType<GlMap['queryRenderedFeatures']>[number];
export interface MapClick {
  at: Position;
  /** What of these layers lies there, the uppermost. */
  hit: (layers: readonly string[]) => Found | undefined;
}

interface MapParts {
  /** Adds sources and layers; called for each style that was loaded. */
  addLayers?: (map: GlMap, isDark: boolean) => void;
  /** Sets what the layers show: when they are there, and whenever `redraw` is called from then on. */
  draw?: (map: GlMap) => void;
  onClick?: (click: MapClick) => void;
  /** Leaves out the places of the style, which would hide what the map is about. */
  isBare?: boolean;
  /** Where it opens; else the middle of the city, once that is known. */
  centre?: () => Position;
  zoom?: number;
}

/** All corners of a shape. */
export function positionsOf({ geometry }: { geometry: unknown }): Position[] {
  const flat = (value: unknown): Position[] => (Array.isArray(value) ? (typeof value[0] === 'number' ? [value as Position] : value.flatMap(flat)) : []);
  return flat((geometry as Exclude<Geometry, { type: 'GeometryCollection' }>).coordinates);
}

export function useMap(box: Ref<HTMLElement | null>, { addLayers, draw, onClick, isBare = false, centre, zoom = 12 }: MapParts) {
  const map = shallowRef<GlMap | null>(null);
  const hasFailed = ref(false);
  let gl: Gl | null = null;
  let isDrawn = false;
  let isGone = false;

  function redraw(): void {
    if (isDrawn && map.value !== null) draw?.(map.value);
  }
  function onStyle(now: GlMap): void {
    const { layers } = now.getStyle();
    if (isBare) for (const { id } of layers) if (STYLE_PLACES.test(id)) now.setLayoutProperty(id, 'visibility', 'none');
    addLayers?.(now, isDark.value);
    isDrawn = true;
    redraw();
    now.once('idle', () => (now.getContainer().dataset['map'] = 'drawn')); // for who takes pictures of it
  }
  function begin(now: GlMap): void {
    now.on('style.load', () => onStyle(now));
    now.on('click', ({ lngLat, point: { x, y } }) => onClick?.({
      at: [Number(lngLat.lng.toFixed(6)), Number(lngLat.lat.toFixed(6))],
      hit: (layers) => now.queryRenderedFeatures([[x - SLACK_PX, y - SLACK_PX], [x + SLACK_PX, y + SLACK_PX]], { layers: layers.filter((id) => now.getLayer(id)) })[0],
    }));
  }
  watch([box, extent], async ([container, where]) => {
    const middle = centre?.() ?? where?.centre;
    if (container === null || middle === undefined || map.value !== null) return;
    try {
      gl = await import('../shared/map/gl');
      if (isGone || map.value !== null) return;
      map.value = createMap(gl, { container, centre: middle, zoom, lang: lang.value, isDark: isDark.value, attribution: where?.attribution || t('map.attribution') });
      begin(map.value);
    } catch {
      hasFailed.value = true;
    }
  }, { immediate: true });
  watch([lang, isDark], ([tongue, dark]) => {
    const now = map.value;
    if (now === null) return;
    isDrawn = false;
    delete now.getContainer().dataset['map'];
    restyle(now, tongue, dark);
  });
  onBeforeUnmount(() => {
    isGone = true;
    map.value?.remove();
  });
  /** Brings points into view. */
  function show(points: readonly Position[]): void {
    const [first] = points;
    if (first === undefined || map.value === null || gl === null) return;
    const bounds = points.reduce((grown, at) => grown.extend(at), new gl.LngLatBounds(first, first));
    map.value.fitBounds(bounds, { padding: 70, maxZoom: 16, duration: 0 });
  }
  return { map, hasFailed, redraw, show };
}
