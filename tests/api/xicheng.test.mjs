// Central Beijing: real roads, the 15 sub-districts of Xicheng, asked in wgs84 and in gcj02.
// The data is not part of the project: $YIZHAN_DATA, or ../shared/data beside it. Skipped, aloud, without.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const program = process.env.YIZHAN_BIN ?? join(root, 'build/debug/bin/yizhan');
const folder = process.env.YIZHAN_DATA ?? join(root, '../shared/data');
const extract = join(folder, 'osm/beijing_central_drive_2024-03.osm.pbf');
const outlines = join(folder, 'areas/xicheng_subdistricts.geojson');
const skip = existsSync(extract) && existsSync(outlines) ? false : `no ${extract}`;
if (skip) console.log(`# SKIPPED: ${skip}`);

let data;
let server;
let base;

function yizhan(...words) {
  const run = spawnSync(program, [...words, '--data', data], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}

before(async () => {
  if (skip) return;
  data = mkdtempSync(join(tmpdir(), 'yizhan-xicheng-'));
  yizhan('import', 'osm', extract);
  assert.match(yizhan('import', 'areas', outlines, '--source', 'xicheng'), /15 rows: 15 taken/);
  yizhan('build-roads');
  server = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of server.stdout) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  base = /listening on (\S+)/.exec(text)[1];
  while (!(await fetch(`${base}/readyz`)).ok) await new Promise((wake) => setTimeout(wake, 50));
});

after(async () => {
  if (!server) return;
  const ended = new Promise((end) => server.once('exit', end));
  server.kill('SIGTERM');
  assert.equal(await ended, 0);
  rmSync(data, { recursive: true, force: true });
});

function inRing([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

const ringsOf = (geometry) => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates);

// Some points well inside a sub-district: a grid over its box, tested here by ray casting.
function pointsIn(feature) {
  const rings = ringsOf(feature.geometry);
  const all = rings.flat(2);
  const [w, e] = [Math.min(...all.map((p) => p[0])), Math.max(...all.map((p) => p[0]))];
  const [s, n] = [Math.min(...all.map((p) => p[1])), Math.max(...all.map((p) => p[1]))];
  const points = [];
  for (let i = 1; i < 8; i++)
    for (let j = 1; j < 8; j++) {
      const point = [w + ((e - w) * i) / 8, s + ((n - s) * j) / 8];
      if (rings.some((polygon) => inRing(point, polygon[0]))) points.push(point);
    }
  return points;
}

async function ask(path) {
  const answer = await fetch(base + path);
  const body = await answer.json();
  assert.equal(answer.status, 200, `${path}: ${JSON.stringify(body)}`);
  return body;
}

function png() {
  const chunk = (type, bytes) => {
    const out = Buffer.alloc(12 + bytes.length);
    out.writeUInt32BE(bytes.length, 0);
    out.write(type, 4, 'latin1');
    bytes.copy(out, 8);
    out.writeUInt32BE(crc(out.subarray(4, 8 + bytes.length)), 8 + bytes.length);
    return out;
  };
  const header = Buffer.from([0, 0, 0, 32, 0, 0, 0, 32, 8, 2, 0, 0, 0]);
  const rows = Buffer.alloc(32 * 97, 90);
  for (let y = 0; y < 32; y++) rows[y * 97] = 0;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc(bytes) {
  let c = ~0;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}

async function report([lon, lat], crs) {
  const form = new FormData();
  form.set('category', 'manhole');
  form.set('lon', String(lon));
  form.set('lat', String(lat));
  form.set('crs', crs);
  form.set('photo', new Blob([png()], { type: 'image/png' }), 'a.png');
  const answer = await fetch(`${base}/v1/reports`, { method: 'POST', body: form });
  const body = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(body));
  return body;
}

test('every sub-district is found, and every point in one of them only', { skip }, async () => {
  const { features } = JSON.parse(readFileSync(outlines, 'utf8'));
  assert.equal(features.length, 15);
  const names = new Set();
  for (const feature of features) {
    const points = pointsIn(feature);
    assert.ok(points.length > 0);
    for (const [lon, lat] of points) {
      const { areas } = await ask(`/v1/areas?at=${lon},${lat}`);
      assert.equal(areas.length, 1);
      names.add(areas[0].name);
      const own = Object.values(feature.properties).map(String);
      assert.ok(own.includes(areas[0].name), `${areas[0].name} is not ${own}`);
    }
  }
  assert.equal(names.size, 15);
});

test('a report lies in the right sub-district, sent in wgs84 and in gcj02', { skip }, async () => {
  const { features } = JSON.parse(readFileSync(outlines, 'utf8'));
  for (const feature of features) {
    const [lon, lat] = pointsIn(feature)[0];
    const first = await report([lon, lat], 'wgs84');
    const shifted = (await ask(`/v1/reports/${first.id}?crs=gcj02`)).location;
    const offset = Math.hypot((shifted[0] - lon) * 85_000, (shifted[1] - lat) * 111_000);
    assert.ok(offset > 300 && offset < 900, `${offset} m between the two systems in Beijing`);
    const second = await report(shifted, 'gcj02');
    assert.equal(second.area.name, first.area.name);
    assert.ok(Object.values(feature.properties).map(String).includes(first.area.name));
    const back = (await ask(`/v1/reports/${second.id}`)).location;
    assert.ok(Math.hypot(back[0] - lon, back[1] - lat) < 2e-7);
  }
});

test('an e-bike crosses Xicheng by the same route in both systems', { skip }, async () => {
  const from = [116.331, 39.945];
  const to = [116.391, 39.878];
  const wgs = await ask(`/v1/route?from=${from}&to=${to}&profile=ebike&steps=true`);
  assert.ok(wgs.distance_m > 8_000 && wgs.distance_m < 16_000, `${wgs.distance_m} m`);
  const kmh = (wgs.distance_m / wgs.duration_s) * 3.6;
  assert.ok(kmh > 8 && kmh <= 25, `${kmh} km/h`);
  assert.ok(wgs.legs[0].steps.length > 3);
  const shift = async ([lon, lat]) => (await ask(`/v1/reports/${(await report([lon, lat], 'wgs84')).id}?crs=gcj02`)).location;
  const gcj = await ask(`/v1/route?from=${await shift(from)}&to=${await shift(to)}&profile=ebike&steps=true&crs=gcj02`);
  assert.ok(Math.abs(gcj.distance_m - wgs.distance_m) < 0.5, `${gcj.distance_m} ${wgs.distance_m}`);
  assert.deepEqual(
    gcj.legs[0].steps.map((step) => step.name),
    wgs.legs[0].steps.map((step) => step.name),
  );
  const osrm = await ask(`/route/v1/ebike/${from};${to}?steps=true&overview=full&geometries=geojson`);
  assert.equal(osrm.code, 'Ok');
  assert.ok(Math.abs(osrm.routes[0].distance - wgs.distance_m) < 0.5);
});
