// The command line as a user meets it: exit codes, and one sentence that names the culprit.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const program = process.env.YIZHAN_BIN ?? join(root, 'build/debug/bin/yizhan');
const work = mkdtempSync(join(tmpdir(), 'yizhan-cli-'));
after(() => rmSync(work, { recursive: true, force: true }));

function yizhan(words, input = '') {
  const run = spawnSync(program, words, { input, encoding: 'utf8', timeout: 60_000 });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

function fails(words, code, sentence, input) {
  const run = yizhan(words, input);
  assert.equal(run.code, code, run.err + run.out);
  assert.match(run.err, sentence);
  assert.doesNotMatch(run.err, /Sanitizer|runtime error/);
  if (code === 1) assert.equal(run.err.trim().split('\n').length, 1, `one sentence: ${run.err}`);
}

const town = `<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="39.9000" lon="116.3600" version="1"/><node id="2" lat="39.9000" lon="116.3700" version="1"/>
<node id="3" lat="39.9050" lon="116.3700" version="1"/>
<node id="4" lat="39.9010" lon="116.3610" version="1"><tag k="amenity" v="toilets"/></node>
<way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="长安街"/></way>
</osm>`;
const osm = join(work, 'town.osm');
writeFileSync(osm, town);
const data = join(work, 'data');

test('every command has a help text', () => {
  const usage = yizhan(['--help']);
  assert.equal(usage.code, 0);
  const names = [...usage.out.matchAll(/^ {2}([a-z-]+(?: [a-z]+)?) {2,}/gm)].map((m) => m[1]);
  assert.ok(names.length >= 10, usage.out);
  for (const name of names) {
    const help = yizhan([...name.split(' '), '--help']);
    assert.equal(help.code, 0, name);
    assert.match(help.out, new RegExp(`^usage: yizhan ${name}`));
  }
});

test('a call that is off exits with 2', () => {
  fails([], 2, /usage: yizhan/);
  fails(['fly'], 2, /there is no command "fly"/);
  fails(['import', 'osm'], 2, /FILE is missing/);
  fails(['serve', '--colour', 'red'], 2, /no option --colour/);
});

test('import, build-roads and check work on a small town', () => {
  const imported = yizhan(['import', 'osm', osm, '--data', data]);
  assert.equal(imported.code, 0, imported.err);
  assert.match(imported.out, /places: 1 kept \(1 new/);
  const again = yizhan(['import', 'osm', osm, '--data', data]);
  assert.match(again.out, /places: 1 kept \(0 new, 0 changed, 1 as before\)/);
  const roads = yizhan(['build-roads', '--data', data]);
  assert.equal(roads.code, 0, roads.err);
  assert.match(roads.out, /ways: 1 kept/);
});

test('files that are not what they should be are named', () => {
  const empty = join(work, 'empty.osm.pbf');
  writeFileSync(empty, '');
  fails(['import', 'osm', empty, '--data', data], 1, /empty\.osm\.pbf/);
  fails(['import', 'osm', join(work, 'none.osm'), '--data', data], 1, /none\.osm/);
  const cut = join(work, 'cut.osm.pbf');
  cpSync(join(data, 'roads.osm.pbf'), cut);
  truncateSync(cut, Math.floor(readFileSync(cut).length * 0.7));
  fails(['import', 'osm', cut, '--data', data], 1, /cut\.osm\.pbf/);
  const noise = join(work, 'noise.osm.pbf');
  writeFileSync(noise, Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255)));
  fails(['import', 'osm', noise, '--data', data], 1, /noise\.osm\.pbf/);
  const csv = join(work, 'bad.csv');
  writeFileSync(csv, 'a,b\n1,2\n');
  fails(['import', 'places', csv, '--data', data], 1, /bad\.csv/);
  fails(['import', 'areas', csv, '--data', data], 1, /bad\.csv/);
});

test('a bad row is told with its line and reason, and strict refuses the file', () => {
  const csv = join(work, 'stations.csv');
  writeFileSync(csv, '\ufeff编号,名称,类别,经度,纬度\n1,驿站一,rest_station,116.361,39.901\n2,驿站二,rest_station,200,39.9\n3,驿站三,飞机场,116.36,39.9\n');
  const run = yizhan(['import', 'places', csv, '--source', 'union', '--data', data]);
  assert.equal(run.code, 0, run.err);
  assert.match(run.out, /3 rows: 1 taken \(1 new, 0 changed, 0 as before\), 2 refused/);
  assert.match(run.out, /line 3: refused 驿站二/);
  assert.match(run.out, /line 4: refused .*飞机场/);
  const strict = yizhan(['import', 'places', csv, '--source', 'union2', '--strict', '--data', data]);
  assert.equal(strict.code, 1);
});

test('a report is offered for more lines only where it has more than were shown', () => {
  const csv = join(work, 'weights.csv');
  for (const [bad, more] of [[0, false], [3, false], [100, false], [101, true]]) {
    writeFileSync(csv, 'lon,lat,weight\n116.3,39.9,1\n' + '116.3,39.9,-1\n'.repeat(bad));
    const file = join(work, 'weights.json');
    const run = yizhan(['import', 'grid', csv, '--name', 'weights', '--data', data, '--report', file]);
    assert.equal(run.code, 0, run.err);
    assert.equal(run.out.includes('and more: --report'), more, `${bad} bad rows`);
    const report = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual([report.lines.length, report.all_lines, report.totals.created], [bad, true, 1]);
  }
});

test('what is exported in any format is unchanged when it comes back, and a report can be a file', () => {
  for (const name of ['out.csv', 'out.xlsx', 'out.geojson', 'out.gpkg', 'out.zip', 'out.kml']) {
    const file = join(work, name);
    const out = yizhan(['export', 'places', file, '--source', 'union', '--data', data]);
    assert.equal(out.code, 0, out.err);
    const back = yizhan(['import', 'places', file, '--source', 'union', '--data', data, '--report', join(work, 'report.json')]);
    assert.equal(back.code, 0, back.err);
    const report = JSON.parse(readFileSync(join(work, 'report.json'), 'utf8'));
    assert.deepEqual([report.totals.rows, report.totals.unchanged], [1, 1], name);
  }
  fails(['export', 'places', join(work, 'out.doc'), '--data', data], 1, /csv, xlsx, ods, geojson/);
  fails(['export', 'places', join(work, 'out.kml'), '--crs', 'gcj02', '--data', data], 1, /wgs84 alone/);
});

test('columns can be mapped, and one that is missing is named with those there are', () => {
  const csv = join(work, 'odd.csv');
  writeFileSync(csv, 'a,b,c,d\nx,toilet,116.3,39.9\n');
  fails(['import', 'places', csv, '--map', 'lon=e', '--data', data], 1, /no column "e".*its columns are: a, b, c, d/);
  const run = yizhan(['import', 'places', csv, '--map', 'id=a,category=b,lon=c,lat=d', '--dry-run', '--data', data]);
  assert.equal(run.code, 0, run.err);
  assert.match(run.out, /line 2: created - \(x\)/);
});

test('two files without a source are two sources, and a source is not emptied by a wrong file', () => {
  const rows = (word, from, to) =>
    `id,lon,lat,category\n${Array.from({ length: to - from }, (_, i) => `${word}${from + i},116.${from + i},39.9,toilets\n`).join('')}`;
  const one = join(work, 'north.csv');
  const two = join(work, 'south.csv');
  writeFileSync(one, rows('n', 100, 112));
  writeFileSync(two, rows('s', 100, 103));
  assert.match(yizhan(['import', 'places', one, '--data', data]).out, /12 new/);
  const second = yizhan(['import', 'places', two, '--data', data]);
  assert.match(second.out, /3 new/);
  assert.doesNotMatch(second.out, /no longer/);
  fails(['import', 'places', two, '--source', 'north', '--data', data], 1, /12 of the 12 places of the source "north".*--allow-shrink/);
  const meant = yizhan(['import', 'places', two, '--source', 'north', '--allow-shrink', '--data', data]);
  assert.match(meant.out, /12 no longer in the source/);
});

test('a data folder that cannot be is an error that says why', () => {
  const file = join(work, 'file');
  writeFileSync(file, 'x');
  fails(['serve', '--data', file], 1, /file/);
  fails(['import', 'osm', osm, '--data', '/sys/yizhan'], 1, /\/sys\/yizhan/);
});

test('an occupied port is named', async () => {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  fails(['serve', '--data', data, '--listen', `127.0.0.1:${port}`], 1, new RegExp(`${port}`));
  server.close();
  fails(['serve', '--data', data, '--listen', 'nowhere'], 1, /nowhere/);
  for (const zone of ['Mars/Olympus', '8', '../../etc/passwd'])
    fails(['serve', '--data', data, `--timezone=${zone}`], 1, /there is no time zone/)
});

test('people are added, listed and refused with reasons', () => {
  const add = yizhan(['user', 'add', 'wang', '--role', 'city_admin', '--password-stdin', '--data', data], 'a long enough password');
  assert.equal(add.code, 0, add.err);
  assert.match(yizhan(['user', 'list', '--data', data]).out, /^wang\twang\tcity_admin$/m);
  fails(['user', 'add', 'li', '--role', 'king', '--data', data], 1, /no role "king"; the roles are/);
  fails(['user', 'add', 'li', '--role', 'city_admin', '--password-stdin', '--data', data], 1, /password/, 'short');
  fails(['user', 'add', 'li', '--role', 'area_staff', '--area', '火星', '--data', data], 1, /火星/);
  fails(['key', 'add', 'nobody', '--data', data], 1, /no account "nobody"/);
  yizhan(['user', 'add', 'app', '--role', 'integrator', '--data', data]);
  assert.match(yizhan(['key', 'add', 'app', '--data', data]).out, /^[\w-]{30,}\n$/);
});

test('check tells file and line of a mistake and exits with 3', () => {
  const share = join(work, 'share');
  cpSync(join(root, 'data/categories'), join(share, 'categories'), { recursive: true });
  cpSync(join(root, 'data/kinds'), join(share, 'kinds'), { recursive: true });
  cpSync(join(root, 'data/profiles'), join(share, 'profiles'), { recursive: true });
  const profile = join(share, 'profiles/ebike.yaml');
  writeFileSync(profile, readFileSync(profile, 'utf8') + '\nwings: 2\n');
  const run = yizhan(['check', '--data', data, '--share', share]);
  assert.equal(run.code, 3, run.out + run.err);
  assert.match(run.out, /MEND {2}profiles +.*ebike\.yaml:\d+: .*wings/);
});

test('a server without built pages says so', async () => {
  const config = join(work, 'no-pages.yaml');
  writeFileSync(config, 'web: nowhere\n');
  const child = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--config', config]);
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
    if (/level=warn msg="no pages are served: .*--web"/.test(said)) child.kill('SIGTERM');
  });
  const hangs = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const code = await new Promise((done) => child.on('exit', done));
  clearTimeout(hangs);
  assert.equal(code, 0, said);
});

test('check looks at every setting of yizhan.yaml', () => {
  const config = join(work, 'yizhan.yaml');
  const check = (text) => {
    writeFileSync(config, text);
    return yizhan(['check', '--data', data, '--config', config]).out;
  };
  assert.match(check('listen: nonsense\n'), /MEND {2}listen +.*ADDRESS:PORT/);
  assert.match(check('listen: 192.0.2.1:8080\n'), /MEND {2}listen +.*does not have that address/);
  assert.match(check('log_level: loud\n'), /MEND {2}log_level +.*not "loud"/);
  assert.match(check('webhooks: sideways\n'), /MEND {2}webhooks +.*not "sideways"/);
  const good = check('listen: 127.0.0.1:8080\nlog_level: debug\n');
  assert.match(good, /ok {4}listen +127\.0\.0\.1:8080/);
  assert.match(good, /ok {4}log_level +debug/);
});

test('a damaged road file is refused with a sentence', () => {
  const copy = join(work, 'damaged');
  cpSync(data, copy, { recursive: true });
  const path = join(copy, 'roads.yzr');
  assert.ok(existsSync(path));
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length / 2)] ^= 0xff;
  writeFileSync(path, bytes);
  const run = yizhan(['check', '--data', copy]);
  assert.equal(run.code, 3, run.out);
  assert.match(run.out, /MEND {2}\S+ +.*roads\.yzr/);
});
