import assert from 'node:assert/strict'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, at, b, command, get, multipart, password, png, refused, report, serve, signIn } from './harness.mjs'

const send = (server, form, more = {}) => ask(server, 'POST', '/v1/reports', { form, ...more })

/** All content files of a data folder. */
function blobs(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? blobs(join(folder, entry.name)) : [entry.name])
}

test('reports', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const staff = (path, more) => get(server, path, { token, ...more })

  await t.test('a report is stored, placed in its area, and can be read by its id', async () => {
    const sent = await send(server, report([['accuracy', 8], ['description', '井盖松动'], ['photo', png(30, 20), '../../etc/passwd', 'image/png']]))
    assert.equal(sent.status, 201, sent.text)
    assert.equal(sent.headers.location, `/v1/reports/${sent.json.id}`)
    assert.equal(sent.json.area.name, '西街道')
    assert.equal(sent.json.photos.length, 2)
    const read = await get(server, sent.headers.location)
    assert.equal(read.json.state, 'submitted')
    assert.equal(read.json.description, '井盖松动')
    assert.equal(read.json.history.length, 1)
    assert.equal(read.json.moves, undefined)
    const photo = await get(server, read.json.photos[0].url)
    assert.equal(photo.type, 'image/jpeg')
    assert.equal(photo.bytes.readUInt16BE(0), 0xffd8)
    const thumb = await get(server, read.json.photos[0].thumb_url)
    assert.equal(thumb.status, 200)
    assert.equal((await get(server, read.json.photos[0].url, { headers: { 'If-None-Match': photo.headers.etag } })).status, 304)
  })
  await t.test('gcj02 and wgs84 say the same place', async () => {
    const gcj = (await get(server, `/v1/places?near=${at(1, 1)}&limit=1&coord_type=wgs84&ret_coordtype=gcj02`)).json.places[0].location
    const form = report().filter(([name]) => !['lon', 'lat'].includes(name))
    const sent = await send(server, [['lon', gcj[0]], ['lat', gcj[1]], ['coord_type', 'gcj02'], ...form])
    assert.equal(sent.status, 201, sent.text)
    assert.deepEqual(sent.json.location, gcj)
    const read = (await get(server, `/v1/reports/${sent.json.id}`)).json
    assert.ok(Math.abs(read.location[0] - at(1, 1)[0]) < 1e-6 && Math.abs(read.location[1] - at(1, 1)[1]) < 1e-6)
    assert.equal(read.area.name, '西街道')
  })
  await t.test('sent twice with one key it is one report; other content is refused', async () => {
    const headers = { 'Idempotency-Key': 'once-and-again-as-it-was' }, photo = png(20, 20)
    const first = await send(server, report([], photo), { headers })
    const again = await send(server, report([], photo), { headers })
    assert.equal(first.status, 201)
    assert.equal(again.status, 201)
    assert.equal(again.text, first.text)
    assert.equal(again.headers.location, first.headers.location)
    refused(await send(server, report([['description', 'x']], photo), { headers }), 422, 'Idempotency-Key')
    const moved = await ask(server, 'POST', '/v1/reports?crs=gcj02', { form: report([], photo), headers })
    refused(moved, 422, 'Idempotency-Key') // the same numbers elsewhere
    refused(await send(server, report(), { headers: { 'Idempotency-Key': 'x'.repeat(256) } }), 400, 'Idempotency-Key')
  })
  await t.test('sent twice at the same time it is still one', async () => {
    const headers = { 'Idempotency-Key': 'five-times-at-once' }, photo = png(20, 20)
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(server, report([], photo), { headers })))
    assert.equal(new Set(answers.map((a) => a.json.id)).size, 1, answers.map((a) => a.text).join('\n'))
  })
  await t.test('what is wrong with a form is named, and leaves nothing behind', async () => {
    const before = blobs(join(server.made.data, 'blobs')).length
    const without = (name) => report().filter((field) => field[0] !== name)
    const instead = (name, value) => [...without(name), [name, value]]
    const gif = b('GIF89a', Buffer.alloc(100))
    const rows = [
      [without('category'), 400, 'category'], [without('lon'), 400, 'lon'], [without('photo'), 400, 'photo'],
      [instead('category', 'castle'), 400, 'category'], [instead('lon', 200), 400, 'lon'], [instead('lat', 'NaN'), 400, 'lat'],
      [instead('lat', -91), 400, 'lat'], [report([['accuracy', -1]]), 400, 'accuracy'], [report([['crs', 'moon']]), 400, 'crs'],
      [report([['description', 'x'.repeat(4001)]]), 400, 'description'], [report([['lon', '1']]), 400, 'lon'],
      [report([['surprise', '1']]), 400, 'surprise'], [report([['description', Buffer.from([0xff])]]), 400, 'description'],
      [report([], Buffer.alloc(0)), 400, 'photo'], [report([], gif), 415, 'photo'], [report([], '<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, 'photo'],
      [report([], 'no picture at all'), 415, 'photo'], [report([], png(64, 48).subarray(0, 60)), 422, 'photo'],
      [report([], png(20000, 20000, 1)), 413, 'photo'], [report([], png(9000, 9000, 1)), 413, 'photo'],
      [report(Array.from({ length: 6 }, (_, i) => [`p${i}`, png(8, 8), 'a.png', 'image/png'])), 413, 'photo'],
      [report(Array.from({ length: 40 }, () => ['description', 'x'])), 413],
    ]
    for (const [form, status, name] of rows) refused(await send(server, form), status, name)
    assert.equal(blobs(join(server.made.data, 'blobs')).length, before)
    assert.deepEqual(blobs(join(server.made.data, 'tmp')), [])
  })
  await t.test('a body of another kind, or half a one, is refused', async () => {
    refused(await ask(server, 'POST', '/v1/reports', { json: {} }), 415, 'Content-Type')
    refused(await ask(server, 'POST', '/v1/reports', { body: 'x', headers: { 'Content-Type': 'text/plain' } }), 415, 'Content-Type')
    const { type, body } = multipart(report())
    const half = await ask(server, 'POST', '/v1/reports', { body: body.subarray(0, body.length - 60), headers: { 'Content-Type': type } })
    refused(half, 400)
    assert.match(half.json.detail, /ends inside of part 4 \("photo"\)/)
    refused(await ask(server, 'POST', '/v1/reports', { body, headers: { 'Content-Type': 'multipart/form-data; boundary=other' } }), 400)
    refused(await ask(server, 'POST', '/v1/reports', { body: '', headers: { 'Content-Type': type } }), 400)
    const large = await send(server, report([], Buffer.alloc(30e6)))
    refused(large, 413)
    refused(await send(server, report([], b(png(8, 8), Buffer.alloc(13e6)))), 413, 'photo')
  })
  await t.test('staff list, page and move; each move is kept', async () => {
    const first = (await staff('/v1/reports?limit=1')).json
    assert.equal(first.reports.length, 1)
    const second = (await staff(first.next)).json
    assert.notEqual(second.reports[0].id, first.reports[0].id)
    const { id } = first.reports[0]
    const move = (json, verb = 'POST') => ask(server, verb, `/v1/reports/${id}/state`, { token, json })
    refused(await move({ state: 'closed', version: 1 }), 409)
    refused(await move({ state: 'rejected', version: 1 }), 400)
    refused(await move({ state: 'castle', version: 1 }), 400, 'state')
    refused(await move({ version: 1 }), 400, 'state')
    refused(await move({ state: 'accepted', version: '1' }), 400, 'version')
    refused(await move({ state: 'accepted', version: 1, more: 1 }), 400, 'more')
    refused(await ask(server, 'POST', `/v1/reports/${id}/state`, { token, body: '{', headers: { 'Content-Type': 'application/json' } }), 400)
    const accepted = await move({ state: 'accepted', version: 1 })
    assert.equal(accepted.status, 200, accepted.text)
    assert.equal(accepted.json.version, 2)
    assert.equal(accepted.json.history.at(-1).actor, 'staff')
    refused(await move({ state: 'filed', version: 1 }), 409)
    assert.equal((await move({ state: 'filed', version: 2 }, 'PUT')).json.state, 'filed')
    assert.equal((await staff('/v1/reports?state=filed')).json.reports.length, 1)
    assert.equal((await staff('/v1/reports?category=lamp')).json.reports.length, 0)
    refused(await staff('/v1/reports?state=castle'), 400, 'state')
    refused(await staff('/v1/reports?area=999'), 400, 'area')
  })
  await t.test('a report has a deadline, which waits, is extended, and is asked for', async () => {
    const sent = await send(server, report([['description', 'deadline']]))
    assert.equal(sent.status, 201, sent.text)
    const { id, due_at } = sent.json
    assert.ok(Date.parse(due_at) > Date.now())
    let version = 1
    const move = async (state, more = {}) => {
      const answer = await ask(server, 'POST', `/v1/reports/${id}/state`, { token, json: { state, version, reason: 'x', ...more } })
      if (answer.status === 200) version = answer.json.version
      return answer
    }
    for (const state of ['accepted', 'filed', 'dispatched', 'handling']) assert.equal((await move(state)).json.due, 'running')
    const waiting = await move('suspended')
    assert.equal(waiting.json.due, 'paused')
    assert.equal(waiting.json.due_at, undefined)
    const going = await move('handling')
    assert.ok(Date.parse(going.json.due_at) >= Date.parse(due_at))
    assert.ok(going.json.moves.find((m) => m.state === 'extended').needs_due_at)
    refused(await move('extended'), 400)
    refused(await move('extended', { due_at: 'tomorrow' }), 400, 'due_at')
    refused(await move('extended', { due_at: '2020-01-01T00:00:00Z' }), 400)
    const soon = new Date(Date.now() + 1500).toISOString()
    assert.equal((await move('extended', { due_at: soon })).json.due_at, soon)
    const listed = async (query) => (await staff(`/v1/reports?${query}`)).json.reports.map((r) => r.id)
    assert.ok(!(await listed('due=overdue')).includes(id))
    await new Promise((wake) => setTimeout(wake, 1600))
    assert.ok((await listed('due=overdue')).includes(id))
    assert.ok(!(await listed('due=near')).includes(id))
    const late = (await staff(`/v1/reports/${id}`)).json
    assert.equal(late.due, 'overdue')
    assert.equal(late.history.at(-1).due_at, soon)
    refused(await staff('/v1/reports?due=soon'), 400, 'due')
  })
  await t.test('staff of another area see nothing and move nothing', async () => {
    const east = (await get(server, `/v1/areas?at=${at(5, 5)}`)).json.areas[0], west = (await get(server, `/v1/areas?at=${at(1, 1)}`)).json.areas[0]
    await addUser(server.made.data, 'easterner', password, '--role', 'area_staff', '--area', east.code)
    await addUser(server.made.data, 'westerner', password, '--role', 'area_staff', '--area', west.code)
    const theirs = await signIn(server, 'easterner'), ours = await signIn(server, 'westerner')
    assert.equal((await get(server, '/v1/reports', { token: theirs })).json.reports.length, 0)
    const { reports } = (await get(server, '/v1/reports?state=submitted', { token: ours })).json
    assert.ok(reports.length > 0)
    const json = { state: 'accepted', version: reports[0].version }
    refused(await ask(server, 'POST', `/v1/reports/${reports[0].id}/state`, { token: theirs, json }), 403)
    assert.equal((await ask(server, 'POST', `/v1/reports/${reports[0].id}/state`, { token: ours, json })).status, 200)
    assert.equal((await get(server, `/v1/reports/${reports[0].id}`, { token: theirs })).json.moves, undefined)
    assert.ok((await get(server, `/v1/reports/${reports[0].id}`, { token: ours })).json.moves.length > 0)
  })
  await t.test('what is not there is not found', async () => {
    for (const id of ['1', 'aaaaaaaaaaaaaaaaaaaaaa', '..%2f..%2fetc', "'%20or%201=1"]) {
      refused(await get(server, `/v1/reports/${id}`), 404, 'id')
      refused(await get(server, `/v1/photos/${id}`), 404, 'id')
    }
    assert.ok(statSync(server.made.data).isDirectory())
  })
})

test('an area with three hundred areas in it is listed whole, and cut to what is asked for', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const west = (await get(server, `/v1/areas?at=${at(1, 1)}`)).json.areas[0]
  const blocks = Array.from({ length: 300 }, (_, i) => {
    const [x, y] = [0.5 + (i % 20) / 20, 0.5 + Math.floor(i / 20) / 20]
    const ring = [at(x, y), at(x + 0.05, y), at(x + 0.05, y + 0.05), at(x, y + 0.05), at(x, y)]
    return { type: 'Feature', properties: { name: `block ${i}`, code: `B${i}`, level: 10 }, geometry: { type: 'Polygon', coordinates: [ring] } }
  })
  const file = join(server.made.folder, 'blocks.geojson')
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: blocks }))
  await command(server.made.data, 'import', 'areas', file)
  let block
  for (let i = 0; i < 100 && block?.level !== 10; i++) {
    block = (await get(server, `/v1/areas?at=${at(1.02, 1.02)}`)).json.areas[0]
    await new Promise((done) => setTimeout(done, 100))
  }
  assert.equal(block.level, 10)
  const [lon, lat] = at(1.02, 1.02)
  const form = [['category', 'lamp'], ['lon', lon], ['lat', lat], ['photo', png(20, 20), 'a.png', 'image/png']]
  assert.equal((await send(server, form)).json.area.id, block.id)
  await addUser(server.made.data, 'westerner', password, '--role', 'area_staff', '--area', west.code)
  await addUser(server.made.data, 'blocker', password, '--role', 'area_staff', '--area', 'B0')
  const listed = async (name, query) => {
    const answer = await get(server, `/v1/reports${query}`, { token: name ? await signIn(server, name) : token })
    assert.equal(answer.status, 200, answer.text)
    return answer.json.reports.length
  }
  for (const name of ['', 'westerner']) {
    assert.equal(await listed(name, ''), 1)
    assert.equal(await listed(name, `?area=${west.id}`), 1)
    assert.equal(await listed(name, `?area=${block.id}`), 1)
    assert.equal(await listed(name, `?area=${block.id + 1}`), 0)
  }
  assert.equal(await listed('blocker', `?area=${west.id}`), 0)
})

test('people', async (t) => {
  const server = await serve(t)
  await t.test('a token opens what is for staff, until it is given back', async () => {
    refused(await get(server, '/v1/reports'), 401)
    refused(await get(server, '/v1/me'), 401)
    const token = await signIn(server)
    const me = (await get(server, '/v1/me', { token })).json
    assert.equal(me.login, 'admin')
    assert.equal(me.grants[0].role, 'city_admin')
    assert.equal((await ask(server, 'DELETE', '/v1/sessions/current', { token })).status, 204)
    refused(await get(server, '/v1/me', { token }), 401, 'Authorization')
    refused(await get(server, '/v1/me', { headers: { Authorization: 'Basic eA==' } }), 401, 'Authorization')
  })
  await t.test('a wrong password and an unknown name are refused alike', async () => {
    const wrong = await ask(server, 'POST', '/v1/sessions', { json: { name: 'admin', password: 'not the password' } })
    const unknown = await ask(server, 'POST', '/v1/sessions', { json: { name: 'nobody', password: 'not the password' } })
    refused(wrong, 401)
    refused(unknown, 401)
    assert.equal(wrong.json.detail, unknown.json.detail)
    refused(await ask(server, 'POST', '/v1/sessions', { json: { name: 'admin' } }), 400, 'password')
  })
  await t.test('guessing is slowed down, of passwords and of tokens', async () => {
    const from = '10.99.0.1'
    let last
    for (let i = 0; i < 25; i++) last = await get(server, '/v1/me', { token: `yzs_${i}`, from })
    refused(last, 429)
    assert.ok(Number(last.headers['retry-after']) > 0)
    for (let i = 0; i < 12; i++)
      last = await ask(server, 'POST', '/v1/sessions', { json: { name: 'admin', password: 'not the password' } })
    refused(last, 429)
    assert.ok(Number(last.headers['retry-after']) > 0)
  })
})
