// What happens to reports is told while it happens: as a stream, by a long poll, to those who may know it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { addUser, another, ask, at, command, everybody, get, openapi, password, png, raw, refused, report, serve, signIn, sleep, start, stop, until } from './harness.mjs'
import { listen } from './listener.mjs'

const ajv = new Ajv2020({ strict: false })
addFormats(ajv)
ajv.addSchema(openapi, 'openapi')
const isEvent = ajv.compile({ $ref: 'openapi#/components/schemas/Event' })

let shade = 0
const send = async (server, { token, where = at(1, 1), category = 'manhole' } = {}) => {
  const form = report([], png(64, 48, 48, shade++ % 256)).filter(([name]) => !['lon', 'lat', 'category'].includes(name))
  const answer = await ask(server, 'POST', '/v1/reports', {
    form: [['category', category], ['lon', where[0]], ['lat', where[1]], ...form], token })
  assert.equal(answer.status, 201, answer.text)
  return answer.json
}
const move = async (server, token, made, state, more = {}) => {
  const answer = await ask(server, 'POST', `/v1/reports/${made.id}/state`, { token, json: { state, version: made.version, ...more } })
  assert.equal(answer.status, 200, answer.text)
  return answer.json
}
const told = (events) => events.map((e) => [e.report, e.verb, e.state])
const poll = async (server, query, more) => {
  const answer = await get(server, `/v1/events/poll?${query}`, more)
  assert.equal(answer.status, 200, answer.text)
  return answer.json
}

test('staff hear of the queue of their own area while it moves, and riders of their report', async (t) => {
  const { server, tokens } = await everybody(t)
  const west = await listen(server, '/v1/events', { token: tokens.west })
  const east = await listen(server, '/v1/events', { token: tokens.east })
  const admin = await listen(server, '/v1/events?category=lamp', { token: tokens.admin })
  const first = await send(server)
  const lamp = await send(server, { category: 'lamp', where: at(5, 5) })
  const rider = await listen(server, `/v1/events?report=${first.id}`)
  const accepted = await move(server, tokens.west, first, 'accepted')
  await move(server, tokens.west, accepted, 'filed')
  await until(() => rider.cases.length === 2)
  await until(() => west.cases.length === 3 && east.cases.length === 1 && admin.cases.length === 1)
  assert.deepEqual(told(west.cases), [[first.id, 'created', 'submitted'], [first.id, 'moved', 'accepted'], [first.id, 'moved', 'filed']])
  assert.deepEqual(told(rider.cases), told(west.cases).slice(1))
  assert.deepEqual(told(east.cases), [[lamp.id, 'created', 'submitted']])
  assert.deepEqual(told(admin.cases), told(east.cases))
  assert.deepEqual(west.cases.map((e) => e.version), [1, 2, 3])
  for (const event of [...west.cases, ...east.cases, ...rider.cases]) {
    assert.ok(isEvent(event), JSON.stringify([event, isEvent.errors]))
    assert.equal(event.id, Number(west.ids.get(event) ?? east.ids.get(event) ?? rider.ids.get(event)))
  }
  assert.equal(west.headers['content-type'], 'text/event-stream')
  assert.equal(west.headers['cache-control'], 'no-store')
  for (const client of [west, east, admin, rider]) client.end()
})

test('who lost the connection goes on where it was, from memory and from before a restart', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  let made = await send(server)
  const client = await listen(server, '/v1/events', { token })
  made = await move(server, token, made, 'accepted')
  await until(() => client.cases.length === 1)
  client.end()
  made = await move(server, token, made, 'filed')
  await send(server, { where: at(5, 5) })
  const again = await listen(server, '/v1/events', { token, last: client.last })
  await until(() => again.cases.length === 2)
  assert.deepEqual(again.cases.map((e) => e.verb), ['moved', 'created'])
  const all = await listen(server, '/v1/events?after=0', { token })
  await until(() => all.cases.length === 4)
  const header = await listen(server, '/v1/events?after=0', { token, last: again.last })
  made = await move(server, token, made, 'dispatched')
  await until(() => header.cases.length === 1, 5000)
  assert.deepEqual(told(header.cases), [[made.id, 'moved', 'dispatched']])
  const ended = [again, all, header].map((client) => client.closed)
  await stop(server)
  await Promise.all(ended)
  assert.deepEqual([again, all, header].map((client) => client.other.at(-1)), Array(3).fill(['end', { reason: 'stopping' }]))
  const next = await start(server.made)
  Object.assign(server, next)
  const token2 = await signIn(server)
  const after = await listen(server, '/v1/events', { token: token2, last: client.last })
  await until(() => after.cases.length === 3)
  assert.deepEqual(after.cases.map((e) => e.state), ['filed', 'submitted', 'dispatched'])
  after.end()
})

test('a long poll is answered when something happens, or empty when its wait is over', async (t) => {
  const { server, tokens } = await everybody(t)
  const start = await poll(server, 'wait=0', { token: tokens.west })
  assert.deepEqual(start, { events: [], last: start.last, more: false, reset: false })
  const began = Date.now()
  assert.deepEqual(await poll(server, `after=${start.last}&wait=1`, { token: tokens.west }), start)
  assert.ok(Date.now() - began >= 950, 'it waited')
  const asked = Date.now()
  const waiting = poll(server, `after=${start.last}`, { token: tokens.west })
  await sleep(100)
  const made = await send(server)
  const answer = await waiting
  assert.deepEqual(told(answer.events), [[made.id, 'created', 'submitted']])
  assert.ok(Date.now() - asked < 24000, 'it did not wait for the whole 25 s')
  assert.equal(answer.last >= answer.events[0].id, true)
  assert.deepEqual(await poll(server, `after=${start.last}&wait=0`, { token: tokens.east }).then((a) => a.events), [])
  const mine = await send(server, { token: tokens.rider })
  const own = await poll(server, `after=${start.last}&mine=true`, { token: tokens.rider })
  assert.deepEqual(told(own.events), [[mine.id, 'created', 'submitted']])
})

test('who waits for news is counted, but not as slow', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const { last } = await poll(server, 'wait=0', { token })
  assert.deepEqual((await poll(server, `after=${last}&wait=2`, { token })).events, [])
  const client = await listen(server, '/v1/events', { token })
  await sleep(1000)
  client.end()
  const figures = async () => (await get(server, '/metrics')).text
  await until(async () => {
    await send(server) /* what cannot be told shows that it is gone */
    return /requests_total\{route="\/v1\/events",status="200"\} 1/.test(await figures())
  }, 20000)
  const text = await figures()
  assert.doesNotMatch(text, /request_seconds_count\{route="\/v1\/events"\}/)
  assert.doesNotMatch(text, /request_seconds_sum\{route="\/v1\/events\/poll"\} [1-9]/)
  assert.match(text, /HELP yizhan_http_request_seconds .*without those that wait for news/)
})

test('who may not know is refused, with what would help', async (t) => {
  const { server, tokens } = await everybody(t)
  for (const path of ['/v1/events', '/v1/events/poll']) {
    refused(await get(server, path), 401)
    refused(await get(server, path, { token: tokens.rider }), 403)
    refused(await get(server, `${path}?mine=true`), 401)
    refused(await get(server, `${path}?report=aaaaaaaaaaaaaaaaaaaaaa`), 404, 'report')
    refused(await get(server, `${path}?report=x&mine=true`, { token: tokens.rider }), 400, 'mine')
    refused(await get(server, `${path}?report=x&kind=report`), 400, 'kind')
    refused(await get(server, `${path}?kind=nothing`, { token: tokens.west }), 400, 'kind')
    refused(await get(server, `${path}?area=999999`, { token: tokens.west }), 400, 'area')
    refused(await get(server, `${path}?after=-1`, { token: tokens.west }), 400, 'after')
    refused(await get(server, path, { token: tokens.west, headers: { 'Last-Event-ID': 'x' } }), 400, 'Last-Event-ID')
    refused(await ask(server, 'POST', path, { token: tokens.west }), 405)
  }
  refused(await get(server, '/v1/events/poll?wait=26', { token: tokens.west }), 400, 'wait')
  refused(await get(server, '/v1/events?wait=1', { token: tokens.west }), 400, 'wait')
})

test('a stream ends with the session, with a right that is taken away, and not with those of others', async (t) => {
  const { server, tokens } = await everybody(t)
  const west = await listen(server, '/v1/events', { token: tokens.west })
  const other = await listen(server, '/v1/events', { token: tokens.east })
  assert.equal((await ask(server, 'DELETE', '/v1/sessions/current', { token: tokens.west })).status, 204)
  await west.closed
  assert.deepEqual(west.other.at(-1), ['end', { reason: 'rights' }])
  await send(server)
  assert.equal((await get(server, '/v1/events', { token: tokens.west })).status, 401)
  await command(server.made.data, 'user', 'disable', 'east')
  await other.closed
  assert.deepEqual(other.other.at(-1), ['end', { reason: 'rights' }])
  assert.deepEqual([west.cases, other.cases], [[], []])
})

test('who asks from the future, or from a past that is not kept, is told to read anew', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const future = await listen(server, '/v1/events?after=999999', { token })
  await until(() => future.other.length === 1)
  const [kind, { last }] = future.other[0]
  assert.equal(kind, 'reset')
  assert.equal(future.last, String(last))
  const made = await send(server)
  await until(() => future.cases.length === 1)
  assert.equal(future.cases[0].report, made.id)
  assert.deepEqual(await poll(server, 'after=999999', { token }), { events: [], last: future.cases[0].id, more: false, reset: true })
  future.end()
})

test('who joined or sent without an account hears by their secret of words to them, and nobody else does', async (t) => {
  const { server, tokens } = await everybody(t)
  const made = await send(server)
  const joined = (await ask(server, 'POST', `/v1/reports/${made.id}/join`)).json
  const path = `/v1/events?report=${made.id}`
  const [sender, joiner, stranger] = [await listen(server, path, { secret: made.token }), await listen(server, path, { secret: joined.token }), await listen(server, path, { secret: 'yzj_no' })]
  const write = async (text, more) => {
    const answer = await ask(server, 'POST', `/v1/reports/${made.id}/updates`, { form: [['text', text]], ...more })
    assert.equal(answer.status, 201, answer.text)
  }
  await write('from staff', { token: tokens.west })
  await write('from the sender', { headers: { 'Case-Token': made.token } })
  await write('from the joiner', { headers: { 'Case-Token': joined.token } })
  const { version } = (await get(server, `/v1/reports/${made.id}`, { token: tokens.west })).json
  await move(server, tokens.west, { id: made.id, version }, 'accepted')
  await until(() => [sender, joiner, stranger].every((c) => c.cases.at(-1)?.state === 'accepted'))
  const verbs = (client) => client.cases.map((e) => e.verb)
  assert.deepEqual(verbs(sender), ['written', 'written', 'written', 'moved'])
  assert.deepEqual(verbs(joiner), ['written', 'moved'])
  assert.deepEqual(verbs(stranger), ['moved'])
  const polled = async (secret) => (await poll(server, `report=${made.id}&after=0&wait=0`, secret && { headers: { 'Case-Token': secret } })).events.map((e) => e.verb)
  assert.deepEqual(await polled(made.token), ['created', 'joined', 'written', 'written', 'written', 'moved'])
  assert.deepEqual(await polled(joined.token), ['created', 'joined', 'written', 'moved'])
  assert.deepEqual(await polled(), ['created', 'joined', 'moved'])
  assert.equal((await ask(server, 'POST', `/v1/reports/${made.id}/forget`, { headers: { 'Case-Token': made.token } })).status < 300, true)
  await sender.closed
  assert.deepEqual(sender.other.at(-1), ['end', { reason: 'rights' }])
  for (const client of [joiner, stranger]) client.end()
})

test('a private case is told of to its sender by the secret, to its staff with a trace, and to nobody else', async (t) => {
  const { server, tokens } = await everybody(t)
  await addUser(server.made.data, 'branch', password, '--role', 'branch_staff')
  tokens.branch = await signIn(server, 'branch')
  const queue = await listen(server, '/v1/events?kind=difficulty', { token: tokens.branch })
  const looks = async (id) => (await get(server, `/v1/audit?report=${id}&verb=looked`, { token: tokens.admin })).json.audit
  const difficult = async () => {
    const form = [['kind', 'difficulty'], ['category', 'wages'], ['attribute[employer]', '某公司'], ['lon', at(1, 1)[0]], ['lat', at(1, 1)[1]]]
    const answer = await ask(server, 'POST', '/v1/reports', { form })
    assert.equal(answer.status, 201, answer.text)
    return answer.json
  }
  const made = await difficult()
  await until(() => queue.cases.length === 1)
  await until(async () => (await looks(made.id)).length === 1)
  const [look] = await looks(made.id)
  assert.deepEqual([look.by.login ?? look.by.name, look.route, look.kind], ['branch', 'GET /v1/events', 'difficulty'])
  refused(await get(server, `/v1/events?report=${made.id}`), 404, 'report')
  refused(await get(server, `/v1/events/poll?report=${made.id}`, { token: tokens.west }), 404, 'report')
  const own = await poll(server, `report=${made.id}&after=0&wait=0`, { headers: { 'Case-Token': made.token } })
  assert.deepEqual(own.events.map((e) => e.verb), ['created'])
  const words = () => ask(server, 'POST', `/v1/reports/${made.id}/updates`, { form: [['text', 'x']], headers: { 'Case-Token': made.token } })
  for (let i = 0; i < 3; i++) assert.equal((await words()).status, 201)
  await until(() => queue.cases.length === 4)
  await sleep(600)
  assert.equal((await looks(made.id)).length, 1, 'once, however much is told')
  queue.end()
  const other = await difficult()
  const told = async () => (await poll(server, 'kind=difficulty&after=0&wait=0', { token: tokens.branch })).events
  await until(async () => (await told()).some((e) => e.report === other.id))
  await until(async () => (await looks(other.id)).length === 1)
  assert.equal((await looks(other.id))[0].route, 'GET /v1/events/poll')
})

test('a verb is one of those of the description, for queues and for webhooks', async (t) => {
  const { server, tokens } = await everybody(t)
  const described = openapi.components.schemas.CaseVerb.enum
  const answer = await get(server, '/v1/events/poll?verb=nothing', { token: tokens.west })
  refused(answer, 400, 'verb')
  assert.deepEqual(/must be one of (.*)$/.exec(answer.json.errors?.[0]?.detail ?? answer.json.detail)[1].split(', '), described)
  refused(await ask(server, 'POST', '/v1/webhooks', { token: tokens.admin, json: { url: 'https://example.org/', verb: 'nothing' } }), 400, 'verb')
  refused(await get(server, '/v1/events?mine=true&verb=moved', { token: tokens.rider }), 400, 'verb')
  const first = await send(server)
  await move(server, tokens.west, first, 'accepted')
  const only = async (verb) => (await poll(server, `after=0&wait=0&verb=${verb}`, { token: tokens.west })).events.map((e) => e.verb)
  await until(async () => (await only('moved')).length > 0)
  assert.deepEqual(await only('moved'), ['moved'])
  assert.deepEqual(await only('created'), ['created'])
  assert.deepEqual(await only('joined'), [])
})

test('who was away for longer than the outbox is kept is told to read anew', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const first = await send(server), second = await send(server)
  await stop(server)
  const sql = (text) => execFileSync('sqlite3', [join(server.made.data, 'yizhan.db'), text]).toString().trim()
  sql('UPDATE changes SET at_ms = 1000')
  const [before, numbers] = [sql('SELECT min(number) - 1 FROM case_news'), sql('SELECT count(*) FROM changes')]
  assert.match((await command(server.made.data, 'forget')).stdout, new RegExp(`^${numbers - 1} rows of the outbox`, 'm'))
  assert.equal(sql('SELECT count(*) FROM changes'), '1')
  const again = await start(server.made)
  t.after(() => stop(again))
  const token2 = await signIn(again)
  const old = await poll(again, `after=${before}&wait=0`, { token: token2 })
  assert.deepEqual([old.events, old.reset], [[], true])
  const stream = await listen(again, '/v1/events', { token: token2, last: before })
  await until(() => stream.other.length === 1)
  assert.equal(stream.other[0][0], 'reset')
  const third = await send(again)
  await until(() => stream.cases.length === 1)
  assert.equal(stream.cases[0].report, third.id)
  for (const made of [first, second]) assert.equal((await get(again, `/v1/reports/${made.id}`)).status, 200)
  stream.end()
})

test('too many who wait are refused by person, by address and in all, and leave room when they go', async (t) => {
  const server = await serve(t, '--waiting', '30', '--waiting-each', '5')
  const token = await signIn(server)
  const made = await send(server)
  const from = another()
  const path = `/v1/events?report=${made.id}`
  const five = await Promise.all(Array.from({ length: 5 }, () => listen(server, path, { from })))
  const sixth = await get(server, path, { from })
  refused(sixth, 429)
  assert.ok(sixth.headers['retry-after'])
  const one = await listen(server, path)
  five[0].end()
  await until(async () => {
    const client = await listen(server, path, { from, patient: true })
    if (client) five[0] = client
    return client
  }, 20000)
  const persons = await Promise.all(Array.from({ length: 16 }, () => listen(server, '/v1/events', { token })))
  refused(await get(server, '/v1/events?mine=true', { token }), 429)
  const others = await Promise.all(Array.from({ length: 30 - 16 - 5 - 1 }, () => listen(server, path)))
  const full = await get(server, path)
  refused(full, 503)
  assert.ok(full.headers['retry-after'])
  for (const client of [...five, ...persons, ...others, one]) client.end()
})

test('a client that went away is noticed with the next sign of life, and signs of life come', async (t) => {
  const server = await serve(t)
  const made = await send(server)
  const waiting = async () => Number(/^yizhan_waiting (\d+)$/m.exec((await get(server, '/metrics')).text)[1])
  const stays = await listen(server, `/v1/events?report=${made.id}`)
  const leaves = await listen(server, `/v1/events?report=${made.id}`)
  assert.equal(await waiting(), 2)
  leaves.end()
  await until(async () => (await waiting()) === 1, 16500)
  await until(() => stays.comments > 0, 16500)
  stays.end()
})

test('old clients and odd ones get what they asked for', async (t) => {
  const server = await serve(t)
  const made = await send(server)
  const path = `/v1/events?report=${made.id}`
  assert.match(await raw(server, `HEAD ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`), /^HTTP\/1.1 200 [^]*text\/event-stream/)
  const old = await raw(server, `GET ${path}&after=0 HTTP/1.0\r\nHost: a\r\n\r\n`, { patience: 1000 })
  assert.match(old, /^HTTP\/1\.[01] 200 [^]*\r\n\r\nretry: 2000\nid: 0\n\nid: \d+\nevent: case\ndata: \{/)
  const closed = await raw(server, `GET ${path}&after=0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, { patience: 1000 })
  assert.match(closed, /event: case/)
  assert.equal((await ask(server, 'OPTIONS', path)).headers['access-control-allow-headers'].includes('Last-Event-ID'), true)
})
