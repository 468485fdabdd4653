// The demo city's maker. Run after `npm ci` in scripts/demo: node --test tests/demo
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const missing = existsSync(new URL('scripts/demo/node_modules', root)) ? false : 'SKIPPED: run "npm ci" in scripts/demo first';
const tools = missing
  ? {}
  : Object.assign({}, ...(await Promise.all(['tiles', 'stitch', 'city', 'osm-xml'].map((name) => import(new URL(`scripts/demo/${name}.mjs`, root))))));
const U = 2 ** 20; // units of a tile's side

const way = (id, lines, more = {}) => ({ type: 'way', id, version: 1, tags: [['highway', 'residential']], area: false, lines, ...more });

test('a way cut at a tile edge becomes one way again, in its own direction', { skip: missing }, () => {
  const city = tools.buildCity([way(7, [[[U, 5], [U + 9, 5]]]), way(7, [[[3, 5], [U, 5]]])]);
  assert.equal(city.ways.length, 1);
  assert.equal(city.ways[0].id, 7);
  const lons = city.ways[0].refs.map((ref) => city.nodes.find((node) => node.id === ref).lon);
  assert.equal(lons.length, 3);
  assert.deepEqual(lons, [...lons].sort((a, b) => a - b));
});

test('a way that leaves the tiles and comes back is two ways with two numbers', { skip: missing }, () => {
  const city = tools.buildCity([way(7, [[[3, 5], [0, 6]], [[0, 8], [3, 9]]])]);
  assert.deepEqual(city.ways.map(({ id }) => id).sort(), [1, 7]);
});

test('a closed building cut in two is closed again, without the edge of the tile', { skip: missing }, () => {
  const left = [[U - 4, 1], [U, 1], [U, 6], [U - 4, 6], [U - 4, 1]];
  const right = [[U, 1], [U + 4, 1], [U + 4, 6], [U, 6], [U, 1]];
  const city = tools.buildCity([left, right].map((ring) => way(9, [ring], { area: true, tags: [['building', 'yes']] })));
  assert.equal(city.ways.length, 1);
  const [{ refs }] = city.ways;
  assert.equal(refs[0], refs[refs.length - 1]);
  assert.equal(refs.length, 7);
});

test('ways meet where they share a point and nowhere else', { skip: missing }, () => {
  const cross = tools.buildCity([way(1, [[[0, 5], [10, 5]]]), way(2, [[[5, 0], [5, 10]]])]);
  assert.equal(tools.connectedShare(cross.ways), 0.5);
  const joined = tools.buildCity([way(1, [[[0, 5], [5, 5], [10, 5]]]), way(2, [[[5, 0], [5, 5], [5, 10]]])]);
  assert.equal(tools.connectedShare(joined.ways), 1);
});

test('a tagged point on a way keeps its number and is the way\'s node', { skip: missing }, () => {
  const signal = { type: 'node', id: 4829830793, version: 2, tags: [['highway', 'traffic_signals']], area: false, lines: [[[5, 5]]] };
  const city = tools.buildCity([way(1, [[[0, 5], [5, 5], [10, 5]]]), signal]);
  assert.ok(city.ways[0].refs.includes(4829830793));
  assert.equal(city.nodes.length, 3);
});

test('text that XML cannot carry plainly is escaped or left out', { skip: missing }, () => {
  assert.equal(tools.escapeXml('a<"&">\n\u0001'), 'a&lt;&quot;&amp;&quot;&gt;&#10;');
});

test('the whole city has its roads, its toilets and its fuel stations, and hangs together', { skip: missing }, () => {
  const city = tools.buildCity(tools.readFeatures(tools.tileFolder()));
  const highways = city.ways.filter((item) => tools.hasTag(item, 'highway'));
  const count = (value) => [...city.nodes, ...city.ways].filter((item) => tools.hasTag(item, 'amenity', value)).length;
  assert.equal(highways.length, 13136);
  assert.equal(count('toilets'), 6);
  assert.equal(count('fuel'), 148);
  assert.ok(tools.connectedShare(highways) > 0.995);
  const ids = new Set(city.nodes.map(({ id }) => id));
  assert.equal(ids.size, city.nodes.length);
  assert.ok(city.ways.every(({ refs }) => refs.every((ref) => ids.has(ref))));
});

const demo = (name) => JSON.parse(readFileSync(new URL(`data/demo/${name}.geojson`, root), 'utf8')).features;

test('every demonstration place and area says that it is one', () => {
  for (const { properties } of [...demo('places'), ...demo('areas')]) {
    assert.match(properties.name, /演示/);
    assert.match(properties.name_en, /Demo/);
  }
});

test('demonstration areas border each other without gap or overlap', () => {
  const borders = new Map();
  let sum = 0;
  for (const { geometry } of demo('areas')) {
    const ring = geometry.coordinates[0];
    for (let i = 0; i + 1 < ring.length; i++) {
      const [a, b] = [ring[i], ring[i + 1]];
      sum += (a[0] * b[1] - b[0] * a[1]) / 2;
      borders.set(`${a} ${b}`, (borders.get(`${a} ${b}`) ?? 0) + 1);
    }
  }
  assert.ok([...borders.values()].every((times) => times === 1), 'a border is run twice in one direction');
  const outer = [...borders.keys()].filter((border) => !borders.has(border.split(' ').reverse().join(' ')));
  const hull = outer.map((border) => border.split(' ').map((point) => point.split(',').map(Number)));
  const inside = hull.reduce((total, [a, b]) => total + (a[0] * b[1] - b[0] * a[1]) / 2, 0);
  assert.ok(Math.abs(sum - inside) < 1e-9);
  for (const [a, b] of hull) assert.ok([a, b].every(([lon, lat]) => lon === -56.345 || lon === -55.98 || lat === -34.81 || lat === -34.945));
});
