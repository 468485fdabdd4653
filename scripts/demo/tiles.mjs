// Reads the demo city's tiles into plain features on one whole-world grid.
//
// The tiles are OSM QA tiles: zoom 12, one layer "osm", 2^20 units a side, every tag of every object, and the
// object's own id and kind as "@id" and "@type". A grid of 2^32 units round the world is finer than OSM's 1e-7
// degrees, so rounding a grid point to seven decimals gives back the coordinate the object was mapped with.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

const ZOOM = 12;
export const TILE_UNITS = 2 ** 20;
const WORLD_UNITS = TILE_UNITS * 2 ** ZOOM;

/** The folder of the city's tiles inside the installed npm package. */
export function tileFolder() {
  const entry = createRequire(import.meta.url).resolve('@mapbox/mvt-fixtures');
  return join(dirname(entry), 'real-world', 'osm-qa-montevideo');
}

/** Grid point to [lon, lat] in degrees WGS 84 (spherical Mercator, EPSG:3857, solved for the latitude). */
export function gridToLonLat(x, y) {
  const lon = (x / WORLD_UNITS) * 360 - 180;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD_UNITS))) * 180) / Math.PI;
  return [lon, lat];
}

function featureTags(properties) {
  const tags = [];
  for (const key of Object.keys(properties).sort()) {
    if (!key.startsWith('@')) tags.push([key, String(properties[key])]);
  }
  return tags;
}

/**
 * Every feature of every tile: {type: 'node'|'way', id, version, tags, area, lines}, where lines are arrays of
 * [x, y] on the world grid and area says that the lines are rings clipped to the tile.
 */
export function* readFeatures(folder) {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.mvt')).sort()) {
    const [zoom, column, row] = name.split(/[-.]/).map(Number);
    if (zoom !== ZOOM) throw new Error(`${name}: expected a tile of zoom ${ZOOM}`);
    const layer = new VectorTile(new PbfReader(readFileSync(join(folder, name)))).layers.osm;
    if (layer === undefined || layer.extent !== TILE_UNITS) throw new Error(`${name}: not an OSM QA tile`);
    for (let i = 0; i < layer.length; i++) {
      const feature = layer.feature(i);
      const { '@id': id, '@type': type, '@version': version } = feature.properties;
      yield {
        type,
        id,
        version,
        tags: featureTags(feature.properties),
        area: feature.type === 3,
        lines: feature
          .loadGeometry()
          .map((line) => line.map(({ x, y }) => [column * TILE_UNITS + x, row * TILE_UNITS + y])),
      };
    }
  }
}
