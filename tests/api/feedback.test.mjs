// What riders say of places: confirming, feedback as cases, the staff's queue, mending both in one step.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, at, everybody, get, idOf, png, refused, soon, until } from './harness.mjs'

test('what riders say of places', async (t) => {
  const { server, tokens } = await everybody(t)
  const token = tokens.west
  const id = await idOf(server, '东门驿站') // in the west
  const say = (form, more = {}) => ask(server, 'POST', `/v1/places/${more.id ?? id}/feedback${more.query ?? ''}`, { form, ...more })
  const record = async (which = id) => (await get(server, `/v1/places/${which}/record`, { token: tokens.admin })).json
  const place = async () => (await get(server, `/v1/places/${id}`)).json
  const read = async (report, who = token) => (await get(server, `/v1/reports/${report}`, { token: who })).json
  const mend = (report, json, more = {}) => ask(server, 'POST', `/v1/reports/${report}/mend`, { token, json, ...more })
  const move = (report, json) => ask(server, 'POST', `/v1/reports/${report}/state`, { token, json })
  const good = (answer, status = 200) => {
    assert.equal(answer.status, status, answer.text)
    return answer.json
  }
  const said = async (form, more) => good(await say(form, more), 201)

  await t.test('a place is confirmed by anybody, once a day each', async () => {
    const confirm = (more) => ask(server, 'POST', `/v1/places/${id}/confirm`, more)
    const first = good(await confirm({ from: '10.9.9.1' }))
    assert.equal(first.counted, true)
    const again = good(await confirm({ from: '10.9.9.1' }))
    assert.deepEqual([again.counted, again.confirmed_at], [false, first.confirmed_at])
    assert.equal(good(await confirm({ from: '10.9.9.2' })).counted, true)
    assert.equal(good(await confirm({ token: tokens.rider })).counted, true)
    assert.equal(good(await confirm({ token: tokens.rider })).counted, false)
    assert.deepEqual([(await record()).confirmed_as, (await record()).version], ['rider', 1])
    await until(async () => (await place()).confirmed_as === 'rider')
    const staff = good(await confirm({ token }))
    await until(async () => (await place()).confirmed_as === 'staff')
    assert.equal((await place()).confirmed_at?.slice(0, 19), staff.confirmed_at.slice(0, 19))
    const now = await record()
    assert.deepEqual([now.confirmed_as, (await place()).confirmed_as], ['staff', 'staff'])
    assert.ok(now.confirmed_by > 0)
    good(await confirm({ token: tokens.east })) // staff elsewhere: a rider here
    const history = (await get(server, `/v1/places/${id}/history`, { token })).json.history
    assert.deepEqual(history.map((e) => [e.verb, e.actor]).reverse(), [['confirmed', 'rider'], ['confirmed', 'rider'], ['confirmed', 'rider'],
      ['confirmed', 'staff'], ['confirmed', 'rider']])
    const open = (await get(server, `/v1/places/${id}/history`)).json.history
    assert.deepEqual(open.map((e) => e.actor), ['staff'], 'that riders were there is nobody\'s business')
    refused(await ask(server, 'POST', '/v1/places/999999/confirm'), 404, 'id')
  })
  await t.test('feedback is a case about the place, in the queue of its area', async () => {
    const sent = await said([['problem', 'missing_facility'], ['amenity', 'microwave'], ['description', '微波炉坏了'], ['photo', png(40, 30), 'a.png', 'image/png']])
    assert.deepEqual([sent.kind, sent.category, sent.state, sent.amenity, sent.place.id], ['place_feedback', 'missing_facility', 'submitted', 'microwave', id])
    assert.equal(sent.area.name, '西街道')
    assert.equal(sent.photos.length, 1)
    assert.equal((await get(server, sent.photos[0].url)).status, 200)
    const own = await read(sent.id, null)
    assert.deepEqual([own.moves, own.mends], [undefined, undefined])
    const queue = async (who, more = '') => (await get(server, `/v1/reports?kind=place_feedback${more}`, { token: who })).json.reports.map((r) => r.id)
    assert.ok((await queue(token)).includes(sent.id))
    assert.ok((await queue(tokens.places)).includes(sent.id), 'who keeps places works on this, too')
    assert.deepEqual(await queue(tokens.east), [])
    assert.deepEqual(await queue(token, `&place=${id}&open=true`), [sent.id])
    assert.deepEqual(await queue(token, '&place=999'), [])
    assert.ok(!(await get(server, '/v1/reports', { token })).json.reports.some((r) => r.id === sent.id), 'reports are of another kind')
    refused(await get(server, '/v1/reports?kind=castle', { token }), 400, 'kind')
    assert.equal((await record()).open_feedback, 1)

    const seen = await read(sent.id)
    assert.deepEqual(seen.mends, ['amenity'])
    const { version } = await record()
    const done = good(await mend(sent.id, { mend: 'amenity', version: 1, place_version: version, reason: '已撤走' }))
    assert.deepEqual([done.state, done.mends, done.history.at(-1).reason], ['handled', undefined, '已撤走'])
    const after = await record()
    assert.deepEqual([after.amenities, after.open_feedback, after.version], [['water'], 0, version + 1])
    await until(async () => (await place()).amenities.length === 1)
    assert.equal((await read(sent.id, null)).state, 'handled', 'its sender sees what became of it')
  })
  await t.test('a place that has moved is moved along with the case', async () => {
    const gcj = (await get(server, `/v1/places/${id}?coord_type=wgs84&ret_coordtype=gcj02`)).json.location
    const sent = await said([['problem', 'moved'], ['lon', gcj[0] + 0.0005], ['lat', gcj[1]], ['accuracy', 12], ['coord_type', 'gcj02']])
    assert.equal(sent.accuracy_m, 12)
    const before = await record()
    assert.ok(Math.abs((await read(sent.id)).moved_to[0] - before.location[0] - 0.0005) < 1e-5)
    good(await mend(sent.id, { mend: 'move', version: 1, place_version: before.version }))
    await until(async () => Math.abs((await place()).location[0] - before.location[0] - 0.0005) < 1e-5)
    assert.ok((await record()).held.includes('location'))
    const nowhere = await said([['problem', 'moved']])
    refused(await mend(nowhere.id, { mend: 'move', version: 1, place_version: before.version + 1 }), 400, 'location')
    refused(await mend(nowhere.id, { mend: 'move', version: 1, place_version: before.version + 1, location: at(4, 1) }), 403)
    good(await mend(nowhere.id, { mend: 'move', version: 1, place_version: before.version + 1, location: before.location }))
  })
  await t.test('other hours, and what is not understood of them', async () => {
    const sent = await said([['problem', 'wrong_hours'], ['description', '九点才开']])
    const { version } = await record()
    refused(await mend(sent.id, { mend: 'hours', version: 1, place_version: version }), 400, 'hours')
    refused(await mend(sent.id, { mend: 'hours', version: 1, place_version: version, hours: 'nine or so' }), 400, 'hours')
    good(await mend(sent.id, { mend: 'hours', version: 1, place_version: version, hours: '09:00-18:00' }))
    assert.equal((await record()).hours, '09:00-18:00')
  })
  await t.test('that it is closed is only said by several, and never a verdict', async () => {
    const cases = []
    for (const from of ['10.8.0.1', '10.8.0.1', '10.8.0.2', '10.8.0.2']) cases.push(await said([['problem', 'closed']], { from }))
    await new Promise((done) => setTimeout(done, 400))
    assert.equal((await place()).reported_closed, undefined, 'two voices, however often')
    cases.push(await said([['problem', 'closed']], { token: tokens.rider }))
    await until(async () => (await place()).reported_closed === true)
    assert.ok((await get(server, `/v1/places?near=${at(1, 1)}&limit=1`)).json.places[0].reported_closed)
    assert.equal((await place()).closed, undefined)
    const [first, ...others] = cases
    const { version } = await record()
    refused(await mend(first.id, { mend: 'close', version: 1, place_version: version }), 400, 'reason')
    refused(await mend(first.id, { mend: 'close', version: 1, place_version: version, reason: 'x', to: soon(-5) }), 400, 'to')
    refused(await mend(first.id, { mend: 'hours', version: 1, place_version: version, hours: '24/7' }), 400, 'mend')
    refused(await mend(first.id, { mend: 'close', version: 1, place_version: version, reason: 'x', hours: '24/7' }), 400, 'hours')
    const closed = good(await mend(first.id, { mend: 'close', version: 1, place_version: version, to: soon(3600), reason: '装修' }))
    assert.equal(closed.state, 'handled')
    await until(async () => (await place()).closed?.reason === '装修')
    for (const other of others) good(await move(other.id, { state: 'duplicate', version: 1, duplicate_of: first.id }))
    await until(async () => (await place()).reported_closed === undefined)
    good(await ask(server, 'DELETE', `/v1/places/${id}/closing?version=${version + 1}`, { token }))
  })
  await t.test('neither changes where one of both has changed meanwhile', async () => {
    const sent = await said([['problem', 'closed']])
    const before = await record()
    const stale = await mend(sent.id, { mend: 'remove', version: 1, place_version: before.version + 1 })
    refused(stale, 409)
    assert.equal(stale.json.present.version, before.version)
    refused(await mend(sent.id, { mend: 'remove', version: 2, place_version: before.version }), 409)
    refused(await mend(sent.id, { mend: 'remove', version: 1, place_version: before.version, state: 'rejected' }), 400)
    assert.deepEqual(await record(), before)
    assert.equal((await read(sent.id)).version, 1)
    good(await mend(sent.id, { mend: 'remove', version: 1, place_version: before.version }))
    await until(async () => (await get(server, `/v1/places/${id}`)).status === 404)
    refused(await say([['problem', 'closed']]), 404, 'id')
    assert.equal((await read(sent.id)).place.name, undefined)
    good(await ask(server, 'POST', `/v1/places/${id}/restore`, { token, json: { version: before.version + 1 } }))
    await until(async () => (await get(server, `/v1/places/${id}`)).status === 200)
  })
  await t.test('its workflow is its own', async () => {
    const sent = await said([['problem', 'other'], ['description', '门牌错了']])
    refused(await move(sent.id, { state: 'dispatched', version: 1 }), 400, 'state')
    refused(await move(sent.id, { state: 'closed', version: 1 }), 400)
    good(await move(sent.id, { state: 'accepted', version: 1 }))
    assert.equal(good(await move(sent.id, { state: 'closed', version: 2, reason: '核对过' })).history.length, 3)
    refused(await mend(sent.id, { mend: 'close', version: 3, place_version: 1, reason: 'x' }), 400, 'mend')
    const words = (await get(server, '/v1/categories')).json
    assert.deepEqual(words.feedback.map((c) => c.code), ['closed', 'moved', 'missing_facility', 'wrong_hours', 'other'])
    assert.ok(words.feedback_states.some((s) => s.code === 'handled' && !s.open))
  })
  await t.test('sent twice with one key it is one case', async () => {
    const headers = { 'Idempotency-Key': 'closed-once-and-again' }
    const first = await say([['problem', 'closed']], { headers })
    assert.equal((await say([['problem', 'closed']], { headers })).text, first.text)
    refused(await say([['problem', 'moved']], { headers }), 422, 'Idempotency-Key')
    const other = await idOf(server, '公厕')
    assert.equal((await say([['problem', 'closed']], { headers, id: other })).status, 201, 'at another place it is another request')
  })
  await t.test('what is wrong is named', async () => {
    const rows = [
      [[['description', 'x']], 400, 'problem'], [[['problem', 'castle']], 400, 'problem'], [[['problem', 'other']], 400, 'description'],
      [[['problem', 'missing_facility']], 400, 'amenity'], [[['problem', 'missing_facility'], ['amenity', 'castle']], 400, 'amenity'],
      [[['problem', 'closed'], ['amenity', 'water']], 400, 'amenity'], [[['problem', 'moved'], ['lon', 1]], 400, 'lat'],
      [[['problem', 'moved'], ['lat', 1]], 400, 'lon'], [[['problem', 'closed'], ['lon', 1], ['lat', 1]], 400, 'lon'],
      [[['problem', 'moved'], ['lon', 500], ['lat', 1]], 400, 'lon'], [[['problem', 'closed'], ['problem', 'closed']], 400, 'problem'],
      [[['problem', 'closed'], ['category', 'x']], 400, 'category'], [[['problem', 'closed'], ['photo', 'x', 'a.gif', 'image/gif']], 415, 'photo'],
      [[['problem', 'closed'], ['description', 'x'.repeat(4001)]], 400, 'description'],
    ]
    for (const [form, status, name] of rows) refused(await say(form), status, name)
    refused(await mend('2'.repeat(22), { mend: 'close', version: 1, place_version: 1 }), 404, 'id')
  })
  await t.test('only staff of both mend', async () => {
    const sent = await said([['problem', 'closed']])
    const { version } = await record()
    const expected = { anonymous: 401, rider: 403, streets: 403, east: 403, places: 200 }
    for (const [name, status] of Object.entries(expected)) {
      const answer = await mend(sent.id, { mend: 'close', version: 1, place_version: version, reason: 'x', to: soon(60) }, { token: tokens[name] })
      assert.equal(answer.status, status, `${name}: ${answer.text}`)
    }
  })
})

test('riders are counted as writers are', async (t) => {
  const { server } = await everybody(t, '--writes-per-minute', '3')
  const id = await idOf(server, '公厕'), from = '10.7.0.1'
  const statuses = []
  for (let i = 0; i < 5; i++) statuses.push((await ask(server, 'POST', `/v1/places/${id}/confirm`, { from })).status)
  assert.deepEqual(statuses, [200, 200, 200, 429, 429])
})
