// What is out of reach of stations in a sub-district of Xicheng and in all of central Beijing, over loopback: the time
// from request to answer, medians of several runs, as a table and as JSON.
//   coverage.mjs YIZHAN SHARE DATA_FOLDER OUT.json RUNS
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [program, share, folder, out, runs] = process.argv.slice(2);
const data = mkdtempSync(join(tmpdir(), 'yizhan-coverage-'));
const yizhan = (...words) => execFileSync(program, [...words, '--data', data, '--share', share], { encoding: 'utf8' });

// Strewn around the middle of Xicheng, the same every time (SplitMix64, Box and Muller).
let state = 7n;
const random = () => {
  state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
  return Number((z ^ (z >> 31n)) >> 11n) / 2 ** 53;
};
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const stations = Array.from({ length: 120 }, (_, i) => `${i},${i},rest_station,${116.37 + 0.02 * normal()},${39.905 + 0.02 * normal()}`);
writeFileSync(join(data, 'stations.csv'), `id,name,category,lon,lat\n${stations.join('\n')}\n`);

const extract = join(folder, 'osm/beijing_central_drive_2024-03.osm.pbf');
yizhan('import', 'osm', extract);
yizhan('import', 'areas', join(folder, 'areas/xicheng_subdistricts.geojson'), '--source', 'xicheng');
yizhan('import', 'places', join(data, 'stations.csv'));
yizhan('build-roads');
const server = spawn(program, ['serve', '--data', data, '--share', share, '--listen', '127.0.0.1:0', '--log-level', 'warn',
  '--behind-proxy'], { stdio: ['ignore', 'pipe', 'inherit'] });
let text = '';
for await (const chunk of server.stdout) if ((text += chunk).includes('\n')) break;
const base = /listening on (\S+)/.exec(text)[1];
while (!(await fetch(`${base}/readyz`)).ok) await new Promise((wake) => setTimeout(wake, 50));

const wide = 'bbox=116.271,39.839,116.472,39.989';
const cases = [
  ['a sub-district (4.1 km²), 5 minutes', 'area=110102007&limits=300'],
  ['a sub-district, 3, 5 and 10 minutes', 'area=110102007&limits=180,300,600'],
  ['a sub-district, 3 minutes, three suggestions', 'area=110102007&limits=180&suggest=3'],
  ['central Beijing (286 km²), 5 minutes', `${wide}&limits=300`],
  ['central Beijing, 5 and 10 minutes', `${wide}&limits=300,600`],
  ['central Beijing, 10 minutes, five suggestions', `${wide}&limits=600&suggest=5`],
];
const rows = [];
for (const [name, query] of cases) {
  const times = [];
  let bytes = 0;
  for (let i = -1; i < Number(runs); i++) {
    const began = performance.now();
    const answer = await fetch(`${base}/v1/coverage?category=rest_station&${query}`, { headers: { 'X-Forwarded-For': `10.0.${rows.length}.${i + 1}` } });
    const body = await answer.text();
    if (answer.status !== 200) throw new Error(`${query}: ${answer.status} ${body}`);
    if (i >= 0) times.push(performance.now() - began); // the first one makes room
    bytes = body.length;
  }
  times.sort((a, b) => a - b);
  rows.push({ name, query, median_ms: Math.round(times[times.length >> 1]), most_ms: Math.round(times.at(-1)), bytes });
  console.log(`${name.padEnd(50)} ${String(rows.at(-1).median_ms).padStart(6)} ms (at most ${rows.at(-1).most_ms}), ${bytes} bytes`);
}
server.kill('SIGTERM');
await new Promise((end) => server.once('exit', end));
rmSync(data, { recursive: true, force: true });
writeFileSync(out, `${JSON.stringify(rows, null, 2)}\n`);
