// Sessions, cookies, second factors, and the audit trail.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { addUser, another, ask, at, command, get, makeData, password, refused, remove, root, serve, signIn, start, stop } from './harness.mjs'

const post = (server, body, more = {}) => ask(server, 'POST', '/v1/sessions', { json: body, ...more })
const cookieOf = (answer) => answer.headers['set-cookie']?.[0]?.split(';')[0]

/** RFC 6238, from the base32 of its secret. */
function codeOf(secret, step = Math.floor(Date.now() / 30000)) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', key).update(counter).digest()
  const offset = hash[19] & 15
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1000000).padStart(6, '0')
}

test('sessions', async (t) => {
  const server = await serve(t)
  const data = server.made.data
  await addUser(data, 'wang', password, '--role', 'area_staff', '--area', '110199001')

  await t.test('a page gets a cookie that scripts cannot read, and proves itself with what changes something', async () => {
    const made = await post(server, { name: 'admin', password, cookie: true })
    assert.equal(made.status, 201, made.text)
    assert.equal(made.json.token, undefined)
    const [set] = made.headers['set-cookie']
    assert.match(set, /^yizhan=yzs_[^;]+; Path=\/; HttpOnly; SameSite=Strict$/)
    const Cookie = cookieOf(made), csrf = made.json.csrf
    const me = await get(server, '/v1/me', { headers: { Cookie } })
    assert.equal(me.json.login, 'admin')
    assert.equal(me.json.csrf, csrf, 'a page that was loaded again learns it here')
    assert.equal((await get(server, '/v1/reports', { headers: { Cookie: `a=b; ${Cookie}; c=d` } })).status, 200)
    const end = (headers) => ask(server, 'DELETE', '/v1/sessions/current', { headers: { Cookie, ...headers } })
    const proof = { 'X-CSRF-Token': csrf }, own = `http://127.0.0.1:${server.port}`, host = { Host: `127.0.0.1:${server.port}` }
    for (const [headers, parameter] of [
      [{}, 'X-CSRF-Token'], [{ 'X-CSRF-Token': csrf.replace(/./, (c) => (c === '0' ? '1' : '0')) }, 'X-CSRF-Token'], [{ 'X-CSRF-Token': '' }, 'X-CSRF-Token'],
      [{ ...proof, 'Sec-Fetch-Site': 'cross-site' }, 'Sec-Fetch-Site'], [{ ...proof, 'Sec-Fetch-Site': 'same-site' }, 'Sec-Fetch-Site'],
      [{ ...proof, Origin: 'https://evil.example' }, 'Origin'], [{ ...proof, Origin: 'null' }, 'Origin'],
    ]) {
      const no = await end(headers)
      refused(no, 403, parameter)
      assert.equal(no.json.type, 'urn:yizhan:problem:csrf')
    }
    const other = await post(server, { name: 'admin', password, cookie: true })
    refused(await end({ 'X-CSRF-Token': other.json.csrf }), 403, 'X-CSRF-Token')
    const ended = await end({ ...proof, ...host, Origin: own, 'Sec-Fetch-Site': 'same-origin' })
    assert.equal(ended.status, 204, ended.text)
    assert.match(ended.headers['set-cookie'][0], /^yizhan=; Path=\/; Max-Age=0;/)
    refused(await get(server, '/v1/me', { headers: { Cookie } }), 401)
  })

  await t.test('over https the cookie is for https alone', async () => {
    const https = { 'X-Forwarded-Proto': 'https' }
    const made = await post(server, { name: 'admin', password, cookie: true }, { headers: https })
    assert.match(made.headers['set-cookie'][0], /^__Host-yizhan=.*; Secure$/)
    const Cookie = cookieOf(made)
    assert.equal((await get(server, '/v1/me', { headers: { Cookie, ...https } })).status, 200)
    refused(await get(server, '/v1/me', { headers: { Cookie } }), 401)
    refused(await get(server, '/v1/me', { headers: { Cookie: Cookie.replace('__Host-', ''), ...https } }), 401)
    refused(await get(server, '/v1/me', { headers: { Cookie: `${Cookie}; __Host-yizhan=planted`, ...https } }), 401)
  })

  await t.test('a header counts alone, and a cookie that proves nothing does not keep anybody from what is for all', async () => {
    const Cookie = cookieOf(await post(server, { name: 'admin', password, cookie: true })), token = await signIn(server, 'wang')
    assert.equal((await get(server, '/v1/me', { token, headers: { Cookie } })).json.login, 'wang')
    refused(await get(server, '/v1/me', { token: 'yzs_nonsense', headers: { Cookie } }), 401)
    assert.equal((await ask(server, 'POST', '/v1/places/1/confirm', { headers: { Cookie } })).status, 200)
    assert.equal((await ask(server, 'POST', '/v1/places/1/confirm', { headers: { Cookie: 'yizhan=nonsense' } })).status, 200)
    refused(await ask(server, 'POST', '/v1/places/1/confirm', { headers: { Cookie, 'X-CSRF-Token': 'nonsense' } }), 403)
  })

  await t.test('who signs in sees where else, and ends one or all of it', async () => {
    const agent = 'Mozilla/5.0 ' + 'x'.repeat(200)
    const first = await signIn(server, 'wang')
    const second = (await post(server, { name: 'wang', password }, { headers: { 'User-Agent': agent } })).json.token
    const { sessions } = (await get(server, '/v1/sessions', { token: second })).json
    const mine = sessions.find((s) => s.current)
    assert.equal(mine.device, agent.slice(0, 80))
    assert.ok(sessions.length >= 2)
    const admin = await signIn(server)
    refused(await ask(server, 'DELETE', `/v1/sessions/${mine.id}`, { token: admin }), 404, 'id')
    assert.equal((await ask(server, 'DELETE', `/v1/sessions/${mine.id}`, { token: first })).status, 204)
    refused(await get(server, '/v1/me', { token: second }), 401)
    refused(await ask(server, 'DELETE', `/v1/sessions/${mine.id}`, { token: first }), 404, 'id')
    assert.equal((await ask(server, 'DELETE', '/v1/sessions', { token: first })).status, 204)
    refused(await get(server, '/v1/me', { token: first }), 401)
    assert.equal((await get(server, '/v1/me', { token: admin })).status, 200)
  })

  await t.test('a password is changed by who knows it, and other sessions end', async () => {
    const one = await signIn(server, 'wang'), two = await signIn(server, 'wang')
    const change = (old, fresh) => ask(server, 'PUT', '/v1/me/password', { token: one, json: { old, new: fresh } })
    refused(await change('wrong horse', 'another horse'), 403, 'password')
    refused(await change(password, 'short'), 400, 'new')
    assert.equal((await change(password, 'another horse')).status, 204)
    refused(await get(server, '/v1/me', { token: two }), 401)
    assert.equal((await get(server, '/v1/me', { token: one })).status, 200)
    assert.equal((await change('another horse', password)).status, 204)
  })

  await t.test('a login that nobody has is locked as one that somebody has', async () => {
    const said = {}
    for (const name of ['wang', 'nobody-at-all']) {
      for (let i = 0; i < 10; i++) refused(await post(server, { name, password: 'wrong horse' }), 401)
      const locked = await post(server, { name, password })
      refused(locked, 429)
      said[name] = { ...locked.json, instance: '' }
    }
    assert.deepEqual(said.wang, said['nobody-at-all'])
  })
})

test('a second factor', async (t) => {
  const server = await serve(t)
  const data = server.made.data
  await addUser(data, 'lead', password, '--role', 'area_lead', '--area', '110199001')
  const token = await signIn(server, 'lead')
  const begin = (body, more) => ask(server, 'POST', '/v1/me/totp', { token, json: body, ...more })
  refused(await ask(server, 'PUT', '/v1/me/totp', { token, json: { code: '123456' } }), 404)
  refused(await begin({ password: 'wrong horse' }), 403, 'password')
  const first = await begin({ password }), made = await begin({ password })
  assert.notEqual(first.json.secret, made.json.secret)
  const { secret, uri } = made.json
  assert.equal(uri, `otpauth://totp/Yizhan:lead?secret=${secret}&issuer=Yizhan`)
  assert.equal((await post(server, { name: 'lead', password })).status, 201, 'nothing is asked for before it is confirmed')
  refused(await ask(server, 'PUT', '/v1/me/totp', { token, json: { code: '000000' } }), 403, 'code')
  const step = Math.floor(Date.now() / 30000)
  const confirmed = await ask(server, 'PUT', '/v1/me/totp', { token, json: { code: codeOf(secret, step - 1) } })
  assert.equal(confirmed.status, 200, confirmed.text)
  const codes = confirmed.json.recovery_codes
  assert.equal(new Set(codes).size, 10)
  refused(await begin({ password }), 409)

  const wanted = await post(server, { name: 'lead', password })
  refused(wanted, 401, 'code')
  assert.equal(wanted.json.type, 'urn:yizhan:problem:second-factor')
  assert.equal((await post(server, { name: 'lead', password: 'wrong horse', code: codeOf(secret) })).json.type, 'urn:yizhan:problem:sign-in')
  const code = codeOf(secret, step + 1)
  assert.equal((await post(server, { name: 'lead', password, code })).status, 201)
  refused(await post(server, { name: 'lead', password, code }), 401, 'code')
  const spoken = codes[0].toUpperCase().replaceAll('-', ' ')
  assert.equal((await post(server, { name: 'lead', password, code: spoken })).status, 201)
  refused(await post(server, { name: 'lead', password, code: codes[0] }), 401, 'code')
  assert.equal((await get(server, '/v1/me', { token })).json.recovery_codes_left, 9)
  const remaining = (await get(server, '/v1/me', { token })).json
  assert.equal(remaining.second_factor, true)

  const away = (body) => ask(server, 'POST', '/v1/me/totp/remove', { token, json: body })
  refused(await away({ password, code: '0000000' }), 403, 'code')
  refused(await away({ password: 'wrong horse', code: codes[1] }), 403)
  assert.equal((await away({ password, code: codes[1] })).status, 204)
  refused(await away({ password, code: codes[2] }), 404)
  assert.equal((await post(server, { name: 'lead', password })).status, 201)

  const again = await begin({ password })
  await ask(server, 'PUT', '/v1/me/totp', { token, json: { code: codeOf(again.json.secret) } })
  refused(await post(server, { name: 'lead', password }), 401, 'code')
  await command(data, 'user', 'totp-reset', 'lead')
  assert.equal((await post(server, { name: 'lead', password })).status, 201)
  const bytes = readFileSync(join(data, 'yizhan.db'))
  assert.equal(bytes.includes(again.json.secret), false)
  for (const said of [secret, codes[0], password, token]) assert.equal(server.log.includes(said), false, 'no secret is in the log')
})

test('the operator may demand a second factor of roles', async (t) => {
  const made = await makeData()
  const config = join(made.folder, 'yizhan.yaml')
  writeFileSync(config, 'second_factor: [city_admin]\nsession_minutes: 60\nsession_idle_minutes: 1\n')
  await addUser(made.data, 'wang', password, '--role', 'area_staff')
  const server = await start(made, '--config', config)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const admin = await signIn(server), wang = await signIn(server, 'wang')
  const no = await get(server, '/v1/reports', { token: admin })
  refused(no, 403)
  assert.equal(no.json.type, 'urn:yizhan:problem:second-factor-missing')
  assert.equal((await get(server, '/v1/reports', { token: wang })).status, 200)
  assert.equal((await get(server, '/v1/me', { token: admin })).status, 200)
  const { secret } = (await ask(server, 'POST', '/v1/me/totp', { token: admin, json: { password } })).json
  assert.equal((await ask(server, 'PUT', '/v1/me/totp', { token: admin, json: { code: codeOf(secret) } })).status, 200)
  assert.equal((await get(server, '/v1/reports', { token: admin })).status, 200)
  const { sessions } = (await get(server, '/v1/sessions', { token: admin })).json
  assert.ok(Date.parse(sessions[0].expires_at) - Date.now() < 61000, 'it ends where it is not used')
})

test('looks at private cases, and what is done to people, are in the audit trail', async (t) => {
  const made = await makeData(), share = mkdtempSync(join(tmpdir(), 'yizhan-share-'))
  cpSync(join(root, 'data'), share, { recursive: true, filter: (path) => !/\.(c|h|cc|sql|txt)$/.test(path) })
  const kind = join(share, 'kinds/place_feedback.yaml')
  writeFileSync(kind, readFileSync(kind, 'utf8').replace('private: false', 'private: true').replace(/^public: \w+$/m, 'public: none'))
  const points = join(share, 'points/service.yaml') // what is private brings none
  writeFileSync(points, readFileSync(points, 'utf8').replace(/^  - kind: place_feedback[^]*/m, ''))
  const add = (name, ...more) => addUser(made.data, name, password, ...more)
  await add('west', '--role', 'area_staff', '--area', '110199001')
  await add('lead-west', '--role', 'area_lead', '--area', '110199001')
  await add('lead-east', '--role', 'area_lead', '--area', '110199002')
  await add('rider', '--role', 'rider')
  const server = await start(made, '--share', share)
  t.after(async () => {
    await stop(server)
    remove(made)
    rmSync(share, { recursive: true, force: true })
  })
  const tokens = {}
  for (const name of ['admin', 'west', 'lead-west', 'lead-east', 'rider']) tokens[name] = await signIn(server, name)
  const near = (await get(server, `/v1/places?near=${at(1, 1)}&limit=1`)).json.places[0].id
  const sent = await ask(server, 'POST', `/v1/places/${near}/feedback`, { token: tokens.rider, form: [['problem', 'closed'], ['description', '门锁着']] })
  assert.equal(sent.status, 201, sent.text)
  const path = `/v1/reports/${sent.json.id}`
  const audit = async (who, query = '') => (await get(server, `/v1/audit?verb=looked${query}`, { token: tokens[who] })).json.audit

  refused(await get(server, path), 404)
  refused(await get(server, path, { token: tokens['lead-east'] }), 404)
  assert.equal((await get(server, path, { token: tokens.rider })).status, 200, 'a rider sees the own case')
  assert.deepEqual(await audit('admin'), [], 'who may not look did not, and one is no staff of oneself')
  assert.equal((await get(server, path, { token: tokens.west })).status, 200)
  const [look] = await audit('admin')
  assert.equal(look.by.login, 'west')
  assert.equal(look.report, sent.json.id)
  assert.equal(look.kind, 'place_feedback')
  assert.equal(look.route, '/v1/reports/{id}')
  const before = (await audit('admin')).length
  assert.equal((await get(server, '/v1/reports?kind=place_feedback', { token: tokens['lead-west'] })).json.reports.length, 1)
  assert.equal((await audit('admin')).length, before + 1, 'a list is a look at what is in it')
  assert.equal((await audit('lead-west')).length, before + 1)
  assert.deepEqual(await audit('lead-east'), [])
  assert.equal((await audit('admin', `&report=${sent.json.id}`)).length, before + 1)
  assert.equal((await audit('admin', `&person=${look.by.id}`)).every((row) => row.by.login === 'west'), true)
  for (const who of ['west', 'rider']) refused(await get(server, '/v1/audit', { token: tokens[who] }), 403)
  refused(await get(server, '/v1/audit'), 401)
  refused(await get(server, '/v1/audit?verb=nonsense', { token: tokens.admin }), 400, 'verb')
  refused(await get(server, '/v1/audit?from=yesterday', { token: tokens.admin }), 400, 'from')

  await ask(server, 'POST', '/v1/sessions', { json: { name: 'west', password: 'wrong horse' }, from: another() })
  assert.equal((await get(server, '/v1/places/export', { token: tokens.admin, check: false })).status, 200)
  const all = (await get(server, '/v1/audit?limit=100', { token: tokens.admin })).json.audit
  const has = (verb, test) => assert.ok(all.some((row) => row.verb === verb && test(row)), `${verb}: ${JSON.stringify(all)}`)
  has('signed_in', (row) => row.by.login === 'rider')
  has('sign_in_failed', (row) => row.person.login === 'west' && !row.by)
  has('exported', (row) => row.by.login === 'admin' && row.route === '/v1/places/export')
  has('granted', (row) => row.person.login === 'west' && row.detail === 'area_staff' && row.area_id > 0)
  const page = (await get(server, '/v1/audit?limit=2', { token: tokens.admin })).json
  const next = (await get(server, page.next.replace(/^https?:\/\/[^/]+/, ''), { token: tokens.admin })).json
  assert.ok(next.audit[0].id < page.audit[1].id)
})
