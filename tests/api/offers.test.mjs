// Offers of partners over HTTP: kept by staff, found by kind, area and distance, on a map, and taken with a member's card.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, everybody, get, password, png, refused, signIn, until } from './harness.mjs'

const post = (server, path, token, json, key) => ask(server, 'POST', path, { token, json, headers: key ? { 'Idempotency-Key': key } : {} })

/** Two merchants, one in each sub-district; who keeps offers; a partner at the first; a rider who is a member, one who is none. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  const data = server.made.data, areas = (await get(server, '/v1/areas')).json.areas
  const area = (code) => areas.find((a) => a.code === code).id
  for (const [name, ...words] of [['keeper', '--role', 'branch_staff', '--area', '110199001'], ['noodles', '--role', 'handler', '--kind', 'offer', '--area', '110199001'],
    ['far', '--role', 'handler', '--kind', 'offer', '--area', '110199002'], ['elsewhere', '--role', 'branch_staff', '--area', '110199002']]) {
    await addUser(data, name, password, ...words)
    tokens[name] = await signIn(server, name)
  }
  const merchants = {}
  for (const [name, spot] of [['面馆', at(1, 3)], ['书店', at(5, 3)]]) {
    const made = await post(server, '/v1/places', tokens.admin, { category: 'partner_merchant', name, location: spot })
    assert.equal(made.status, 201, made.text)
    merchants[name] = made.json.id
  }
  const there = async () => (await get(server, '/v1/places?category=partner_merchant')).json.places.length === 2
  await until(there, 10000)
  const terms = (more) => ({ place_id: merchants['面馆'], kind: 'meals', title: '面条九折', ...more })
  const offer = async (more, token = tokens.admin) => {
    const made = await post(server, '/v1/offers', token, terms(more))
    assert.equal(made.status, 201, made.text)
    return made.json
  }
  return { server, tokens, area, merchants, terms, offer }
}

/** A card of the rider. */
async function member({ server, tokens, area }) {
  const branch = (await post(server, '/v1/branches', tokens.keeper, { name: '骑手工会', area_id: area('110199001'), consent: '同意', fields: [{ code: 'name', label: '姓名', type: 'name', required: true }] })).json
  const asked = (await post(server, `/v1/join/${branch.code}`, tokens.rider, { form: 1, consent: true, answers: { name: '王小二' } })).json
  const taken = await post(server, `/v1/members/${asked.id}/approve`, tokens.keeper, { version: 1 })
  assert.equal(taken.status, 200, taken.text)
  return async () => (await get(server, '/v1/me/card', { token: tokens.rider })).json.cards[0].code
}

test('staff keep offers at merchants of their area, with terms, dates and a picture', async (t) => {
  const { server, tokens, merchants, terms } = await scene(t)
  const { keeper, rider, admin } = tokens
  const { kinds } = (await get(server, '/v1/offers/kinds')).json
  assert.deepEqual(kinds.map((k) => [k.code, k.label.zh]), [['meals', '餐饮'], ['shopping', '购物'], ['services', '服务'], ['leisure_health', '文体健康']])
  const send = (more, key, token = keeper) => post(server, '/v1/offers', token, terms(more), key)
  refused(await send({}, undefined, rider), 403)
  refused(await send({}, undefined, null), 401)
  refused(await send({ place_id: merchants['书店'] }), 403)
  refused(await send({ place_id: 1 }), 400, 'place_id')
  refused(await send({ kind: 'cars' }), 400, 'kind')
  refused(await send({ title: '' }), 400, 'title')
  refused(await send({ title: '\u200b\ufeff\u00ad' }), 400, 'title')
  refused(await send({ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }), 400, 'to')
  refused(await send({ per_day: -1 }), 400, 'per_day')
  refused(await send({ pictures: ['2222222222222222222222'] }), 400, 'pictures/0')
  const picture = await ask(server, 'POST', '/v1/pictures', { token: keeper, form: [['photo', png(20, 20), 'a.png', 'image/png']] })
  assert.equal(picture.status, 201, picture.text)
  const made = await send({ terms: '堂食', pictures: [picture.json.id] }, 'k')
  assert.equal(made.status, 201, made.text)
  assert.equal((await send({ terms: '堂食', pictures: [picture.json.id] }, 'k')).json.id, made.json.id)
  assert.deepEqual([made.json.place.name, made.json.place.location, made.json.pictures.length, made.json.used], ['面馆', at(1, 3).map((v) => Number(v.toFixed(7))), 1, 0])
  const seen = (await get(server, made.headers.location)).json
  assert.deepEqual([seen.used, seen.title, seen.terms], [undefined, '面条九折', '堂食'])
  assert.equal((await get(server, new URL(seen.pictures[0].thumb_url, server.base).pathname, { check: false })).status, 200)

  const change = (more, token = keeper) => ask(server, 'PUT', made.headers.location, { token, json: terms(more) })
  refused(await change({ version: 9 }), 409)
  refused(await change({}), 400, 'version')
  refused(await change({ version: 1, place_id: merchants['书店'] }), 403)
  const now = await change({ version: 1, title: '面条八折', to: new Date(Date.now() + 864e5).toISOString() })
  assert.deepEqual([now.json.title, now.json.version, now.json.pictures.length], ['面条八折', 2, 0])
  refused(await ask(server, 'DELETE', `${made.headers.location}?version=1`, { token: keeper }), 409)
  assert.equal((await ask(server, 'DELETE', `${made.headers.location}?version=2`, { token: admin })).status, 204)
  assert.deepEqual((await get(server, '/v1/offers')).json.offers, [])
  assert.equal((await get(server, '/v1/offers?all=true')).json.offers[0].ended_at !== undefined, true)
})

test('offers are found by kind, area, place and distance, and stand on a map', async (t) => {
  const { server, tokens, area, merchants, offer } = await scene(t)
  await offer({ title: '一' })
  await offer({ title: '二', kind: 'services' })
  const books = await offer({ title: '三', kind: 'shopping', place_id: merchants['书店'] })
  await offer({ title: '明天', from: new Date(Date.now() + 864e5).toISOString() })
  const titles = async (query) => (await get(server, `/v1/offers${query}`)).json.offers.map((o) => o.title)
  assert.deepEqual(await titles(''), ['三', '二', '一'])
  assert.deepEqual(await titles('?all=true'), ['明天', '三', '二', '一'])
  assert.deepEqual(await titles('?kind=services'), ['二'])
  assert.deepEqual(await titles(`?area=${area('110199002')}`), ['三'])
  assert.deepEqual(await titles(`?area=${area('110199')}`), ['三', '二', '一'])
  assert.deepEqual(await titles(`?place=${merchants['面馆']}`), ['二', '一'])
  refused(await get(server, '/v1/offers?kind=cars'), 400, 'kind')
  refused(await get(server, '/v1/offers?area=999'), 400, 'area')
  refused(await get(server, '/v1/offers?radius=5'), 400, 'radius')
  refused(await get(server, '/v1/offers?near=200,0'), 400, 'near')

  const near = (await get(server, `/v1/offers?near=${at(5, 4)}`)).json.offers
  assert.deepEqual(near.map((o) => o.title), ['三', '二', '一'])
  assert.ok(near[0].distance_m > 200 && near[0].distance_m < 240 && near[1].distance_m > 600, JSON.stringify(near.map((o) => o.distance_m)))
  assert.deepEqual(await titles(`?near=${at(5, 4)}&radius=300`), ['三'])
  const first = (await get(server, `/v1/offers?near=${at(1, 3)}&limit=2`)).json, rest = (await get(server, first.next)).json
  assert.deepEqual([...first.offers, ...rest.offers].map((o) => o.title), ['二', '一', '三'])
  assert.equal(rest.next, null)
  const page = (await get(server, '/v1/offers?limit=1')).json
  assert.deepEqual([page.offers[0].title, (await get(server, page.next)).json.offers[0].title], ['三', '二'])

  const map = await get(server, '/v1/offers?format=geojson')
  assert.equal(map.type, 'application/geo+json')
  const layer = JSON.parse(map.text)
  assert.deepEqual(layer.features.map((f) => [f.properties.name, f.properties.offers, f.properties.kinds]), [['面馆', 2, ['meals', 'services']], ['书店', 1, ['shopping']]])
  assert.deepEqual(layer.features[0].geometry, { type: 'Point', coordinates: at(1, 3).map((v) => Number(v.toFixed(7))) })
  const one = JSON.parse((await get(server, '/v1/offers?format=geojson&limit=1')).text)
  assert.deepEqual(JSON.parse((await get(server, one.next)).text).features.map((f) => f.id), [merchants['书店']])
  const moved = (await get(server, `/v1/offers/${books.id}?crs=gcj02`)).json
  assert.ok(Math.abs(moved.place.location[0] - at(5, 3)[0]) > 0.003, 'in the system that is asked for')

  const record = (await get(server, `/v1/places/${merchants['书店']}/record`, { token: tokens.admin })).json
  const gone = await ask(server, 'DELETE', `/v1/places/${merchants['书店']}?version=${record.version ?? 1}&reason=${encodeURIComponent('关张')}`, { token: tokens.admin })
  assert.ok(gone.status < 300, gone.text)
  await until(async () => (await titles('')).length === 2, 10000)
})

test('a card is checked and counted, so often a day and no more, at two tills at once too', async (t) => {
  const s = await scene(t), { server, tokens, offer } = s
  const { noodles, far, rider, admin, keeper } = tokens
  const code = await member(s), { id } = await offer({ members_only: true, per_day: 2 })
  const use = (token, json, key, of = id) => post(server, `/v1/offers/${of}/use`, token, json, key)
  const shown = await code()
  refused(await use(rider, { code: shown }), 403)
  refused(await use(far, { code: shown }), 403)
  refused(await use(noodles, { code: shown }, undefined, 999), 404, 'id')
  refused(await use(noodles, {}), 400, 'code')
  refused(await use(noodles, { code: '1111 2222 3333 4444' }), 404, 'code')
  const taken = await use(noodles, { code: shown }, 'till-1'), again = await use(noodles, { code: shown }, 'till-1')
  assert.deepEqual([taken.status, taken.json.times_today, taken.json.per_day, taken.json.name, taken.json.branch.name], [200, 1, 2, '王**', '骑手工会'])
  assert.deepEqual(again.json, taken.json)
  refused(await use(noodles, { code: '1111 2222 3333 4444' }, 'till-1'), 422, 'Idempotency-Key')
  const fresh = await code()
  const tills = await Promise.all([noodles, admin, keeper, noodles].map((token) => use(token, { code: fresh })))
  assert.deepEqual(tills.map((a) => a.status).sort(), [200, 409, 409, 409])
  const kept = (await get(server, `/v1/offers/${id}`, { token: keeper })).json
  assert.deepEqual([kept.used, kept.used_today], [2, 2])
  const listed = async (token, query = '') => (await get(server, `/v1/offers${query}`, { token })).json.offers.map((o) => [o.id, o.used, o.used_today])
  assert.deepEqual(await listed(keeper), [[id, 2, 2]])
  assert.deepEqual(await listed(admin, `?near=${at(1, 3)}`), [[id, 2, 2]])
  for (const token of [undefined, rider, noodles, tokens.elsewhere]) assert.deepEqual(await listed(token), [[id, undefined, undefined]])
  assert.deepEqual((await get(server, '/v1/me/export', { token: rider })).json.offers_taken.map((o) => o.offer), [id, id])
  const over = await offer({ title: '免费', members_only: true })
  assert.equal((await ask(server, 'DELETE', `/v1/offers/${over.id}?version=1`, { token: admin })).status, 204)
  refused(await use(noodles, { code: await code() }, undefined, over.id), 409)
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  refused(await use(noodles, { code: fresh }), 404, 'code')
  assert.equal((await get(server, `/v1/offers/${id}`, { token: keeper })).json.used, 2, 'how often stays')
})

test('who keeps offers reads how often they were taken, by kind, area and month, of their own areas alone', async (t) => {
  const s = await scene(t), { server, tokens, area, merchants, offer } = s, { noodles, keeper, elsewhere, admin, rider } = tokens
  const code = await member(s), noodle = await offer({}), soup = await offer({ title: '汤' }), book = await offer({ title: '书', kind: 'shopping', place_id: merchants['书店'] })
  await offer({ title: '无人问津', kind: 'services' })
  for (const [token, { id }] of [[noodles, noodle], [noodles, noodle], [noodles, soup], [tokens.far, book]]) {
    const taken = await post(server, `/v1/offers/${id}/use`, token, { code: await code() })
    assert.equal(taken.status, 200, taken.text)
  }
  const tally = async (token, query = '') => (await get(server, `/v1/offers/tally${query}`, { token })).json
  const sums = (used, offers, merchants) => ({ used, offers, merchants })
  assert.deepEqual(await tally(admin), { total: sums(4, 3, 2), groups: [] })
  assert.deepEqual((await tally(admin, '?by=kind')).groups, [{ kind: 'meals', ...sums(3, 2, 1) }, { kind: 'shopping', ...sums(1, 1, 1) }])
  assert.deepEqual((await tally(admin, '?by=area')).groups.map((g) => [g.area_id, g.used]), [[area('110199001'), 3], [area('110199002'), 1]].sort((a, b) => a[0] - b[0]))
  const months = (await tally(admin, '?by=month')).groups
  assert.equal(months.reduce((sum, g) => sum + g.used, 0), 4)
  for (const { month } of months) assert.match(month, /^20\d\d-\d\d$/)
  assert.deepEqual((await tally(keeper, '?by=kind')).groups, [{ kind: 'meals', ...sums(3, 2, 1) }])
  assert.deepEqual((await tally(keeper, `?area=${area('110199002')}`)).total, sums(0, 0, 0))
  assert.deepEqual((await tally(elsewhere)).total, sums(1, 1, 1))
  assert.deepEqual((await tally(admin, '?kind=meals')).total, sums(3, 2, 1))
  assert.deepEqual((await tally(admin, `?to=${encodeURIComponent(new Date(Date.now() - 2 * 864e5).toISOString())}`)).total, sums(0, 0, 0))
  refused(await get(server, '/v1/offers/tally', { token: rider }), 403)
  refused(await get(server, '/v1/offers/tally'), 401)
  refused(await get(server, '/v1/offers/tally?kind=cars', { token: admin }), 400, 'kind')
  refused(await get(server, '/v1/offers/tally?area=999', { token: admin }), 400, 'area')
  refused(await get(server, '/v1/offers/tally?from=yesterday', { token: admin }), 400, 'from')
})
