// WeChat against a stand-in on this machine that answers as the documented services do (code2Session, getStableAccessToken, subscribeMessage.send),
// errors included: signing in by code, binding, and messages that come, are refused, wait and die.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import test from 'node:test'
import { addUser, ask, get, makeData, password, refused, remove, report, signIn, start, stop } from './harness.mjs'

const appid = 'wx0123456789abcdef', secret = 'SECRET0123456789', session_key = 'tiihtNczf5v6AKRyjwEUhQ=='

/** WeChat. `codes`: whom a code is of, once. Of one openid each, so that no test meets what another left: `fail`, what the next sends answer
 * instead; `down`, whose calls it does not answer; `held`, sends that are answered together once there are so many. */
const wechat = { codes: new Map(), tokens: new Set(), made: 0, sent: [], fail: new Map(), down: new Set(), held: new Map(), calls: [] }
const sentTo = (openid) => wechat.sent.filter((body) => body.touser === openid)
const failing = (openid, ...answers) => wechat.fail.set(openid, answers)
const answers = {
  'GET /sns/jscode2session': (query) => {
    if (query.get('appid') !== appid) return { errcode: 40013, errmsg: 'invalid appid' }
    if (query.get('secret') !== secret) return { errcode: 40125, errmsg: 'invalid appsecret' }
    const code = query.get('js_code'), openid = wechat.codes.get(code)
    if (code === 'busy') return { errcode: -1, errmsg: 'system error' }
    if (code === 'often') return { errcode: 45011, errmsg: 'api minute-quota reach limit' }
    if (code === 'risky') return { errcode: 40226, errmsg: 'code blocked' }
    if (openid === undefined) return { errcode: 40029, errmsg: 'invalid code' }
    if (openid === null) return { errcode: 40163, errmsg: 'code been used' }
    wechat.codes.set(code, null)
    return { openid, session_key, unionid: 'u-' + openid, errcode: 0, errmsg: 'ok' }
  },
  'POST /cgi-bin/stable_token': (_, body) => {
    assert.deepEqual([body.grant_type, body.appid, body.secret], ['client_credential', appid, secret])
    if (body.force_refresh) wechat.tokens.clear()
    const [now] = wechat.tokens
    const token = now ?? `TOKEN-${++wechat.made}`
    wechat.tokens.add(token)
    return { access_token: token, expires_in: 7200 }
  },
  'POST /cgi-bin/message/subscribe/send': (query, body) => {
    if (!wechat.tokens.has(query.get('access_token'))) return { errcode: 40001, errmsg: 'invalid credential, access_token is invalid or not latest' }
    const fails = wechat.fail.get(body.touser)?.shift()
    if (fails) return fails
    for (const [key, { value }] of Object.entries(body.data)) {
      if (!value || (key.startsWith('thing') && [...value].length > 20)) return { errcode: 47003, errmsg: `argument invalid! data.${key}.value invalid` }
      if (key.startsWith('time') && !/^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(value)) return { errcode: 47003, errmsg: `argument invalid! data.${key}.value invalid` }
    }
    wechat.sent.push(body)
    return { errcode: 0, errmsg: 'ok', msgid: wechat.sent.length }
  },
}
const standIn = http.createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const url = new URL(request.url, 'http://x'), what = `${request.method} ${url.pathname}`
    const text = Buffer.concat(chunks).toString(), body = text ? JSON.parse(text) : undefined
    const who = body?.touser ?? wechat.codes.get(url.searchParams.get('js_code'))
    wechat.calls.push(what)
    const reply = () => {
      if (wechat.down.has(who)) {
        response.statusCode = 502
        return response.end('<html>Bad Gateway</html>')
      }
      const answer = answers[what]?.(url.searchParams, body)
      response.statusCode = answer ? 200 : 404
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}))
    }
    const held = body?.touser && wechat.held.get(who)
    if (!held) return reply()
    held.replies.push(reply)
    if (held.replies.length < held.count) return
    wechat.held.delete(who)
    for (const each of held.replies) each()
  })
})
await new Promise((done) => standIn.listen(0, '127.0.0.1', done))

const made = await makeData(true)
const settings = join(made.folder, 'wechat.yaml')
writeFileSync(settings, `appid: ${appid}
secret: ${secret}
base: http://127.0.0.1:${standIn.address().port}
state: trial
templates:
  reports: {id: TEMPLATE-REPORTS, page: pages/inbox, fields: {thing1: title, thing2: sentence, time3: sent}}
  account: {id: TEMPLATE-ACCOUNT, fields: {thing1: sentence}}
`)
const options = ['--wechat', settings, '--webhook-retry-ms', '10', '--writes-per-minute', '6000'], servers = []
let server
async function boot(...more) {
  server = await start(made, ...more)
  servers.push(server)
}
await boot(...options)
test.afterEach(() => {
  for (const kept of [wechat.fail, wechat.down, wechat.held]) kept.clear()
})
test.after(async () => {
  await stop(server)
  standIn.close()
  remove(made)
})

let codes = 0
const code = (openid) => {
  const fresh = `jscode-${++codes}`
  wechat.codes.set(fresh, openid)
  return fresh
}
const enter = (json, more) => ask(server, 'POST', '/v1/sessions/wechat', { json, ...more })
async function eventually(probe, what) {
  for (const until = Date.now() + 30000; Date.now() < until; await new Promise((done) => setTimeout(done, 50))) {
    const said = await probe()
    if (said) return said
  }
  assert.fail(`${what}\n${server.log.slice(-2000)}\n${wechat.calls.slice(-20)}`)
}
const west = await signIn(server, 'west'), admin = await signIn(server, 'admin')
const deliveries = async (query = '') => (await get(server, `/v1/messages/deliveries${query}`, { token: admin })).json.deliveries
/** The delivery that comes of what was moved last, once it is so. */
let lastDelivery = 0
const newest = (state, tried = 0) => eventually(async () => {
  const [found] = await deliveries()
  return found?.id > lastDelivery && found.state === state && found.tries >= tried && found
}, `no delivery is ${state}`)

/** A rider who signed in by WeChat; `moved` has staff move a report of theirs. */
async function rider(openid) {
  const answer = await enter({ code: code(openid) })
  assert.equal(answer.status, 201, answer.text)
  const token = answer.json.token
  return { token, id: answer.json.person.id }
}
async function moved(token) {
  lastDelivery = (await deliveries())[0]?.id ?? 0
  const { id } = (await ask(server, 'POST', '/v1/reports', { token, form: report() })).json
  const answer = await ask(server, 'PUT', `/v1/reports/${id}/state`, { token: west, json: { state: 'accepted', version: 1 } })
  assert.equal(answer.status, 200, answer.text)
  return id
}
const want = (token, on, group = 'reports') => ask(server, 'PUT', `/v1/me/inbox/preferences/${group}`, { token, json: { wechat: on } })

test('who comes by a code for the first time is a rider, and the same one the next time', async () => {
  const first = await enter({ code: code('openid-wang') })
  assert.equal(first.status, 201, first.text)
  assert.deepEqual(first.json.person.grants.map((g) => g.role), ['rider'])
  const second = await enter({ code: code('openid-wang') })
  assert.equal(second.json.person.id, first.json.person.id)
  assert.notEqual(second.json.token, first.json.token)
  assert.equal((await get(server, '/v1/sessions', { token: second.json.token })).json.sessions.length, 2)
  const other = await enter({ code: code('openid-li') })
  assert.notEqual(other.json.person.id, first.json.person.id)
  assert.equal((await get(server, '/v1/me/wechat', { token: other.json.token })).json.bound, true)
})

test('two at once who are new are one person', async () => {
  const [a, b] = await Promise.all([enter({ code: code('openid-twin') }), enter({ code: code('openid-twin') })])
  assert.deepEqual([a.status, b.status], [201, 201])
  assert.equal(a.json.person.id, b.json.person.id)
})

test('a code that is wrong or used lets nobody in, and what WeChat cannot do now is told so', async () => {
  const used = code('openid-wang')
  assert.equal((await enter({ code: used })).status, 201)
  refused(await enter({ code: used }), 401, 'code')
  refused(await enter({ code: 'nothing' }), 401, 'code')
  refused(await enter({ code: 'a&appid=other' }), 401, 'code')
  refused(await enter({ code: 'risky' }), 403)
  for (const bad of ['busy', 'often']) {
    const answer = await enter({ code: bad })
    refused(answer, 503)
    assert.ok(answer.headers['retry-after'])
  }
  refused(await enter({}), 400, 'code')
  wechat.down.add('openid-wang')
  refused(await enter({ code: code('openid-wang') }), 503)
})

test('an account is bound by its password, and freed; the openid of another is not', async () => {
  await addUser(made.data, 'zhao', password, '--role', 'rider')
  const token = await signIn(server, 'zhao')
  const bind = (json) => ask(server, 'PUT', '/v1/me/wechat', { token, json })
  refused(await bind({ code: code('openid-zhao'), password: 'wrong password' }), 403, 'password')
  refused(await bind({ code: code('openid-wang'), password }), 409)
  assert.equal((await get(server, '/v1/me/wechat', { token })).json.bound, false)
  assert.equal((await bind({ code: code('openid-zhao'), password })).json.bound, true)
  assert.equal((await bind({ code: code('openid-zhao'), password })).status, 200, 'twice is fine')
  refused(await bind({ code: code('openid-zhao-2'), password }), 409)
  const by = await enter({ code: code('openid-zhao') })
  assert.equal(by.json.person.login, 'zhao')
  const { messages } = (await get(server, '/v1/me/inbox', { token })).json
  assert.equal(messages[0].verb, 'account.wechat_bound')
  assert.equal((await ask(server, 'DELETE', '/v1/me/wechat', { token })).status, 204)
  refused(await ask(server, 'DELETE', '/v1/me/wechat', { token }), 404)
  assert.notEqual((await enter({ code: code('openid-zhao') })).json.person.login, 'zhao')
  const own = await rider('openid-alone')
  refused(await ask(server, 'DELETE', '/v1/me/wechat', { token: own.token }), 409) // the only way in
})

test('who is disabled does not come in by WeChat either', async () => {
  const { id } = await rider('openid-bad')
  assert.equal((await ask(server, 'PUT', `/v1/people/${id}`, { token: admin, json: { disabled: true } })).status, 200)
  refused(await enter({ code: code('openid-bad') }), 401)
})

/** The same, who wants to be told by WeChat. */
async function listener(openid) {
  const one = await rider(openid)
  assert.equal((await want(one.token, true)).json.wechat, true)
  return one
}
const tells = async (token) => (await get(server, '/v1/me/inbox', { token })).json.messages.filter((m) => m.verb === 'report.moved').length
const preference = async (token) => (await get(server, '/v1/me/inbox/preferences', { token })).json.preferences.find((p) => p.group === 'reports')

test('a message goes to whom wants it by WeChat, in the form of the template', async () => {
  const { token } = await rider('openid-form')
  await moved(token)
  await eventually(async () => await tells(token) === 1, 'the inbox is not told')
  assert.equal((await want(token, true)).json.wechat, true)
  await moved(token)
  const [sent] = await eventually(() => sentTo('openid-form').length && sentTo('openid-form'), 'not sent')
  assert.equal(sent.template_id, 'TEMPLATE-REPORTS')
  assert.equal(sent.page, 'pages/inbox')
  assert.deepEqual([sent.miniprogram_state, sent.lang], ['trial', 'zh_CN'])
  assert.deepEqual(Object.keys(sent.data), ['thing1', 'thing2', 'time3'])
  assert.match(sent.data.thing2.value, /^你的上报/)
  assert.equal((await newest('done')).verb, 'report.moved')
  assert.equal(sentTo('openid-form').length, 1, 'what was before the wish is not sent')
})

test('an access token that is no longer valid is got anew once, and the message comes', async () => {
  const { token } = await listener('openid-token')
  await moved(token)
  await eventually(() => sentTo('openid-token').length === 1, 'not sent')
  wechat.tokens.clear()
  wechat.tokens.add('of-another')
  const had = wechat.made
  await moved(token)
  await eventually(() => sentTo('openid-token').length === 2, 'not sent')
  assert.equal(wechat.made, had + 1)
})

test('who wants no more of a template is told nothing more by it, until they want it again', async () => {
  const { token } = await listener('openid-refuses')
  failing('openid-refuses', { errcode: 43101, errmsg: 'user refuse to accept the msg' })
  await moved(token)
  await newest('dropped')
  const now = await preference(token)
  assert.deepEqual([now.inbox, now.wechat, now.wechat_refused], [true, false, true])
  const count = (await deliveries('?limit=100')).length
  await moved(token)
  await eventually(async () => await tells(token) === 2, 'the inbox is told all the same')
  assert.equal((await deliveries('?limit=100')).length, count)
  assert.equal((await want(token, true)).json.wechat, true)
  assert.equal((await preference(token)).wechat_refused, undefined)
})

test('a refusal of what was sent before they wanted it again does not undo that', async () => {
  const { token } = await listener('openid-late')
  failing('openid-late', { errcode: 43101, errmsg: 'user refuse to accept the msg' })
  wechat.held.set('openid-late', { count: 2, replies: [] })
  await moved(token)
  const held = wechat.held.get('openid-late')
  await eventually(() => held.replies.length === 1, 'not sent')
  assert.equal((await want(token, true)).json.wechat, true)
  wechat.held.delete('openid-late')
  held.replies[0]()
  assert.equal((await newest('dropped')).code, 43101)
  const now = await preference(token)
  assert.deepEqual([now.wechat, now.wechat_refused], [true, undefined])
})

test('what waits is not sent to who turned it off or was disabled meanwhile', async () => {
  for (const [openid, leave] of [['openid-off', ({ token }) => want(token, false)],
    ['openid-shut', ({ id }) => ask(server, 'PUT', `/v1/people/${id}`, { token: admin, json: { disabled: true } })]]) {
    const one = await listener(openid)
    wechat.down.add(openid)
    await moved(one.token)
    await newest('waiting', 1)
    assert.equal((await leave(one)).status, 200)
    wechat.down.delete(openid)
    await newest('dropped')
    assert.equal(sentTo(openid).length, 0)
  }
})

test('a limit holds everything back and counts against no message; a failure is tried again', async () => {
  const { token } = await listener('openid-limit'), sent = () => sentTo('openid-limit').length
  failing('openid-limit', { errcode: 45009, errmsg: 'reach max api daily quota limit' })
  await moved(token)
  await eventually(() => sent() === 1, 'not sent after the limit')
  assert.equal((await newest('done')).tries, 1)
  wechat.down.add('openid-limit')
  await moved(token)
  await newest('waiting', 1)
  wechat.down.delete('openid-limit')
  await eventually(() => sent() === 2, 'not sent after the failure')
  failing('openid-limit', 'not json at all', { errcode: -1, errmsg: 'system error' }, { errmsg: 'ok' })
  await moved(token)
  await eventually(() => sent() === 3, 'not sent after nonsense')
  assert.equal((await newest('done')).tries, 4)
})

test('what WeChat does not take is dead, shown to the operator without whom it was for, and tried again when asked', async () => {
  const { token } = await listener('openid-dead')
  failing('openid-dead', { errcode: 40037, errmsg: 'template_id is not valid' })
  await moved(token)
  const dead = await newest('dead')
  assert.equal(dead.code, 40037)
  assert.doesNotMatch(JSON.stringify(dead), /openid/)
  assert.deepEqual((await deliveries('?state=dead')).map((d) => d.id), [dead.id])
  const retry = () => ask(server, 'POST', `/v1/messages/deliveries/${dead.id}/retry`, { token: admin })
  assert.equal((await retry()).status, 204)
  await newest('done')
  refused(await retry(), 404)
  refused(await get(server, '/v1/messages/deliveries', { token }), 403)
})

test('what waits is sent though the server is killed meanwhile', async () => {
  const { token } = await listener('openid-killed')
  wechat.down.add('openid-killed')
  await moved(token)
  await newest('waiting', 1)
  server.child.kill('SIGKILL')
  await server.exited
  wechat.down.delete('openid-killed')
  await boot(...options)
  await eventually(() => sentTo('openid-killed').length === 1, 'not sent after the start')
})

// Were each of them a reason to wait longer, it would be three minutes.
test('many that meet one limit make one pause of it', async () => {
  const { token } = await listener('openid-many'), count = 6, ids = []
  for (let i = 0; i < count; i++) ids.push((await ask(server, 'POST', '/v1/reports', { token, form: report() })).json.id)
  await stop(server)
  await boot(...options.map((word) => (word === '10' ? '1000' : word)))
  failing('openid-many', ...ids.map(() => ({ errcode: 45009, errmsg: 'reach max api daily quota limit' })))
  wechat.held.set('openid-many', { count, replies: [] })
  const answer = await ask(server, 'POST', '/v1/reports/bulk', { token: west, json: { act: 'state', state: 'accepted', reports: ids.map((id) => ({ id, version: 1 })) } })
  assert.equal(answer.json.done, count, answer.text)
  await eventually(() => sentTo('openid-many').length === count, 'not sent after one pause')
})

test('neither secret nor openid nor token is in a log or readable in the data', async () => {
  const files = readdirSync(made.data).filter((name) => name.startsWith('yizhan.db')).map((name) => readFileSync(join(made.data, name)))
  assert.ok(servers.length >= 3 && servers[0].log.includes('WeChat'), 'there is something to look through')
  for (const word of [secret, 'openid-', 'jscode-', 'TOKEN-', session_key]) {
    for (const { log } of servers) assert.ok(!log.includes(word), `a log has ${word}`)
    for (const bytes of files) assert.ok(!bytes.includes(word), `the database has ${word}`)
  }
})

test('who deletes the account is forgotten, and comes anew as somebody else', async () => {
  const { token, id } = await rider('openid-gone')
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token })).status, 204)
  assert.notEqual((await rider('openid-gone')).id, id)
})

test('where nothing is set up there is no such channel, and wrong settings are told with their line', async () => {
  await stop(server)
  await boot()
  refused(await enter({ code: 'x' }), 404)
  const token = await signIn(server, 'rider')
  refused(await get(server, '/v1/me/wechat', { token }), 404)
  refused(await want(token, true), 409, 'wechat')
  const { preferences } = (await get(server, '/v1/me/inbox/preferences', { token })).json
  assert.ok(preferences.every((p) => p.wechat === undefined))
  await stop(server)
  for (const [text, says] of [['appid: x\n', /secret is missing/], ['appid: x\nsecret: y\nbase: ftp:\/\/x\n', /https/],
    ['appid: x\nsecret: y\ntemplates:\n  reports: {id: T, fields: {thing1: at}}\n', /wechat.yaml:4.*does not fit/],
    ['appid: x\nsecret: y\ntemplates: {nothing: {id: T}}\n', /no group/], ['appid: x\nsecret: y\nsecrets: z\n', /secrets/]]) {
    writeFileSync(settings, text)
    await assert.rejects(start(made, ...options), says, text)
  }
  await boot()
})
