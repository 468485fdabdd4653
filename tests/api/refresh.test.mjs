// A weekly refresh from a mirror: scripts/refresh-osm beside a running server, with staff's edits on top.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import http from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { ask, at, get, program, root, serve, signIn } from './harness.mjs'

const run = promisify(execFile)
const streets = `<way id="100" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>`
const node = (id, [lon, lat], tags) => `<node id="${id}" version="1" lon="${lon.toFixed(7)}" lat="${lat.toFixed(7)}">` +
  Object.entries(tags).map(([k, v]) => `<tag k="${k}" v="${v}"/>`).join('') + '</node>'
const extract = (...nodes) => `<?xml version="1.0"?>\n<osm version="0.6">${node(1, at(0, 0), {})}${node(2, at(5, 0), {})}${nodes.join('')}${streets}</osm>\n`
const toilet = { amenity: 'toilets' }
const before = extract(
  node(10, at(1, 1), { ...toilet, name: '旧名', phone: '1', alt_name: '别名;Alias', capacity: '12' }),
  node(11, at(2, 1), { ...toilet, name: '会消失' }),
  node(12, at(3, 1), { ...toilet, name: '被下线' }),
)
const after = extract(
  node(10, at(1, 1), { ...toilet, name: '来源新名', phone: '2', alt_name: '别名', old_name: '更旧的名' }),
  node(12, at(3, 1), { ...toilet, name: '来源仍有' }),
  node(13, at(4, 1), { ...toilet, name: '新来的' }),
)

test('a weekly refresh brings what is new and leaves what staff set', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  let body = before
  const mirror = http.createServer((request, response) => {
    if (request.url.endsWith('.md5')) response.end(`${createHash('md5').update(body).digest('hex')}  city.osm\n`)
    else response.writeHead(request.url.endsWith('city.osm') ? 200 : 404).end(request.url.endsWith('city.osm') ? body : '')
  })
  await new Promise((done) => mirror.listen(0, '127.0.0.1', done))
  t.after(() => mirror.close())
  const url = `http://127.0.0.1:${mirror.address().port}/city.osm`
  const refresh = async () => (await run(join(root, 'scripts/refresh-osm'),
    ['--yizhan', program, '--data', server.made.data, '--share', join(root, 'data'), url])).stdout
  const all = async () => (await get(server, '/v1/places?limit=1000&category=toilet')).json.places
  const named = async (name) => (await all()).find((place) => place.name === name)
  const until = async (what) => {
    for (let i = 0; !(await what()); i++) {
      assert.ok(i < 200, 'it never became so')
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  await refresh()
  await until(() => named('旧名'))
  const record = async (id) => (await get(server, `/v1/places/${id}/record`, { token })).json
  const edited = await named('旧名'), off = await named('被下线')
  assert.deepEqual((await record(edited.id)).names, ['别名', 'Alias'])
  assert.equal((await record(edited.id)).capacity, 12)

  const put = await ask(server, 'PUT', `/v1/places/${edited.id}`,
    { token, json: { version: (await record(edited.id)).version, name: '值守员定的名' } })
  assert.equal(put.status, 200, put.text)
  const gone = await ask(server, 'DELETE', `/v1/places/${off.id}?version=${(await record(off.id)).version}`, { token })
  assert.ok(gone.status < 300, gone.text)
  const own = await ask(server, 'POST', '/v1/places', { token, json: { category: 'toilet', name: '自建', location: at(2, 2) } })
  assert.equal(own.status, 201, own.text)

  body = after
  assert.match(await refresh(), /no longer in the source/)
  await until(() => named('新来的'))
  const now = await record(edited.id)
  assert.equal(now.name, '值守员定的名') // staff's
  assert.equal(now.phone, '2') // the source's
  assert.deepEqual(now.names, ['别名', '更旧的名'])
  assert.deepEqual(now.held, ['name'])
  assert.equal(await named('会消失'), undefined)
  assert.equal(await named('来源仍有'), undefined) // staff took it off the map
  assert.ok(await named('自建'))
  assert.equal((await record(off.id)).name, '来源仍有')

  assert.match(await refresh(), /brought in before/)
})
