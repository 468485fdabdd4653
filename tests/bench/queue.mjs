// What staff ask of a queue of very many cases: pages in each order under the usual filters, counts, figures, squares and files;
// beside what SQLite takes to count them all by an index and to read every row.
//   queue.mjs YIZHAN SHARE DATA OUT.json ROUNDS YARDSTICK.json
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';

const [program, share, data, out, rounds, yardstick] = process.argv.slice(2);
const password = 'correct horse battery';
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function addUser(name, role, ...more) {
  execFileSync(program, ['user', 'add', name, '--role', role, ...more, '--password-stdin', '--data', data, '--share', share], { input: `${password}\n` });
}

async function serve() {
  const server = spawn(program, ['serve', '--data', data, '--share', share, '--listen', '127.0.0.1:0', '--log-level', 'warn',
    '--requests-per-minute', '4294967295', '--writes-per-minute', '4294967295'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of server.stdout) if ((text += chunk).includes('\n')) break;
  const base = /listening on (\S+)/.exec(text)[1];
  while (!(await fetch(`${base}/readyz`)).ok) await new Promise((wake) => setTimeout(wake, 50));
  return { child: server, base };
}

const signIn = async (server, name) =>
  (await (await fetch(`${server.base}/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, password }) })).json()).token;

/** From the request to the last byte, on a connection that is open. */
function ask(server, token, path) {
  const began = performance.now();
  return new Promise((done, fail) => {
    http.get(server.base + path, { agent, headers: { Authorization: `Bearer ${token}` } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        if (response.statusCode !== 200) fail(new Error(`${path}: ${response.statusCode} ${body}`));
        else done({ ms: performance.now() - began, body });
      });
    }).on('error', fail);
  });
}

/** The page that comes after so many others. */
async function deepPage(server, token, path, pages) {
  for (let i = 0; i < pages; i++) path = JSON.parse((await ask(server, token, path)).body).next;
  return path;
}

/** Seconds of processor time of the server so far, at 100 ticks each. */
function processor(server) {
  const [user, system] = readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number);
  return (user + system) / 100;
}

async function measure(server, token, path, times) {
  const took = [];
  let bytes = 0, first = 0;
  const before_s = processor(server);
  for (let i = 0; i < times; i++) {
    const answer = await ask(server, token, path);
    bytes = answer.body.length;
    if (i === 0) first = answer.ms;
    took.push(answer.ms);
  }
  const cpu_ms = ((processor(server) - before_s) * 1000) / times;
  took.sort((a, b) => a - b);
  const at = (p) => took[Math.min(took.length - 1, Math.floor((took.length * p) / 100))];
  return { first_ms: first, cpu_ms, p50_ms: at(50), p99_ms: at(99), kib: bytes / 1024 };
}

addUser('admin', 'city_admin');
addUser('lead', 'area_lead', '--area', '110002'); // a district of ten sub-districts
addUser('desk', 'area_staff', '--area', '110018'); // one of them
const server = await serve();
const tokens = { city: await signIn(server, 'admin'), district: await signIn(server, 'lead'), 'sub-district': await signIn(server, 'desk') };
const word = encodeURIComponent('第777件');
const list = '/v1/reports?limit=50';
const asked = [];
for (const where of Object.keys(tokens)) {
  for (const sort of ['newest', 'oldest', 'due', 'priority'])
    asked.push([`open, ${sort}`, where, `${list}&open=true&sort=${sort}`]);
  asked.push(['all, newest', where, list], ['overdue, due', where, `${list}&due=overdue&sort=due`], ['nearly due', where, `${list}&due=near&sort=due`],
    ['state and due', where, `${list}&state=handling&due=overdue&sort=due`], ['one state, newest', where, `${list}&state=submitted`],
    ['a category, open', where, `${list}&category=lamp&open=true`], ['a unit, open', where, `${list}&unit=${encodeURIComponent('市政')}&open=true`],
    ['nobody\'s, open', where, `${list}&assignee=none&open=true`], ['urgent, open', where, `${list}&priority=2&open=true`],
    ['text, found once', where, `${list}&text=${word}`], ['joined', where, `${list}&flags=joined`], ['reused', where, `${list}&flags=reused`],
    ['counts', where, '/v1/reports/counts'], ['counts, open', where, '/v1/reports/counts?open=true']);
}
for (const by of ['none', 'area', 'month']) asked.push([`statistics by ${by}`, 'city', `/v1/reports/statistics?by=${by}`, 3]);
const month = new Date(Date.now() - 30 * 86400e3).toISOString();
asked.push(['statistics of a month', 'city', `/v1/reports/statistics?from=${month}`], ['statistics by category', 'sub-district', '/v1/reports/statistics?by=category'],
  ['heat of all', 'city', '/v1/reports/heat?bbox=-180,-80,180,80&cells=64'], ['heat of the open', 'city', '/v1/reports/heat?bbox=-180,-80,180,80&cells=64&open=true'],
  ['export, csv', 'city', '/v1/reports/export?format=csv', 1], ['export of a month, geojson', 'city', `/v1/reports/export?format=geojson&from=${month}`, 1],
  ['export of a month, csv', 'city', `/v1/reports/export?format=csv&from=${month}`, 1], ['export of a month, xlsx', 'city', `/v1/reports/export?format=xlsx&from=${month}`, 1]);
for (const sort of ['newest', 'due', 'priority'])
  asked.push([`open, ${sort}, page 40`, 'city', await deepPage(server, tokens.city, `${list}&open=true&sort=${sort}`, 39)]);

const memory = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]);
const results = [];
for (const [what, where, path, times = Number(rounds)] of asked) {
  const one = { what, where, ...(await measure(server, tokens[where], path, times)), peak_mib: memory() / 1024 };
  for (const name of Object.keys(one)) if (typeof one[name] === 'number') one[name] = Math.round(one[name] * 10) / 10;
  results.push(one);
  console.error(JSON.stringify(one));
}
server.child.kill('SIGTERM');
await new Promise((end) => server.child.once('exit', end));
const sqlite = JSON.parse(readFileSync(yardstick, 'utf8'));
writeFileSync(out, `${JSON.stringify({ sqlite, results }, null, 2)}\n`);
console.log(sqlite);
console.table(results);
