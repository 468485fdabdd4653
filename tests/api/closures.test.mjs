import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, another, ask, at, get, makeData, password, refused, remove, report, serve, signIn, sleep, soon, start, stop, until } from './harness.mjs'

const from = at(0, 0).join(','), to = at(3, 0).join(',')
const line = (...points) => ({ type: 'LineString', coordinates: points })
// The first street, between its second and third junction.
const street = { geometry: line(at(1.2, 0), at(1.8, 0)), effect: 'closed' }

const post = (server, token, json, more = {}) => ask(server, 'POST', `/v1/closures${more.query ?? ''}`, { token, json, ...more })
const put = (server, token, id, json, query = '') => ask(server, 'PUT', `/v1/closures/${id}${query}`, { token, json })
const end = (server, token, id, query = '') => ask(server, 'DELETE', `/v1/closures/${id}${query}`, { token })
const route = async (server, more = '') => {
  const answer = await get(server, `/v1/route?from=${from}&to=${to}${more}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.json
}
async function made(server, token, json) {
  const answer = await post(server, token, json)
  assert.equal(answer.status, 201, answer.text)
  return answer.json
}

test('closures', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const straight = await route(server)
  const isStraight = async (more) => (await route(server, more)).distance_m === straight.distance_m
  const isRound = async (more) => !(await isStraight(more))
  t.afterEach(async () => { // whatever failed, the next finds open streets
    const { closures } = (await get(server, '/v1/closures?limit=100', { token })).json
    for (const { id, state } of closures) if (state !== 'ended') await end(server, token, id)
    await until(() => isStraight())
  })

  await t.test('a street that is closed is gone round within a second, and opens again', async () => {
    const closure = await made(server, token, { ...street, reason: '积水' })
    assert.ok((await until(isRound)) < 1000)
    const round = await route(server)
    assert.ok(round.distance_m > straight.distance_m + 400, `${round.distance_m}`)
    assert.equal(closure.state, 'active')
    assert.equal(closure.edges, 1)
    assert.equal(closure.area.name, '西街道')
    assert.equal((await get(server, `/v1/closures/${closure.id}`, { token })).json.history.length, 1)
    const ended = await end(server, token, closure.id)
    assert.equal(ended.json.state, 'ended')
    assert.ok((await until(() => isStraight())) < 1000)
    assert.equal((await end(server, token, closure.id)).json.version, ended.json.version)
  })
  await t.test('OSRM clients feel it too', async () => {
    const closure = await made(server, token, street)
    await until(isRound)
    const osrm = (await get(server, `/route/v1/ebike/${from};${to}`)).json
    assert.ok(osrm.routes[0].distance > straight.distance_m + 400)
    await end(server, token, closure.id)
    await until(() => isStraight())
  })
  await t.test('a slowed street takes its factor, and several multiply', async () => {
    const slow = { ...street, geometry: line(at(0, 0), at(3, 0)), effect: 'slowed', factor: 1.2 }
    const first = await made(server, token, slow)
    await until(async () => (await route(server)).duration_s > straight.duration_s * 1.1)
    const once = await route(server)
    assert.equal(once.distance_m, straight.distance_m)
    const second = await made(server, token, { ...slow, factor: 1.25 })
    await until(async () => (await route(server)).duration_s > once.duration_s * 1.1)
    const twice = await route(server)
    const riding = (straight.duration_s * 1.2 - once.duration_s) / 0.2 // what is not riding is not slowed
    assert.ok(Math.abs(twice.duration_s - once.duration_s - (straight.duration_s - riding) * 0.3) < 2)
    for (const { id } of [first, second]) await end(server, token, id)
    await until(async () => (await route(server)).duration_s === straight.duration_s)
  })
  await t.test('a planned one begins and ends by the clock', async () => {
    const closure = await made(server, token, { ...street, from: soon(1.5), to: soon(3.5) })
    assert.equal(closure.state, 'planned')
    await sleep(700)
    assert.ok(await isStraight(), 'not yet')
    const begun = Date.now() + (await until(isRound))
    assert.ok(Date.now() - Date.parse(closure.from) < 1000, `${begun}`)
    assert.equal((await get(server, `/v1/closures/${closure.id}`, { token })).json.state, 'active')
    await until(() => isStraight())
    assert.ok(Math.abs(Date.now() - Date.parse(closure.to)) < 1000)
    assert.equal((await get(server, `/v1/closures/${closure.id}`, { token })).json.state, 'ended')
  })
  await t.test('profiles that are not named ride through', async () => {
    const closure = await made(server, token, { ...street, profiles: ['motorcycle', 'ebike'] })
    assert.deepEqual(closure.profiles, ['motorcycle', 'ebike'])
    await until(isRound)
    const walk = await route(server, '&profile=foot')
    assert.ok(Math.abs(walk.distance_m - straight.distance_m) < 1)
    await end(server, token, closure.id)
    await until(() => isStraight())
  })
  await t.test('a dry run tells what would be closed and keeps nothing', async () => {
    const before = (await get(server, '/v1/closures?limit=100', { token })).json.closures.length
    const square = [at(0.5, -0.5), at(1.5, -0.5), at(1.5, 0.5), at(0.5, 0.5), at(0.5, -0.5)]
    const { json, status } = await post(server, token, { geometry: { type: 'Polygon', coordinates: [square] }, effect: 'closed' }, { query: '?dry_run=true' })
    assert.equal(status, 200)
    assert.equal(json.edges, 3)
    assert.deepEqual(json.streets, ['横街0', '竖街1'])
    assert.deepEqual(json.ways, [101, 102])
    assert.equal(json.geometry.coordinates.length, 3)
    assert.equal(json.complete, true)
    const none = await post(server, token, { geometry: { type: 'Point', coordinates: at(0.5, 0.5) }, radius_m: 5, effect: 'closed' }, { query: '?dry_run=true' })
    assert.equal(none.json.edges, 0)
    assert.equal((await get(server, '/v1/closures?limit=100', { token })).json.closures.length, before)
    assert.ok(await isStraight())
  })
  await t.test('one that covers nothing is kept and says so', async () => {
    const closure = await made(server, token, { geometry: { type: 'Point', coordinates: at(0.5, 0.5) }, radius_m: 5, effect: 'closed', to: soon(60) })
    assert.equal(closure.edges, 0)
    assert.equal(closure.radius_m, 5)
    await end(server, token, closure.id)
  })
  await t.test('who changes it must have seen it as it is', async () => {
    const closure = await made(server, token, street)
    const other = { geometry: line(at(1.2, 1), at(1.8, 1)), effect: 'slowed', factor: 3, reason: '改道' }
    const changed = await put(server, token, closure.id, { ...other, version: 1 })
    assert.equal(changed.status, 200, changed.text)
    assert.equal(changed.json.version, 2)
    assert.equal(changed.json.from, closure.from)
    assert.deepEqual(changed.json.history.map((e) => [e.verb, e.reason, e.effect]), [['created', '', 'closed'], ['changed', '改道', 'slowed']])
    await until(() => isStraight())
    refused(await put(server, token, closure.id, { ...other, version: 1 }), 409)
    refused(await end(server, token, closure.id, '?version=1'), 409)
    const dry = await put(server, token, closure.id, { ...street, version: 2 }, '?dry_run=true')
    assert.equal(dry.json.edges, 1)
    await end(server, token, closure.id)
    refused(await put(server, token, closure.id, { ...other, version: 3 }), 409)
    refused(await put(server, token, closure.id, other), 400, 'version')
    refused(await put(server, token, '2'.repeat(22), { ...other, version: 1 }), 404, 'id')
    refused(await end(server, token, 'nothing'), 404, 'id')
  })
  await t.test('sent twice with one key it is one closure', async () => {
    const headers = { 'Idempotency-Key': 'flooded' }
    const first = await post(server, token, street, { headers })
    const again = await post(server, token, street, { headers })
    assert.equal(first.status, 201)
    assert.equal(again.text, first.text)
    assert.equal(again.headers.location, `/v1/closures/${first.json.id}`)
    refused(await post(server, token, { ...street, reason: 'x' }, { headers }), 422, 'Idempotency-Key')
    refused(await post(server, token, street, { headers, query: '?crs=gcj02' }), 422, 'Idempotency-Key')
    await end(server, token, first.json.id)
  })
  await t.test('gcj02 comes and goes as it is asked for', async () => {
    const gcj = (await post(server, token, street, { query: '?dry_run=true&coord_type=wgs84&ret_coordtype=gcj02' })).json
    const [a, b] = gcj.geometry.coordinates[0]
    const closure = await made(server, token, { geometry: line(a, b), effect: 'closed', crs: 'gcj02' })
    assert.equal(closure.edges, 1)
    assert.deepEqual(closure.geometry.coordinates, [a, b])
    const plain = (await get(server, `/v1/closures/${closure.id}`, { token })).json.geometry.coordinates
    assert.ok(Math.abs(plain[0][1] - at(0, 0)[1]) < 1e-6)
    await end(server, token, closure.id)
  })
  await t.test('it is linked to the report that it comes from', async () => {
    const sent = (await ask(server, 'POST', '/v1/reports', { form: report() })).json
    const closure = await made(server, token, { ...street, report: sent.id })
    assert.equal(closure.report, sent.id)
    const listed = (await get(server, `/v1/closures?report=${sent.id}`, { token })).json.closures
    assert.deepEqual(listed.map((c) => c.id), [closure.id])
    refused(await post(server, token, { ...street, report: '2'.repeat(22) }), 400, 'report')
    await end(server, token, closure.id)
  })
  await t.test('lists are by state and box, in pages', async () => {
    const here = await made(server, token, { ...street, from: soon(3600) })
    const there = await made(server, token, { ...street, geometry: line(at(3.2, 5), at(3.8, 5)), from: soon(3600) })
    const ids = async (query) => (await get(server, `/v1/closures?${query}`, { token })).json.closures.map((c) => c.id)
    assert.deepEqual(await ids('state=planned'), [there.id, here.id])
    assert.deepEqual(await ids('state=active'), [])
    assert.deepEqual(await ids(`state=planned&bbox=${at(3, 4)},${at(4, 6)}`), [there.id])
    const page = (await get(server, '/v1/closures?limit=1', { token })).json
    assert.equal(page.closures[0].id, there.id)
    assert.equal((await get(server, page.next, { token })).json.closures[0].id, here.id)
    refused(await get(server, '/v1/closures?state=open', { token }), 400, 'state')
    refused(await get(server, '/v1/closures?bbox=1,2,3', { token }), 400, 'bbox')
    for (const { id } of [here, there]) await end(server, token, id)
  })
  await t.test('what is wrong is named by its path', async () => {
    const wrong = [
      [{ effect: 'closed' }, 'geometry'],
      [{ geometry: street.geometry }, 'effect'],
      [{ ...street, effect: 'shut' }, 'effect'],
      [{ ...street, effect: 'slowed' }, 'factor'],
      [{ ...street, effect: 'slowed', factor: 1 }, 'factor'],
      [{ ...street, effect: 'slowed', factor: 101 }, 'factor'],
      [{ ...street, effect: 'slowed', factor: '2' }, 'factor'],
      [{ ...street, factor: 2 }, 'factor'],
      [{ ...street, factor: -1 }, 'factor'],
      [{ ...street, radius_m: 5 }, 'radius_m'],
      [{ ...street, radius_m: -1 }, 'radius_m'],
      [{ ...street, geometry: { type: 'Point', coordinates: at(0, 0) }, radius_m: 1e-9 }, 'radius_m'],
      [{ ...street, geometry: { type: 'Point', coordinates: at(0, 0) } }, 'radius_m'],
      [{ ...street, geometry: { type: 'Point', coordinates: at(0, 0) }, radius_m: 5001 }, 'radius_m'],
      [{ ...street, geometry: { type: 'Point', coordinates: ['1', 2] }, radius_m: 5 }, 'geometry/coordinates'],
      [{ ...street, geometry: { type: 'MultiPoint', coordinates: [at(0, 0)] } }, 'geometry/type'],
      [{ ...street, geometry: { type: 'Feature', geometry: street.geometry } }, 'geometry/geometry'],
      [{ ...street, geometry: line(at(0, 0), [1]) }, 'geometry/coordinates/1'],
      [{ ...street, geometry: line(at(0, 0), [200, 1]) }, 'geometry/coordinates'],
      [{ ...street, geometry: line(at(0, 0)) }, 'geometry/coordinates'],
      [{ ...street, geometry: line(at(0, 0), at(0, 0)) }, 'geometry/coordinates'],
      [{ ...street, geometry: line(...Array.from({ length: 1001 }, (_, i) => at(0, i / 1000))) }, 'geometry/coordinates'],
      [{ ...street, geometry: { type: 'Polygon', coordinates: [[at(0, 0), at(0, 1), at(1, 1)]] } }, 'geometry/coordinates'],
      [{ ...street, geometry: { type: 'Polygon', coordinates: [[at(0, 0), at(0, 1), at(1, 1), at(1, 0)]] } }, 'geometry/coordinates'],
      [{ ...street, geometry: { type: 'Polygon', coordinates: [[at(0, 0), at(0, 1), [1, 'x'], at(0, 0)]] } }, 'geometry/coordinates/0/2'],
      [{ ...street, geometry: { type: 'Polygon', coordinates: [] } }, 'geometry/coordinates'],
      [{ ...street, geometry: 7 }, 'geometry'],
      [{ ...street, profiles: ['ebike', 'tank'] }, 'profiles/1'],
      [{ ...street, profiles: ['ebike', 'ebike'] }, 'profiles/1'],
      [{ ...street, profiles: 'ebike' }, 'profiles'],
      [{ ...street, profiles: [1] }, 'profiles/0'],
      [{ ...street, from: 'tomorrow' }, 'from'],
      [{ ...street, from: '2026-02-30T00:00:00Z' }, 'from'],
      [{ ...street, from: '2026-11-24T08:00:00' }, 'from'],
      [{ ...street, from: '1970-01-01T07:59:59.500+08:00' }, 'from'],
      [{ ...street, to: '9999-12-31T23:59:59-00:01' }, 'to'],
      [{ ...street, to: '2020-01-01T00:00:00+08:00' }, 'to'],
      [{ ...street, from: soon(60), to: soon(30) }, 'to'],
      [{ ...street, reason: 'x'.repeat(1001) }, 'reason'],
      [{ ...street, report: 'x' }, 'report'],
      [{ ...street, crs: 'mars' }, 'crs'],
      [{ ...street, colour: 'red' }, 'colour'],
      [{ ...street, version: 1 }, 'version'],
    ]
    for (const [json, member] of wrong) refused(await post(server, token, json), 400, member)
    refused(await post(server, token, street, { query: '?dry_run=1' }), 400, 'dry_run')
    refused(await post(server, token, { ...street, crs: 'gcj02' }, { query: '?crs=gcj02' }), 400, 'crs')
    refused(await ask(server, 'POST', '/v1/closures', { token, body: '[]', headers: { 'Content-Type': 'application/json' } }), 400)
    refused(await ask(server, 'POST', '/v1/closures', { token, body: '{}' }), 415)
    assert.deepEqual((await get(server, '/v1/closures?state=active', { token })).json.closures, [])
  })
  await t.test('staff close in their own areas, others nowhere', async () => {
    const data = server.made.data
    await addUser(data, 'west', password, '--role', 'area_staff', '--area', '110199001')
    await addUser(data, 'branch', password, '--role', 'branch_staff')
    const west = await signIn(server, 'west'), branch = await signIn(server, 'branch')
    const east = { ...street, geometry: line(at(3.2, 0), at(3.8, 0)) }
    refused(await post(server, undefined, street), 401)
    refused(await get(server, '/v1/closures'), 401)
    refused(await post(server, branch, street), 403)
    refused(await get(server, '/v1/closures', { token: branch }), 403)
    refused(await post(server, west, east), 403)
    refused(await post(server, west, east, { query: '?dry_run=true' }), 403)
    refused(await post(server, west, { ...street, geometry: line([10, 50], [10.1, 50]) }), 403)
    const ring = (...points) => ({ ...street, geometry: { type: 'Polygon', coordinates: [[...points, points[0]]] } })
    const disc = (radius_m) => ({ ...street, geometry: { type: 'Point', coordinates: at(1, 1) }, radius_m })
    for (const reaching of [ring(at(1, 1), at(5, 1), at(5, 5)), disc(1000), { ...street, geometry: line(at(1.2, 0), at(4.8, 0)) }]) {
      refused(await post(server, west, reaching), 403)
      refused(await post(server, west, reaching, { query: '?dry_run=true' }), 403)
      assert.equal((await post(server, token, reaching, { query: '?dry_run=true' })).status, 200)
    }
    for (const within of [ring(at(1, 1), at(3.5, 1), at(1, 3)), disc(100), { ...street, geometry: line(at(2.2, 0), at(3.8, 0)) }])
      assert.equal((await post(server, west, within, { query: '?dry_run=true' })).status, 200)
    const own = await made(server, west, street), foreign = await made(server, token, east)
    refused(await put(server, west, own.id, { ...ring(at(1, 1), at(5, 1), at(5, 5)), version: 1 }), 403)
    assert.equal(own.created_by === foreign.created_by, false)
    refused(await put(server, west, own.id, { ...east, version: 1 }), 403) // not out of the area
    refused(await put(server, west, foreign.id, { ...street, version: 1 }), 403) // nor into it
    refused(await end(server, west, foreign.id), 403)
    assert.equal((await get(server, `/v1/closures/${foreign.id}`, { token: west })).status, 200)
    for (const { id } of [own, foreign]) assert.equal((await end(server, token, id)).status, 200)
    await until(() => isStraight())
  })
})

test('closures last, and new road files come in under load', async (t) => {
  const made_ = await makeData()
  t.after(() => remove(made_))
  let server = await start(made_)
  const token = await signIn(server)
  const straight = await route(server)
  const closure = await made(server, token, street)
  await until(async () => (await route(server)).distance_m > straight.distance_m + 400)

  await t.test('a restart keeps it', async () => {
    await stop(server)
    server = await start(made_)
    assert.ok((await route(server)).distance_m > straight.distance_m + 400)
    assert.equal((await get(server, `/v1/closures/${closure.id}`, { token })).json.state, 'active')
  })
  await t.test('no request is dropped or let through while road files are swapped', async () => {
    const { command } = await import('./harness.mjs')
    const { copyFileSync, renameSync } = await import('node:fs')
    const { join } = await import('node:path')
    const roads = join(made_.data, 'roads.yzr')
    let stopped = false, answered = 0
    const clients = Array.from({ length: 6 }, async (_, i) => {
      const address = another()
      while (!stopped) {
        const path = i % 3 ? `/v1/route?from=${from}&to=${to}` : `/route/v1/foot/${from};${to}`
        const { status, json, text } = await get(server, path, { from: i % 2 ? address : another() })
        assert.equal(status, 200, text)
        if (i % 3) assert.ok(json.distance_m > straight.distance_m + 400, 'the closed street was open for a moment')
        answered++
      }
    })
    const swaps = async () => {
      const taken = () => (server.log.match(/the road file is taken in/g) ?? []).length
      for (let round = 0; round < 6; round++) {
        const before = taken()
        if (round % 3 === 0) server.child.kill('SIGHUP')
        else if (round % 3 === 1) await command(made_.data, 'build-roads')
        else { // another file under the same name
          copyFileSync(roads, `${roads}.new`)
          renameSync(`${roads}.new`, roads)
          server.child.kill('SIGHUP')
        }
        await until(() => taken() > before, 10000)
        await sleep(150)
      }
    }
    await Promise.race([swaps(), Promise.all(clients)])
    stopped = true
    await Promise.all(clients)
    assert.ok(answered > 50, `${answered}`)
  })
  await t.test('a damaged road file is refused by a sentence and the old roads stay', async () => {
    const { copyFileSync, readFileSync, renameSync, writeFileSync } = await import('node:fs')
    const { join } = await import('node:path')
    const roads = join(made_.data, 'roads.yzr'), kept = join(made_.folder, 'kept.yzr')
    copyFileSync(roads, kept)
    const bytes = readFileSync(roads)
    bytes[bytes.length >> 1] ^= 0xff
    writeFileSync(`${roads}.new`, bytes)
    renameSync(`${roads}.new`, roads)
    server.child.kill('SIGHUP')
    await until(() => /the road file is not taken: /.test(server.log), 5000)
    assert.ok((await route(server)).distance_m > straight.distance_m + 400)
    assert.equal((await get(server, '/readyz')).status, 200)
    await end(server, token, closure.id) // and closures still come and go
    await until(async () => (await route(server)).distance_m === straight.distance_m)
    const again = join(made_.data, 'again.yzr')
    copyFileSync(kept, again)
    renameSync(again, roads)
  })
  await stop(server)
})

test('maps show closures', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const z = 14, n = 2 ** z, [lon, lat] = at(1.5, 0)
  const x = Math.floor(((lon + 180) / 360) * n)
  const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n)
  const tile = () => get(server, `/tiles/closures/${z}/${x}/${y}.mvt`)
  assert.equal((await tile()).status, 204)
  const { id } = await made(server, token, street)
  await until(async () => (await tile()).status === 200)
  const shown = await tile()
  assert.ok(shown.bytes.includes('closures') && shown.bytes.includes('effect') && shown.bytes.includes('closed'))
  assert.match(shown.headers['cache-control'], /max-age=5$/)
  assert.equal((await get(server, `/tiles/closures/${z}/${x}/${y}.mvt`, { headers: { 'If-None-Match': shown.headers.etag } })).status, 304)
  const slow = await made(server, token, { ...street, geometry: line(at(1.2, 1), at(1.8, 1)), effect: 'slowed', factor: 2.5, to: soon(600) })
  await until(async () => (await tile()).bytes.includes('slowed'))
  assert.ok((await tile()).bytes.includes('until'))
  for (const one of [id, slow.id]) await end(server, token, one)
  await until(async () => (await tile()).status === 204)
  const json = (await get(server, '/tiles/closures.json')).json
  assert.deepEqual(json.vector_layers[0].fields, { effect: 'String', factor: 'Number', until: 'Number' })
  const style = (await get(server, '/tiles/style.json')).json
  assert.equal(new URL(style.sources.live.url).pathname, '/tiles/closures.json')
  const closed = style.layers.find((l) => l.id === 'closure-closed')
  assert.equal(closed.source, 'live')
  assert.ok(closed.paint['line-dasharray'])
})
