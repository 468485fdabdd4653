// Whom who holds a vote may ask, whose names they read, and what becomes of a draft whose branch goes elsewhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, everybody, get, password, refused, signIn, soon } from './harness.mjs'

const survey = (more) => ({ purpose: 'survey', title: '食堂', electorate: 'people', secret: false, quorum: 0, to: soon(3600), questions: [{ type: 'scale', title: '饭菜', max: 5 }], ...more })
const post = (server, token, json) => ask(server, 'POST', '/v1/votes', { token, json })
const open = (server, token, vote) => ask(server, 'POST', `/v1/votes/${vote.id}/open`, { token, json: { version: vote.version } })

/** A branch in the west with a member, a rider who belongs to none, and those who hold votes: there, there for votes alone, in the east, in the whole city. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  const areas = (await get(server, '/v1/areas')).json.areas, area = (code) => areas.find((a) => a.code === code).id
  const west = ['--area', '110199001'], staff = ['--role', 'branch_staff']
  for (const [name, ...words] of [['keeper', ...staff, ...west], ['holder', ...staff, '--kind', 'vote', ...west], ['union', ...staff], ['chief', '--role', 'area_lead', ...west]]) {
    await addUser(server.made.data, name, password, ...words)
    tokens[name] = await signIn(server, name)
  }
  const person = async (login, name, more) => {
    const made = await ask(server, 'POST', '/v1/people', { token: tokens.admin, json: { login, name, password, role: 'rider', ...more } })
    assert.equal(made.status, 201, made.text)
    return { id: made.json.id, token: await signIn(server, login) }
  }
  const member = await person('member', '王小二'), stranger = await person('stranger', '陌生人')
  const worker = await person('worker', '赵工', { role: 'handler', area_id: area('110199001') })
  const made = await ask(server, 'POST', '/v1/branches', { token: tokens.keeper, json: { name: '分会', area_id: area('110199001'), consent: '同意', fields: [{ code: 'name', label: '姓名', type: 'name', required: true }] } })
  assert.equal(made.status, 201, made.text)
  const joined = await ask(server, 'POST', `/v1/join/${made.json.code}`, { token: member.token, json: { form: 1, consent: true, answers: { name: '王小二' } } })
  const approved = await ask(server, 'POST', `/v1/members/${joined.json.id}/approve`, { token: tokens.keeper, json: { version: 1 } })
  assert.equal(approved.status, 200, approved.text)
  return { server, tokens, area, branch: made.json, member, stranger, worker, membership: joined.json.id }
}

test('a list asks members of the own area and whom one reaches, and nobody else', async (t) => {
  const { server, tokens, area, member, stranger, worker, membership } = await scene(t), { keeper, union, chief, admin } = tokens, west = area('110199001')
  const list = (token, area_id, ...people) => post(server, token, survey({ area_id, people: people.map((one) => one.id) }))
  refused(await list(keeper, west, member, stranger), 400)
  refused(await list(union, undefined, stranger), 400)
  refused(await list(union, area('110199002'), member), 400)
  refused(await list(chief, west, member, stranger), 400)
  for (const [token, area_id, ...people] of [[keeper, west, member], [union, undefined, member], [chief, west, member, worker], [admin, west, member, stranger]])
    assert.equal((await list(token, area_id, ...people)).status, 201)
  // What somebody else listed is opened by who could have listed it.
  const theirs = (await list(admin, west, member, stranger)).json
  refused(await open(server, keeper, theirs), 409)
  assert.equal((await open(server, admin, theirs)).status, 200)
  const left = (await list(keeper, west, member)).json
  assert.equal((await ask(server, 'POST', `/v1/me/memberships/${membership}/leave`, { token: member.token })).status, 200)
  const tried = await open(server, keeper, left)
  refused(tried, 409)
  assert.match(tried.json.detail, /write the list anew/)
})

test('names of electors are read by who keeps members or people there, and each look is noted', async (t) => {
  const { server, tokens, branch, member } = await scene(t), { keeper, holder, chief, admin } = tokens
  const vote = (await post(server, holder, survey({ electorate: 'branch', branch_id: branch.id }))).json
  assert.equal((await open(server, holder, vote)).status, 200)
  const electors = async (token) => (await get(server, `/v1/votes/${vote.id}/electors`, { token })).json.electors
  for (const token of [keeper, chief, admin]) assert.deepEqual(await electors(token), [{ person: member.id, name: '王小二', voted: false }])
  assert.deepEqual(await electors(holder), [{ person: member.id, voted: false }])
  const looks = (await get(server, '/v1/audit?verb=electors_read', { token: admin })).json.audit
  assert.deepEqual(looks.map((row) => row.by.login), ['holder', 'admin', 'chief', 'keeper'])
  assert.equal(looks[0].detail, `vote ${vote.id}`)
})

test('a vote of a branch that went elsewhere, or ended, since it was drafted is not opened', async (t) => {
  const { server, tokens, area, branch } = await scene(t), { keeper, union } = tokens
  const draft = (await post(server, keeper, survey({ electorate: 'branch', branch_id: branch.id }))).json
  const now = (await get(server, `/v1/branches/${branch.id}`, { token: union })).json
  const form = { name: now.name, area_id: area('110199002'), consent: '同意', fields: [{ code: 'name', label: '姓名', type: 'name', required: true }], version: now.version }
  const moved = await ask(server, 'PUT', `/v1/branches/${branch.id}`, { token: union, json: form })
  assert.equal(moved.status, 200, moved.text)
  const tried = await open(server, keeper, draft)
  refused(tried, 409)
  assert.match(tried.json.detail, /another area/)
  const there = (await post(server, union, survey({ electorate: 'branch', branch_id: branch.id }))).json
  assert.equal(there.area_id, area('110199002'))
  assert.equal((await ask(server, 'DELETE', `/v1/branches/${branch.id}?version=${moved.json.version}`, { token: union })).status, 204)
  const ended = await open(server, union, there)
  refused(ended, 409)
  assert.match(ended.json.detail, /has ended/)
})
