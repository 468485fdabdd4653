// A map in this server's own style. Nothing on it comes from another host.
import type { GlMap } from './gl';
import type { Position } from '../api/types';
import { t, type Lang } from '../i18n';
import { nightStyle } from './dark';

export type Gl = typeof import('./gl');

export function styleUrl(lang: Lang): string {
  return `${location.origin}/tiles/style.json?lang=${lang}`;
}

/** Draws the map in a language, as it is by day or by night. */
export function restyle(map: GlMap, lang: Lang, isDark: boolean): void {
  map.setStyle(styleUrl(lang), { diff: false, transformStyle: (_, style) => (isDark ? nightStyle(style) : style) });
}

export interface MapStart {
  container: HTMLElement;
  centre: Position;
  zoom: number;
  lang: Lang;
  attribution: string;
  isDark?: boolean;
}

/** Throws when the browser cannot draw maps (no WebGL). */
export function createMap(gl: Gl, { container, centre, zoom, lang, attribution, isDark = false }: MapStart): GlMap {
  const map = new gl.GlMap({
    container,
    center: centre,
    zoom,
    maxZoom: 20,
    attributionControl: false,
    // One hand on a phone turns and tilts a map by accident more often than on purpose.
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: { 'Map.Title': t('map.label'), 'Marker.Title': t('map.pin'), 'AttributionControl.ToggleAttribution': t('map.sources') },
  });
  restyle(map, lang, isDark);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new gl.AttributionControl({ compact: true, customAttribution: attribution }), 'bottom-left');
  return map;
}
