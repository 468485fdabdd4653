// Rewards over HTTP: offered, redeemed, handed over once, given back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, everybody, get, password, refused, report, signIn } from './harness.mjs'

const redeem = (server, token, id, key) => ask(server, 'POST', `/v1/rewards/${id}/redeem`, { token, headers: key ? { 'Idempotency-Key': key } : {} })
const verify = (server, token, code, more = {}, key) => ask(server, 'POST', '/v1/redemptions/verify', { token, json: { code, ...more }, headers: key ? { 'Idempotency-Key': key } : {} })
const settled = async (server, token) => (await get(server, '/v1/me/points', { token })).json.balances.find((b) => b.kind === 'service').settled

/** Riders with points, somebody of the branch, and a merchant who can do nothing but take codes. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  const data = server.made.data, areas = (await get(server, '/v1/areas')).json.areas
  await addUser(data, 'branch', password, '--role', 'branch_staff', '--area', '110199001')
  await addUser(data, 'noodles', password, '--role', 'handler', '--kind', 'reward', '--area', '110199001')
  await addUser(data, 'far', password, '--role', 'handler', '--kind', 'reward', '--area', '110199002')
  for (const name of ['branch', 'noodles', 'far']) tokens[name] = await signIn(server, name)
  const person = (await get(server, '/v1/me', { token: tokens.rider })).json.id
  const given = await ask(server, 'POST', '/v1/points', { token: tokens.admin, json: { person, kind: 'service', amount: 100, reason: '扫雪' } })
  assert.equal(given.status, 201, given.text)
  return { server, tokens, area: (code) => areas.find((a) => a.code === code).id }
}
const terms = (more) => ({ name: '热汤面', kind: 'service', cost: 30, supply: 2, ...more })

test('a branch offers a reward, a rider redeems it, a merchant hands it over once', async (t) => {
  const { server, tokens, area } = await scene(t)
  const { rider, branch, noodles } = tokens
  const offer = (token, json, key) => ask(server, 'POST', '/v1/rewards', { token, json, headers: key ? { 'Idempotency-Key': key } : {} })
  refused(await offer(branch, terms()), 403)
  refused(await offer(rider, terms()), 403)
  refused(await offer(branch, terms({ area_id: area('110199001'), kind: 'gold' })), 400)
  refused(await offer(branch, terms({ area_id: area('110199001'), cost: 0 })), 400, 'cost')
  const made = await offer(branch, terms({ area_id: area('110199001'), description: '凭码取一碗' }), 'k')
  assert.equal(made.status, 201, made.text)
  assert.equal((await offer(branch, terms({ area_id: area('110199001'), description: '凭码取一碗' }), 'k')).json.id, made.json.id)
  const { rewards } = (await get(server, '/v1/rewards')).json
  assert.deepEqual(rewards.map((r) => [r.name, r.stock, r.supply]), [['热汤面', 2, undefined]])

  const got = await redeem(server, rider, made.json.id, 'once'), again = await redeem(server, rider, made.json.id, 'once')
  assert.equal(got.status, 201, got.text)
  assert.deepEqual(again.json, got.json)
  assert.equal(await settled(server, rider), 70)
  assert.deepEqual((await get(server, got.headers.location, { token: rider })).json, got.json)
  refused(await get(server, got.headers.location, { token: branch }), 404)
  const qr = await get(server, `${got.headers.location}/qr`, { token: rider })
  assert.equal(qr.type, 'image/svg+xml')
  assert.match(qr.text, /^<svg .*<\/svg>$/)

  const { code } = got.json
  refused(await verify(server, rider, code), 403)
  refused(await verify(server, tokens.far, code), 403, 'code')
  refused(await verify(server, noodles, '2222-2222-2222'), 404, 'code')
  assert.equal((await verify(server, noodles, code.toUpperCase().replaceAll('-', ' '), { dry_run: true })).json.state, 'open')
  const both = await Promise.all([verify(server, noodles, code), verify(server, branch, code), verify(server, noodles, code)])
  assert.deepEqual(both.map((a) => a.status).sort(), [200, 409, 409])
  const handed = both.find((a) => a.status === 200).json
  assert.deepEqual([handed.state, handed.reward.name, handed.code], ['spent', '热汤面', undefined])
  refused(await ask(server, 'POST', `${got.headers.location}/cancel`, { token: rider }), 409)
  refused(await get(server, `${got.headers.location}/qr`, { token: rider }), 404)
  const { entries } = (await get(server, '/v1/me/points', { token: rider })).json
  assert.deepEqual([entries[0].phase, entries[0].amount, entries[0].reason], ['spent', -30, '热汤面'])
  const sent = await ask(server, 'POST', '/v1/reports', { form: report() })
  assert.equal(sent.status, 201, sent.text)
  assert.deepEqual((await get(server, '/v1/reports', { token: noodles })).json.reports, [], 'a merchant sees no report')
})

test('a till whose answer was lost asks again with its key, and the reward is handed over once', async (t) => {
  const { server, tokens } = await scene(t)
  const { rider, admin, noodles, branch } = tokens
  const area_id = (await get(server, '/v1/areas')).json.areas.find((a) => a.code === '110199001').id
  const { id } = (await ask(server, 'POST', '/v1/rewards', { token: admin, json: terms({ area_id }) })).json
  const [one, two] = [(await redeem(server, rider, id)).json.code, (await redeem(server, rider, id)).json.code]
  assert.equal((await verify(server, noodles, one, { dry_run: true }, 'till-1')).json.state, 'open')
  const answers = await Promise.all([0, 1, 2].map(() => verify(server, noodles, one, {}, 'till-1')))
  assert.deepEqual(answers.map((a) => a.status), [200, 200, 200])
  for (const { json } of answers) assert.deepEqual([json.state, json.reward.name, json.id], ['spent', '热汤面', answers[0].json.id])
  refused(await verify(server, noodles, two, {}, 'till-1'), 422, 'Idempotency-Key')
  refused(await verify(server, noodles, one, {}, 'till-2'), 409)
  refused(await verify(server, branch, one, {}, 'till-1'), 409)
  assert.equal((await verify(server, noodles, two)).status, 200)
})

test('cancelling gives back, and nobody redeems what they cannot pay, what is gone, or more than one may', async (t) => {
  const { server, tokens } = await scene(t)
  const { rider, admin } = tokens
  const offer = async (more) => (await ask(server, 'POST', '/v1/rewards', { token: admin, json: terms(more) })).json
  const one = await offer({ per_person: 1, supply: 5 }), dear = await offer({ cost: 500 }), none = await offer({ supply: 0 })
  const later = await offer({ from: new Date(Date.now() + 864e5).toISOString() })
  for (const reward of [dear, none, later]) refused(await redeem(server, rider, reward.id), 409)
  refused(await redeem(server, rider, 999), 404)
  refused(await redeem(server, undefined, one.id), 401)
  const got = await redeem(server, rider, one.id)
  refused(await redeem(server, rider, one.id), 409)
  const cancel = () => ask(server, 'POST', `/v1/me/redemptions/${got.json.id}/cancel`, { token: rider })
  const both = await Promise.all([cancel(), cancel()])
  assert.deepEqual(both.map((a) => [a.status, a.json.state]), [[200, 'cancelled'], [200, 'cancelled']])
  assert.equal(await settled(server, rider), 100)
  assert.equal((await get(server, `/v1/rewards/${one.id}`)).json.stock, 5)
  refused(await verify(server, admin, got.json.code), 409)
  assert.equal((await redeem(server, rider, one.id)).status, 201)
  const list = (await get(server, '/v1/me/redemptions?limit=1', { token: rider })).json
  assert.deepEqual(list.redemptions.map((r) => r.state), ['open'])
  assert.deepEqual((await get(server, list.next, { token: rider })).json.redemptions.map((r) => r.state), ['cancelled'])

  const change = (json) => ask(server, 'PUT', `/v1/rewards/${one.id}`, { token: admin, json })
  refused(await change(terms({ supply: 0, version: 1 })), 409)
  assert.equal((await change(terms({ supply: 1, version: 1 }))).json.stock, 0)
  refused(await change(terms({ supply: 9, version: 1 })), 409)
  refused(await ask(server, 'DELETE', `/v1/rewards/${one.id}?version=1`, { token: admin }), 409)
  assert.equal((await ask(server, 'DELETE', `/v1/rewards/${one.id}?version=2`, { token: admin })).status, 204)
  assert.ok((await get(server, '/v1/rewards')).json.rewards.every((r) => r.id !== one.id))
  assert.ok((await get(server, '/v1/rewards?all=true')).json.rewards.some((r) => r.id === one.id && r.ended_at))
})

test('who guesses is stopped, and who leaves takes no stock along', async (t) => {
  const { server, tokens } = await scene(t)
  const { rider, admin, noodles, branch } = tokens
  const { id } = (await ask(server, 'POST', '/v1/rewards', { token: admin, json: terms() })).json
  const { code } = (await redeem(server, rider, id)).json
  for (let i = 0; i < 10; i++) refused(await verify(server, noodles, `2222-2222-22${i + 23}`), 404)
  refused(await verify(server, noodles, code), 429)
  const out = (await get(server, '/v1/me/export', { token: rider })).json.redemptions.redemptions
  assert.deepEqual(out.map((r) => [r.state, r.code]), [['open', undefined]])
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  assert.equal((await get(server, `/v1/rewards/${id}`)).json.stock, 2)
  refused(await verify(server, admin, code), 404)
  refused(await verify(server, branch, code), 404)
})
