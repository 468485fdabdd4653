// Who came to an activity: checking in by position, by code and by staff, what staff say of it, and the points that it brings.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, at, everybody, get, password, refused, signIn, soon } from './harness.mjs'

const post = (server, path, token, json) => ask(server, 'POST', path, { token, json })
const put = (server, path, token, json) => ask(server, 'PUT', path, { token, json })
const rows = (server, sql) => JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', join(server.made.data, 'yizhan.db'), sql]).toString().trim() || '[]')
const balance = async (server, token, kind = 'service') => (await get(server, '/v1/me/points', { token })).json.balances.find((b) => b.kind === kind).settled

async function scene(t) {
  const { server, tokens } = await everybody(t)
  await addUser(server.made.data, 'branch', password, '--role', 'branch_staff', '--area', '110199001')
  for (const name of ['wang', 'li']) await addUser(server.made.data, name, password, '--role', 'rider')
  for (const name of ['branch', 'wang', 'li']) tokens[name] = await signIn(server, name)
  const begun = async (more) => {
    const terms = { kind: 'help', title: '路口疏导', location: at(1, 1), from: soon(-600), to: soon(3600), sign_up_until: soon(1800), state: 'open', ...more }
    const made = await post(server, '/v1/activities', tokens.branch, terms)
    assert.equal(made.status, 201, made.text)
    return made.json
  }
  const join = async (token, activity) => {
    const made = await ask(server, 'POST', `/v1/activities/${activity.id}/signup`, { token })
    assert.equal(made.status, 201, made.text)
    return made.json
  }
  const come = (token, signup, json, query = '') => post(server, `/v1/me/signups/${signup.id}/check-in${query}`, token, json)
  const judge = (token, activity, signup, json) => put(server, `/v1/activities/${activity.id}/signups/${signup.id}`, token, json)
  return { server, tokens, begun, join, come, judge }
}

test('one checks in where it is, staff confirm it with what was counted, and its points are good', async (t) => {
  const { server, tokens, begun, join, come, judge } = await scene(t)
  const { branch, rider, wang, east } = tokens, activity = await begun(), mine = await join(rider, activity)
  refused(await come(rider, mine, {}), 400, 'location')
  refused(await come(rider, mine, { location: at(1, 1) }), 400, 'accuracy_m')
  refused(await come(rider, mine, { location: at(1, 1), accuracy_m: 5, code: 'x' }), 400, 'location')
  refused(await come(rider, mine, { location: at(2, 2), accuracy_m: 30 }), 409)
  refused(await come(rider, mine, { location: at(1, 1), accuracy_m: 500 }), 409)
  refused(await come(rider, mine, { location: at(1, 1), accuracy_m: -5 }), 400, 'accuracy_m')
  refused(await come(wang, mine, { location: at(1, 1), accuracy_m: 5 }), 404)
  const came = await come(rider, mine, { location: at(1, 1.5), accuracy_m: 90 })
  assert.deepEqual([came.status, came.json.state, came.json.checked_in_by], [200, 'attended', 'position'], came.text)
  assert.equal((await come(rider, mine, { location: at(1, 1), accuracy_m: 5 })).json.version, came.json.version, 'again is fine')
  const kept = rows(server, 'SELECT * FROM activity_signups')[0]
  assert.ok(!JSON.stringify(kept).includes('116.3'), 'nothing is kept of the position')
  refused(await ask(server, 'POST', `/v1/me/signups/${mine.id}/cancel`, { token: rider }), 409)

  const own = await join(branch, activity)
  refused(await post(server, `/v1/activities/${activity.id}/signups/${own.id}/check-in`, branch), 403)
  refused(await judge(branch, activity, own, { state: 'confirmed', version: 1 }), 403)
  assert.equal((await post(server, `/v1/me/signups/${own.id}/cancel`, branch)).status, 409, 'it has begun')

  const version = came.json.version, tally = [{ code: 'problems', number: 3 }]
  refused(await judge(rider, activity, mine, { state: 'confirmed', version }), 403)
  refused(await judge(east, activity, mine, { state: 'confirmed', version }), 403)
  refused(await judge(branch, activity, mine, { state: 'confirmed', version: 1 }), 409)
  refused(await judge(branch, activity, mine, { state: 'confirmed', version, tally: [{ code: 'visits', number: 1 }] }), 400)
  refused(await judge(branch, activity, mine, { state: 'confirmed', version, tally: [{ code: 'problems', number: 51 }] }), 400)
  refused(await judge(branch, activity, mine, { state: 'confirmed', version, tally: [...tally, ...tally] }), 400)
  refused(await judge(branch, activity, mine, { state: 'refused', version }), 400)
  refused(await judge(branch, activity, mine, { state: 'perhaps', version }), 400, 'state')
  const both = await Promise.all([judge(branch, activity, mine, { state: 'confirmed', version, tally }), judge(branch, activity, mine, { state: 'confirmed', version, tally })])
  assert.deepEqual(both.map((a) => a.status).sort(), [200, 409])
  const confirmed = both.find((a) => a.status === 200).json
  assert.deepEqual([confirmed.state, confirmed.tally, confirmed.person > 0], ['confirmed', tally, true])
  assert.equal(await balance(server, rider), 10)
  const { entries } = (await get(server, '/v1/me/points', { token: rider })).json
  assert.deepEqual([entries[0].phase, entries[0].amount, entries[0].reason, entries[0].source.type, entries[0].rule], ['settled', 10, '路口疏导', 'activity', 'activity'])

  const off = await judge(branch, activity, mine, { state: 'refused', reason: '中途离开', version: confirmed.version })
  assert.deepEqual([off.json.state, off.json.tally, off.json.reason], ['refused', undefined, '中途离开'])
  assert.equal(await balance(server, rider), 0)
  assert.equal((await judge(branch, activity, mine, { state: 'confirmed', version: off.json.version })).json.state, 'confirmed')
  assert.equal(await balance(server, rider), 10)
  const told = rows(server, 'SELECT verb, note FROM inbox_messages ORDER BY id').map((m) => m.verb + m.note)
  assert.deepEqual(told.filter((m) => m.startsWith('activity.')), ['activity.confirmed', 'activity.refused中途离开', 'activity.confirmed'])
  const verbs = (await get(server, '/v1/audit', { token: tokens.admin })).json.audit.map((e) => e.verb)
  assert.deepEqual(verbs.filter((v) => v.startsWith('signup_')), ['signup_confirmed', 'signup_refused', 'signup_confirmed'])
})

test('points that staff took back by hand are not given again for the same activity', async (t) => {
  const { server, tokens, begun, join, judge } = await scene(t)
  const { branch, rider, admin } = tokens, activity = await begun(), mine = await join(rider, activity)
  const confirmed = await judge(branch, activity, mine, { state: 'confirmed', version: mine.version })
  assert.deepEqual([confirmed.json.state, confirmed.json.checked_in_by], ['confirmed', 'staff'], confirmed.text)
  const [entry] = (await get(server, '/v1/me/points', { token: rider })).json.entries
  assert.equal((await post(server, `/v1/points/${entry.id}/reverse`, admin, { reason: '冒名' })).status, 201)
  const off = await judge(branch, activity, mine, { state: 'refused', reason: '冒名', version: confirmed.json.version })
  assert.equal((await judge(branch, activity, mine, { state: 'confirmed', version: off.json.version })).status, 200)
  assert.equal(await balance(server, rider), 0)
})

test('the code on the screen checks in, and where nobody confirms, points are good at once', async (t) => {
  const { server, tokens, begun, join, come } = await scene(t)
  const { branch, rider, wang, li, admin } = tokens, salon = await begun({ kind: 'salon', title: '减压沙龙', seats: 2 })
  const mine = await join(rider, salon), other = await join(wang, salon), waits = await join(li, salon)
  refused(await get(server, `/v1/activities/${salon.id}/code`, { token: rider }), 403)
  const shown = await get(server, `/v1/activities/${salon.id}/code`, { token: branch })
  assert.ok(new Date(shown.json.until) > Date.now() && shown.json.url.endsWith(`/activities/${salon.id}?code=${shown.json.code}`), shown.text)
  const qr = await get(server, `/v1/activities/${salon.id}/code/qr`, { token: branch })
  assert.match(qr.text, /^<svg .*<\/svg>$/)
  const another = await begun({ kind: 'clinic', title: '义诊' }), fixed = (await get(server, `/v1/activities/${another.id}/code`, { token: branch })).json
  assert.equal(fixed.until, undefined, 'the code of a clinic is printed')

  refused(await come(rider, mine, { code: fixed.code }), 409)
  refused(await come(rider, mine, { code: 'nonsense' }), 409)
  refused(await come(rider, mine, { location: at(1, 1), accuracy_m: 1 }), 409)
  refused(await come(li, waits, { code: shown.json.code }), 409)
  const came = await come(rider, mine, { code: shown.json.code.toUpperCase().replaceAll('-', ' ') })
  assert.deepEqual([came.json.state, came.json.checked_in_by], ['confirmed', 'code'], came.text)
  assert.equal(await balance(server, rider, 'learning'), 5)
  const twice = await Promise.all([come(rider, mine, { code: shown.json.code }), come(rider, mine, { code: shown.json.code })])
  assert.deepEqual(twice.map((a) => a.status), [200, 200])
  assert.equal(await balance(server, rider, 'learning'), 5)

  const checked = await ask(server, 'POST', `/v1/activities/${salon.id}/signups/${other.id}/check-in`, { token: branch })
  assert.deepEqual([checked.json.state, checked.json.checked_in_by, checked.json.name], ['confirmed', 'staff', 'wang'], checked.text)
  refused(await ask(server, 'POST', `/v1/activities/${another.id}/signups/${other.id}/check-in`, { token: branch }), 404)
  const list = (await get(server, `/v1/activities/${salon.id}/signups?limit=2`, { token: branch })).json
  assert.deepEqual(list.signups.map((s) => [s.name, s.state]), [['rider', 'confirmed'], ['wang', 'confirmed']])
  assert.deepEqual((await get(server, list.next, { token: branch })).json.signups.map((s) => s.ahead), [0])
  assert.deepEqual((await get(server, `/v1/activities/${salon.id}/signups?state=waiting`, { token: admin })).json.signups.length, 1)
  refused(await get(server, `/v1/activities/${salon.id}/signups`, { token: rider }), 403)
})

test('nobody checks in too early, too late, or to what has ended; GCJ-02 is understood', async (t) => {
  const { server, tokens, begun, join, come, judge } = await scene(t)
  const { branch, rider } = tokens, later = await begun({ from: soon(7200), to: soon(10800) }), early = await join(rider, later)
  refused(await come(rider, early, { location: at(1, 1), accuracy_m: 5 }), 409)
  refused(await judge(branch, later, early, { state: 'confirmed', version: 1 }), 409)
  const now = await begun(), mine = await join(rider, now)
  const { location } = (await get(server, `/v1/activities/${now.id}?crs=gcj02`)).json
  refused(await come(rider, mine, { location, accuracy_m: 5 }), 409)
  assert.equal((await come(rider, mine, { location, accuracy_m: 5 }, '?crs=gcj02')).json.state, 'attended')
  const over = await begun(), theirs = await join(rider, over)
  const done = await put(server, `/v1/activities/${over.id}/state`, branch, { state: 'done', version: 1 })
  assert.equal(done.json.state, 'done', done.text)
  refused(await come(rider, theirs, { location: at(1, 1), accuracy_m: 5 }), 409)
  assert.equal((await judge(branch, over, theirs, { state: 'confirmed', version: 1 })).json.state, 'confirmed', 'staff can, afterwards')
})
