// What one says of oneself: name, language, phone, being hidden in rankings; and that a copy of the data tells no number.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { ask, get, makeData, password, refused, remove, signIn, start, stop } from './harness.mjs'

const made = await makeData(true)
const server = await start(made)
test.after(async () => {
  await stop(server)
  remove(made)
})

const token = await signIn(server, 'rider')
const me = async () => (await get(server, '/v1/me', { token })).json
const put = (json) => ask(server, 'PUT', '/v1/me', { token, json })

test('a profile is empty at first, and what is not named stays as it was', async () => {
  const first = await me()
  assert.equal(first.version, 1)
  assert.equal(first.ranking_hidden, false)
  assert.equal(first.phone, undefined)
  assert.equal(first.language, undefined)
  const named = await put({ version: 1, name: '王师傅', language: 'en' })
  assert.equal(named.status, 200, named.text)
  assert.equal(named.json.name, '王师傅')
  const later = await put({ version: 2, ranking_hidden: true })
  assert.equal(later.json.name, '王师傅')
  assert.equal(later.json.language, 'en')
  assert.equal(later.json.ranking_hidden, true)
  assert.deepEqual((await get(server, '/v1/me/ranking', { token })).json, { name: null, hidden: true })
  assert.equal((await put({ version: 3, language: '' })).json.language, undefined)
})

test('who saw an older version is refused', async () => {
  const { version } = await me()
  assert.equal((await put({ version: version - 1, name: '他' })).status, 409)
  assert.equal((await put({ name: '他' })).status, 400)
  assert.equal((await me()).name, '王师傅')
})

test('what cannot be is refused with the name of the field', async () => {
  const { version } = await me()
  for (const [field, value] of [['name', ''], ['name', '  '], ['name', 'x\ny'], ['name', 'x'.repeat(61)], ['language', 'fr'], ['phone', '123'], ['phone', 'call me'],
    ['phone', '1'.repeat(16)], ['ranking_hidden', 'yes'], ['login', 'root'], ['grants', []]]) {
    const answer = await put({ version, [field]: value })
    refused(answer, 400, field)
  }
  assert.equal((await me()).version, version)
})

test('a phone number is shown masked, exported whole, and in no file of the data', async () => {
  const { version } = await me()
  const answer = await put({ version, phone: '+86 139-1234-9876' })
  assert.equal(answer.json.phone, '+86139****9876')
  assert.equal((await me()).phone, '+86139****9876')
  const exported = (await get(server, '/v1/me/export', { token })).json
  assert.equal(exported.person.phone, '+8613912349876')
  assert.equal(exported.person.ranking_hidden, true)
  for (const file of readdirSync(made.data)) {
    if (!file.startsWith('yizhan.db')) continue
    const bytes = readFileSync(join(made.data, file))
    for (const form of ['13912349876', '139-1234-9876']) assert.equal(bytes.includes(form), false, `${file} has it`)
  }
  for (const form of ['13912349876', '139-1234-9876', '139****9876']) assert.ok(!server.log.includes(form), `the log has ${form}`)
  assert.equal((await put({ version: version + 1, phone: '' })).json.phone, undefined)
})

test('the language of the profile is that of the inbox', async () => {
  const changed = await ask(server, 'PUT', '/v1/me/password', { token, json: { old: password, new: 'another good horse' } })
  assert.equal(changed.status, 204)
  const { version } = await me()
  await put({ version, language: 'en' })
  const { messages } = (await get(server, '/v1/me/inbox', { token })).json
  assert.equal(messages[0].verb, 'account.password')
  assert.match(messages[0].text, /^Your password was changed/)
})

test('a key has no profile', async () => {
  const admin = await signIn(server, 'admin')
  const added = await ask(server, 'POST', '/v1/people', { token: admin, json: { login: 'system', role: 'integrator', kind: 'report' } })
  assert.equal(added.status, 201, added.text)
  const key = (await ask(server, 'POST', `/v1/people/${added.json.id}/keys`, { token: admin, json: { label: 'a' } })).json.key
  assert.equal((await ask(server, 'PUT', '/v1/me', { token: key, json: { version: 1, name: 'x' } })).status, 409)
  assert.equal((await get(server, '/v1/me/inbox', { token: key })).status, 409)
})

test('deleting the account takes the profile and the inbox along', async () => {
  const { version, id } = await me()
  assert.equal((await put({ version, phone: '13912349876', ranking_hidden: true })).status, 200)
  assert.equal((await ask(server, 'PUT', '/v1/me/inbox/preferences/votes', { token, json: { inbox: false } })).status, 200)
  const kept = () => Object.fromEntries(['people_profiles', 'inbox_messages', 'inbox_preferences', 'points_names', 'tokens'].map((table) =>
    [table, Number(execFileSync('sqlite3', ['-readonly', join(made.data, 'yizhan.db'), `SELECT count(*) FROM ${table} WHERE person_id = ${id}`]))]))
  assert.ok(Object.values(kept()).every((count) => count > 0), JSON.stringify(kept()))
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token })).status, 204)
  assert.deepEqual(kept(), { people_profiles: 0, inbox_messages: 0, inbox_preferences: 0, points_names: 0, tokens: 0 })
  assert.equal((await get(server, '/v1/me', { token })).status, 401)
  const admin = await signIn(server, 'admin')
  assert.doesNotMatch((await get(server, '/v1/people', { token: admin })).text, /王师傅/)
})
