// The server is killed a hundred times while riders send reports with photos, each under a key of its own, and send
// again what had no answer. SEED=… repeats a run's moments and pictures; KILLS=… makes it shorter or longer.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, b, command, get, multipart, password, remove, report, signIn, sleep, start, stop, writeCity } from './harness.mjs'
import { launch, numbers, seed, wasCut } from './killing.mjs'
import { crc32, deflate } from './png.mjs'

const kills = Number(process.env.KILLS ?? 100), riders = 6

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** Noise, so that no two are alike and none is small. */
function picture(random) {
  const chunk = (type, data) => {
    const head = Buffer.alloc(4), tail = Buffer.alloc(4), typed = b(type, data)
    head.writeUInt32BE(data.length)
    tail.writeUInt32BE(crc32(typed))
    return b(head, typed, tail)
  }
  const width = 100 + Math.floor(random() * 60), height = 80, header = Buffer.alloc(13), rows = Buffer.alloc((3 * width + 1) * height)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  header[9] = 2 // of three colours
  for (let i = 0; i < rows.length; i++) rows[i] = i % (3 * width + 1) ? random() * 256 : 0
  return b(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', deflate(rows)), chunk('IEND', ''))
}

async function makeData() {
  const folder = mkdtempSync(join(tmpdir(), 'yizhan-kills-'))
  const city = writeCity(join(folder, 'city')), data = join(folder, 'data')
  await command(data, 'import', 'areas', join(city, 'areas.geojson'))
  await addUser(data, 'admin', password, '--role', 'city_admin')
  return { folder, data, web: folder }
}

const running = new Set()
const keep = (server) => {
  running.add(server)
  server.exited.then(() => running.delete(server))
  return server
}

const entries = (folder) => (existsSync(folder) ? readdirSync(folder) : [])
/** The content files by name, with whatever else lies among them. */
const files = (made) => entries(join(made.data, 'blobs')).filter((f) => f !== 'orphans')
  .flatMap((f) => entries(join(made.data, 'blobs', f)).map((name) => f + name))
const contents = (made, name) => readFileSync(join(made.data, 'blobs', name.slice(0, 2), name.slice(2)))

const storedNames = (made) =>
  execFileSync('sqlite3', ['-readonly', join(made.data, 'yizhan.db'), 'SELECT name FROM blobs ORDER BY name']).toString().trim().split('\n')

/** One who sends reports, and the one without an answer again and again. Everything that was promised is kept. */
class Rider {
  constructor(lane) {
    Object.assign(this, { lane, from: `10.7.0.${lane + 1}`, random: numbers(seed + 1000 * (lane + 1)), count: 0, cut: 0, promised: new Map() })
    this.next()
  }
  next() {
    const description = `${this.lane}-${this.count++}`, photos = Array.from({ length: 1 + (this.random() < 0.3) }, () => picture(this.random))
    const fields = [...report([['description', description]], photos[0]), ...photos.slice(1).map((p) => ['photo', p, 'b.png', 'image/png'])]
    this.pending = { description, photos, fields, key: `${seed}-${description}`, sent: false }
  }
  post(server, one) {
    // Once is held against the specification: that takes the test longer than the server needs to answer.
    return ask(server, 'POST', '/v1/reports', { check: !this.promised.size, form: one.fields, from: this.from, headers: { 'Idempotency-Key': one.key } })
  }
  async send(server) {
    const one = this.pending
    one.sent = true
    const answer = await this.post(server, one)
    if (answer.status === 503) return sleep(5) // still starting
    assert.equal(answer.status, 201, answer.text)
    assert.equal(answer.json.description, one.description)
    this.promised.set(one.description, { ...one, id: answer.json.id })
    this.next()
  }
  /** Something that was promised before is promised in the same words. */
  async repeat(server) {
    const all = [...this.promised.values()]
    if (!all.length) return
    const one = all[Math.floor(this.random() * all.length)], answer = await this.post(server, one)
    if (answer.status === 503) return sleep(5)
    assert.equal(answer.status, 201, answer.text)
    assert.equal(answer.json.id, one.id, 'the same key made another report')
  }
  async ride(server, state) {
    while (!state.over)
      try {
        await (this.random() < 0.15 ? this.repeat(server) : this.send(server))
      } catch (error) {
        if (!wasCut(error)) throw error
        if (error.code !== 'ECONNREFUSED') this.cut++
        if (!state.over) await sleep(2)
      }
  }
}

/** Sends until a random moment, which may be before the server listens. */
async function round(made, all, random, number) {
  const server = launch(made, running), state = { over: false }
  const early = random() < 0.1, patience = early ? 50 + random() * 350 : 60 + random() * 500
  const which = await Promise.race([early ? sleep(patience) : server.listens, server.exited.then((how) => `ended with ${how}`)])
  assert.ok(typeof which !== 'string', `${which}: ${server.log}`)
  const rides = []
  if (!early) {
    assert.deepEqual(entries(join(made.data, 'tmp')), [])
    for (const name of files(made)) assert.match(name, /^[0-9a-f]{64}$/, 'a file that is half there')
    rides.push(...all.map((rider) => rider.ride(server, state)))
    await sleep(patience)
    // On a slow machine longer, so that there is something to lose.
    for (let i = 0; i < 40 && all.reduce((n, r) => n + r.promised.size, 0) < 2 * number; i++) await sleep(50 + random() * 150)
  }
  server.child.kill('SIGKILL')
  assert.equal(await server.exited, 'SIGKILL', server.log)
  state.over = true
  await Promise.all(rides)
}

async function list(server) {
  const token = await signIn(server), listed = []
  for (let next = '/v1/reports?limit=200'; next; ) {
    const { json } = await get(server, next, { token })
    listed.push(...json.reports)
    next = json.next
  }
  return listed
}

const bytesOf = async (server, json) => {
  const all = []
  for (const photo of json.photos)
    for (const url of Object.values(photo).filter((value) => String(value).includes('/v1/photos/'))) {
      const { status, bytes } = await get(server, url, { check: false })
      assert.equal(status, 200, `${url} is lost`)
      all.push(bytes)
    }
  return all
}

/** The same pictures, sent to a server that nobody kills. */
async function inPeace(rider, quiet, one) {
  const { body, type } = multipart(one.fields)
  const answer = await ask(quiet, 'POST', '/v1/reports', { check: false, body, headers: { 'Content-Type': type }, from: rider.from })
  assert.equal(answer.status, 201, answer.text)
  return bytesOf(quiet, answer.json)
}

test(`of what was promised, ${kills} kills lose nothing and leave nothing half there`, { timeout: 600000 }, async (t) => {
  const random = numbers(seed), made = await makeData(), calm = await makeData(), began = Date.now()
  t.after(async () => {
    for (const server of [...running]) { // only after a failure
      server.child.kill('SIGKILL')
      await server.exited
    }
    for (const folder of [made, calm]) remove(folder)
  })
  t.diagnostic(`SEED=${seed}`)
  const all = Array.from({ length: riders }, (_, lane) => new Rider(lane))
  for (let i = 0; i < kills; i++) await round(made, all, random, i)
  const took = Date.now() - began
  const options = ['--writes-per-minute', '100000']
  const server = keep(await start(made, ...options)), quiet = keep(await start(calm, ...options))
  const before = all.reduce((n, r) => n + r.promised.size, 0)
  for (const rider of all) // what had no answer yet
    for (const wanted = rider.promised.size + rider.pending.sent; rider.promised.size < wanted; ) await rider.send(server)

  const listed = await list(server), named = new Set()
  const promised = all.flatMap((r) => [...r.promised.values()])
  assert.equal(listed.length, promised.length, 'each key made one report, and nothing else did')
  assert.equal(new Set(listed.map((r) => r.description)).size, promised.length)
  await Promise.all(all.map(async (rider) => {
    for (const one of rider.promised.values()) {
      const { status, json } = await get(server, `/v1/reports/${one.id}`, { check: false })
      assert.equal(status, 200, `${one.id} is lost`)
      assert.equal(json.description, one.description)
      assert.equal(json.photos.length, one.photos.length, `${one.id} is half there`)
      const bytes = await bytesOf(server, json)
      assert.deepEqual(bytes.map(hash), (await inPeace(rider, quiet, one)).map(hash), 'a photo is another one')
      for (const each of bytes) named.add(hash(each))
    }
  }))
  await stop(server)
  await stop(quiet)

  // What lies there is what rows name: of a later start, for the last reports were sent again.
  const last = keep(await start(made, ...options))
  const there = files(made)
  for (const name of there) assert.equal(hash(contents(made, name)), name, 'a file is not what its name says')
  for (const name of named) assert.ok(there.includes(name), `${name} is lost`)
  assert.deepEqual(there.sort(), storedNames(made), 'a file that no row names, or a row without its file')
  assert.deepEqual(entries(join(made.data, 'tmp')), [])
  for (const name of entries(join(made.data, 'blobs', 'orphans')))
    assert.equal(hash(readFileSync(join(made.data, 'blobs', 'orphans', name))), name, 'what is set aside is whole')
  await stop(last)
  const cut = all.reduce((n, r) => n + r.cut, 0)
  t.diagnostic(`${kills} kills in ${(took / 1000).toFixed(0)} s: ${before} reports promised, ${cut} requests cut short, ${listed.length} stored, ` +
    `${named.size} photo files, ${entries(join(made.data, 'blobs', 'orphans')).length} set aside`)
  assert.ok(before >= kills, 'there was hardly anything to lose')
})
