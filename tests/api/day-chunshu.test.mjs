// 椿树街道: 服务积分, 学习积分 and 文化认同, as docs/setups/chunshu.md sets them up; the program and its files as they come.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, get, password, png, refused, report, serve, signIn, soon } from './harness.mjs'

const post = (server, path, token, json) => ask(server, 'POST', path, { token, json })
const put = (server, path, token, json) => ask(server, 'PUT', path, { token, json })
async function well(answer, status = 200) {
  const got = await answer
  assert.equal(got.status, status, got.text)
  return got.json
}

test('a rider serves, learns and belongs: two kinds of points, a series of pictures, one gift for each', async (t) => {
  const server = await serve(t), { data } = server.made, tokens = {}
  await addUser(data, 'street', password, '--role', 'area_lead', '--area', '110199001')
  await addUser(data, 'shop', password, '--role', 'handler', '--kind', 'reward', '--area', '110199001')
  for (const login of ['xie', 'ma']) await addUser(data, login, password, '--role', 'rider')
  for (const login of ['street', 'shop', 'xie', 'ma']) tokens[login] = await signIn(server, login)
  const { street, shop, xie, ma } = tokens
  const area = (await get(server, '/v1/areas')).json.areas.find((a) => a.code === '110199001').id
  const balance = async (token) => Object.fromEntries((await well(get(server, '/v1/me/points', { token }))).balances.map((b) => [b.kind, b.settled]))
  const ranked = async (kind) => (await well(get(server, `/v1/points/ranking?period=year&kind=${kind}&area=${area}`))).ranking.map((r) => [r.name, r.points])
  let gifts

  await t.test('service: a report that was put right, a neighbour who was visited', async () => {
    const sent = await well(ask(server, 'POST', '/v1/reports', { token: xie, form: report([], png(64, 48, 48, 21)) }), 201)
    const version = async () => (await well(get(server, `/v1/reports/${sent.id}`, { token: street }))).version
    for (const state of ['accepted', 'filed', 'dispatched', 'handling', 'handled', 'verifying'])
      await well(put(server, `/v1/reports/${sent.id}/state`, street, { state, version: await version() }))
    await well(ask(server, 'POST', `/v1/reports/${sent.id}/updates`, { token: street,
      form: [['state', 'closed'], ['version', await version()], ['photo', png(32, 32, 32, 22), 'a.png', 'image/png']] }), 201)
    const visit = await well(post(server, '/v1/activities', street, { kind: 'visit', title: '走访独居老人', location: at(1, 1), area_id: area,
      from: soon(-60), to: soon(3600), sign_up_until: soon(1800), state: 'open' }), 201)
    for (const [token, visits] of [[xie, 4], [ma, 2]]) {
      const mine = await well(post(server, `/v1/activities/${visit.id}/signup`, token), 201)
      await well(put(server, `/v1/activities/${visit.id}/signups/${mine.id}`, street, { state: 'confirmed', version: mine.version, tally: [{ code: 'visits', number: visits }] }))
    }
    assert.deepEqual([await balance(xie), await balance(ma)], [{ learning: 0, service: 30 }, { learning: 0, service: 15 }])
    assert.deepEqual((await well(get(server, `/v1/activities/tally?area=${area}&kind=visit`))).total.tally.map((n) => [n.code, n.number]), [['visits', 6]])
  })

  await t.test('learning: a lesson once, however often it is tried; who fails has another try and no points', async () => {
    const lesson = await well(post(server, '/v1/posts', street, { kind: 'lesson', title: '椿树的胡同', body: '## 东椿树胡同\n\n因**椿树**得名。', area_ids: [area],
      questions: [{ type: 'single', text: '椿树街道因何得名？', options: ['椿树', '柳树'], answer: ['a'], feedback: '街里有椿树。' },
        { type: 'multiple', text: '哪些在椿树街道？', options: ['安徽会馆', '故宫', '正乙祠'], answer: ['a', 'c'], feedback: '会馆与戏楼。' }], tries: 3, pass: 100 }), 201)
    const attempt = (token, ...answers) => post(server, `/v1/posts/${lesson.id}/attempts`, token, { answers: answers.map((choices) => ({ choices })) })
    const first = await well(attempt(ma, ['a'], ['a', 'b']), 201)
    assert.deepEqual([first.passed, first.points, first.questions.map((q) => q.right)], [false, 0, [true, false]])
    assert.deepEqual([(await well(attempt(ma, ['a'], ['a', 'c']), 201)).points, (await well(attempt(xie, ['a'], ['c', 'a']), 201)).points], [10, 10])
    refused(await attempt(xie, ['a'], ['a', 'c']), 409)
    assert.deepEqual([await balance(xie), await balance(ma)], [{ learning: 10, service: 30 }, { learning: 10, service: 15 }])
    const { quiz } = await well(get(server, `/v1/posts/${lesson.id}/figures`, { token: street }))
    assert.deepEqual([quiz.people, quiz.attempts, quiz.passed, quiz.first_right], [2, 3, 2, [2, 1]])
  })

  await t.test('belonging: 椿树小谢 in pictures, and a deed that stands beside them by the name that its owner chose', async () => {
    const bring = async (token, shade) => (await well(ask(server, 'POST', '/v1/pictures', { token, form: [['photo', png(32, 24, 24, shade), 'a.png', 'image/png']] }), 201)).id
    const pictures = [await bring(street, 40), await bring(street, 80)]
    const series = (more) => ({ kind: 'series', title: '椿树小谢的一天', author: '椿树小谢', area_ids: [area], pinned: true, ...more })
    refused(await post(server, '/v1/posts', street, series({})), 400)
    const shown = await well(post(server, '/v1/posts', street, series({ pictures, body: `![清晨](/v1/pictures/${pictures[0]}/middle)` })), 201)
    assert.match(shown.html, /<img src="\/v1\/pictures\/\w{22}\/middle" alt="清晨" \/>/)
    const { posts } = await well(get(server, `/v1/posts?area=${area}`))
    assert.deepEqual([posts[0].id, posts[0].author], [shown.id, '椿树小谢'])
    const read = await well(get(server, `/v1/posts/${shown.id}`))
    assert.deepEqual(read.pictures.map((p) => p.id), pictures)
    assert.equal((await get(server, read.pictures[1].url)).status, 200)
    const { signups } = await well(get(server, '/v1/me/signups', { token: xie }))
    const deed = await well(put(server, `/v1/me/signups/${signups[0].id}/deed`, xie, { words: '给王奶奶换了灯泡', name: '小谢' }))
    assert.deepEqual((await well(get(server, '/v1/deeds'))).deeds, [])
    await well(put(server, `/v1/deeds/${deed.id}/published`, street, { published: true, version: deed.version }))
    assert.deepEqual((await well(get(server, '/v1/deeds'))).deeds.map((d) => [d.name, d.words]), [['小谢', '给王奶奶换了灯泡']])
  })

  await t.test('a year’s rankings by kind; who hides stands there without a name', async () => {
    await well(put(server, '/v1/me/ranking', xie, { name: '小谢', hidden: false }))
    await well(put(server, '/v1/me/ranking', ma, { name: '老马', hidden: true }))
    assert.deepEqual(await ranked('service'), [['小谢', 30], [null, 15]])
    assert.deepEqual((await ranked('learning')).map(([, n]) => n), [10, 10])
  })

  await t.test('one gift for service, one for learning; neither is paid with the other, and the last one goes once', async () => {
    const offer = (kind, name, cost) => well(post(server, '/v1/rewards', street, { kind, name, cost, supply: 1, area_id: area }), 201)
    gifts = { check: await offer('service', '体检', 15), book: await offer('learning', '《椿树记忆》', 10) }
    const redeem = (token, gift) => post(server, `/v1/rewards/${gift.id}/redeem`, token)
    const both = await Promise.all([redeem(xie, gifts.check), redeem(ma, gifts.check)])
    assert.deepEqual(both.map((a) => a.status).sort(), [201, 409])
    const got = await Promise.all([redeem(xie, gifts.book), redeem(ma, gifts.book)])
    assert.deepEqual(got.map((a) => a.status).sort(), [201, 409])
    const { code } = got.find((a) => a.status === 201).json
    assert.equal((await well(post(server, '/v1/redemptions/verify', shop, { code }))).reward.name, '《椿树记忆》')
    refused(await post(server, '/v1/redemptions/verify', shop, { code }), 409)
    const sum = [await balance(xie), await balance(ma)].reduce((n, b) => n + b.service + b.learning, 0)
    assert.equal(sum, 30 + 15 + 10 + 10 - 15 - 10)
  })
})
