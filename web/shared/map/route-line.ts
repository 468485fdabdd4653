// The line of a way: maplibre-gl-directions draws it, as our OSRM façade gives it (docs/decisions/0040). It comes with the map, and never before.
import MapLibreGlDirections, { type Directions } from '@maplibre/maplibre-gl-directions';
import type { GlMap } from './gl';
import type { Position } from '../api/types';

export interface Way {
  from: Position;
  to: Position;
  profile: string;
  /** As the panel was told it, with the steps. */
  line: Position[];
  /** OSRM's protocol has no word for what the rider avoids. */
  isBarred: boolean;
}

const SOURCE = 'yizhan-route';
const PATIENCE_MS = 10_000;
const CHOSEN = { type: 'line' as const, source: SOURCE, filter: ['==', ['get', 'route'], 'SELECTED'] as ['==', ['get', string], string], layout: { 'line-cap': 'round' as const, 'line-join': 'round' as const } };

function asAnswer({ from, to, line }: Way): Directions {
  const coordinates = line.map(([lon, lat]): [number, number] => [lon, lat]);
  const [first, last] = [coordinates[0] ?? from, coordinates[coordinates.length - 1] ?? to];
  return { code: 'Ok', routes: [{ geometry: { coordinates }, legs: [{}] }], waypoints: [{ location: [first[0], first[1]] }, { location: [last[0], last[1]] }] };
}

export class RouteLine extends MapLibreGlDirections {
  private way: Way | null = null;

  /** Puts its layers on top of those that are there: make it before what shall lie above. */
  constructor(map: GlMap) {
    super(map, {
      api: `${location.origin}/route/v1`,
      requestOptions: { geometries: 'geojson', overview: 'full', alternatives: 'false' },
      requestTimeout: PATIENCE_MS,
      sourceName: SOURCE,
      layers: [
        { ...CHOSEN, id: `${SOURCE}-casing`, paint: { 'line-color': '#0b4f9e', 'line-width': 9 } },
        { ...CHOSEN, id: `${SOURCE}-line`, paint: { 'line-color': '#3d8bfd', 'line-width': 6 } },
      ],
    });
  }

  static isOn(map: GlMap): boolean {
    return map.getSource(SOURCE) !== undefined;
  }

  show(way: Way | null): void {
    if (way === this.way) return;
    this.way = way;
    if (way === null) this.clear();
    // What fails here was taken back by the next one: `fetch` answers in any other case.
    else void this.setWaypoints([[...way.from], [...way.to]], [way.profile]).catch(() => undefined);
  }

  protected override async fetch(request: Parameters<MapLibreGlDirections['fetch']>[0]): Promise<Directions> {
    const { way } = this;
    if (way === null) throw new Error('no way is looked at');
    if (way.isBarred) return asAnswer(way);
    try {
      return await super.fetch(request);
    } catch (trouble) {
      if (way !== this.way) throw trouble;
      return asAnswer(way); // without a network the panel's own answer is as good
    }
  }
}
