// scripts/fetch-extract against a mirror on this machine that cuts, lies, and publishes checksums or none.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const script =
  join(resolve(dirname(fileURLToPath(import.meta.url)), '../..'), 'scripts/fetch-extract')
const work = mkdtempSync(join(tmpdir(), 'yizhan-fetch-'))
const file = join(work, 'city.osm.pbf')

/** What the mirror has and how it behaves; every request is noted. */
let mirror
const server = http.createServer((request, response) => {
  mirror.asked.push([request.url, request.headers.range ?? ''])
  const sum = /\.(md5|sha256)$/.exec(request.url)
  if (sum) {
    const known = mirror.sums[sum[1]]
    response.writeHead(known ? 200 : 404).end(known ? `${known}  city.osm.pbf\n` : '')
    return
  }
  if (request.url.startsWith('/down')) return response.writeHead(503).end()
  const tag = `"${createHash('md5').update(mirror.body).digest('hex')}"`
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
  const same = !request.headers['if-range'] || request.headers['if-range'] === tag
  const headers = { ETag: tag, 'Last-Modified': mirror.modified.toUTCString(), 'Accept-Ranges': 'bytes' }
  if (new Date(request.headers['if-modified-since'] ?? 0) >= mirror.modified) return response.writeHead(304, headers).end()
  const from = range && same && mirror.ranges ? Number(range[1]) : 0
  if (range && from >= mirror.body.length) return response.writeHead(416, headers).end()
  const rest = mirror.body.subarray(from)
  if (from) headers['Content-Range'] = `bytes ${from}-${mirror.body.length - 1}/${mirror.body.length}`
  response.writeHead(from ? 206 : 200, { ...headers, 'Content-Length': rest.length })
  if (mirror.cuts > 0) {
    mirror.cuts--
    response.write(rest.subarray(0, Math.floor(rest.length / 2)), () => setTimeout(() => response.destroy(), 20))
  } else response.end(rest)
})
const hash = (kind, bytes) => createHash(kind).update(bytes).digest('hex')
let base
before(async () => {
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${server.address().port}`
})
after(() => {
  server.close()
  rmSync(work, { recursive: true, force: true })
})
beforeEach(() => {
  rmSync(work, { recursive: true, force: true })
  const body = randomBytes(300000)
  mirror = { body, asked: [], cuts: 0, ranges: true, sums: { md5: hash('md5', body) }, modified: new Date(1700000000000) }
})

function fetchTo(...words) {
  const child = spawn(script, ['--tries', '4', file, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', (text) => (said.out += text))
  child.stderr.on('data', (text) => (said.err += text))
  return new Promise((done) => child.on('exit', (code) => done({ code, out: said.out.trim(), err: said.err })))
}
const files = () => mirror.asked.filter(([url]) => !/\.(md5|sha256)$/.test(url))

test('a file is fetched whole, and not again while its checksum stays', async () => {
  assert.deepEqual(await fetchTo(`${base}/city.osm.pbf`).then(({ code, out }) => [code, out]), [0, 'fetched'])
  assert.deepEqual(readFileSync(file), mirror.body)
  const again = await fetchTo(`${base}/city.osm.pbf`)
  assert.deepEqual([again.code, again.out], [0, 'unchanged'])
  assert.equal(files().length, 1)
  writeFileSync(file, 'something else')
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).out, 'fetched')
  assert.deepEqual(readFileSync(file), mirror.body)
})

test('what is cut off is gone on with where it stopped', async () => {
  mirror.cuts = 2
  const run = await fetchTo(`${base}/city.osm.pbf`)
  assert.deepEqual([run.code, run.out], [0, 'fetched'], run.err)
  assert.deepEqual(readFileSync(file), mirror.body)
  assert.deepEqual(files().map(([, range]) => range), ['', 'bytes=150000-', 'bytes=225000-'])
  assert.equal(existsSync(`${file}.part`), false)
})

test('a call that gives up leaves its part, and the next goes on', async () => {
  mirror.cuts = 4
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).code, 1)
  assert.equal(existsSync(file), false)
  assert.equal(existsSync(`${file}.part`), true)
  mirror.asked = []
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).out, 'fetched')
  assert.match(files()[0][1], /^bytes=\d{6}-$/)
  assert.deepEqual(readFileSync(file), mirror.body)
})

test('a file that does not match its checksum never takes the place of one that did', async () => {
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).out, 'fetched')
  const good = mirror.body
  mirror.body = randomBytes(200000)
  mirror.modified = new Date()
  mirror.sums.md5 = hash('md5', randomBytes(10))
  const run = await fetchTo(`${base}/city.osm.pbf`)
  assert.equal(run.code, 1)
  assert.match(run.err, /does not match its checksum/)
  assert.deepEqual(readFileSync(file), good)
})

test('the beginning of an older file is not gone on with', async () => {
  mirror.cuts = 4
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).code, 1)
  mirror.body = randomBytes(310000)
  mirror.sums = { sha256: hash('sha256', mirror.body) }
  mirror.asked = []
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).out, 'fetched')
  assert.equal(files()[0][1], '')
  assert.deepEqual(readFileSync(file), mirror.body)
})

test('mirrors take turns, and a checksum of any of them is held', async () => {
  const run = await fetchTo(`${base}/down/city.osm.pbf`, `${base}/city.osm.pbf`)
  assert.deepEqual([run.code, run.out], [0, 'fetched'], run.err)
  assert.deepEqual(readFileSync(file), mirror.body)
})

test('without a checksum it is said so, a newer file is fetched and an older one is not', async () => {
  mirror.sums = {}
  mirror.cuts = 1
  const run = await fetchTo(`${base}/city.osm.pbf`)
  assert.deepEqual([run.code, run.out], [0, 'fetched'], run.err)
  assert.match(run.err, /no checksum is published/)
  assert.deepEqual(readFileSync(file), mirror.body)
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).out, 'unchanged')
  mirror.body = randomBytes(100000)
  mirror.modified = new Date(1800000000000)
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).out, 'fetched')
  assert.deepEqual(readFileSync(file), mirror.body)
})

test('a server without ranges, and one whose file changed meanwhile, are begun anew', async () => {
  mirror.ranges = false
  mirror.cuts = 1
  assert.equal((await fetchTo(`${base}/city.osm.pbf`)).out, 'fetched')
  assert.deepEqual(readFileSync(file), mirror.body)
})

test('what is no http address, and what is not there, are refused', async () => {
  assert.match((await fetchTo('file:///etc/passwd')).err, /no http or https address/)
  assert.equal((await fetchTo(`${base}/down/city.osm.pbf`)).code, 1)
  assert.equal(existsSync(file), false)
})
