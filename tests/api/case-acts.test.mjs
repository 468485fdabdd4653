// What is done to a case by who sent it, who joined it and staff, and who is shown what of it.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import { ask, at, everybody, get, png, refused } from './harness.mjs'

const photo = (side) => ['photo', png(side, side), 'a.png', 'image/png']

test('what is done to a case', async (t) => {
  const { server, tokens } = await everybody(t)
  const send = async (fields, more = {}) => {
    const answer = await ask(server, 'POST', '/v1/reports', { form: fields, ...more })
    assert.equal(answer.status, 201, answer.text)
    return answer.json
  }
  const lamp = (...more) => send([['category', 'lamp'], ['lon', at(1, 1)[0]], ['lat', at(1, 1)[1]], photo(9), ...more])
  const as = (token) => ({ headers: { 'Case-Token': token } })
  const update = (id, fields, how = {}) => ask(server, 'POST', `/v1/reports/${id}/updates`, { form: fields, ...how })
  const put = (id, what, json, token = tokens.west) => ask(server, 'PUT', `/v1/reports/${id}/${what}`, { token, json })

  await t.test('the sender alone has the token, and goes on with it', async () => {
    const sent = await lamp()
    assert.match(sent.token, /^yzr_/)
    assert.equal((await get(server, `/v1/reports/${sent.id}`)).json.token, undefined)
    refused(await update(sent.id, [['text', '还有一盏']]), 401)
    refused(await update(sent.id, [['text', '还有一盏']], as('yzr_wrong')), 401)
    refused(await ask(server, 'PUT', `/v1/reports/${sent.id}/state`, { json: { state: 'withdrawn' } }), 401)
    const more = await update(sent.id, [['text', '还有一盏'], photo(11)], as(sent.token))
    assert.equal(more.status, 201, more.text)
    assert.equal(more.json.photos.length, 2)
    assert.deepEqual(more.json.history.map((e) => [e.verb, e.actor, e.reason]), [['created', 'reporter', undefined], ['written', 'reporter', '还有一盏']])
    assert.deepEqual((await get(server, `/v1/reports/${sent.id}`)).json.history.map((e) => e.verb), ['created'], 'words are between the sender and staff')
    const gone = await ask(server, 'PUT', `/v1/reports/${sent.id}/state`, { json: { state: 'withdrawn' }, ...as(sent.token) })
    assert.equal(gone.json.state, 'withdrawn')
    refused(await ask(server, 'PUT', `/v1/reports/${sent.id}/state`, { json: { state: 'accepted' }, ...as(sent.token) }), 409)
  })

  await t.test('questions are answered as their category asks, and answered anew', async () => {
    refused(await ask(server, 'POST', '/v1/reports', { form: [['category', 'lamp'], ['lon', 1], ['lat', 1], photo(9), ['attribute[fault]', 'purple']] }), 400, 'attribute')
    refused(await ask(server, 'POST', '/v1/reports', { form: [['category', 'lamp'], ['lon', 1], ['lat', 1], photo(9), ['attribute[age]', '3']] }), 400, 'attribute')
    const sent = await lamp(['attribute[fault]', 'dark'], ['attribute[pole]', 'X-7'])
    assert.deepEqual(sent.attributes, [{ code: 'fault', value: 'dark' }, { code: 'pole', value: 'X-7' }])
    assert.equal((await get(server, `/v1/reports/${sent.id}`)).json.attributes, undefined)
    const anew = await update(sent.id, [['attribute[fault]', 'leans']], as(sent.token))
    assert.deepEqual(anew.json.attributes, [{ code: 'fault', value: 'leans' }])
    refused(await update(sent.id, [['attribute[fault]', 'dark']], { token: tokens.west }), 400)
  })

  await t.test('a gas leak is not taken: it is said whom to call', async () => {
    const answer = await ask(server, 'POST', '/v1/reports', { form: [['category', 'gas_leak'], ['lon', 1], ['lat', 1], photo(9)] })
    refused(answer, 400, 'category')
    assert.match(answer.text, /119/)
  })

  await t.test('an address does instead of a position', async () => {
    refused(await ask(server, 'POST', '/v1/reports', { form: [['category', 'bin'], photo(9)] }), 400, 'lon')
    const sent = await send([['category', 'bin'], ['address', '东街 3 号门前'], photo(9)])
    assert.equal(sent.location, undefined)
    assert.equal(sent.area, null)
    refused(await put(sent.id, 'priority', { version: 1, priority: 1 }), 403)
    assert.equal((await put(sent.id, 'area', { version: 1, area_id: 2, reason: '地址在西街道' }, tokens.admin)).json.area.id, 2)
    assert.equal((await put(sent.id, 'priority', { version: 2, priority: 1 })).json.priority, 1)
  })

  await t.test('who saw the same joins, once, and is told', async () => {
    const sent = await lamp(), from = { from: '10.9.0.1' }
    const joined = await ask(server, 'POST', `/v1/reports/${sent.id}/join`, from)
    assert.equal(joined.status, 201, joined.text)
    assert.match(joined.json.token, /^yzj_/)
    assert.equal(joined.json.joined, 1)
    assert.equal(joined.json.version, 1)
    refused(await ask(server, 'POST', `/v1/reports/${sent.id}/join`, from), 409)
    const word = await update(sent.id, [['text', '现在更暗了']], as(joined.json.token))
    assert.deepEqual(word.json.history.map((e) => e.verb), ['created', 'joined'], 'what others write to staff is not for joiners')
    const toStaff = (await get(server, `/v1/reports/${sent.id}`, { token: tokens.west })).json.history.at(-1)
    assert.deepEqual([toStaff.verb, toStaff.actor], ['written', 'joiner'])
    await update(sent.id, [['text', '已派人'], photo(23)], { token: tokens.west })
    const read = (await get(server, `/v1/reports/${sent.id}`, as(joined.json.token))).json
    assert.equal(read.history.at(-1).reason, '已派人')
    assert.equal(read.photos.length, 2)
    refused(await ask(server, 'PUT', `/v1/reports/${sent.id}/state`, { json: { state: 'withdrawn' }, ...as(joined.json.token) }), 403)
    const forgotten = () => ask(server, 'POST', `/v1/reports/${sent.id}/forget`, as(joined.json.token))
    assert.equal((await forgotten()).status, 204)
    assert.equal((await ask(server, 'POST', `/v1/reports/${sent.id}/join`, from)).json.joined, 1, 'who joins anew counts once')
  })

  await t.test('staff note, give away and weigh, and only staff are shown that', async () => {
    const { id, token } = await lamp()
    const noted = await update(id, [['text', '电工班今天不在'], ['note', 'true'], photo(29)], { token: tokens.west })
    assert.equal(noted.status, 201)
    const hidden = noted.json.photos[1]
    assert.equal((await get(server, `/v1/reports/${id}`)).json.photos.length, 1, 'photos of notes are for staff')
    assert.equal((await get(server, `/v1/photos/${hidden.id}`)).status, 404)
    assert.equal((await get(server, hidden.url)).status, 200, 'by the address that staff are given')
    assert.equal((await put(id, 'assignment', { version: 1, unit: '路灯所' })).json.unit, '路灯所')
    const idOf = async (token) => (await get(server, '/v1/me', { token })).json.id
    const [west, east, rider] = [await idOf(tokens.west), await idOf(tokens.east), await idOf(tokens.rider)]
    for (const nobody of [east, rider, 9999]) refused(await put(id, 'assignment', { version: 2, person_id: nobody }), 400, 'person_id')
    refused(await put(id, 'assignment', { version: 2, person_id: west, unit: '路灯所' }), 400)
    const mine = await put(id, 'assignment', { version: 2, person_id: west })
    assert.deepEqual([mine.json.assignee_id, mine.json.unit], [west, undefined])
    assert.equal((await put(id, 'priority', { version: 3, priority: 2 })).json.priority, 2)
    refused(await put(id, 'category', { version: 3, category: 'bin' }), 409)
    assert.equal((await put(id, 'category', { version: 4, category: 'signal' })).json.category, 'signal')
    refused(await put(id, 'category', { version: 5, category: 'nonsense' }), 400)
    refused(await put(id, 'area', { version: 5, area_id: 3 }), 400, 'reason')
    const verbs = async (how) => (await get(server, `/v1/reports/${id}`, how)).json.history.map((e) => e.verb)
    assert.deepEqual(await verbs({ token: tokens.west }), ['created', 'noted', 'assigned', 'assigned', 'prioritised', 'recategorised'])
    assert.deepEqual(await verbs(as(token)), ['created', 'recategorised'])
    const given = await put(id, 'area', { version: 5, area_id: 3, reason: '在东街道' })
    assert.equal(given.json.area.id, 3)
    assert.equal(given.json.unit, undefined)
    refused(await put(id, 'priority', { version: 6, priority: 0 }), 403)
    assert.equal((await put(id, 'priority', { version: 6, priority: 0 }, tokens.east)).json.priority, 0)
  })

  await t.test('a case is closed with a photo of what was done, and opened again by who sent it', async () => {
    const { id, token } = await lamp()
    let version = 1
    const move = async (state, more = {}) => {
      const answer = await put(id, 'state', { state, version, ...more })
      if (answer.status === 200) version = answer.json.version
      return answer
    }
    for (const state of ['accepted', 'filed', 'dispatched', 'handling', 'handled', 'verifying']) assert.equal((await move(state)).status, 200)
    refused(await move('closed'), 400)
    const closed = await update(id, [['state', 'closed'], ['version', version], ['text', '已换灯泡'], photo(17)], { token: tokens.west })
    assert.equal(closed.status, 201, closed.text)
    assert.equal(closed.json.state, 'closed')
    assert.ok(closed.json.closed_at)
    assert.equal(closed.json.photos.at(-1).by_staff, true)
    assert.equal(closed.json.photos.at(-1).event, closed.json.history.at(-1).id)
    const twice = { ...as(token), form: [['state', 'reopened'], ['text', '又不亮了'], photo(19)] }
    twice.headers['Idempotency-Key'] = 'again-1'
    const again = await ask(server, 'POST', `/v1/reports/${id}/updates`, twice)
    assert.equal(again.json.state, 'reopened')
    assert.equal((await ask(server, 'POST', `/v1/reports/${id}/updates`, twice)).text, again.text)
    assert.equal((await get(server, `/v1/reports/${id}`)).json.photos.length, 3)
  })

  await t.test('a stranger who guesses a key is not given the answer that was another one\'s', async () => {
    const form = [['category', 'manhole'], ['lon', at(1, 1)[0]], ['lat', at(1, 1)[1]], ['photo', png(21, 21), 'p.png', 'image/png']]
    const post = (key, from) => ask(server, 'POST', '/v1/reports', { form, headers: { 'Idempotency-Key': key }, from })
    const [here, there] = ['10.200.0.1', '10.200.0.2']
    const own = await post('1', here), again = await post('1', here), stranger = await post('1', there)
    assert.deepEqual([own.status, again.text], [201, own.text])
    assert.equal(stranger.status, 201, stranger.text)
    assert.notEqual(stranger.json.id, own.json.id)
    assert.notEqual(stranger.json.token, own.json.token)
    const long = randomUUID()
    const sent = await post(long, here)
    assert.equal((await post(long, there)).text, sent.text, 'a phone may have another address by then')
  })
  await t.test('a difficulty is between its sender and the branch', async () => {
    const sent = await send([['kind', 'difficulty'], ['category', 'wages'], ['attribute[employer]', '某公司'], ['description', '两个月没发'], ['lon', at(1, 1)[0]], ['lat', at(1, 1)[1]]])
    for (const how of [{}, { token: tokens.west }, { token: tokens.rider }]) refused(await get(server, `/v1/reports/${sent.id}`, how), 404)
    assert.equal((await get(server, `/v1/reports/${sent.id}`, as(sent.token))).json.description, '两个月没发')
    refused(await ask(server, 'POST', `/v1/reports/${sent.id}/join`), 404)
    refused(await ask(server, 'POST', `/v1/reports/${sent.id}/join`, { token: tokens.admin }), 409)
    refused(await ask(server, 'POST', '/v1/reports', { form: [['kind', 'difficulty'], ['category', 'other']], headers: { 'Idempotency-Key': '1' } }), 400, 'Idempotency-Key')
    refused(await get(server, '/v1/reports/counts?kind=difficulty&text=x', { token: tokens.admin }), 400, 'text')
    refused(await ask(server, 'POST', '/v1/reports', { form: [['kind', 'opinion'], ['category', 'pay']] }), 401)
    refused(await ask(server, 'POST', '/v1/reports', { form: [['kind', 'place_feedback'], ['category', 'closed']] }), 400, 'kind')
  })
})
