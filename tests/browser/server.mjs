// The server that the pages are tried against: the one at BASE_URL, or a fresh one of YIZHAN_BIN with the demo city.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const city = join(root, 'build/demo/montevideo.osm');
const START_MS = 60_000;

const where = (data) => ['--data', data, '--share', join(root, 'data')];

/** Why the tests cannot run; null when they can. */
export function whyNot() {
  if (process.env.BASE_URL) return process.env.STAFF_PASSWORD ? null : 'BASE_URL is set, but not STAFF_NAME and STAFF_PASSWORD';
  if (!process.env.YIZHAN_BIN) return 'neither BASE_URL nor YIZHAN_BIN is set';
  const missing = [process.env.YIZHAN_BIN, city, join(root, 'web/dist/index.html')].find((file) => !existsSync(file));
  return missing === undefined ? null : `${missing} is missing (scripts/test browser makes it)`;
}

async function addStaff(bin, data, name) {
  const password = `demo-${Math.random().toString(36).slice(2)}-${Date.now()}`;
  const adding = run(bin, ['user', 'add', name, '--role', 'city_admin', '--password-stdin', ...where(data)]);
  adding.child.stdin.end(password);
  await adding;
  return { name, password };
}

async function fillData(bin, data) {
  await run(bin, ['import', 'osm', city, ...where(data)]);
  await run(bin, ['build-roads', ...where(data)]);
  await run(bin, ['import', 'areas', join(root, 'data/demo/areas.geojson'), '--source', 'demo', ...where(data)]);
  await run(bin, ['import', 'places', join(root, 'data/demo/places.geojson'), '--source', 'demo', ...where(data)]);
}

/** Where the data folder is kept that this program makes of these files: to make one takes ten seconds of a processor, to copy it none. */
function shelf(bin) {
  const hash = createHash('sha256');
  const listed = (folder) => readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return listed(path);
    return /\.(yaml|geojson)$/.test(entry.name) ? [join(root, path)] : [];
  });
  for (const path of [bin, city, fileURLToPath(import.meta.url), ...listed('data').sort()]) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return join(root, 'build/demo/data', hash.digest('hex').slice(0, 16));
}

/** Makes the demo city's data folder at `data`. */
async function layData(bin, data) {
  const kept = shelf(bin);
  if (!existsSync(kept)) {
    mkdirSync(dirname(kept), { recursive: true });
    const making = mkdtempSync(`${kept}-`);
    try {
      await fillData(bin, making);
      renameSync(making, kept);
    } catch (error) {
      rmSync(making, { recursive: true, force: true });
      if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error; // else another test was faster
    }
  }
  cpSync(kept, data, { recursive: true });
}

function listen(bin, data, words) {
  const server = spawn(bin, ['serve', ...where(data), '--listen', '127.0.0.1:0', '--web', join(root, 'web/dist'), '--log-level', 'warn', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const base = new Promise((resolve, reject) => {
    let told = '';
    server.stdout.on('data', (bytes) => {
      told += bytes;
      const found = /^listening on (\S+)$/m.exec(told);
      if (found) resolve(found[1]);
    });
    server.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
  });
  return { server, base };
}

async function waitUntilReady(base) {
  for (const end = Date.now() + START_MS; Date.now() < end;) {
    const answer = await fetch(`${base}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${base} did not become ready`);
}

/** {base, staff: {name, password}, stop()}; `words` are added to the command line of a server of our own. */
export async function startServer(...words) {
  if (process.env.BASE_URL) {
    const base = process.env.BASE_URL.replace(/\/+$/, '');
    await waitUntilReady(base);
    return { base, staff: { name: process.env.STAFF_NAME ?? 'admin', password: process.env.STAFF_PASSWORD }, stop: async () => {} };
  }
  const bin = process.env.YIZHAN_BIN;
  const data = mkdtempSync(join(tmpdir(), 'yizhan-browser-'));
  const clean = () => rmSync(data, { recursive: true, force: true });
  try {
    await layData(bin, data);
    const staff = await addStaff(bin, data, 'admin');
    const { server, base } = listen(bin, data, words);
    const stop = async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      clean();
    };
    const address = await base;
    await waitUntilReady(address);
    return { base: address, staff, stop };
  } catch (error) {
    clean();
    throw error;
  }
}
