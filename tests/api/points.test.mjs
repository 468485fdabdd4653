// Points over HTTP: they wait, are good, are taken back; the statement, the ranking, what speaks against them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, everybody, get, password, png, refused, report, signIn } from './harness.mjs'

let shade = 0
const send = async (server, token, more = [], spot) => {
  const form = report(more, png(64, 48, 48, shade++)).map((field) =>
    spot && field[0] === 'lon' ? ['lon', spot[0]] : spot && field[0] === 'lat' ? ['lat', spot[1]] : field)
  const answer = await ask(server, 'POST', '/v1/reports', { token, form })
  assert.equal(answer.status, 201, answer.text)
  return answer.json
}
const version = async (server, token, made) => (await get(server, `/v1/reports/${made.id}`, { token })).json.version
async function move(server, token, made, ...states) {
  for (const state of states) {
    const json = { state, version: await version(server, token, made), reason: '原因' }
    const answer = state === 'closed'
      ? await ask(server, 'POST', `/v1/reports/${made.id}/updates`, { token, form: [['state', state], ['version', json.version], ['photo', png(32, 32, 32, shade++), 'a.png', 'image/png']] })
      : await ask(server, 'PUT', `/v1/reports/${made.id}/state`, { token, json })
    assert.ok(answer.status < 202, answer.text)
  }
}
const toClosed = ['dispatched', 'handling', 'handled', 'verifying', 'closed']
const mine = async (server, token) => (await get(server, '/v1/me/points', { token })).json
const balance = async (server, token, kind = 'service') => {
  const { settled, pending, owed } = (await mine(server, token)).balances.find((b) => b.kind === kind)
  return [pending, settled, owed]
}

test('a rider reads where points come from: they wait, are good, and are taken back', async (t) => {
  const { server, tokens } = await everybody(t)
  const { rider, west, admin } = tokens
  const rules = (await get(server, '/v1/points/rules')).json.points
  assert.deepEqual(rules.map((r) => r.kind), ['learning', 'service'])
  assert.equal(rules[1].cases[0].categories.manhole, 15)
  assert.deepEqual((await mine(server, rider)).entries, [])
  const one = await send(server, rider), nobody = await send(server)
  await addUser(server.made.data, 'joiner', password, '--role', 'rider')
  const joiner = await signIn(server, 'joiner')
  await ask(server, 'POST', `/v1/reports/${one.id}/join`, { token: joiner })
  await move(server, west, one, 'accepted', 'filed')
  await move(server, west, nobody, 'accepted', 'filed')
  assert.deepEqual(await balance(server, rider), [15, 0, 0])
  assert.deepEqual(await balance(server, joiner), [1, 0, 0])
  await move(server, west, one, ...toClosed)
  assert.deepEqual(await balance(server, rider), [0, 15, 0])
  const { entries } = await mine(server, rider)
  assert.deepEqual(entries.map((e) => [e.phase, e.amount, e.share, e.source.report]), [['settled', 15, 'reporter', one.id], ['pending', 15, 'reporter', one.id]])
  assert.equal(entries[0].of, entries[1].id)
  const reopened = await ask(server, 'PUT', `/v1/reports/${one.id}/state`, { token: rider, json: { state: 'reopened', version: await version(server, rider, one), reason: '还是没有井盖' } })
  assert.equal(reopened.status, 200, reopened.text)
  await move(server, west, one, 'accepted', 'rejected')
  assert.deepEqual(await balance(server, rider), [0, 0, 0])
  assert.deepEqual(await balance(server, joiner), [0, 0, 0])
  const pages = []
  for (let path = '/v1/me/points?limit=2&kind=service'; path; ) {
    const page = (await get(server, path, { token: rider })).json
    pages.push(...page.entries)
    path = page.next
  }
  assert.deepEqual(pages.map((e) => e.amount), [-15, 15, 15])
  refused(await get(server, '/v1/me/points'), 401)
  refused(await get(server, '/v1/me/points?kind=gold', { token: rider }), 400, 'kind')
  const ledger = (await get(server, `/v1/points?report=${one.id}`, { token: admin })).json
  assert.equal(ledger.entries.length, 6)
  assert.ok(ledger.entries.every((e) => e.person))
})

test('points are given and taken by hand, with a reason, once, and where one may', async (t) => {
  const { server, tokens } = await everybody(t)
  await addUser(server.made.data, 'lead', password, '--role', 'area_lead', '--area', '110199001')
  const lead = await signIn(server, 'lead'), { rider, admin } = tokens
  const person = (await get(server, '/v1/me', { token: rider })).json.id, staff = (await get(server, '/v1/me', { token: tokens.west })).json.id
  const areas = (await get(server, '/v1/areas')).json.areas, area = (code) => areas.find((a) => a.code === code).id
  const gift = { person, kind: 'learning', amount: 20, area_id: area('110199001'), reason: '急救培训' }
  const give = (token, json, key) => ask(server, 'POST', '/v1/points', { token, json, headers: key ? { 'Idempotency-Key': key } : {} })
  const first = await give(lead, gift, 'a'), again = await give(lead, gift, 'a')
  assert.equal(first.status, 201, first.text)
  assert.deepEqual(again.json, first.json)
  assert.deepEqual((await get(server, first.headers.location, { token: lead })).json, first.json)
  refused(await give(lead, { ...gift, amount: 21 }, 'a'), 422, 'Idempotency-Key')
  refused(await give(lead, { ...gift, amount: 101 }), 400)
  refused(await give(lead, { ...gift, kind: 'gold' }), 400)
  refused(await give(lead, { ...gift, area_id: area('110199002') }), 403)
  refused(await give(lead, { ...gift, area_id: undefined }), 403)
  refused(await give(tokens.west, gift), 403)
  refused(await give(admin, { ...gift, person: staff }), 400)
  refused(await give(admin, { ...gift, person: 99999 }), 400)
  refused(await give(admin, { ...gift, reason: '' }), 400, 'reason')
  assert.deepEqual(await balance(server, rider, 'learning'), [0, 20, 0])
  assert.equal((await mine(server, rider)).entries[0].reason, '急救培训')
  assert.equal((await mine(server, rider)).entries[0].by, undefined)
  const reverse = (id, token = lead, json = { reason: '没有参加' }) => ask(server, 'POST', `/v1/points/${id}/reverse`, { token, json })
  refused(await reverse(first.json.id, tokens.west), 403)
  refused(await reverse(first.json.id, lead, {}), 400, 'reason')
  refused(await reverse(9999), 404)
  const both = await Promise.all([reverse(first.json.id), reverse(first.json.id)])
  assert.deepEqual(both.map((a) => a.status).sort(), [201, 409])
  assert.deepEqual(await balance(server, rider, 'learning'), [0, 0, 0])
  const audit = (await get(server, '/v1/audit', { token: admin })).json.audit.map((row) => row.verb)
  assert.ok(audit.includes('points_given') && audit.includes('points_reversed'))
})

test('a ranking has names that were chosen, equals with one rank, and areas with all below them', async (t) => {
  const { server, tokens } = await everybody(t)
  const areas = (await get(server, '/v1/areas')).json.areas, area = (code) => areas.find((a) => a.code === code).id
  const riders = []
  for (const name of ['one', 'two', 'three']) {
    await addUser(server.made.data, name, password, '--role', 'rider')
    const token = await signIn(server, name)
    riders.push({ token, id: (await get(server, '/v1/me', { token })).json.id })
  }
  const give = async (who, amount, code) => {
    const json = { person: riders[who].id, kind: 'service', amount, reason: '扫雪', area_id: area(code) }
    const answer = await ask(server, 'POST', '/v1/points', { token: tokens.admin, json })
    assert.equal(answer.status, 201, answer.text)
  }
  await give(0, 30, '110199001')
  await give(1, 30, '110199002')
  await give(2, 10, '110199001')
  const named = await ask(server, 'PUT', '/v1/me/ranking', { token: riders[1].token, json: { name: '  小王 ' } })
  for (const name of ['小\u202e王', '\u001b[31m小王', '小\u0085王']) refused(await ask(server, 'PUT', '/v1/me/ranking', { token: riders[1].token, json: { name } }), 400, 'name')
  assert.deepEqual(named.json, { name: '小王', hidden: false })
  await ask(server, 'PUT', '/v1/me/ranking', { token: riders[0].token, json: { name: '小李', hidden: true } })
  const rank = async (query = '', token) => (await get(server, `/v1/points/ranking?${query}`, { token })).json
  const all = await rank('period=month', riders[2].token)
  assert.deepEqual(all.ranking.map((r) => [r.rank, r.points, r.name, r.me]), [[1, 30, null, false], [1, 30, '小王', false], [3, 10, null, true]])
  assert.deepEqual(all.me, { rank: 3, points: 10 })
  assert.ok(!JSON.stringify(all).includes('three'))
  assert.deepEqual((await rank(`area=${area('110199001')}`)).ranking.map((r) => r.points), [30, 10])
  assert.deepEqual((await rank(`area=${area('110199')}&period=year`)).ranking.map((r) => r.points), [30, 30, 10])
  const second = (await get(server, (await rank('limit=1')).next)).json
  assert.deepEqual(second.ranking.map((r) => [r.rank, r.name]), [[1, '小王']])
  assert.equal((await rank('kind=learning')).ranking.length, 0)
  assert.equal((await rank()).me, null)
  refused(await get(server, '/v1/points/ranking?period=day'), 400, 'period')
  refused(await get(server, '/v1/points/ranking?area=999'), 400, 'area')
  refused(await ask(server, 'PUT', '/v1/me/ranking', { token: riders[0].token, json: { name: 'x'.repeat(21) } }), 400, 'name')
})

test('who reviews is told what speaks against points, and of nothing that they may not see', async (t) => {
  const { server, tokens } = await everybody(t)
  const { rider, west, east, admin } = tokens
  const flagged = async (token) => (await get(server, '/v1/points/flags', { token })).json.flagged
  const photo = png(64, 48, 48, 200)
  const with_ = async (spot, more) => (await ask(server, 'POST', '/v1/reports', { token: rider, form: [['category', 'lamp'], ['lon', spot[0]], ['lat', spot[1]], ...more, ['photo', photo, 'a.png', 'image/png']] })).json
  const there = await with_(at(4, 4), []), here = await with_(at(1, 1), [['accuracy', 150]])
  await move(server, west, here, 'accepted', 'filed')
  const [found] = await flagged(west)
  assert.equal(found.entry.source.report, here.id)
  assert.equal(found.flags.accuracy_m, 150)
  assert.deepEqual(found.flags.reused.map((r) => [r.match, r.report]), [['exact', undefined]])
  assert.deepEqual((await flagged(admin))[0].flags.reused.map((r) => r.report), [there.id])
  assert.deepEqual(await flagged(east), [])
  refused(await get(server, '/v1/points/flags', { token: rider }), 403)
  assert.deepEqual(await balance(server, rider), [10, 0, 0], 'no verdict')
})

test('what somebody is told of themselves has their points, and an account that goes leaves no name', async (t) => {
  const { server, tokens } = await everybody(t)
  const { rider, admin } = tokens
  const id = (await get(server, '/v1/me', { token: rider })).json.id
  await ask(server, 'POST', '/v1/points', { token: admin, json: { person: id, kind: 'service', amount: 5, reason: '扫雪' } })
  await ask(server, 'PUT', '/v1/me/ranking', { token: rider, json: { name: '小王' } })
  const { points } = (await get(server, '/v1/me/export', { token: rider })).json
  assert.equal(points.entries[0].reason, '扫雪')
  assert.deepEqual(points.ranking, { name: '小王', hidden: false })
  assert.equal(points.next, null)
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  assert.deepEqual((await get(server, '/v1/points/ranking')).json.ranking, [])
  const { entries } = (await get(server, '/v1/points', { token: admin })).json
  assert.deepEqual(entries.map((e) => [e.amount, e.person, e.reason]), [[5, undefined, undefined]])
})
