// 经开区「关爱职工伙伴计划」: partner firms in four kinds, discounts and a market, as docs/setups/partners.md sets it up; the program and its files as they come.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, get, password, refused, serve, signIn, soon, until } from './harness.mjs'

const post = (server, path, token, json, key) => ask(server, 'POST', path, { token, json, headers: key ? { 'Idempotency-Key': key } : {} })
const put = (server, path, token, json) => ask(server, 'PUT', path, { token, json })
async function well(answer, status = 200) {
  const got = await answer
  assert.equal(got.status, status, got.text)
  return got.json
}

const kinds = ['meals', 'shopping', 'services', 'leisure_health']
/** Fifty-six firms on the corners of streets, fourteen of each kind. */
const firms = Array.from({ length: 56 }, (_, i) => ({ id: `P${String(i + 1).padStart(2, '0')}`, name: `伙伴商户${i + 1}号`, kind: kinds[i % 4], at: at((i % 8) * 0.7, Math.floor(i / 8) * 0.7) }))
const csv = (list) => '编号,名称,类别,经度,纬度,地址,开放时间\n' + list.map((f) => `${f.id},${f.name},关爱商户,${f.at},荣华中路${f.id.slice(1)}号,周一至周日 9:00-21:00\n`).join('')

test('partners come from a list, offer, are found, check cards, meet at a market, and are counted', async (t) => {
  const server = await serve(t), { data } = server.made
  await addUser(data, 'union', password, '--role', 'branch_staff', '--area', '110199')
  await addUser(data, 'noodles', password, '--role', 'handler', '--kind', 'offer', '--area', '110199')
  for (const login of ['wang', 'li']) await addUser(data, login, password, '--role', 'rider')
  const [admin, union, noodles, wang, li] = await Promise.all(['admin', 'union', 'noodles', 'wang', 'li'].map((name) => signIn(server, name)))
  const area = (await get(server, '/v1/areas')).json.areas.find((a) => a.code === '110199').id
  const merchants = async () => (await get(server, '/v1/places?category=partner_merchant&limit=1000')).json.places
  const bring = (text, dry_run) => ask(server, 'POST', '/v1/imports', { token: admin, form: [['source', 'partners'], ['dry_run', dry_run], ['file', text, 'partners.csv', 'text/csv']] })
  let placed, meal

  await t.test('the list of partners comes in as its dry run said, and again without doubling one', async () => {
    const broken = csv(firms).replace('P07,伙伴商户7号,关爱商户', 'P07,伙伴商户7号,关爱伙计')
    assert.deepEqual((await well(bring(broken, true))).lines.filter((l) => l.fate !== 'created').map((l) => [l.line, l.fate]), [[8, 'refused']])
    assert.equal((await well(bring(csv(firms), true))).totals.created, 56)
    assert.deepEqual(await merchants(), [])
    const done = await well(bring(csv(firms), false), 201)
    assert.deepEqual([done.totals.created, done.as_promised], [56, true])
    await until(async () => (await merchants()).length === 56, 10000)
    assert.equal((await well(bring(csv(firms), false), 201)).totals.unchanged, 56)
    placed = Object.fromEntries((await merchants()).map((p) => [p.source.split(':')[1], p.id]))
    assert.deepEqual(Object.keys(placed).sort(), firms.map((f) => f.id))
  })

  await t.test('each has an offer of its kind, found by kind, near by, and on the map', async () => {
    refused(await post(server, '/v1/offers', noodles, { place_id: placed.P01, kind: 'meals', title: '九折' }), 403)
    for (const { id, kind } of firms) {
      const terms = { place_id: placed[id], kind, title: `${id} 会员九折`, terms: '不与其他优惠同享', members_only: true, per_day: 1, from: soon(-60), to: soon(30 * 86400) }
      const made = await well(post(server, '/v1/offers', union, terms, `offer-${id}`), 201)
      if (id === 'P01') meal = made
    }
    assert.deepEqual((await well(get(server, '/v1/offers/kinds'))).kinds.map((k) => k.code), kinds)
    for (const kind of kinds) {
      const { offers, next } = await well(get(server, `/v1/offers?kind=${kind}&area=${area}&limit=100`))
      assert.deepEqual([offers.length, next], [14, null], kind)
    }
    const near = (await well(get(server, `/v1/offers?kind=meals&near=${firms[0].at}&radius=700`))).offers
    assert.deepEqual([near[0].id, near[0].distance_m], [meal.id, 0])
    assert.ok(near.length > 1 && near.every((o, i) => o.kind === 'meals' && o.distance_m <= 700 && (!i || o.distance_m >= near[i - 1].distance_m)))
    const layer = JSON.parse((await get(server, '/v1/offers?format=geojson&limit=1000')).text)
    assert.deepEqual([layer.features.length, new Set(layer.features.flatMap((f) => f.properties.kinds)).size], [56, 4])
    const { places } = await well(get(server, `/v1/places?near=${firms[9].at}&category=partner_merchant&limit=1`))
    assert.deepEqual([places[0].name, places[0].distance_m], [firms[9].name, 0])
  })

  await t.test('a member shows the card, once a day; who is none has no card to show', async () => {
    const branch = await well(post(server, '/v1/branches', union, { name: '经开区职工之家', area_id: area, consent: '为办理入会，本会处理您的姓名，退会即删除。',
      fields: [{ code: 'name', label: '姓名', type: 'name', required: true }] }), 201)
    const asked = await well(post(server, `/v1/join/${branch.code}`, wang, { form: branch.form.version, consent: true, answers: { name: '王小二' } }), 201)
    await well(post(server, `/v1/members/${asked.id}/approve`, union, { version: asked.version }))
    const { code } = (await well(get(server, '/v1/me/card', { token: wang }))).cards[0]
    assert.deepEqual((await well(get(server, '/v1/me/card', { token: li }))).cards, [])
    const use = (token, json, key) => post(server, `/v1/offers/${meal.id}/use`, token, json, key)
    refused(await use(li, { code }), 403)
    refused(await use(noodles, {}), 400, 'code')
    const taken = await well(use(noodles, { code }, 'till-1'))
    assert.deepEqual([taken.name, taken.branch.name, taken.times_today, taken.per_day], ['王**', '经开区职工之家', 1, 1])
    assert.deepEqual(await well(use(noodles, { code }, 'till-1')), taken, 'sent again')
    refused(await use(noodles, { code }), 409)
  })

  let market
  await t.test('a market is announced and found near by; who comes checks in where it is', async () => {
    const terms = { kind: 'market', title: '职工大集', text: '五十六家伙伴到场', address: '荣华中路广场', location: at(2, 2), from: soon(-60), to: soon(7200), sign_up_until: soon(7000), state: 'open' }
    refused(await post(server, '/v1/activities', noodles, terms), 403)
    market = await well(post(server, '/v1/activities', union, terms, 'market-1'), 201)
    const { activities } = await well(get(server, `/v1/activities?is=event&near=${at(2, 3)}&within=1000`))
    assert.deepEqual(activities.map((a) => [a.id, a.kind, a.location.map((v) => v.toFixed(5)), Math.round(a.distance_m)]), [[market.id, 'market', at(2, 2).map((v) => v.toFixed(5)), 222]])
    assert.equal((await get(server, `/v1/activities/${market.id}/event.ics`)).type, 'text/calendar')
    const seat = {}
    for (const token of [wang, li]) seat[token] = await well(post(server, `/v1/activities/${market.id}/signup`, token), 201)
    const come = (token, json) => post(server, `/v1/me/signups/${seat[token].id}/check-in`, token, json)
    refused(await come(wang, { location: at(5, 5), accuracy_m: 20 }), 409)
    assert.equal((await well(come(wang, { location: at(2, 2.5), accuracy_m: 20 }))).state, 'confirmed')
    const { code } = await well(get(server, `/v1/activities/${market.id}/code`, { token: union }))
    assert.equal((await well(come(li, { code }))).checked_in_by, 'code')
  })

  await t.test('figures: how often each was taken, for who keeps it, and who came, for everybody', async () => {
    const { offers } = await well(get(server, '/v1/offers?kind=meals&limit=100'))
    const kept = await Promise.all(offers.map(({ id }) => well(get(server, `/v1/offers/${id}`, { token: union }))))
    assert.deepEqual(kept.filter((o) => o.used).map((o) => [o.id, o.used, o.used_today]), [[meal.id, 1, 1]])
    assert.equal((await well(get(server, `/v1/offers/${meal.id}`))).used, undefined)
    await well(put(server, `/v1/activities/${market.id}/state`, union, { state: 'done', version: market.version }))
    const { total, groups } = await well(get(server, `/v1/activities/tally?area=${area}&by=kind`))
    assert.deepEqual(groups, [{ kind: 'market', activities: 1, signed_up: 2, attended: 2, confirmed: 2, tally: [] }])
    assert.equal(total.confirmed, 2)
  })

  await t.test('a partner that leaves the plan is off the list, and its offer with it; it comes back with the list', async () => {
    const gone = firms.filter((f) => f.id !== 'P02'), shopping = async () => (await well(get(server, '/v1/offers?kind=shopping&limit=100'))).offers.length
    assert.equal((await well(bring(csv(gone), false), 201)).totals.vanished, 1)
    await until(async () => (await merchants()).length === 55, 10000)
    assert.equal(await shopping(), 13)
    await well(bring(csv(firms), false), 201)
    await until(async () => (await merchants()).length === 56, 10000)
    assert.equal(await shopping(), 14)
  })
})
