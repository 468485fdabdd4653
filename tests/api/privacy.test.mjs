// What is kept of people: told to them, taken back by them, and gone when its time is over.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, command, everybody, get, password, png, refused, report, signIn, until } from './harness.mjs'
import { listen } from './listener.mjs'

let shade = 0
const send = async (server, token, more = [['description', '井盖丢了']]) => {
  const answer = await ask(server, 'POST', '/v1/reports', { token, form: report(more, png(64, 48, 48, shade++)) })
  assert.equal(answer.status, 201, answer.text)
  return answer.json
}
const move = async (server, token, made, ...states) => {
  for (const state of states) {
    const { version } = (await get(server, `/v1/reports/${made.id}`, { token })).json
    const answer = await ask(server, 'PUT', `/v1/reports/${made.id}/state`, { token, json: { state, version, reason: '原因' } })
    assert.equal(answer.status, 200, answer.text)
  }
}
const forget = (server, made, more) => ask(server, 'POST', `/v1/reports/${made.id}/forget`, more)
/** What a sender can go on with no more tells nothing of them either. */
const isBare = async (server, token, made) => {
  const seen = (await get(server, `/v1/reports/${made.id}`, { token })).json
  assert.deepEqual([seen.description, seen.address, seen.photos], [undefined, undefined, []])
  assert.ok(seen.history.every((e) => e.reason === undefined))
  return seen
}
const count = (folder) => readdirSync(folder, { withFileTypes: true })
  .reduce((sum, entry) => sum + (entry.isDirectory() ? count(join(folder, entry.name)) : 1), 0)
const files = (made) => count(join(made.data, 'blobs'))

test('a rider is told all that is kept of them, page by page', async (t) => {
  const { server, tokens } = await everybody(t)
  const sent = []
  for (let i = 0; i < 3; i++) sent.push(await send(server, tokens.rider))
  const others = await send(server)
  await ask(server, 'POST', `/v1/reports/${others.id}/join`, { token: tokens.rider })
  await send(server)
  const found = []
  for (let path = '/v1/me/export?limit=2'; path; ) {
    const page = await get(server, path, { token: tokens.rider })
    assert.equal(page.status, 200, page.text)
    assert.equal(page.headers['cache-control'], 'no-store')
    assert.equal(page.json.person.login, 'rider')
    assert.deepEqual(page.json.sessions.map((s) => s.current), [true])
    assert.ok(page.json.reports.length <= 2)
    found.push(...page.json.reports)
    path = page.json.next
  }
  assert.deepEqual(found.map((f) => [f.as, f.report.id]), [...sent.map((s) => ['reporter', s.id]), ['joiner', others.id]])
  assert.equal(found[0].report.description, '井盖丢了')
  assert.equal(found[0].report.photos.length, 1)
  assert.equal(found[0].report.history[0].verb, 'created')
  for (const entry of found) assert.ok(!/yz[rsj]_/.test(JSON.stringify(entry)), 'no secret')
  refused(await get(server, '/v1/me/export'), 401)
  refused(await get(server, '/v1/me/export?limit=0', { token: tokens.rider }), 400, 'limit')
})

test('an anonymous sender takes back what is theirs, with the secret alone', async (t) => {
  const { server, tokens } = await everybody(t)
  const made = await send(server), headers = { 'Case-Token': made.token }
  const live = await listen(server, '/v1/events', { token: tokens.west })
  const photo = made.photos[0].url ?? `/v1/photos/${made.photos[0].id}`
  assert.equal((await get(server, photo, { check: false })).status, 200)
  assert.ok(files(server.made) > 0)
  refused(await forget(server, made), 401)
  refused(await forget(server, made, { headers: { 'Case-Token': 'yzr_wrong' } }), 401)
  refused(await forget(server, made, { token: tokens.west }), 403)
  assert.equal((await forget(server, made, { headers })).status, 204)
  assert.equal((await get(server, photo, { check: false })).status, 404)
  assert.equal(files(server.made), 0, 'the files are gone')
  const seen = await isBare(server, tokens.west, made)
  assert.equal(seen.state, 'withdrawn')
  assert.notDeepEqual(seen.location, made.location)
  refused(await forget(server, made, { headers }), 401)
  await until(() => live.cases.some((e) => e.verb === 'anonymised'))
  live.end()

  // One that is worked on goes on; then nothing is left of its sender.
  const worked = await send(server), theirs = { 'Case-Token': worked.token }
  await move(server, tokens.west, worked, 'accepted', 'filed')
  assert.equal((await forget(server, worked, { headers: theirs })).status, 204)
  assert.equal((await get(server, `/v1/reports/${worked.id}`, { token: tokens.west })).json.description, '井盖丢了')
  refused(await ask(server, 'POST', `/v1/reports/${worked.id}/state`, { headers: theirs, json: { state: 'withdrawn' } }), 401)
  assert.match((await command(server.made.data, 'forget', '--dry-run')).stdout, /^0 cases would be anonymised, 0 photos/)
  const original = await send(server)
  const { version } = (await get(server, `/v1/reports/${worked.id}`, { token: tokens.west })).json
  const closed = await ask(server, 'PUT', `/v1/reports/${worked.id}/state`, {
    token: tokens.west, json: { state: 'duplicate', version, duplicate_of: original.id } })
  assert.equal(closed.status, 200, closed.text)
  assert.match((await command(server.made.data, 'forget', '--dry-run')).stdout, /^1 cases would be anonymised, 1 photos/)
  assert.match((await command(server.made.data, 'forget')).stdout, /^1 cases were anonymised, 1 photos were deleted/)
  await isBare(server, tokens.west, worked)
})

test('a rider deletes the account: what is theirs goes, what is worked on stays, the login is free', async (t) => {
  const { server, tokens } = await everybody(t)
  const mine = await send(server, tokens.rider), worked = await send(server, tokens.rider), others = await send(server)
  await move(server, tokens.west, worked, 'accepted', 'filed')
  await ask(server, 'POST', `/v1/reports/${others.id}/join`, { token: tokens.rider })
  const live = await listen(server, '/v1/events?mine=true', { token: tokens.rider })
  refused(await ask(server, 'DELETE', '/v1/me'), 401)
  const staff = await ask(server, 'DELETE', '/v1/me', { token: tokens.west })
  refused(staff, 409)
  assert.match(staff.json.detail, /who did what/)
  const gone = await ask(server, 'DELETE', '/v1/me', { token: tokens.rider })
  assert.equal(gone.status, 204, gone.text)
  await live.closed
  assert.equal((await isBare(server, tokens.west, mine)).state, 'withdrawn')
  const on = (await get(server, `/v1/reports/${worked.id}`, { token: tokens.west })).json
  assert.deepEqual([on.state, on.description], ['filed', '井盖丢了'])
  assert.ok(on.history.every((e) => e.actor !== 'reporter' || e.person_id === undefined))
  assert.equal((await get(server, `/v1/reports/${others.id}`)).json.joined, 1)
  refused(await get(server, '/v1/me', { token: tokens.rider }), 401)
  refused(await ask(server, 'POST', '/v1/sessions', { json: { name: 'rider', password } }), 401)
  await addUser(server.made.data, 'rider', password, '--role', 'rider')
  const anew = await get(server, '/v1/me/export', { token: await signIn(server, 'rider') })
  assert.deepEqual(anew.json.reports, [])
})

/** Which files below a folder have one of these words. */
const having = (folder, words) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const path = join(folder, entry.name)
  if (entry.isDirectory()) return having(path, words)
  const bytes = readFileSync(path)
  return words.some((word) => bytes.includes(word)) ? [path] : []
})

test('what was deleted leaves the disk within seconds, also while others write', async (t) => {
  const { server, tokens } = await everybody(t)
  const words = ['leaver-7731', '离别人七七三一', '13900007731', '一个再也找不到的井盖']
  await addUser(server.made.data, words[0], password, '--role', 'rider')
  const token = await signIn(server, words[0])
  const { version } = (await get(server, '/v1/me', { token })).json
  assert.equal((await ask(server, 'PUT', '/v1/me', { token, json: { version, name: words[1], phone: words[2] } })).status, 200)
  await send(server, token, [['description', words[3]]])
  assert.notDeepEqual(having(server.made.data, words), [])
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token })).status, 204)
  await send(server, tokens.rider)
  await until(() => having(server.made.data, words).length === 0, 30000)
})

test('no public answer has a name, a login, a person or a secret', async (t) => {
  const { server, tokens } = await everybody(t)
  const names = ['Zhang Sanfeng', 'sanfeng-login', 'Li Banshi', 'banshi-login']
  await addUser(server.made.data, 'sanfeng-login', password, '--role', 'rider', '--name', 'Zhang Sanfeng')
  await addUser(server.made.data, 'banshi-login', password, '--role', 'area_staff', '--area', '110199001', '--name', 'Li Banshi')
  const rider = await signIn(server, 'sanfeng-login'), staff = await signIn(server, 'banshi-login')
  const made = await send(server, rider)
  await move(server, staff, made, 'accepted', 'filed', 'dispatched', 'handling')
  await ask(server, 'POST', `/v1/reports/${made.id}/updates`, { token: staff, form: [['text', '内部'], ['note', 'true']] })
  const joined = (await ask(server, 'POST', `/v1/reports/${made.id}/join`)).json
  const seen = [
    `/v1/reports/${made.id}`, `/v1/events/poll?report=${made.id}&after=0&wait=0`, '/v1/areas', '/v1/places', '/v1/categories',
    '/healthz', '/readyz', '/metrics', '/tiles/places.json',
    ...(await get(server, '/v1/places?limit=10')).json.places.flatMap((p) => [`/v1/places/${p.id}`, `/v1/places/${p.id}/history`]),
  ]
  const views = [[undefined, {}], [rider, {}], [undefined, { 'Case-Token': joined.token }], [tokens.east, {}]]
  for (const path of seen)
    for (const [token, headers] of views) {
      const { status, text } = await get(server, path, { token, headers })
      assert.equal(status, 200, `${path}: ${text}`)
      for (const secret of [...names, '内部', '"person_id"', made.token, joined.token, 'reporter_id', 'session_hash'])
        assert.ok(!text.includes(secret), `${path} tells ${secret}`)
    }
  const own = (await get(server, `/v1/reports/${made.id}`, { token: staff })).text
  assert.ok(own.includes('"person_id"') && own.includes('内部'), 'staff of the area are told')
})
