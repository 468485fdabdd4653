import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask, get, makeData, png, remove, report, signIn, start, stop } from './harness.mjs'

const files = (folder) =>
  !existsSync(folder) ? [] : readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(folder, e.name)) : [e.name]))

test('what was acknowledged survives kill -9, whole', { timeout: 240000 }, async (t) => {
  const made = await makeData()
  t.after(() => remove(made))
  const acknowledged = new Map()
  const rounds = 4
  for (let round = 0; round < rounds; round++) {
    const server = await start(made)
    let stopped = false, sent = 0
    const sender = async (lane) => {
      for (let i = 0; !stopped; i++) {
        const description = `${round}-${lane}-${i}`
        try {
          const photo = png(40 + lane, 30 + (i % 50), 30 + (i % 50), (round * 97 + i) % 256)
          const answer = await ask(server, 'POST', '/v1/reports', { form: report([['description', description]], photo) })
          assert.equal(answer.status, 201, answer.text)
          acknowledged.set(answer.json.id, description)
          sent++
        } catch (error) {
          if (!stopped) throw error
        }
      }
    }
    const lanes = Array.from({ length: 6 }, (_, lane) => sender(lane))
    const until = Date.now() + 20000
    const wanted = 8 + round * 3
    while (sent < wanted && Date.now() < until) await new Promise((done) => setTimeout(done, 7))
    assert.ok(sent >= wanted, server.log.slice(-2000))
    stopped = true
    server.child.kill('SIGKILL')
    await server.exited
    await Promise.all(lanes)
  }
  const server = await start(made)
  for (const [id, description] of acknowledged) {
    const { status, json } = await get(server, `/v1/reports/${id}`)
    assert.equal(status, 200, `${id} is lost`)
    assert.equal(json.description, description)
    assert.equal((await get(server, json.photos[0].url)).status, 200)
    assert.equal((await get(server, json.photos[0].thumb_url)).status, 200)
  }
  const token = await signIn(server)
  const listed = new Map()
  for (let next = '/v1/reports?limit=200'; next; ) {
    const { json } = await get(server, next, { token })
    for (const one of json.reports) listed.set(one.id, one)
    next = json.next
  }
  for (const one of listed.values()) assert.equal(one.photos.length, 1, 'a report is half there')
  assert.ok(listed.size >= acknowledged.size)
  const aside = files(join(made.data, 'blobs', 'orphans')) // photos of reports that were never acknowledged
  const named = new Set(files(join(made.data, 'blobs')).filter((name) => !aside.includes(name)))
  assert.ok(named.size <= listed.size * 2, `${named.size} files for ${listed.size} reports`)
  assert.deepEqual(files(join(made.data, 'tmp')), [])
  console.log(`# ${rounds} kills, ${acknowledged.size} reports acknowledged, ${listed.size} stored, none lost`)
  await stop(server)
})

test('edits of places that were acknowledged survive kill -9, with their history', { timeout: 240000 }, async (t) => {
  const made = await makeData()
  t.after(() => remove(made))
  const last = new Map() // of each place: version and phone that were acknowledged
  let acknowledged = 0
  const rounds = 3
  for (let round = 0; round < rounds; round++) {
    const server = await start(made), token = await signIn(server)
    const ids = (await get(server, '/v1/places')).json.places.map((p) => p.id)
    let stopped = false, edits = 0
    const editor = async (id) => {
      let version
      for (let i = 0; !stopped; i++) {
        try {
          version ??= (await get(server, `/v1/places/${id}/record`, { token })).json.version
          const phone = `${round}-${i}`
          const answer = await ask(server, 'PUT', `/v1/places/${id}`, { token, json: { version, phone } })
          assert.equal(answer.status, 200, answer.text)
          version = answer.json.version
          last.set(id, { version, phone })
          edits++
        } catch (error) {
          if (!stopped) throw error
        }
      }
    }
    const editors = ids.map(editor)
    const until = Date.now() + 20000
    while (edits < 10 + round * 5 && Date.now() < until) await new Promise((done) => setTimeout(done, 7))
    assert.ok(edits >= 10, server.log.slice(-2000))
    stopped = true
    server.child.kill('SIGKILL')
    await server.exited
    await Promise.all(editors)
    acknowledged += edits
  }
  const server = await start(made), token = await signIn(server)
  for (const [id, { version, phone }] of last) {
    const { json } = await get(server, `/v1/places/${id}/record`, { token })
    assert.ok(json.version >= version, `place ${id} is at version ${json.version}, not ${version}`)
    assert.ok(json.version <= version + 1, 'one may have been on its way')
    if (json.version === version) assert.equal(json.phone, phone)
    assert.equal((await get(server, `/v1/places/${id}`)).json.phone, json.phone)
    const events = []
    for (let next = `/v1/places/${id}/history?limit=200`; next;) {
      const page = (await get(server, next, { token })).json
      events.push(...page.history)
      next = page.next
    }
    const versions = events.filter((e) => e.verb === 'edited').map((e) => e.version)
    assert.deepEqual(versions, Array.from({ length: json.version - 1 }, (_, i) => json.version - i), 'every version has its event')
  }
  console.log(`# ${rounds} kills, ${acknowledged} edits acknowledged, none lost`)
  await stop(server)
})

test('a stop lets the requests that run have their answer', async (t) => {
  const made = await makeData()
  t.after(() => remove(made))
  const server = await start(made)
  const pending = Array.from({ length: 8 }, () => ask(server, 'POST', '/v1/reports', { form: report([], png(300, 300)) })) // small: a stop gives them ten seconds
  for (let taken = 0; taken < 8; await new Promise((done) => setTimeout(done, 10))) {
    const { text } = await ask(server, 'GET', '/metrics')
    const count = (pattern) => [...text.matchAll(pattern)].reduce((sum, [, n]) => sum + Number(n), 0)
    taken = count(/requests_running (\d+)/g) - 1 + count(/requests_total\{route="\/v1\/reports",status="\d+"\} (\d+)/g)
  }
  const [answers] = await Promise.all([Promise.all(pending), stop(server)])
  for (const answer of answers) assert.ok([201, 503].includes(answer.status), answer.text)
  assert.ok(answers.some((a) => a.status === 201))
})
