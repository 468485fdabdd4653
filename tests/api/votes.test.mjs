// Votes over HTTP: drafted, opened, voted in, counted once and for good.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, everybody, get, password, refused, signIn, soon, until } from './harness.mjs'

const sql = (server, text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.made.data, 'yizhan.db'), text]).toString().trim()
const cast = (server, token, id, answers, key) => ask(server, 'POST', `/v1/votes/${id}/ballot`, { token, json: { answers }, headers: key ? { 'Idempotency-Key': key } : {} })
const closed = async (server, id, token) => {
  let now
  await until(async () => (now = (await get(server, `/v1/votes/${id}`, { token })).json).state === 'closed', 40000)
  return now
}

/** Six of a team, somebody of the branch in the west, and one in the east. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  const areas = (await get(server, '/v1/areas')).json.areas
  for (const [name, code] of [['branch', '110199001'], ['other', '110199002']]) {
    await addUser(server.made.data, name, password, '--role', 'branch_staff', '--area', code)
    tokens[name] = await signIn(server, name)
  }
  const team = []
  for (let i = 0; i < 6; i++) {
    const name = `miner${i}`
    const made = await ask(server, 'POST', '/v1/people', { token: tokens.admin, json: { login: name, name: `矿工${i}`, password, role: 'rider' } })
    assert.equal(made.status, 201, made.text)
    team.push({ id: made.json.id, name: `矿工${i}`, token: await signIn(server, name) })
  }
  return { server, tokens, team, people: team.map((one) => one.id), area: (code) => areas.find((a) => a.code === code).id }
}

const yesNo = { type: 'choice', title: '同意本方案吗', options: [{ name: '同意', adopts: true }, { name: '不同意' }] }
const factors = { type: 'factors', title: '五项各占多少', options: ['出勤', '技能', '安全', '协作', '工龄'].map((name) => ({ name })) }
const decision = (people, more) => ({ purpose: 'decision', title: '班组奖金分配', electorate: 'people', people, secret: true, to: soon(3600), questions: [yesNo, factors], ...more })

async function draft(server, token, json, key) {
  const made = await ask(server, 'POST', '/v1/votes', { token, json, headers: key ? { 'Idempotency-Key': key } : {} })
  assert.equal(made.status, 201, made.text)
  return made.json
}
async function open(server, token, vote) {
  const now = await ask(server, 'POST', `/v1/votes/${vote.id}/open`, { token, json: { version: vote.version } })
  assert.equal(now.status, 200, now.text)
  return now.json
}

test('a team decides in secret how its bonus is divided by five factors, and each reads what they get', async (t) => {
  const { server, tokens, team, people } = await scene(t)
  const { admin } = tokens, post = decision(people, { to: soon(12) })
  const first = await draft(server, admin, post, 'k'), again = await draft(server, admin, post, 'k')
  assert.equal(again.id, first.id)
  assert.deepEqual([first.state, first.quorum, first.majority, first.majority_of, first.public], ['draft', 50, 50, 'ballots', false])
  const plan = (json) => ask(server, 'PUT', `/v1/votes/${first.id}/plan`, { token: admin, json })
  const scores = [[90, 80, 100, 70, 30], [100, 60, 70, 90, 50], [30, 90, 80, 60, 100]]
  const rows = scores.map((s, i) => ({ person: people[i], name: team[i].name, scores: s }))
  refused(await plan({ pot_fen: 1200000, rows: rows.map((r) => ({ ...r, scores: [1, 2] })), version: 1 }), 400)
  refused(await plan({ pot_fen: 1200000, rows: [rows[0], { ...rows[1], scores: [1] }], version: 1 }), 400, 'rows/1/scores')
  refused(await plan({ pot_fen: 1200000, rows, version: 7 }), 409)
  assert.equal((await plan({ pot_fen: 1200000, rows, version: 1 })).json.version, 2)
  refused(await cast(server, team[0].token, first.id, [{}, {}]), 404)
  const vote = await open(server, admin, { id: first.id, version: 2 })
  assert.deepEqual(await open(server, admin, { id: first.id, version: 2 }), vote, 'sent again')
  assert.deepEqual([vote.state, vote.electors, vote.turnout, vote.has_plan], ['open', 6, 0, true])
  refused(await ask(server, 'PUT', `/v1/votes/${vote.id}`, { token: admin, json: { ...decision(people), version: vote.version } }), 409)
  refused(await get(server, `/v1/votes/${vote.id}/plan`, { token: team[0].token }), 404)

  const weights = [[40, 20, 20, 10, 10], [20, 20, 20, 20, 20], [100, 0, 0, 0, 0], [0, 0, 100, 0, 0]]
  refused(await cast(server, team[0].token, vote.id, [{ choice: 3 }, { weights: weights[0] }]), 400, 'answers')
  refused(await cast(server, team[0].token, vote.id, [{ choice: 1 }, { weights: [50, 20, 20, 10, 10] }]), 400, 'answers')
  refused(await cast(server, team[0].token, vote.id, [{ choice: 1 }]), 400, 'answers')
  refused(await cast(server, team[0].token, vote.id, [{ choice: 1 }, { value: 3 }]), 400, 'answers')
  refused(await cast(server, tokens.rider, vote.id, [{ choice: 1 }, { weights: weights[0] }]), 404)
  refused(await cast(server, admin, vote.id, [{ choice: 1 }, { weights: weights[0] }]), 403)
  for (let i = 0; i < 4; i++) {
    const got = await cast(server, team[i].token, vote.id, [{ choice: i < 3 ? 1 : 2 }, { weights: weights[i] }], `once-${i}`)
    assert.deepEqual([got.status, got.json], [201, { vote: vote.id, voted: true }], got.text)
  }
  assert.equal((await cast(server, team[0].token, vote.id, [{ choice: 1 }, { weights: weights[0] }], 'once-0')).status, 201, 'sent again')
  refused(await cast(server, team[0].token, vote.id, [{ choice: 2 }, { weights: weights[1] }], 'other'), 409)
  const meanwhile = (await get(server, `/v1/votes/${vote.id}`, { token: team[0].token })).json
  assert.deepEqual([meanwhile.voted, meanwhile.result, meanwhile.turnout, meanwhile.people], [true, undefined, undefined, undefined])
  const electors = (await get(server, `/v1/votes/${vote.id}/electors?voted=false`, { token: admin })).json.electors
  assert.deepEqual(electors.map((e) => e.name), ['矿工4', '矿工5'])
  refused(await get(server, `/v1/votes/${vote.id}/ballots`, { token: admin }), 409)

  const end = await closed(server, vote.id, team[5].token)
  assert.deepEqual([end.outcome, end.ballots, end.electors, end.voted], ['adopted', 4, 6, false])
  assert.deepEqual(end.result[0], { type: 'choice', none: 0, counts: [3, 1] })
  assert.deepEqual(end.result[1], { type: 'factors', none: 0, weights: [40, 10, 35, 7.5, 7.5] })
  refused(await cast(server, team[5].token, vote.id, [{ choice: 2 }, { weights: weights[0] }]), 409)
  refused(await get(server, `/v1/votes/${vote.id}/ballots`, { token: team[0].token }), 409)
  // Anybody computes it again: the pot by scores and weights, to the fen.
  const told = (await get(server, `/v1/votes/${vote.id}/plan`, { token: team[1].token })).json
  const shares = scores.map((s) => s.reduce((sum, score, f) => sum + score * end.result[1].weights[f], 0)), all = shares.reduce((a, b) => a + b)
  told.rows.forEach((row, i) => assert.ok(Math.abs(row.amount_fen - (1200000 * shares[i]) / all) < 1, JSON.stringify(told)))
  assert.equal(told.rows.reduce((sum, row) => sum + row.amount_fen, 0), 1200000)
  assert.deepEqual(told.rows.map((row) => row.person), [undefined, people[1], undefined])
  refused(await get(server, `/v1/votes/${vote.id}/plan`, { token: tokens.rider }), 404)
  refused(await ask(server, 'DELETE', `/v1/votes/${vote.id}?version=${end.version}&reason=x`, { token: admin }), 409)
  refused(await plan({ pot_fen: 1, rows, version: end.version }), 409)
  const inbox = async (one) => (await get(server, '/v1/me/inbox', { token: one.token }))
  await until(async () => (await inbox(team[0])).json.messages.length === 2, 30000)
  assert.deepEqual((await inbox(team[0])).json.messages.map((m) => m.verb).reverse(), ['vote.opened', 'vote.closed'])
})

test('nobody votes twice, with requests at once either, and totals equal ballots', async (t) => {
  const { server, tokens, team, people } = await scene(t)
  const survey = {
    purpose: 'survey', title: '食堂满意度', electorate: 'people', people, secret: true, public: true, quorum: 0, to: soon(10),
    questions: [{ type: 'scale', title: '饭菜', max: 5 }, { type: 'choices', title: '要改什么', max: 2, options: [{ name: '味道' }, { name: '价钱' }, { name: '排队' }] }],
  }
  const vote = await open(server, tokens.admin, await draft(server, tokens.admin, survey))
  const all = await Promise.all(team.flatMap((one, i) => Array.from({ length: 6 }, (_, j) =>
    cast(server, one.token, vote.id, [{ value: 1 + (j % 5) }, { choices: [1 + (i % 3)] }], `${i}-${j}`))))
  for (let i = 0; i < team.length; i++)
    assert.deepEqual(all.slice(i * 6, i * 6 + 6).map((a) => a.status).sort(), [201, 409, 409, 409, 409, 409])
  const [said] = all.filter((a) => a.status === 409)
  assert.match(said.json.detail, /voted already/)
  assert.deepEqual((await get(server, '/v1/votes')).json.votes.map((v) => [v.id, v.turnout, v.voted]), [[vote.id, undefined, undefined]], 'it is public')
  const end = await closed(server, vote.id)
  assert.deepEqual([end.outcome, end.ballots, end.turnout], ['counted', 6, undefined])
  const [scale, choices] = end.result
  assert.equal(scale.none + scale.counts.reduce((a, b) => a + b), 6)
  assert.equal(scale.counts.reduce((sum, n, i) => sum + n * (i + 1), 0) / 6 - scale.mean < 0.005, true)
  assert.deepEqual(choices, { type: 'choices', none: 0, counts: [2, 2, 2] })
  assert.equal(sql(server, `SELECT count(*) FROM vote_ballots WHERE vote_id = ${vote.id}`), '6')
  for (const text of [`UPDATE vote_counts SET count = 9 WHERE vote_id = ${vote.id}`, `UPDATE votes SET ballots = 9 WHERE id = ${vote.id}`, `DELETE FROM vote_ballots`])
    assert.throws(() => sql(server, text), /stays as it is|has ended/)
})

test('what is open is shown by name afterwards, to those who may vote and nobody else', async (t) => {
  const { server, tokens, team, people } = await scene(t)
  const { admin, rider, anonymous } = tokens
  const hands = { ...decision(people.slice(0, 2), { secret: false, to: soon(10), majority_of: 'electors', questions: [yesNo] }) }
  const made = await draft(server, admin, hands)
  for (const token of [rider, anonymous, team[0].token]) refused(await get(server, `/v1/votes/${made.id}`, { token }), 404)
  const vote = await open(server, admin, made)
  refused(await get(server, `/v1/votes/${vote.id}`, { token: team[3].token }), 404)
  assert.deepEqual((await get(server, '/v1/votes?mine=true', { token: team[1].token })).json.votes.map((v) => [v.id, v.voted]), [[vote.id, false]])
  assert.deepEqual((await get(server, '/v1/votes', { token: team[3].token })).json.votes, [])
  assert.equal((await cast(server, team[0].token, vote.id, [{ choice: 1 }])).status, 201)
  refused(await get(server, `/v1/votes/${vote.id}/ballots`, { token: admin }), 409)
  const out = (await get(server, '/v1/me/export', { token: team[0].token })).json.votes.votes
  assert.deepEqual(out, [{ id: vote.id, title: '班组奖金分配', state: 'open', secret: false, voted: true, answers: [{ choice: 1 }] }])
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: team[0].token })).status, 204)
  const end = await closed(server, vote.id, team[1].token)
  assert.deepEqual([end.outcome, end.electors, end.ballots], ['rejected', 2, 1], 'one of two is not more than half of the electors')
  const { ballots } = (await get(server, `/v1/votes/${vote.id}/ballots`, { token: team[1].token })).json
  assert.deepEqual(ballots, [{ name: '', answers: [{ choice: 1 }] }], 'who left is nobody, and counts')
  refused(await get(server, `/v1/votes/${vote.id}/ballots`, { token: team[3].token }), 404)
})

test('a branch votes with its members, an area with those of all branches in it, and rights end where they end', async (t) => {
  const { server, tokens, team, people, area } = await scene(t)
  const { branch, other, rider, admin } = tokens, west = area('110199001')
  sql(server, `PRAGMA foreign_keys = ON;
    INSERT INTO branches (id, version, name, area_id, alongside, form, code, created_ms, updated_ms) VALUES (7, 1, '外卖分会', ${west}, 0, 1, '2222222222222222222222', 1, 1), (8, 1, '快递分会', ${west}, 0, 1, '3333333333333333333333', 1, 1);
    INSERT INTO branch_forms (branch_id, version, consent, made_ms) VALUES (7, 1, '同意', 1), (8, 1, '同意', 1);`)
  team.slice(0, 5).forEach((one, i) => {
    sql(server, `PRAGMA foreign_keys = ON; INSERT INTO memberships (id, public_id, branch_id, person_id, version, state, alone, moves, form, consented_ms, answers, made_ms)
      VALUES (${90 + i}, '${String(i + 2).repeat(22)}', ${i < 3 ? 7 : 8}, ${one.id}, 1, 'waiting', 1, 0, 1, 1, x'00', 1);
      UPDATE memberships SET state = 'member', card = ${100 + i}, judged_ms = 2 WHERE id = ${90 + i}`)
  })
  const ofBranch = { ...decision([], { electorate: 'branch', branch_id: 7 }) }
  delete ofBranch.people
  const post = (token, json) => ask(server, 'POST', '/v1/votes', { token, json })
  refused(await post(rider, ofBranch), 403)
  refused(await post(other, ofBranch), 403)
  refused(await post(branch, { ...ofBranch, branch_id: 99 }), 400, 'branch_id')
  const vote = await draft(server, branch, ofBranch)
  assert.equal(vote.area_id, west)
  refused(await ask(server, 'POST', `/v1/votes/${vote.id}/open`, { token: other, json: { version: 1 } }), 404)
  assert.equal((await open(server, branch, vote)).electors, 3)
  assert.equal((await get(server, `/v1/votes/${vote.id}`, { token: team[0].token })).json.voted, false)
  refused(await get(server, `/v1/votes/${vote.id}`, { token: team[4].token }), 404)
  // Members who come later do not vote; the list is as it was.
  const ofArea = { ...ofBranch, electorate: 'area', area_id: west, branch_id: undefined }
  assert.equal((await open(server, branch, await draft(server, branch, ofArea))).electors, 5)
  // Who may not look people up asks members of their own area alone.
  const list = (ids) => post(branch, decision(ids, { area_id: west }))
  refused(await list([people[0], people[5]]), 400)
  assert.equal((await list([people[0], people[1], people[2]])).status, 201)
  refused(await post(branch, decision(people)), 403)

  const before = (await get(server, `/v1/votes?area=${west}&state=open`, { token: admin })).json.votes
  assert.equal(before.length, 2)
  const page = (await get(server, '/v1/votes?limit=1', { token: branch })).json
  assert.equal((await get(server, page.next, { token: branch })).json.votes.length, 1)
  assert.deepEqual((await get(server, '/v1/votes', { token: other })).json.votes, [])
  const reminded = await ask(server, 'POST', `/v1/votes/${vote.id}/remind`, { token: branch })
  assert.equal(reminded.status, 200, reminded.text)
  assert.deepEqual((await ask(server, 'POST', `/v1/votes/${vote.id}/remind`, { token: branch })).json, reminded.json)
  refused(await ask(server, 'DELETE', `/v1/votes/${vote.id}?version=2`, { token: branch }), 400, 'reason')
  assert.equal((await ask(server, 'DELETE', `/v1/votes/${vote.id}?version=2&reason=${encodeURIComponent('题目有误')}`, { token: branch })).status, 204)
  const gone = (await get(server, `/v1/votes/${vote.id}`, { token: team[0].token })).json
  assert.deepEqual([gone.state, gone.reason, gone.result], ['cancelled', '题目有误', undefined])
  refused(await cast(server, team[0].token, vote.id, [{ choice: 1 }, { weights: [100, 0, 0, 0, 0] }]), 409)
  const audit = (await get(server, '/v1/audit?limit=200', { token: admin })).json.audit.map((row) => row.verb)
  assert.ok(audit.includes('vote_opened') && audit.includes('vote_cancelled'), audit)
})

test('drafts that nobody could vote on are refused, with the field that is wrong', async (t) => {
  const { server, tokens, people } = await scene(t)
  const { admin } = tokens
  const wrong = [
    [{ questions: [] }, 'questions'], [{ questions: [{ type: 'poem', title: 'x' }] }, 'questions/0/type'], [{ questions: [{ ...yesNo, extra: 1 }] }, 'questions/0/extra'],
    [{ questions: [{ type: 'scale', title: 'x', max: 11 }] }], [{ questions: [{ ...yesNo, options: [{ name: 'a' }] }] }], [{ questions: [{ ...yesNo, options: [{ name: 'a' }, { name: 'a' }] }] }],
    [{ electorate: 'everybody' }, 'electorate'], [{ electorate: 'branch' }], [{ people: undefined }], [{ people: [people[0], 999999] }], [{ people: [people[0], 'x'] }, 'people/1'],
    [{ to: 'tomorrow' }, 'to'], [{ from: soon(900), to: soon(800) }], [{ quorum: 101 }, 'quorum'], [{ secret: undefined }, 'secret'], [{ area_id: 999999 }, 'area_id'],
  ]
  for (const [more, field] of wrong) {
    const answer = await ask(server, 'POST', '/v1/votes', { token: admin, json: decision(people, more) })
    assert.ok(answer.status === 400, `${JSON.stringify(more)}: ${answer.text}`)
    if (field) assert.equal(answer.json.errors?.[0]?.parameter, field, answer.text)
  }
  const two = await draft(server, admin, decision(people.slice(0, 2)))
  const tried = await ask(server, 'POST', `/v1/votes/${two.id}/open`, { token: admin, json: { version: 1 } })
  refused(tried, 409)
  assert.match(tried.json.detail, /no secret/)
  const put = await ask(server, 'PUT', `/v1/votes/${two.id}`, { token: admin, json: { ...decision(people), version: 1 } })
  assert.deepEqual([put.status, put.json.version, put.json.people.length], [200, 2, 6], put.text)
  refused(await ask(server, 'PUT', `/v1/votes/${two.id}`, { token: admin, json: { ...decision(people), version: 1 } }), 409)
  assert.equal((await ask(server, 'DELETE', `/v1/votes/${two.id}?version=2`, { token: admin })).status, 204)
  refused(await get(server, `/v1/votes/${two.id}`, { token: admin }), 404)
  const later = await open(server, admin, await draft(server, admin, decision(people, { from: soon(600) })))
  assert.equal(later.state, 'open')
  refused(await ask(server, 'POST', `/v1/votes/${later.id}/remind`, { token: admin }), 409)
})
