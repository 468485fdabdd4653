// The other engine: Valhalla, its tiles built here from the same extract.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const library = require('@valhallajs/valhallajs');
const programs = join(dirname(require.resolve('@valhallajs/valhallajs')), 'linux', process.arch);

// One level of tiles and no pruning between levels: its shortest routes are then the shortest there are.
export async function buildTiles(extract, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const config = await library.getConfig({ tileDir: folder, tileExtract: '' });
  Object.assign(config.mjolnir, { hierarchy: false, shortcuts: false, tile_extract: '', traffic_extract: '' });
  for (const costing of ['bicycle', 'motorcycle', 'pedestrian', 'auto'])
    config.service_limits[costing].max_distance = 1e7;
  config.service_limits.max_distance_disable_hierarchy_culling = 1e7;
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config, null, 1));
  const log = execFileSync(join(programs, 'valhalla_build_tiles'), ['-c', file, extract], {
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  writeFileSync(join(folder, 'build.log'), log);
  if (!existsSync(join(folder, '2'))) throw new Error(`no tiles in ${folder}`);
  config.mjolnir.logging = config.loki.logging = config.thor.logging = { type: '' };
  return new library.Actor(config);
}

const place = ([lon, lat]) => ({ lon, lat, radius: 0 });

// Metres of the shortest way, and how far from the points it begins and ends; null: no way.
export async function shortest(actor, costing, from, to) {
  const query = {
    locations: [place(from), place(to)],
    costing,
    costing_options: { [costing]: { shortest: true, disable_hierarchy_pruning: true, step_penalty: 0, elevator_penalty: 0 } },
    format: 'osrm',
    shape_format: 'geojson',
  };
  try {
    const answer = await actor.route(query);
    const route = answer.routes[0];
    return {
      metres: route.distance,
      off: Math.max(...answer.waypoints.map((point) => point.distance)),
      line: route.geometry.coordinates,
    };
  } catch (error) {
    if (/No path|No suitable edges|not found/i.test(error.message)) return null;
    throw error;
  }
}

