// MapLibre, loaded only when a map is really drawn: import this file with import().
import 'maplibre-gl/dist/maplibre-gl.css';
import {
  AttributionControl, type GeoJSONSource, LngLatBounds, Map as GlMap, Marker, setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-csp-worker.js?url';

setWorkerUrl(workerUrl);

export { AttributionControl, GlMap, LngLatBounds, Marker };
export type { GeoJSONSource };
