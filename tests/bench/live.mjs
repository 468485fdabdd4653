// Clients that wait for what happens to a report: what they cost in memory, how long a change takes from its answer
// to each of them, and what nearest queries notice of it; beside a server where nobody waits.
//   live.mjs YIZHAN SHARE OUT.json CLIENTS SECONDS
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflate } from '../api/png.mjs';

const [program, share, out, clientCount, seconds] = process.argv.slice(2);
const data = mkdtempSync(join(tmpdir(), 'yizhan-live-'));
const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))];
const rounded = (x) => Math.round(x * 100) / 100;

/** A grey picture. */
function png(width, height) {
  const chunk = (type, bytes) => {
    const head = Buffer.alloc(4), tail = Buffer.alloc(4), typed = Buffer.concat([Buffer.from(type), bytes]);
    head.writeUInt32BE(bytes.length);
    tail.writeUInt32BE(crc32(typed));
    return Buffer.concat([head, typed, tail]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = Buffer.alloc((width + 1) * height, 128).map((v, i) => (i % (width + 1) ? v : 0));
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', deflate(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function prepare() {
  const rows = Array.from({ length: 20000 }, (_, i) => `${i},站${i},rest_station,${116 + (i % 200) / 200},${39.5 + Math.floor(i / 200) / 100}`);
  writeFileSync(join(data, 'places.csv'), `id,name,category,lon,lat\n${rows.join('\n')}\n`);
  const common = ['--data', data, '--share', share];
  execFileSync(program, ['import', 'places', join(data, 'places.csv'), ...common]);
  execFileSync(program, ['user', 'add', 'admin', '--role', 'city_admin', '--password-stdin', ...common], { input: 'correct horse battery\n' });
}

async function serve() {
  const many = String(Number(clientCount) + 200);
  const server = spawn(program, ['serve', '--data', data, '--share', share, '--listen', '127.0.0.1:0', '--log-level', 'warn', '--connections', many,
    '--waiting', many, '--waiting-each', many, '--requests-per-minute', '4294967295', '--writes-per-minute', '4294967295'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of server.stdout) if ((text += chunk).includes('\n')) break;
  const base = /listening on (\S+)/.exec(text)[1];
  while (!(await fetch(`${base}/readyz`)).ok) await sleep(50);
  return { child: server, base };
}

const memory = (server) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]);

/** Seconds of processor time so far, at 100 ticks each. */
function processor(server) {
  const [user, system] = readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number);
  return (user + system) / 100;
}

async function post(server, path, token, body) {
  const answer = await fetch(server.base + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function report(server) {
  const form = new FormData();
  for (const [name, value] of [['category', 'manhole'], ['lon', '116.5'], ['lat', '39.9']]) form.append(name, value);
  form.append('photo', new Blob([png(64, 48)], { type: 'image/png' }), 'a.png');
  const answer = await fetch(`${server.base}/v1/reports`, { method: 'POST', body: form });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A client that only notes when each version first reached it, so that one that came twice covers none that did not
 *  come; what a reading cuts off is kept for the next. */
function follow(server, id, heard) {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(server.base);
    const socket = net.connect(port, hostname, () => socket.write(`GET /v1/events?report=${id} HTTP/1.1\r\nHost: a\r\n\r\n`));
    const seen = new Set();
    let open = false, text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      const now = performance.now();
      if (!open && chunk.startsWith('HTTP/1.1 200')) done(socket);
      open = true;
      const events = (text + chunk).split('\n\n');
      text = events.pop();
      for (const event of events)
        for (const [, digits] of event.matchAll(/"version":(\d+)/g)) {
          const version = Number(digits);
          if (!seen.has(version)) heard(version, now);
          seen.add(version);
        }
    });
    socket.on('error', fail);
  });
}

/** Moves it to and fro; of each move, when it was sent and when its answer was there. */
async function keepMoving(server, token, made, times, until) {
  const states = ['accepted', 'filed', 'dispatched', 'returned'];
  let { version } = made, i = 0;
  while (performance.now() < until) {
    const state = states[i++ % states.length];
    const sent = performance.now();
    const moved = await post(server, `/v1/reports/${made.id}/state`, token, { state, version, ...(state === 'returned' && { reason: 'x' }) });
    ({ version } = moved);
    times.set(version, { sent, answered: performance.now() });
    await sleep(200);
  }
}

/** Where it was left, on to a state from which it can be accepted. */
async function toBeginning(server, token, id) {
  const next = { accepted: 'filed', filed: 'dispatched', dispatched: 'returned' };
  let made = await (await fetch(`${server.base}/v1/reports/${id}`)).json();
  while (next[made.state])
    made = await post(server, `/v1/reports/${id}/state`, token, { state: next[made.state], version: made.version, reason: 'x' });
  return made;
}

async function nearest(server) {
  const { stdout } = await promisify(execFile)('wrk', ['-t1', '-c8', `-d${seconds}s`, '--latency', `${server.base}/v1/places?near=116.5,39.9&limit=10`]);
  const number = (text) => Number(/[\d.]+/.exec(text)[0]) * (/us/.test(text) ? 0.001 : /ms/.test(text) ? 1 : 1000);
  return {
    requests_s: Math.round(Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1])),
    p50_ms: rounded(number(/^\s+50%\s+(\S+)/m.exec(stdout)[1])),
    p99_ms: rounded(number(/^\s+99%\s+(\S+)/m.exec(stdout)[1])),
  };
}

/** Delivery by delivery, from the answer of the move. */
async function deliveries(server, token, made, count) {
  const times = new Map(), reached = [];
  const sockets = [];
  for (let i = 0; i < count; i += 50)
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, count - i) }, () => follow(server, made.id, (version, at) => reached.push([version, at]))))));
  await sleep(500);
  const rss_kib = memory(server);
  const before_s = processor(server);
  await keepMoving(server, token, made, times, performance.now() + seconds * 1000);
  await sleep(500);
  const cpu_s = processor(server) - before_s;
  const waits = [], whole = [];
  for (const [version, at] of reached) {
    if (!times.has(version)) continue;
    waits.push(at - times.get(version).answered);
    whole.push(at - times.get(version).sent);
  }
  waits.sort((a, b) => a - b);
  whole.sort((a, b) => a - b);
  const told = { moves: times.size, deliveries: waits.length, missing: times.size * count - waits.length,
    cpu_ms_a_move: rounded((cpu_s * 1000) / times.size),
    p50_ms: rounded(percentile(waits, 50)), p99_ms: rounded(percentile(waits, 99)), most_ms: rounded(waits.at(-1)),
    from_sending_p50_ms: rounded(percentile(whole, 50)), from_sending_p99_ms: rounded(percentile(whole, 99)) };
  return { sockets, rss_kib, told };
}

prepare();
const server = await serve();
const { token } = await post(server, '/v1/sessions', undefined, { name: 'admin', password: 'correct horse battery' });
let made = await report(server);
await nearest(server);
await sleep(500);
const idle = { rss_kib: memory(server), nearest: await nearest(server) };
const one = await deliveries(server, token, made, 1);
one.sockets.forEach((socket) => socket.destroy());
made = await toBeginning(server, token, made.id);
const before = memory(server);
const many = await deliveries(server, token, made, Number(clientCount));
const waiting = await nearest(server);
made = await toBeginning(server, token, made.id);
const times = new Map();
const [busy] = await Promise.all([nearest(server), keepMoving(server, token, made, times, performance.now() + seconds * 1000)]);
const result = {
  clients: Number(clientCount), idle, one: one.told, many: many.told,
  rss_before_kib: before, rss_with_kib: many.rss_kib, kib_a_client: rounded((many.rss_kib - before) / Number(clientCount)),
  nearest_while_they_wait: waiting, nearest_while_they_are_told: { ...busy, moves: times.size },
};
many.sockets.forEach((socket) => socket.destroy());
server.child.kill('SIGTERM');
await new Promise((end) => server.child.once('exit', end));
rmSync(data, { recursive: true, force: true });
writeFileSync(out, `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
