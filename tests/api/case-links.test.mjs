// Reports that have to do with each other: merged, split off, linked, and read side by side; and acts that are meant for one version.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ask, at, everybody, get, png, refused } from './harness.mjs'

let side = 10
const photo = () => ['photo', png(++side, 9), 'a.png', 'image/png']

test('reports that have to do with each other', async (t) => {
  const { server, tokens } = await everybody(t)
  const send = async (more = [], [x, y] = at(1, 1), how = {}) => {
    const sent = await ask(server, 'POST', '/v1/reports', { form: [['category', 'lamp'], ['lon', x], ['lat', y], photo(), ...more], ...how })
    assert.equal(sent.status, 201, sent.text)
    return sent.json
  }
  const read = (id, how = {}) => get(server, `/v1/reports/${id}`, how)
  const version = async (id) => (await read(id)).json.version
  const merge = async (id, into, how = {}) => ask(server, 'POST', `/v1/reports/${id}/merge`, { token: tokens.west, json: { into, version: await version(id) }, ...how })
  const move = async (id, json, how = {}) => ask(server, 'PUT', `/v1/reports/${id}/state`, { token: tokens.west, json: { version: await version(id), ...json }, ...how })
  const link = (method, id, other, how = {}) => ask(server, method, `/v1/reports/${id}/links/${other}${how.query ?? ''}`, { token: tokens.west, ...(method === 'PUT' ? { json: {} } : {}), ...how })
  const as = (token) => ({ headers: { 'Case-Token': token } })

  await t.test('whoever sent a duplicate is with the original, is told its moves, and splits off with it', async () => {
    const [first, second, third] = [await send(), await send(), await send()]
    assert.equal((await merge(third.id, second.id)).status, 200)
    const merged = await merge(second.id, first.id)
    assert.equal(merged.status, 200, merged.text)
    assert.deepEqual([merged.json.state, merged.json.duplicate_of], ['duplicate', first.id])
    assert.equal((await read(third.id)).json.duplicate_of, first.id)
    assert.deepEqual((await read(third.id, as(third.token))).json.history.at(-1), { ...(await read(third.id)).json.history.at(-1), verb: 'carried', value: first.id, actor: 'staff' })
    refused(await merge(first.id, third.id), 400)
    refused(await merge(first.id, first.id), 400)
    refused(await merge(first.id, 'nothing'), 400, 'into')
    refused(await merge(first.id, second.id, { token: tokens.east }), 403)

    // Over the id alone the original tells what is public; with a duplicate's token, what its own sender is told, too.
    await ask(server, 'POST', `/v1/reports/${first.id}/updates`, { form: [['text', '明天来修']], token: tokens.west })
    assert.ok(!(await read(first.id)).text.includes('明天来修'))
    for (const { token } of [second, third]) assert.ok((await read(first.id, as(token))).text.includes('明天来修'))
    const after = (await get(server, `/v1/events/poll?wait=0&after=0&report=${third.id}`)).json.last
    assert.equal((await move(first.id, { state: 'accepted' })).status, 200)
    const told = (await get(server, `/v1/events/poll?wait=20&after=${after}&report=${third.id}`)).json.events
    assert.deepEqual(told.map((e) => [e.verb, e.state]), [['followed', 'duplicate']])
    const last = (await read(second.id)).json.history.at(-1)
    assert.deepEqual([last.verb, last.value, last.actor], ['followed', 'accepted', 'system'])
    const staff = (await read(first.id, { token: tokens.west })).json.history
    assert.deepEqual(staff.filter((e) => e.verb === 'merged').map((e) => e.value), [second.id])
    assert.ok((await read(first.id)).json.history.every((e) => e.verb !== 'merged'))

    assert.equal((await move(second.id, { state: 'submitted', reason: '是另一盏' })).json.duplicate_of, undefined)
    assert.ok(!(await read(first.id, as(second.token))).text.includes('明天来修'), 'split off, it is not its own any more')
    assert.ok((await read(first.id, as(third.token))).text.includes('明天来修'))
    assert.equal((await read(first.id, { token: tokens.west })).json.history.at(-1).verb, 'split')
  })

  await t.test('linked ones are told to staff of either, and read side by side with their photos', async () => {
    const [one, two, repeat] = [await send([], at(1, 3)), await send([], at(1, 3)), await send([], at(1, 3))]
    assert.equal((await link('PUT', one.id, two.id, { json: { reason: '同一根杆' } })).status, 200)
    refused(await link('PUT', two.id, one.id), 409)
    refused(await link('PUT', one.id, one.id), 400)
    refused(await link('PUT', one.id, '2'.repeat(22)), 404, 'other')
    refused(await link('PUT', one.id, repeat.id, { json: { version: 9 } }), 409)
    refused(await link('PUT', one.id, repeat.id, { headers: { 'If-Match': '"9"' } }), 412)
    refused(await link('PUT', one.id, repeat.id, { token: tokens.east }), 403)
    assert.equal((await merge(repeat.id, one.id)).status, 200)
    refused(await get(server, `/v1/reports/${one.id}/links`), 401)
    refused(await get(server, `/v1/reports/${one.id}/links`, { token: tokens.east }), 403)
    const beside = (await get(server, `/v1/reports/${one.id}/links`, { token: tokens.west })).json
    assert.equal(beside.original, null)
    assert.deepEqual(beside.duplicates.map((r) => r.id), [repeat.id])
    assert.deepEqual(beside.linked.map((r) => r.id), [two.id])
    assert.deepEqual(beside.links.map((l) => [l.id, l.reason]), [[two.id, '同一根杆']])
    assert.deepEqual(beside.similar.map((s) => s.report.id), [two.id])
    for (const report of [...beside.duplicates, ...beside.linked]) assert.equal(report.photos.length, 1)
    assert.equal((await get(server, `/v1/reports/${repeat.id}/links`, { token: tokens.west })).json.original.id, one.id)
    assert.ok((await read(one.id)).json.history.every((e) => e.verb !== 'linked'), 'links are among staff')
    for (const [id, other] of [[one.id, two.id], [two.id, one.id]]) {
      const event = (await read(id, { token: tokens.west })).json.history.find((e) => e.verb === 'linked')
      assert.deepEqual([event.value, event.reason], [other, undefined])
    }
    assert.equal((await link('DELETE', two.id, one.id)).status, 200)
    refused(await link('DELETE', two.id, one.id), 409)
    assert.deepEqual((await get(server, `/v1/reports/${one.id}/links`, { token: tokens.west })).json.linked, [])
  })

  await t.test('a private case is not there for whoever may not see it, also beside another one', async () => {
    const made = await ask(server, 'POST', '/v1/reports', { token: tokens.rider, form: [['kind', 'difficulty'], ['category', 'wages'], ['attribute[employer]', '某公司'], ['description', '两个月没发'], ['lon', at(1, 1)[0]], ['lat', at(1, 1)[1]]] })
    assert.equal(made.status, 201, made.text)
    const one = await send([], at(1, 3))
    refused(await link('PUT', one.id, made.json.id), 404, 'other')
    refused(await merge(one.id, made.json.id), 400, 'into')
    // Who sees both may link them. The report's own staff read that it was linked, and not to what.
    const linked = await link('PUT', one.id, made.json.id, { token: tokens.admin })
    assert.equal(linked.status, 200, linked.text)
    const told = await read(one.id, { token: tokens.west })
    assert.deepEqual(told.json.history.filter((e) => e.verb === 'linked').map((e) => e.value), [undefined])
    const beside = await get(server, `/v1/reports/${one.id}/links`, { token: tokens.west })
    assert.deepEqual([beside.json.linked, beside.json.links], [[], []])
    for (const answer of [told, beside]) assert.ok(!answer.text.includes(made.json.id))
    const other = (await read(made.json.id, { token: tokens.admin })).json.history.find((e) => e.verb === 'linked')
    assert.equal(other.value, one.id)
    assert.equal((await get(server, `/v1/reports/${one.id}/links`, { token: tokens.admin })).json.linked[0].id, made.json.id)
  })

  await t.test('the tag of a report changes with all that its reader is shown, and says its version', async () => {
    const one = await send()
    const first = await read(one.id)
    assert.match(first.headers.etag, /^"1-[0-9a-f]{16}(-gz)?"$/)
    const again = (how) => read(one.id, { ...how, headers: { ...how?.headers, 'If-None-Match': first.headers.etag } })
    assert.equal((await again()).status, 304)
    assert.equal((await again({ token: tokens.west })).status, 200, 'staff are shown more')
    await ask(server, 'POST', `/v1/reports/${one.id}/updates`, { form: [['text', '还有一盏']], ...as(one.token) })
    assert.equal((await again()).status, 200, 'updated_at is shown to all')
    const own = await read(one.id, as(one.token))
    await ask(server, 'POST', `/v1/reports/${one.id}/updates`, { form: [['text', '第三盏'], photo()], ...as(one.token) })
    assert.notEqual((await read(one.id, as(one.token))).headers.etag, own.headers.etag)
    await ask(server, 'POST', `/v1/reports/${one.id}/join`, { from: '10.8.0.3' })
    assert.equal((await again()).status, 200)
    assert.match((await read(one.id)).headers.vary, /Case-Token/)
  })

  await t.test('an act is meant for a version, by its tag or by itself', async () => {
    const one = await send()
    const put = (what, json, tag) => ask(server, 'PUT', `/v1/reports/${one.id}/${what}`, { token: tokens.west, json, ...(tag ? { headers: { 'If-Match': tag } } : {}) })
    const tag = (await read(one.id, { token: tokens.west })).headers.etag
    refused(await put('state', { state: 'accepted' }), 400, 'version')
    refused(await put('priority', { priority: 1 }), 400, 'version')
    refused(await put('priority', { priority: 1 }, '1'), 400, 'If-Match')
    refused(await put('priority', { priority: 1, version: 2 }, tag), 400, 'version')
    refused(await put('priority', { priority: 1 }, `W/${tag}`), 412)
    refused(await put('priority', { priority: 1 }, '"nobody knows"'), 412)
    assert.equal((await put('state', { state: 'accepted' }, tag)).json.version, 2)
    const late = await put('priority', { priority: 1 }, tag)
    refused(late, 412, 'If-Match')
    assert.deepEqual(late.json.present, { id: one.id, state: 'accepted', version: 2 })
    assert.equal((await put('priority', { priority: 1 }, '"1", "2"')).json.version, 3)
    assert.equal((await put('category', { category: 'bin' }, '*')).json.version, 4)
    assert.equal((await put('category', { category: 'lamp', version: 4 }, '"4"')).json.version, 5)
    refused(await put('category', { category: 'bin', version: 4 }, '*'), 409)
    assert.equal((await put('assignment', { unit: '路灯队', version: 5 })).json.version, 6)
    const note = (match) => ask(server, 'POST', `/v1/reports/${one.id}/updates`, { token: tokens.west, form: [['text', '看过'], ['note', 'true']], headers: { 'If-Match': match, 'Idempotency-Key': 'note-6' } })
    refused(await note('"5"'), 412)
    assert.equal((await note('"6"')).status, 201)
    await put('priority', { priority: 2 }, '"6"')
    assert.equal((await note('"6"')).status, 201, 'what was answered stands')
    refused(await ask(server, 'PUT', `/v1/reports/${one.id}/state`, { json: { state: 'withdrawn' }, headers: { 'Case-Token': one.token, 'If-Match': '"1"' } }), 412)
  })

  await t.test('of two staff at once with the same tag exactly one wins', async () => {
    const one = await send()
    for (let round = 0; round < 10; round++) {
      const tag = (await read(one.id, { token: tokens.west })).headers.etag
      const both = await Promise.all([1, 2].map((n) => ask(server, 'PUT', `/v1/reports/${one.id}/assignment`,
        { token: [tokens.west, tokens.admin][n - 1], json: { unit: `队 ${round} ${n}` }, headers: { 'If-Match': tag } })))
      assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 412], both.map((answer) => answer.text).join())
    }
  })
})
