// Activities over HTTP: published, listed by time and by distance, changed, cancelled; signed up for, seats, waiting list.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, another, ask, at, everybody, get, password, png, refused, signIn, soon } from './harness.mjs'

const post = (server, path, token, json, key) => ask(server, 'POST', path, { token, json, headers: key ? { 'Idempotency-Key': key } : {} })
const put = (server, path, token, json) => ask(server, 'PUT', path, { token, json })
const terms = (more) => ({ kind: 'help', title: '路口疏导', location: at(1, 1), from: soon(7200), to: soon(10800), seats: 2, state: 'open', ...more })
const rows = (server, sql) => JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', join(server.made.data, 'yizhan.db'), sql]).toString().trim() || '[]')
/** What somebody was told, the latest first. */
const inbox = (server, login) => rows(server, `SELECT verb FROM inbox_messages WHERE person_id = (SELECT id FROM people WHERE login = '${login}') ORDER BY id DESC`).map((m) => m.verb)

async function scene(t) {
  const { server, tokens } = await everybody(t)
  const data = server.made.data, areas = (await get(server, '/v1/areas')).json.areas
  await addUser(data, 'branch', password, '--role', 'branch_staff', '--area', '110199001')
  for (const name of ['wang', 'li', 'zhao']) await addUser(data, name, password, '--role', 'rider')
  for (const name of ['branch', 'wang', 'li', 'zhao']) tokens[name] = await signIn(server, name)
  return { server, tokens, area: (code) => areas.find((a) => a.code === code).id }
}
async function publish(server, token, more) {
  const made = await post(server, '/v1/activities', token, terms(more))
  assert.equal(made.status, 201, made.text)
  return made.json
}
const signUp = (server, token, activity, key) => post(server, `/v1/activities/${activity.id}/signup`, token, undefined, key)

test('what is wrong with one is told, and who may not publish does not', async (t) => {
  const { server, tokens, area } = await scene(t)
  const { branch, rider } = tokens
  refused(await post(server, '/v1/activities', rider, terms()), 403)
  refused(await post(server, '/v1/activities', undefined, terms()), 401)
  refused(await post(server, '/v1/activities', branch, terms({ location: at(5, 5) })), 403)
  refused(await post(server, '/v1/activities', branch, terms({ location: undefined })), 403)
  refused(await post(server, '/v1/activities', branch, terms({ kind: 'party' })), 400)
  refused(await post(server, '/v1/activities', branch, terms({ to: soon(3600) })), 400)
  refused(await post(server, '/v1/activities', branch, terms({ points: 51 })), 400)
  refused(await post(server, '/v1/activities', branch, terms({ kind: 'market', points: 1 })), 400)
  refused(await post(server, '/v1/activities', branch, terms({ from: 'tomorrow' })), 400, 'from')
  refused(await post(server, '/v1/activities', branch, terms({ title: '' })), 400, 'title')
  refused(await post(server, '/v1/activities', branch, terms({ place_id: 1 })), 400, 'location')
  refused(await post(server, '/v1/activities', branch, terms({ location: undefined, place_id: 999999 })), 400, 'place_id')
  refused(await post(server, '/v1/activities', branch, terms({ area_id: area('110199001'), branch_id: 77 })), 400)
  const union = await post(server, '/v1/branches', tokens.admin, { name: '东街道工会', area_id: area('110199002'), consent: '为办理入会，本会处理您的姓名，退会即删除。', fields: [] })
  assert.equal(union.status, 201, union.text)
  refused(await post(server, '/v1/activities', branch, terms({ branch_id: union.json.id })), 403)
  const own = await publish(server, branch, { state: 'draft' })
  refused(await put(server, `/v1/activities/${own.id}`, branch, { ...terms({ branch_id: union.json.id, version: own.version }), state: undefined }), 403)
  refused(await post(server, '/v1/activities', branch, terms({ state: 'done' })), 400, 'state')
  refused(await post(server, '/v1/activities', branch, terms({ pictures: ['nothing'] })), 400)
})

test('staff publish what riders find by time, kind, area and distance', async (t) => {
  const { server, tokens, area } = await scene(t)
  const { branch, rider, east, admin } = tokens
  const kinds = (await get(server, '/v1/activities/kinds')).json.kinds
  assert.deepEqual(kinds.map((k) => k.kind), ['clinic', 'duty', 'help', 'market', 'salon', 'visit'])
  assert.deepEqual((await get(server, '/v1/activities')).json, { activities: [], next: null })

  const key = 'a-key-of-some-length', same = terms(), made = await post(server, '/v1/activities', branch, same, key)
  assert.equal(made.status, 201, made.text)
  assert.deepEqual((await post(server, '/v1/activities', branch, same, key)).json, made.json)
  refused(await post(server, '/v1/activities', branch, terms({ title: '另一个' }), key), 422)
  assert.deepEqual([made.json.area_id, made.json.points, made.json.points_kind, made.json.taken], [area('110199001'), 10, 'service', 0])
  const places = (await get(server, `/v1/places?near=${at(4, 4)}&limit=1`)).json.places
  const market = await publish(server, admin, { kind: 'market', title: '大集', location: undefined, place_id: places[0].id, from: soon(3600), seats: 0 })
  assert.deepEqual([market.place, market.area_id], [{ id: places[0].id, name: '西门驿站' }, area('110199002')])
  const far = await publish(server, admin, { location: at(40, 0), area_id: area('110199') })
  const draft = await publish(server, branch, { state: 'draft', title: '草稿' })

  const titles = async (query, token) => (await get(server, `/v1/activities?${query}`, { token })).json.activities.map((a) => a.id)
  assert.deepEqual(await titles(''), [market.id, made.json.id, far.id])
  assert.deepEqual(await titles('is=event'), [market.id])
  assert.deepEqual(await titles('kind=help'), [made.json.id, far.id])
  assert.deepEqual(await titles('kind=help&is=event'), [])
  assert.deepEqual(await titles(`area=${area('110199001')}`), [made.json.id])
  assert.deepEqual(await titles(`area=${area('110199')}`), [market.id, made.json.id, far.id])
  assert.deepEqual(await titles(`to=${soon(5400)}`), [market.id])
  assert.deepEqual(await titles(`from=${soon(20000)}`), [])
  assert.deepEqual(await titles('state=draft', branch), [draft.id])
  assert.deepEqual(await titles('state=draft', east), [])
  assert.deepEqual(await titles('state=draft', admin), [draft.id])
  refused(await get(server, '/v1/activities?state=draft'), 401)
  refused(await get(server, '/v1/activities?state=draft', { token: rider }), 403)
  refused(await get(server, '/v1/activities?state=lost'), 400, 'state')
  refused(await get(server, '/v1/activities?kind=party'), 400, 'kind')
  refused(await get(server, '/v1/activities?area=999'), 400, 'area')
  refused(await get(server, '/v1/activities?within=10'), 400, 'within')
  refused(await get(server, `/v1/activities/${draft.id}`), 404)
  refused(await get(server, `/v1/activities/${draft.id}`, { token: east }), 404)
  assert.equal((await get(server, `/v1/activities/${draft.id}`, { token: branch })).json.title, '草稿')
  refused(await signUp(server, rider, draft), 404)

  const near = (await get(server, `/v1/activities?near=${at(1, 2)}&within=1000&limit=1`)).json
  assert.deepEqual([near.activities[0].id, Math.round(near.activities[0].distance_m)], [made.json.id, 222])
  const then = (await get(server, near.next)).json
  assert.deepEqual([then.activities.map((a) => a.id), then.next], [[market.id], null])
  const page = (await get(server, '/v1/activities?limit=2')).json
  assert.deepEqual((await get(server, page.next)).json.activities.map((a) => a.id), [far.id])
  const gcj = (await get(server, `/v1/activities/${made.json.id}?crs=gcj02`)).json
  assert.equal(gcj.crs, 'gcj02')
  assert.ok(Math.abs(gcj.location[0] - at(1, 1)[0] - 0.0062) < 0.001)
})

test('those that have a position stand on a map, and near a point with the distance', async (t) => {
  const { server, tokens, area } = await scene(t), { branch, admin } = tokens
  const help = await publish(server, branch), market = await publish(server, branch, { kind: 'market', location: at(1, 3) }), far = await publish(server, admin, { location: at(5, 5) })
  const nowhere = await publish(server, branch, { location: undefined, area_id: area('110199001') })
  const map = async (path) => {
    const answer = await get(server, path)
    assert.equal(answer.type, 'application/geo+json')
    return JSON.parse(answer.text)
  }
  const layer = await map(`/v1/activities?format=geojson&near=${at(1, 0)}&within=700`), [f] = layer.features
  assert.deepEqual([layer.type, layer.crs, layer.features.map((one) => one.id)], ['FeatureCollection', 'wgs84', [help.id, market.id]])
  assert.deepEqual([f.type, f.geometry, f.properties.title, f.properties.is, f.properties.state], ['Feature', { type: 'Point', coordinates: help.location }, help.title, 'task', 'open'])
  assert.ok(f.properties.distance_m > 200 && f.properties.distance_m < 240 && layer.features[1].properties.distance_m > 600, JSON.stringify(layer))
  assert.ok((await get(server, '/v1/activities')).json.activities.some((a) => a.id === nowhere.id))
  const one = await map('/v1/activities?format=geojson&limit=1'), rest = await map(one.next.replace('limit=1', 'limit=1000'))
  assert.deepEqual([...one.features, ...rest.features].map((a) => a.id), [help.id, market.id, far.id], 'what has no position is on no map')
  const moved = await map('/v1/activities?format=geojson&crs=gcj02&limit=1')
  assert.deepEqual([moved.crs, Math.abs(moved.features[0].geometry.coordinates[0] - help.location[0]) > 0.003], ['gcj02', true])
  refused(await get(server, '/v1/activities?format=kml'), 400, 'format')
  refused(await get(server, '/v1/activities?limit=101'), 400, 'limit')
  refused(await get(server, '/v1/activities?state=draft&format=geojson'), 401)
})

test('who signs up has a seat or waits for one, and moves up when somebody does not come', async (t) => {
  const { server, tokens } = await scene(t)
  const { branch, rider, wang, li, zhao } = tokens
  const activity = await publish(server, branch)
  refused(await signUp(server, undefined, activity), 401)
  refused(await signUp(server, rider, { id: 999 }), 404)
  const first = await signUp(server, rider, activity, 'once'), again = await signUp(server, rider, activity, 'once')
  assert.equal(first.status, 201, first.text)
  assert.deepEqual(again.json, first.json)
  refused(await signUp(server, rider, activity), 409)
  assert.equal((await signUp(server, wang, activity)).json.state, 'signed')
  const third = (await signUp(server, li, activity)).json, fourth = (await signUp(server, zhao, activity)).json
  assert.deepEqual([third.state, third.ahead, fourth.state, fourth.ahead], ['waiting', 0, 'waiting', 1])
  const now = (await get(server, `/v1/activities/${activity.id}`, { token: li })).json
  assert.deepEqual([now.taken, now.waiting, now.mine.state], [2, 2, 'waiting'])
  assert.equal((await get(server, `/v1/activities/${activity.id}`)).json.mine, undefined)
  refused(await get(server, `/v1/me/signups/${third.id}`, { token: zhao }), 404)
  refused(await post(server, `/v1/me/signups/${third.id}/cancel`, zhao), 404)

  const cancel = () => post(server, `/v1/me/signups/${first.json.id}/cancel`, rider)
  const both = await Promise.all([cancel(), cancel()])
  assert.deepEqual(both.map((a) => [a.status, a.json.state]), [[200, 'cancelled'], [200, 'cancelled']])
  assert.equal((await get(server, `/v1/me/signups/${third.id}`, { token: li })).json.state, 'signed')
  assert.deepEqual((await get(server, `/v1/me/signups/${fourth.id}`, { token: zhao })).json.ahead, 0)
  assert.deepEqual(inbox(server, 'li'), ['activity.seated'])
  const back = (await signUp(server, rider, activity)).json
  assert.deepEqual([back.state, back.ahead], ['waiting', 1])

  refused(await put(server, `/v1/activities/${activity.id}`, branch, { ...terms({ seats: 1, version: 1 }), state: undefined }), 409)
  refused(await put(server, `/v1/activities/${activity.id}`, branch, { ...terms({ points: 5, version: 1 }), state: undefined }), 409)
  refused(await put(server, `/v1/activities/${activity.id}`, branch, { ...terms({ kind: 'visit', version: 1 }), state: undefined }), 409)
  const more = await put(server, `/v1/activities/${activity.id}`, branch, { ...terms({ seats: 3, from: activity.from, to: activity.to, version: 1 }), state: undefined })
  assert.deepEqual([more.json.taken, more.json.waiting, more.json.version], [3, 1, 2], more.text)
  assert.deepEqual(inbox(server, 'zhao'), ['activity.seated'])
  refused(await put(server, `/v1/activities/${activity.id}`, branch, { ...terms({ version: 1 }), state: undefined }), 409)
  const later = await put(server, `/v1/activities/${activity.id}`, branch, { ...terms({ seats: 3, from: soon(9000), to: activity.to, version: 2 }), state: undefined })
  assert.equal(later.status, 200, later.text)
  assert.deepEqual(inbox(server, 'rider'), ['activity.changed'], 'who waits is told of another time, too')

  const list = (await get(server, '/v1/me/signups?limit=1', { token: rider })).json
  assert.deepEqual(list.signups.map((s) => [s.state, s.activity.title]), [['waiting', '路口疏导']])
  assert.deepEqual((await get(server, list.next, { token: rider })).json.signups.map((s) => s.state), ['cancelled'])
  assert.deepEqual((await get(server, '/v1/me/signups?state=cancelled', { token: rider })).json.signups.length, 1)

  const state = (to, version, more) => put(server, `/v1/activities/${activity.id}/state`, branch, { state: to, version, ...more })
  refused(await state('done', 3), 409)
  assert.equal((await state('closed', 3)).json.state, 'closed')
  refused(await signUp(server, tokens.admin, activity), 409)
  refused(await state('cancelled', 4), 400)
  refused(await put(server, `/v1/activities/${activity.id}/state`, tokens.east, { state: 'open', version: 4 }), 403)
  const off = await state('cancelled', 4, { reason: '暴雨' })
  assert.deepEqual([off.json.state, off.json.reason, off.json.taken, off.json.waiting], ['cancelled', '暴雨', 0, 0])
  assert.ok((inbox(server, 'wang')).includes('activity.cancelled'))
  refused(await state('open', 5), 409)
  assert.deepEqual((await get(server, '/v1/activities?state=cancelled')).json.activities.map((a) => a.id), [activity.id])
})

test('without a waiting list what is full is full, a draft can be deleted, and pictures are shown', async (t) => {
  const { server, tokens } = await scene(t)
  const { branch, rider, wang } = tokens
  const picture = await ask(server, 'POST', '/v1/pictures', { token: branch, form: [['photo', png(32, 24), 'a.png', 'image/png']] })
  assert.equal(picture.status, 201, picture.text)
  const market = await publish(server, branch, { kind: 'market', seats: 1, pictures: [picture.json.id] })
  assert.deepEqual(market.pictures.map((p) => p.id), [picture.json.id])
  assert.equal((await get(server, market.pictures[0].url)).status, 200)
  const plan = await ask(server, 'POST', '/v1/pictures', { token: branch, form: [['photo', png(32, 24), 'a.png', 'image/png']] })
  const planned = await publish(server, branch, { state: 'draft', pictures: [plan.json.id] })
  for (const token of [undefined, rider]) refused(await get(server, plan.json.url, { token }), 404)
  assert.equal((await get(server, plan.json.url, { token: tokens.admin })).status, 200)
  assert.equal((await put(server, `/v1/activities/${planned.id}/state`, branch, { state: 'open', version: planned.version })).status, 200)
  assert.equal((await get(server, plan.json.url)).status, 200)
  assert.equal((await signUp(server, rider, market)).json.state, 'signed')
  refused(await signUp(server, wang, market), 409)

  const draft = await publish(server, branch, { state: 'draft' })
  const remove = (activity, version) => ask(server, 'DELETE', `/v1/activities/${activity.id}?version=${version}`, { token: branch })
  refused(await remove(market, 1), 409)
  refused(await remove(draft, 2), 409)
  refused(await ask(server, 'DELETE', `/v1/activities/${draft.id}`, { token: branch }), 400, 'version')
  assert.equal((await remove(draft, 1)).status, 204)
  refused(await get(server, `/v1/activities/${draft.id}`, { token: branch }), 404)

  const ended = await publish(server, branch, { sign_up_until: soon(-60) })
  refused(await signUp(server, rider, ended), 409)
})

test('seats are never exceeded, whoever comes at once', async (t) => {
  const { server, tokens } = await scene(t)
  const { branch } = tokens, clients = 64, seats = 20
  const people = await ask(server, 'GET', '/v1/me', { token: tokens.admin })
  assert.equal(people.status, 200)
  const names = Array.from({ length: clients }, (_, i) => `one${i}`)
  for (const login of names) {
    const made = await post(server, '/v1/people', tokens.admin, { login, password, role: 'rider' })
    assert.equal(made.status, 201, made.text)
  }
  const riders = []
  for (const name of names) riders.push(await signIn(server, name))
  for (const [kind, waits] of [['help', true], ['market', false]]) {
    const activity = await publish(server, branch, { kind, seats })
    const answers = await Promise.all(riders.map((token) => ask(server, 'POST', `/v1/activities/${activity.id}/signup`, { token, from: another() })))
    const states = answers.map((a) => a.json.state ?? a.status)
    assert.equal(states.filter((s) => s === 'signed').length, seats)
    assert.equal(states.filter((s) => s === (waits ? 'waiting' : 409)).length, clients - seats)
    // Half of all give up at once, while as many sign up again: no seat is lost, none is there twice.
    const giveUp = answers.filter((a, i) => a.status === 201 && i % 2 === 0)
    await Promise.all([
      ...giveUp.map((a) => post(server, `/v1/me/signups/${a.json.id}/cancel`, riders[answers.indexOf(a)])),
      ...riders.map((token) => ask(server, 'POST', `/v1/activities/${activity.id}/signup`, { token, from: another() })),
    ])
    const now = (await get(server, `/v1/activities/${activity.id}`)).json
    const mine = await Promise.all(riders.map(async (token) => (await get(server, `/v1/activities/${activity.id}`, { token })).json.mine?.state))
    assert.ok(now.taken <= seats, `${now.taken} of ${seats}`)
    assert.equal(mine.filter((s) => s === 'signed').length, now.taken)
    assert.equal(mine.filter((s) => s === 'waiting').length, now.waiting)
    if (waits) assert.ok(now.taken === seats, 'who waits has the seats that were given up')
  }
})

test('who leaves gives the seat back, and all that is kept of it is told before', async (t) => {
  const { server, tokens } = await scene(t)
  const { branch, rider, wang, admin } = tokens, activity = await publish(server, branch, { seats: 1 })
  const person = (await get(server, '/v1/me', { token: rider })).json.id
  const mine = (await signUp(server, rider, activity, 'once')).json, next = (await signUp(server, wang, activity)).json
  const out = (await get(server, '/v1/me/export', { token: rider })).json.signups
  assert.deepEqual([out.signups.map((s) => s.id), out.next], [[mine.id], null])
  refused(await ask(server, 'DELETE', '/v1/me', { token: branch }), 409)
  assert.equal((await post(server, '/v1/points', admin, { person, kind: 'service', amount: 5, reason: '扫雪' }, 'once')).status, 201)
  const kept = () => rows(server, `SELECT key FROM idempotency WHERE scope LIKE '% ${person}' OR instr(CAST(answer AS TEXT), '"person":${person},')`)
  assert.equal(kept().length, 2)
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  assert.deepEqual(kept(), [], 'no kept answer tells whose it was')
  assert.equal((await get(server, `/v1/me/signups/${next.id}`, { token: wang })).json.state, 'signed')
  assert.deepEqual(rows(server, `SELECT person_id, made_ms % 86400000 AS ms, state FROM activity_signups WHERE public_id = '${mine.id}'`), [{ person_id: null, ms: 0, state: 'cancelled' }])
})
