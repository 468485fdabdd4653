import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, get, origin, password, refused, report, serve, signIn } from './harness.mjs'
import { layersOf, tileAt } from './mvt.mjs'

const spot = ([lon, lat], category = 'manhole') => report().map(([name, value, ...rest]) =>
  [name, { lon, lat, category }[name] ?? value, ...rest])

test('staff see the reports of their areas on the map, and nobody else does', async (t) => {
  const server = await serve(t)
  const areas = (await get(server, '/v1/areas')).json.areas
  const code = (name) => areas.find((area) => area.name === name).code
  await addUser(server.made.data, 'westerner', password, '--role', 'area_staff', '--area', code('西街道'))
  await addUser(server.made.data, 'easterner', password, '--role', 'area_staff', '--area', code('东街道'))
  await addUser(server.made.data, 'rider', password, '--role', 'rider')
  const [admin, west, east, rider] = [await signIn(server), await signIn(server, 'westerner'), await signIn(server, 'easterner'), await signIn(server, 'rider')]

  const sent = []
  for (const where of [at(1, 1), at(1.02, 1.01), at(2, 4)]) sent.push((await ask(server, 'POST', '/v1/reports', { form: spot(where) })).json)
  sent.push((await ask(server, 'POST', '/v1/reports', { form: spot(at(5, 5), 'lamp') })).json)
  const tile = (z, where = origin) => `/tiles/reports/${tileAt(z, where).join('/')}.mvt`
  const shown = async (path, token) => layersOf((await get(server, path, { token })).bytes).reports ?? []

  await t.test('who is nobody is asked to sign in, a rider is refused', async () => {
    for (const path of [tile(5), '/tiles/reports.json']) {
      refused(await get(server, path), 401)
      refused(await get(server, path, { token: rider }), 403)
      refused(await get(server, path, { token: 'no-such-token' }), 401)
    }
    // No other way leads there.
    refused(await get(server, tile(5).replace('reports', 'reports,places')), 404, 'layers')
    for (const set of ['all', 'places']) assert.ok(!('reports' in layersOf((await get(server, tile(5).replace('reports', set), { token: admin })).bytes)))
  })
  await t.test('far out they are clusters that count them all', async () => {
    for (const z of [0, 2, 4]) {
      const [all, ...others] = await shown(tile(z), admin)
      assert.deepEqual(others, [])
      assert.deepEqual([all.properties.cluster, all.properties.point_count], [true, 4])
      assert.equal(all.properties.id, undefined)
    }
  })
  await t.test('close up each is where it was sent from, with what it is', async () => {
    const [one, two] = (await shown(tile(18, at(1, 1)), admin)).concat(await shown(tile(18, at(1.02, 1.01)), admin))
    assert.ok(one && two)
    const { id, kind, category, state, created } = one.properties
    assert.ok(sent.some((r) => r.id === id))
    assert.deepEqual([kind, category, state], ['report', 'manhole', 'submitted'])
    assert.ok(Math.abs(created - Date.now() / 1000) < 600)
  })
  await t.test('each sees their own areas', async () => {
    assert.equal((await shown(tile(6), west))[0].properties.point_count, 3)
    const [single, ...more] = await shown(tile(6), east)
    assert.deepEqual([single.properties.category, more], ['lamp', []])
    const theirs = await get(server, tile(16, at(1, 1)), { token: east })
    assert.equal(theirs.status, 204)
    assert.equal(theirs.headers['cache-control'], 'private, no-cache')
  })
  await t.test('a filter narrows them, and a wrong one is told', async () => {
    assert.equal((await shown(tile(6) + '?category=lamp', admin))[0].properties.category, 'lamp')
    assert.deepEqual(await shown(tile(6) + '?state=accepted', admin), [])
    refused(await get(server, tile(6) + '?state=nowhere', { token: admin }), 400, 'state')
    refused(await get(server, tile(6) + '?category=castle', { token: admin }), 400, 'category')
    refused(await get(server, '/tiles/reports/19/0/0.mvt', { token: admin }), 404)
  })
  await t.test('what is done is gone at once, unless one asks for all', async () => {
    const before = await get(server, tile(6), { token: east })
    assert.equal(before.headers['cache-control'], 'private, no-cache')
    assert.equal((await get(server, tile(6), { token: east, headers: { 'If-None-Match': before.headers.etag } })).status, 304)
    const lamp = sent[3]
    const moved = await ask(server, 'POST', `/v1/reports/${lamp.id}/state`, { token: admin, json: { state: 'rejected', version: lamp.version, reason: 'not ours' } })
    assert.equal(moved.status, 200, moved.text)
    assert.equal((await get(server, tile(6), { token: east, headers: { 'If-None-Match': before.headers.etag } })).status, 204)
    assert.equal((await shown(tile(6) + '?state=all', east))[0].properties.state, 'rejected')
  })
  await t.test('their description says what they are and carries the filter', async () => {
    const { json, headers } = await get(server, '/tiles/reports.json?state=all&category=lamp', { token: west })
    assert.equal(headers['cache-control'], 'private, no-cache')
    assert.match(json.tiles[0], /\/tiles\/reports\/\{z\}\/\{x\}\/\{y\}\.mvt\?state=all&category=lamp$/)
    assert.equal(json.vector_layers[0].id, 'reports')
    assert.equal(json.vector_layers[0].fields.point_count, 'Number')
  })
})
