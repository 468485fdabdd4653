// The inbox: what others do with one's reports and points, told once, to whom it concerns.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ask, at, get, makeData, multipart, png, remove, signIn, start, stop } from './harness.mjs'

const made = await makeData(true)
let server = await start(made)
test.after(async () => {
  await stop(server)
  remove(made)
})

const tokens = {}
for (const name of ['admin', 'west', 'rider']) tokens[name] = await signIn(server, name)

/** Waits until `probe` says something. */
async function eventually(probe, what) {
  for (let i = 0; i < 200; i++) {
    const said = await probe()
    if (said) return said
    await new Promise((done) => setTimeout(done, 50))
  }
  assert.fail(`${what}\n${server.log.slice(-2000)}`)
}

const inbox = async (who, query = '') => (await get(server, `/v1/me/inbox${query}`, { token: tokens[who] })).json
const told = (who, verb, n = 1, query = '') =>
  eventually(async () => {
    const { messages } = await inbox(who, query)
    const found = messages.filter((m) => m.verb === verb)
    return found.length >= n && found
  }, `${who} is not told ${verb}`)

let shade = 0
async function report(token, fields = []) {
  const [lon, lat] = at(1, 1)
  const form = [['category', 'lamp'], ['lon', lon], ['lat', lat], ['photo', png(64, 48, 48, shade++), 'a.png', 'image/png'], ...fields]
  const answer = await ask(server, 'POST', '/v1/reports', { form, token })
  assert.equal(answer.status, 201, answer.text)
  return answer.json
}
const move = async (id, state, more = {}, who = 'west') => {
  const now = (await get(server, `/v1/reports/${id}`, { token: tokens[who] })).json
  const answer = await ask(server, 'PUT', `/v1/reports/${id}/state`, { token: tokens[who], json: { state, version: now.version, ...more } })
  assert.equal(answer.status, 200, answer.text)
}

test('an inbox is empty at first, and says so', async () => {
  assert.deepEqual(await inbox('rider'), { messages: [], unread: 0, next: null })
  const counts = (await get(server, '/v1/me/inbox/counts', { token: tokens.rider })).json
  assert.deepEqual(counts, { unread: 0, groups: {} })
  assert.equal((await get(server, '/v1/me/inbox')).status, 401)
})

test('who sent a report is told what staff do with it, in either language, and staff are not told what they did', async () => {
  const { id } = await report(tokens.rider)
  await move(id, 'accepted')
  const [message] = await told('rider', 'report.moved')
  assert.equal(message.about, `/v1/reports/${id}`)
  assert.equal(message.group, 'reports')
  assert.equal(message.note, '受理')
  assert.match(message.text, /^你的上报「.+」有新进展：受理$/)
  const english = (await inbox('rider', '?lang=en')).messages[0]
  assert.match(english.text, /^Your report “.+” has moved on: /)
  assert.equal((await inbox('west')).messages.length, 0)
  // A word to the sender is told without what it says; a note among staff is not.
  await ask(server, 'POST', `/v1/reports/${id}/updates`, { token: tokens.west, form: [['text', '已派人查看'], ['note', 'true']], check: false })
  const sent = await ask(server, 'POST', `/v1/reports/${id}/updates`, { token: tokens.west, form: [['text', '请稍候']] })
  assert.ok(sent.status < 300, sent.text)
  await told('rider', 'report.written')
  assert.doesNotMatch(JSON.stringify(await inbox('rider')), /请稍候|已派人/)
})

test('what is read is counted no more and comes behind what waits', async () => {
  const { id } = await report(tokens.rider)
  await move(id, 'accepted')
  await move(id, 'filed')
  await eventually(async () => (await inbox('rider')).messages.some((m) => m.about.endsWith(id) && m.note === '立案'), 'not told')
  const before = await inbox('rider')
  const newest = before.messages[0]
  const mark = () => ask(server, 'PUT', `/v1/me/inbox/${newest.id}/read`, { token: tokens.rider })
  assert.equal((await mark()).status, 204)
  assert.equal((await mark()).status, 204)
  const after = await inbox('rider')
  assert.equal(after.unread, before.unread - 1)
  assert.equal(after.messages.at(-1).id, newest.id)
  assert.ok(after.messages.at(-1).read_at)
  assert.equal((await inbox('rider', '?unread=true')).messages.length, after.unread)
  const counts = (await get(server, '/v1/me/inbox/counts', { token: tokens.rider })).json
  assert.deepEqual(counts, { unread: after.unread, groups: { reports: after.unread } })
  // Somebody else's message is none.
  assert.equal((await ask(server, 'PUT', `/v1/me/inbox/${newest.id}/read`, { token: tokens.west })).status, 404)
})

test('a list goes on where a page ended, each message once', async () => {
  const all = (await inbox('rider')).messages.map((m) => m.id)
  assert.ok(all.length >= 3)
  const seen = []
  for (let path = '/v1/me/inbox?limit=1'; path; ) {
    const page = (await get(server, path, { token: tokens.rider })).json
    seen.push(...page.messages.map((m) => m.id))
    path = page.next
  }
  assert.deepEqual(seen, all)
  for (const bad of ['?limit=0', '?limit=101', '?group=nothing', '?lang=fr', '?cursor=x', '?unread=maybe'])
    assert.equal((await get(server, `/v1/me/inbox${bad}`, { token: tokens.rider })).status, 400, bad)
})

test('all up to the one that was shown are marked at once, and no later ones', async () => {
  const { messages } = await inbox('rider')
  const upto = Math.max(...messages.map((m) => m.id))
  const unread = messages.filter((m) => !m.read_at).length
  const answer = await ask(server, 'PUT', '/v1/me/inbox/read', { token: tokens.rider, json: { upto } })
  assert.deepEqual(answer.json, { marked: unread })
  assert.equal((await inbox('rider')).unread, 0)
  assert.equal((await ask(server, 'PUT', '/v1/me/inbox/read', { token: tokens.rider, json: {} })).status, 400)
})

test('points that are good are told, and the report that brought them', async () => {
  const { id } = await report(tokens.rider)
  for (const state of ['accepted', 'filed', 'dispatched', 'handling']) await move(id, state)
  const now = (await get(server, `/v1/reports/${id}`, { token: tokens.west })).json
  const form = [['state', 'handled'], ['version', String(now.version)], ['photo', png(64, 48, 48, shade++), 'b.png', 'image/png']]
  const handled = await ask(server, 'POST', `/v1/reports/${id}/updates`, { token: tokens.west, form })
  assert.ok(handled.status < 300, handled.text)
  await move(id, 'verifying')
  await move(id, 'closed')
  const [message] = await told('rider', 'points.settled', 1, '?group=points')
  assert.match(message.note, /^\+\d+$/)
  assert.equal(message.about, `/v1/reports/${id}`)
})

test('a group that is not wanted is told no more, but what guards the account is', async () => {
  const put = (group, json) => ask(server, 'PUT', `/v1/me/inbox/preferences/${group}`, { token: tokens.rider, json })
  const { preferences } = (await get(server, '/v1/me/inbox/preferences', { token: tokens.rider })).json
  assert.ok(preferences.every((p) => p.inbox))
  assert.deepEqual(preferences.filter((p) => !p.may_be_off).map((p) => p.group), ['account'])
  assert.equal((await put('account', { inbox: false })).status, 409)
  assert.equal((await put('nothing', { inbox: false })).status, 404)
  assert.equal((await put('reports', {})).status, 400)
  assert.equal((await put('reports', { inbox: false })).json.inbox, false)
  const before = (await inbox('rider')).messages.length
  const quiet = await report(tokens.rider)
  await move(quiet.id, 'accepted')
  assert.equal((await put('reports', { inbox: true })).json.inbox, true)
  const loud = await report(tokens.rider)
  await move(loud.id, 'accepted')
  await eventually(async () => (await inbox('rider')).messages.some((m) => m.about?.endsWith(loud.id)), 'not told')
  const { messages } = await inbox('rider', '?limit=100')
  // That the first was accepted may have been read from the outbox after the change of mind; it was told at most once.
  assert.ok(messages.filter((m) => m.about?.endsWith(quiet.id)).length <= 1)
  assert.ok(messages.length > before)
})

test('what was told is told once though the server is killed at any moment', async () => {
  const { id } = await report(tokens.rider)
  const states = ['accepted', 'filed', 'dispatched', 'handling']
  for (const state of states) {
    await move(id, state)
    if (state !== 'filed' && state !== 'handling') continue
    server.child.kill('SIGKILL')
    await server.exited
    server = await start(made)
  }
  await eventually(async () => (await inbox('rider', '?limit=100')).messages.filter((m) => m.about?.endsWith(id)).length >= states.length, 'not told all')
  await new Promise((done) => setTimeout(done, 600))
  const notes = (await inbox('rider', '?limit=100')).messages.filter((m) => m.about?.endsWith(id)).map((m) => m.note)
  assert.deepEqual(notes.sort(), ['受理', '立案', '派遣', '处置中'].sort())
})

test('the export has the messages, and forgetting a report takes what was told of it', async () => {
  const exported = (await get(server, '/v1/me/export', { token: tokens.rider })).json
  assert.ok(exported.inbox.messages.length > 3)
  assert.ok(exported.inbox.preferences.some((p) => p.group === 'reports'))
  const id = exported.inbox.messages.find((m) => m.verb === 'report.moved').about.split('/').at(-1)
  assert.equal((await ask(server, 'POST', `/v1/reports/${id}/forget`, { token: tokens.rider })).status, 204)
  const { messages } = await inbox('rider', '?limit=100')
  assert.ok(!messages.some((m) => m.about?.endsWith(id)))
})
