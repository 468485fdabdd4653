// A map of the desk with layers of its own over the base map. The places of the style are left out where they would hide what it is about.
import { onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue';
import type { FeatureCollection } from 'geojson';
import type { Position } from '../shared/api/types';
import { lang, t } from '../shared/i18n';
import { createMap, styleUrl, type Gl } from '../shared/map/create-map';
import { extent } from '../shared/map/extent';
import type { GeoJSONSource, GlMap } from '../shared/map/gl';

const STYLE_PLACES = /^(place|cluster)/;
export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

interface MapParts {
  /** Adds sources and layers; called for each style that was loaded. */
  addLayers: (map: GlMap) => void;
  /** The layers are there: what they show can be set. */
  redraw: () => void;
  onClick?: (at: Position) => void;
}

export function useMap(box: Ref<HTMLElement | null>, { addLayers, redraw, onClick }: MapParts) {
  const map = shallowRef<GlMap | null>(null);
  const hasFailed = ref(false);
  let gl: Gl | null = null;
  let isDrawn = false;
  let isGone = false;

  function begin(now: GlMap): void {
    now.on('style.load', () => {
      for (const { id } of now.getStyle().layers) if (STYLE_PLACES.test(id)) now.setLayoutProperty(id, 'visibility', 'none');
      addLayers(now);
      isDrawn = true;
      redraw();
    });
    now.once('idle', () => (now.getContainer().dataset['map'] = 'drawn')); // for who takes pictures of it
    now.on('click', ({ lngLat }) => onClick?.([Number(lngLat.lng.toFixed(6)), Number(lngLat.lat.toFixed(6))]));
  }
  watch([box, extent], async ([container, where]) => {
    if (container === null || where === null || map.value !== null) return;
    try {
      gl = await import('../shared/map/gl');
      if (isGone || map.value !== null) return;
      map.value = createMap(gl, { container, centre: where.centre, zoom: 12, lang: lang.value, attribution: where.attribution || t('map.attribution') });
      begin(map.value);
    } catch {
      hasFailed.value = true;
    }
  }, { immediate: true });
  watch(lang, (now) => {
    isDrawn = false;
    map.value?.setStyle(styleUrl(now), { diff: false });
  });
  onBeforeUnmount(() => {
    isGone = true;
    map.value?.remove();
  });
  /** Does nothing until the layers are there; `redraw` is called then. */
  function setData(source: string, data: FeatureCollection): void {
    if (isDrawn) (map.value?.getSource(source) as GeoJSONSource | undefined)?.setData(data);
  }
  function show(points: readonly Position[]): void {
    const [first] = points;
    if (first === undefined || map.value === null || gl === null) return;
    const bounds = points.reduce((grown, at) => grown.extend(at), new gl.LngLatBounds(first, first));
    map.value.fitBounds(bounds, { padding: 70, maxZoom: 16, duration: 0 });
  }
  return { map, hasFailed, setData, show };
}
