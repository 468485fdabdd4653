// 昊华能源: democratic management of a mine, as docs/setups/haohua.md sets it up; the program and its files as they come.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, get, openapi, password, refused, serve, signIn, soon, until } from './harness.mjs'

/** The mine (one area of the city), its trade union's office, another mine's, and a team underground. */
async function mine(t) {
  const server = await serve(t), { data } = server.made
  await addUser(data, 'union', password, '--role', 'branch_staff', '--area', '110199001')
  await addUser(data, 'other', password, '--role', 'branch_staff', '--area', '110199002')
  const tokens = { admin: await signIn(server), union: await signIn(server, 'union'), other: await signIn(server, 'other') }
  const { areas } = (await get(server, '/v1/areas')).json, area = areas.find((a) => a.code === '110199001').id
  const team = []
  for (const name of ['张工', '李工', '王工', '赵工', '钱工', '孙工']) {
    const made = await ask(server, 'POST', '/v1/people', { token: tokens.admin, json: { login: `m${team.length}`, name, password, role: 'rider' } })
    assert.equal(made.status, 201, made.text)
    team.push({ id: made.json.id, name, token: await signIn(server, `m${team.length}`) })
  }
  const send = async (who, kind, category, description) => {
    const sent = await ask(server, 'POST', '/v1/reports', { token: who.token, form: [['kind', kind], ['category', category], ['area_id', area], ['description', description]] })
    assert.equal(sent.status, 201, sent.text)
    return sent.json.id
  }
  const read = async (id, token) => (await get(server, `/v1/reports/${id}`, { token })).json
  const move = async (token, id, state, more = {}) => ask(server, 'POST', `/v1/reports/${id}/state`, { token, json: { state, version: (await read(id, token)).version, ...more } })
  const go = async (...words) => {
    const moved = await move(...words)
    assert.equal(moved.status, 200, moved.text)
    return moved.json
  }
  return { server, tokens, area, team, send, read, move, go }
}

test('an opinion is answered within 24 hours, and whoever sent it says whether that helped', async (t) => {
  const { server, tokens, area, team, send, read, go } = await mine(t)
  const [zhang, li] = team
  const id = await send(zhang, 'opinion', 'conditions', '食堂夜班没有热菜')
  const sent = await read(id, zhang.token)
  assert.equal(Date.parse(sent.answer_by) - Date.parse(sent.created_at), 24 * 3600 * 1000, 'by the clock, Sunday or not')
  // The union's office finds it among what waits, and the other mine's does not.
  const waits = async (token) => (await get(server, '/v1/reports?kind=opinion&open=true', { token })).json.reports.map((r) => r.id)
  assert.deepEqual([await waits(tokens.union), await waits(tokens.other)], [[id], []])
  await go(tokens.union, id, 'accepted', { unit: '后勤科' })
  const word = await ask(server, 'POST', `/v1/reports/${id}/updates`, { token: tokens.union, form: [['text', '本周起夜班加热菜窗口']] })
  assert.equal(word.status, 201, word.text)
  assert.ok((await read(id)).answered_at <= sent.answer_by)
  await go(tokens.union, id, 'handling', { due_at: soon(3 * 86400) })
  await go(tokens.union, id, 'closed', { reason: '窗口已开' })
  await go(zhang.token, id, 'rated', { rating: 5 })
  // One that nobody carries out is answered all the same, and counts against the share that is.
  const other = await send(li, 'opinion', 'pay', '希望提前发放取暖补贴')
  await go(tokens.union, other, 'accepted', { unit: '工资科' })
  await go(tokens.union, other, 'closed', { reason: '按集团规定十二月发放' })
  assert.deepEqual((await get(server, '/v1/reports?kind=opinion&answer=late', { token: tokens.union })).json.reports, [])
  const { total, rows } = (await get(server, '/v1/proposals/results?kind=opinion&by=area')).json
  assert.deepEqual([total.received, total.answer_rate, total.adoption_rate, total.solution_rate, total.satisfaction], [2, 1, 0.5, 1, 1])
  assert.deepEqual(rows.map((row) => [row.key, row.label.zh, row.adopted, row.decided]), [[String(area), '西街道', 1, 2]])
})

test('a proposal has an owner and a deadline at every step, is supported across shifts, and its result is for all to see', async (t) => {
  const { server, tokens, area, team, send, read, move, go } = await mine(t)
  const [zhang, li, wang, zhao, qian] = team
  const id = await send(zhang, 'proposal', 'safety', '副井口加装照明')
  const edited = await ask(server, 'PUT', `/v1/reports/${id}/description`, { token: zhang.token, json: { version: 1, description: '副井口和候罐室加装防爆照明' } })
  assert.equal(edited.json.edition, 2, edited.text)
  // Nobody skips the owner or the deadline of a step.
  const step = (more) => ({ due_at: soon(7 * 86400), ...more })
  refused(await move(tokens.union, id, 'accepted', step()), 400)
  refused(await move(tokens.union, id, 'accepted', { unit: '机电科' }), 400)
  refused(await move(tokens.other, id, 'accepted', step({ unit: '机电科' })), 403)
  await go(tokens.union, id, 'accepted', step({ unit: '机电科' }))
  const support = (of, who, edition) => ask(server, 'PUT', `/v1/reports/${of}/support`, { token: who.token, json: { edition } })
  for (const who of [li, wang]) assert.equal((await support(id, who, 2)).status, 200)
  refused(await ask(server, 'PUT', `/v1/reports/${id}/description`, { token: zhang.token, json: { version: 3, description: '改成别的' } }), 409)
  // The night shift sent the same; its supports come along, and wang who gave both counts once.
  const same = await send(zhao, 'proposal', 'safety', '井口太暗')
  await go(tokens.union, same, 'accepted', step({ unit: '机电科' }))
  for (const who of [wang, qian]) assert.equal((await support(same, who, 1)).status, 200)
  await go(tokens.union, same, 'duplicate', { duplicate_of: id })
  const [shown] = (await get(server, `/v1/proposals?area=${area}`, { token: qian.token })).json.proposals
  assert.deepEqual([shown.id, shown.supports, shown.supported, shown.unit], [id, 4, true, '机电科'], 'li, wang, qian and zhao')
  assert.equal((await ask(server, 'POST', `/v1/reports/${id}/comments`, { token: li.token, json: { text: '候罐室先装' } })).status, 201)

  await go(tokens.union, id, 'adopted', step({ reason: '职代会通过，列入技改' }))
  await go(tokens.union, id, 'handling', step({ unit: '机电二队' }))
  await go(tokens.union, id, 'closed', { reason: '四十盏灯已装好并验收' })
  await go(zhang.token, id, 'rated', { rating: 5 })
  const steps = (await read(id)).history.filter((h) => h.verb === 'moved').map((h) => [h.state, h.value, Boolean(h.due_at), h.reason])
  assert.deepEqual(steps, [
    ['accepted', 'unit:机电科', true, undefined], ['adopted', 'unit:机电科', true, '职代会通过，列入技改'], ['handling', 'unit:机电二队', true, undefined],
    ['closed', undefined, true, '四十盏灯已装好并验收'], ['rated', undefined, true, undefined]])
  const { total } = (await get(server, '/v1/proposals/results')).json
  assert.deepEqual([total.received, total.duplicates, total.adopted, total.decided, total.solved, total.supports, total.satisfaction], [2, 1, 1, 1, 1, 4, 1])
  const points = (await get(server, '/v1/me/points', { token: zhang.token })).json.balances.find((b) => b.kind === 'service')
  assert.equal(points.settled, 20)
})

const votes = openapi.paths['/v1/votes'] ? {} : { skip: 'this program holds no votes' }

/** Held by the union's office, of the team, for some seconds. */
async function hold(server, tokens, team, form, plan) {
  const made = await ask(server, 'POST', '/v1/votes', { token: tokens.admin, json: { electorate: 'people', people: team.map((one) => one.id), secret: true, to: soon(12), ...form } })
  assert.equal(made.status, 201, made.text)
  let { version } = made.json
  if (plan) {
    const put = await ask(server, 'PUT', `/v1/votes/${made.json.id}/plan`, { token: tokens.admin, json: { ...plan, version } })
    assert.equal(put.status, 200, put.text)
    version = put.json.version
  }
  const opened = await ask(server, 'POST', `/v1/votes/${made.json.id}/open`, { token: tokens.admin, json: { version } })
  assert.equal(opened.status, 200, opened.text)
  return made.json.id
}
const ballot = (server, one, id, answers) => ask(server, 'POST', `/v1/votes/${id}/ballot`, { token: one.token, json: { answers } })
async function result(server, one, id) {
  let now
  await until(async () => (now = (await get(server, `/v1/votes/${id}`, { token: one.token })).json).state === 'closed', 60000)
  return now
}

test('the team says how satisfied it is, and votes on how its bonus is divided by five factors', votes, async (t) => {
  const { server, tokens, team } = await mine(t)
  const survey = await hold(server, tokens, team, {
    purpose: 'survey', title: '十一月民主管理满意度', public: true,
    questions: [{ type: 'scale', title: '意见答复', max: 5 }, { type: 'scale', title: '提案办理', max: 5 }],
  })
  const factors = ['出勤', '技能', '安全', '协作', '工龄'].map((name) => ({ name }))
  const scores = [[90, 80, 100, 70, 30], [100, 60, 70, 90, 50], [30, 90, 80, 60, 100], [70, 70, 70, 70, 70], [80, 50, 90, 60, 20], [60, 90, 90, 80, 40]]
  const bonus = await hold(server, tokens, team, {
    purpose: 'decision', title: '十一月班组奖金分配', quorum: 66,
    questions: [{ type: 'choice', title: '同意按下列五项分配吗', options: [{ name: '同意', adopts: true }, { name: '不同意' }] }, { type: 'factors', title: '五项各占多少', options: factors }],
  }, { pot_fen: 1200000, rows: team.map((one, i) => ({ person: one.id, name: one.name, scores: scores[i] })) })
  const weights = [[30, 20, 30, 10, 10], [40, 20, 20, 10, 10], [20, 20, 40, 10, 10], [30, 20, 30, 10, 10], [30, 20, 30, 10, 10]]
  for (let i = 0; i < 5; i++) {
    assert.equal((await ballot(server, team[i], survey, [{ value: 5 - (i % 2) }, { value: 4 }])).status, 201)
    assert.equal((await ballot(server, team[i], bonus, [{ choice: i < 4 ? 1 : 2 }, { weights: weights[i] }])).status, 201)
  }
  refused(await ballot(server, team[0], bonus, [{ choice: 2 }, { weights: weights[1] }]), 409)
  const said = await result(server, team[5], survey), decided = await result(server, team[5], bonus)
  assert.deepEqual([said.outcome, said.result[0].counts, said.result[0].mean], ['counted', [0, 0, 0, 2, 3], 4.6])
  assert.deepEqual([decided.outcome, decided.ballots, decided.result[0].counts, decided.result[1].weights], ['adopted', 5, [4, 1], [30, 20, 30, 10, 10]])
  const { rows } = (await get(server, `/v1/votes/${bonus}/plan`, { token: team[5].token })).json
  const shares = scores.map((s) => s.reduce((sum, score, f) => sum + score * decided.result[1].weights[f], 0)), all = shares.reduce((a, b) => a + b)
  rows.forEach((row, i) => assert.ok(Math.abs(row.amount_fen - (1200000 * shares[i]) / all) < 1, row.name))
  assert.equal(rows.reduce((sum, row) => sum + row.amount_fen, 0), 1200000)
  assert.equal((await get(server, `/v1/votes/${survey}`)).json.outcome, 'counted', 'for all to see')
})
