// 北辰「先蜂骑手」: a rider's day, as docs/setups/beichen.md sets it up; the program and its files as they come.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, get, password, png, refused, report, serve, signIn, soon, until } from './harness.mjs'

const post = (server, path, token, json) => ask(server, 'POST', path, { token, json })
const put = (server, path, token, json) => ask(server, 'PUT', path, { token, json })
async function well(answer, status = 200) {
  const got = await answer
  assert.equal(got.status, status, got.text)
  return got.json
}
const told = async (server, token) => (await well(get(server, '/v1/me/inbox?limit=100', { token }))).messages.map((m) => m.verb)
const points = async (server, token, kind = 'service') => {
  const { pending, settled } = (await well(get(server, '/v1/me/points', { token }))).balances.find((b) => b.kind === kind)
  return [pending, settled]
}

/** The riders' union, the sub-district's desk, a noodle shop, and three riders. */
async function district(t) {
  const server = await serve(t), { data } = server.made, tokens = {}
  await addUser(data, 'union', password, '--role', 'branch_staff', '--area', '110199001')
  await addUser(data, 'desk', password, '--role', 'area_staff', '--area', '110199001')
  await addUser(data, 'noodles', password, '--role', 'handler', '--kind', 'reward', '--area', '110199001')
  for (const login of ['feng', 'lan', 'hua']) await addUser(data, login, password, '--role', 'rider')
  for (const login of ['union', 'desk', 'noodles', 'feng', 'lan', 'hua']) tokens[login] = await signIn(server, login)
  const area = (await get(server, '/v1/areas')).json.areas.find((a) => a.code === '110199001').id
  return { server, tokens, area }
}

async function serves({ server, tokens, area }, t) {
  const { union, desk, noodles, feng, lan } = tokens
  let sent

  await t.test('the code on the wall of the station leads to the union', async () => {
    const branch = await well(post(server, '/v1/branches', union, {
      name: '先蜂骑手工会', area_id: area, consent: '为办理入会，本会处理您的姓名与手机号，退会即删除。',
      fields: [{ code: 'name', label: '姓名', type: 'name', required: true }, { code: 'phone', label: '手机号', type: 'phone', required: true }] }), 201)
    assert.match((await get(server, `/v1/branches/${branch.id}/qr`, { token: union })).text, /^<svg /)
    const { form } = await well(get(server, `/v1/join/${branch.code}`))
    const answers = { name: '冯骑手', phone: '13800138000' }
    refused(await post(server, `/v1/join/${branch.code}`, feng, { form: form.version, consent: false, answers }), 400, 'consent')
    const asked = await well(post(server, `/v1/join/${branch.code}`, feng, { form: form.version, consent: true, answers }), 201)
    await well(post(server, `/v1/members/${asked.id}/approve`, union, { version: asked.version }))
    const [card] = (await well(get(server, '/v1/me/card', { token: feng }))).cards
    assert.equal(card.branch.name, '先蜂骑手工会')
  })

  await t.test('the nearest station that is open, and the way there', async () => {
    const { places } = await well(get(server, `/v1/places?near=${at(1, 1)}&category=rest_station&limit=3`))
    assert.ok(places.length && places[0].distance_m <= places.at(-1).distance_m)
    const route = await well(get(server, `/v1/route?from=${at(0, 0)}&to=${places[0].location}&profile=ebike&steps=true`))
    assert.ok(route.duration_s > 0 && route.legs[0].steps.length > 1, JSON.stringify(route))
  })

  await t.test('a missing manhole cover: seen first in full, seen too a little, good once it is closed', async () => {
    sent = await well(ask(server, 'POST', '/v1/reports', { token: feng, form: report([['description', '井盖丢了']], png(64, 48, 48, 7)) }), 201)
    await well(post(server, `/v1/reports/${sent.id}/join`, lan), 201)
    const read = () => well(get(server, `/v1/reports/${sent.id}`, { token: desk }))
    const move = async (state) => well(put(server, `/v1/reports/${sent.id}/state`, desk, { state, version: (await read()).version }))
    for (const state of ['accepted', 'filed']) await move(state)
    assert.deepEqual([await points(server, feng), await points(server, lan)], [[15, 0], [1, 0]])
    for (const state of ['dispatched', 'handling', 'handled', 'verifying']) await move(state)
    const proof = [['state', 'closed'], ['version', (await read()).version], ['photo', png(32, 32, 32, 9), 'a.png', 'image/png']]
    await well(ask(server, 'POST', `/v1/reports/${sent.id}/updates`, { token: desk, form: proof }), 201)
    assert.deepEqual([await points(server, feng), await points(server, lan)], [[0, 15], [0, 1]])
    await until(async () => (await told(server, feng)).includes('points.settled'), 10000)
    assert.ok((await told(server, feng)).includes('report.moved'))
  })

  await t.test('a crossing is kept safe: sign up, check in where it is, be confirmed, and it is told', async () => {
    const duty = await well(post(server, '/v1/activities', union, { kind: 'help', title: '早高峰护学岗', location: at(1, 1), area_id: area, seats: 5,
      from: soon(-60), to: soon(3600), sign_up_until: soon(1800), points: 10, state: 'open' }), 201)
    const mine = await well(post(server, `/v1/activities/${duty.id}/signup`, feng), 201)
    refused(await post(server, `/v1/me/signups/${mine.id}/check-in`, feng, { location: at(9, 9), accuracy_m: 10 }), 409)
    const here = await well(post(server, `/v1/me/signups/${mine.id}/check-in`, feng, { location: at(1, 1), accuracy_m: 10 }))
    await well(put(server, `/v1/activities/${duty.id}/signups/${mine.id}`, union, { state: 'confirmed', version: here.version, tally: [{ code: 'problems', number: 3 }] }))
    assert.deepEqual(await points(server, feng), [0, 25])
    const photo = await well(ask(server, 'POST', '/v1/pictures', { token: feng, form: [['photo', png(32, 24), 'a.png', 'image/png']] }), 201)
    const deed = await well(put(server, `/v1/me/signups/${mine.id}/deed`, feng, { words: '扶了一位老人过马路', name: '小冯', pictures: [photo.id] }))
    await well(put(server, `/v1/deeds/${deed.id}/published`, union, { published: true, version: deed.version }))
    const { deeds } = await well(get(server, '/v1/deeds?kind=help'))
    assert.deepEqual(deeds.map((d) => [d.words, d.name, d.pictures.length]), [['扶了一位老人过马路', '小冯', 1]])
    const { version } = await well(get(server, `/v1/activities/${duty.id}`, { token: union }))
    await well(put(server, `/v1/activities/${duty.id}/state`, union, { state: 'done', version }))
    const { total } = await well(get(server, `/v1/activities/tally?area=${area}`))
    assert.deepEqual([total.activities, total.confirmed, total.tally], [1, 1, [{ code: 'problems', label: total.tally[0].label, number: 3 }]])
  })

  await t.test('the ranking names who wants to be named, and nobody else', async () => {
    await well(put(server, '/v1/me/ranking', feng, { name: '小冯', hidden: false }))
    const { ranking } = await well(get(server, `/v1/points/ranking?period=week&kind=service&area=${area}`))
    assert.deepEqual(ranking.map((r) => [r.rank, r.points, r.name]), [[1, 25, '小冯'], [2, 1, null]])
  })

  await t.test('points become a bowl of noodles, once', async () => {
    const noodle = await well(post(server, '/v1/rewards', union, { name: '热汤面', kind: 'service', cost: 20, supply: 10, per_person: 1, area_id: area }), 201)
    refused(await post(server, `/v1/rewards/${noodle.id}/redeem`, lan), 409)
    const bowl = await well(post(server, `/v1/rewards/${noodle.id}/redeem`, feng), 201)
    const [one, two] = await Promise.all([0, 1].map(() => post(server, '/v1/redemptions/verify', noodles, { code: bowl.code })))
    assert.deepEqual([one.status, two.status].sort(), [200, 409])
    assert.deepEqual(await points(server, feng), [0, 5])
  })
}

async function isHelped({ server, tokens }) {
  const { union, desk, hua, lan } = tokens
  const [lon, lat] = at(1, 1)
  const form = [['kind', 'difficulty'], ['category', 'wages'], ['attribute[employer]', '某站点'], ['description', '两个月没发工资'], ['lon', lon], ['lat', lat]]
  const made = await well(ask(server, 'POST', '/v1/reports', { token: hua, form }), 201)
  for (const token of [undefined, lan, desk]) refused(await get(server, `/v1/reports/${made.id}`, { token }), 404)
  const read = async () => well(get(server, `/v1/reports/${made.id}`, { token: union }))
  const move = async (state, more = {}) => well(put(server, `/v1/reports/${made.id}/state`, union, { state, version: (await read()).version, ...more }))
  await move('accepted')
  await move('handling')
  await move('closed', { reason: '已由工会法律援助追回' })
  await well(put(server, `/v1/reports/${made.id}/state`, hua, { state: 'rated', rating: 5, version: (await read()).version }))
  assert.deepEqual(await points(server, hua), [0, 0], 'asking for help brings nothing that others could see')
  await until(async () => (await told(server, hua)).includes('report.moved'), 10000)
  const { messages } = await well(get(server, '/v1/me/inbox', { token: hua }))
  assert.ok(!JSON.stringify(messages).includes('工资'), 'what lies in the inbox does not say what it was about')
}

async function learnsAndSpeaks({ server, tokens, area }) {
  const { union, feng, lan } = tokens
  const news = await well(post(server, '/v1/posts', union, { kind: 'news', title: '高温津贴这样领', body: '到**任一驿站**登记。', area_ids: [area] }), 201)
  const lesson = await well(post(server, '/v1/posts', union, { kind: 'lesson', title: '雨天骑行', body: '先减速。', area_ids: [area], tries: 2, pass: 100, points: 10,
    questions: [{ type: 'true_false', text: '电池可以进楼充电。', answer: ['false'], feedback: '会起火。' }] }), 201)
  const unread = async () => (await well(get(server, `/v1/posts?area=${area}&unread=true`, { token: feng }))).posts.map((p) => p.id)
  assert.deepEqual(await unread(), [lesson.id, news.id])
  await ask(server, 'POST', `/v1/posts/${news.id}/read`, { token: feng })
  assert.deepEqual(await unread(), [lesson.id])
  const attempt = (choice) => post(server, `/v1/posts/${lesson.id}/attempts`, feng, { answers: [{ choices: [choice] }] })
  assert.deepEqual((await well(attempt('true'), 201)).questions, [{ right: false, feedback: '会起火。' }])
  assert.equal((await well(attempt('false'), 201)).points, 10)
  assert.deepEqual(await points(server, feng, 'learning'), [0, 10])

  const said = await well(ask(server, 'POST', '/v1/reports', { token: feng, form: [['kind', 'opinion'], ['category', 'conditions'], ['area_id', area], ['description', '驿站晚点关门']] }), 201)
  const version = async () => (await well(get(server, `/v1/reports/${said.id}`, { token: union }))).version
  await well(put(server, `/v1/reports/${said.id}/state`, union, { state: 'accepted', unit: '驿站管理组', version: await version() }))
  const shown = (await well(get(server, '/v1/proposals?kind=opinion'))).proposals.find((p) => p.id === said.id)
  assert.deepEqual([shown.supports, shown.supported], [0, undefined])
  const now = await well(put(server, `/v1/reports/${said.id}/support`, lan, { edition: shown.edition }))
  assert.deepEqual([now.supports, now.supported], [1, true])
}

test('a rider’s day with the union', async (t) => {
  const scene = await district(t)
  await t.test('joins by scan, finds a place to rest, reports, earns, and eats', (t) => serves(scene, t))
  await t.test('in difficulty finds the union, and nobody else reads of it', () => isHelped(scene))
  await t.test('reads the news, passes a lesson, and says what others stand behind', () => learnsAndSpeaks(scene))
})
