// Other systems are told what happens to reports: signed, until they have it, and no system waits for another.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import http from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { addUser, ask, at, command, get, openapi, password, png, refused, report, serve, signIn, sleep, start, stop, until } from './harness.mjs'

const ajv = new Ajv2020({ strict: false })
addFormats(ajv)
ajv.addSchema(openapi, 'openapi')
const isEvent = ajv.compile({ $ref: 'openapi#/components/schemas/Event' })

/** A system that keeps what it is told; `answer` decides how it behaves. */
async function receiver(t, answer = (request, response) => response.writeHead(204).end()) {
  const system = { letters: [], answer }
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      system.letters.push({ method: request.method, path: request.url, headers: request.headers, body, at: Date.now() })
      system.answer(request, response)
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  system.url = `http://127.0.0.1:${server.address().port}/hook`
  system.events = () => system.letters.map((letter) => JSON.parse(letter.body))
  t.after(() => {
    server.closeAllConnections?.()
    server.close()
  })
  return system
}

const integrator = async (server, name = 'partner', ...more) => {
  await addUser(server.made.data, name, password, '--role', 'integrator', '--kind', 'report', ...more)
  return (await command(server.made.data, 'key', 'add', name, '--label', 'main')).stdout.match(/yzk_\w+/)[0]
}
const register = async (server, token, json) => {
  const answer = await ask(server, 'POST', '/v1/webhooks', { token, json })
  assert.equal(answer.status, 201, answer.text)
  assert.equal(answer.headers.location, `/v1/webhooks/${answer.json.id}`)
  return answer.json
}
let shade = 0
const send = async (server, where = at(1, 1)) => {
  const form = report([], png(64, 48, 48, shade++ % 256)).filter(([name]) => name !== 'lon' && name !== 'lat')
  const answer = await ask(server, 'POST', '/v1/reports', { form: [['lon', where[0]], ['lat', where[1]], ...form] })
  assert.equal(answer.status, 201, answer.text)
  return answer.json
}
const deliveries = async (server, token, hook, query = '') =>
  (await get(server, `/v1/webhooks/${hook.id}/deliveries?${query}`, { token })).json.deliveries
const inside = ['--webhooks', 'inside', '--webhook-retry-ms', '20']

function holdSignature(letter, secret) {
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(letter.headers['yizhan-signature'])
  assert.equal(createHmac('sha256', secret).update(`${t}.${letter.body}`).digest('hex'), v1)
  assert.ok(Math.abs(Date.now() / 1000 - Number(t)) < 60)
}

test('a system is told of what its rights and its filter let through, and can tell that it is us', async (t) => {
  const server = await serve(t, ...inside)
  const key = await integrator(server, 'partner', '--area', '110199001')
  const admin = await signIn(server)
  const [all, moves, city] = [await receiver(t), await receiver(t), await receiver(t)]
  const hook = await register(server, key, { url: all.url })
  await register(server, key, { url: moves.url, verb: 'moved', kind: 'report' })
  await register(server, admin, { url: city.url, category: 'manhole' })
  const west = await send(server), east = await send(server, at(5, 5))
  const moved = await ask(server, 'POST', `/v1/reports/${west.id}/state`, { token: admin, json: { state: 'accepted', version: 1 } })
  assert.equal(moved.status, 200)
  await until(() => all.letters.length === 2 && moves.letters.length === 1 && city.letters.length === 3)
  const byId = (system) => system.events().sort((a, b) => a.id - b.id).map((e) => [e.report, e.verb, e.state])
  assert.deepEqual(byId(all), [[west.id, 'created', 'submitted'], [west.id, 'moved', 'accepted']])
  assert.deepEqual(byId(moves), [[west.id, 'moved', 'accepted']])
  assert.deepEqual(byId(city), [[west.id, 'created', 'submitted'], [east.id, 'created', 'submitted'], [west.id, 'moved', 'accepted']])
  for (const letter of all.letters) {
    holdSignature(letter, hook.secret)
    const event = JSON.parse(letter.body)
    assert.ok(isEvent(event), JSON.stringify(isEvent.errors))
    assert.equal(letter.headers['yizhan-event-id'], String(event.id))
    assert.equal(letter.headers['yizhan-webhook-id'], String(hook.id))
    assert.equal(letter.headers['content-type'], 'application/json')
    assert.equal(letter.method, 'POST')
  }
  await until(async () => (await deliveries(server, key, hook, 'state=done')).length === 2)
  assert.equal((await get(server, `/v1/webhooks/${hook.id}`, { token: key })).json.secret, undefined)
  assert.ok(!server.log.includes(hook.secret) && !server.log.includes(key), 'secrets are not logged')
})

test('what is not taken is tried again, and a slow or dead system delays no other', async (t) => {
  const server = await serve(t, ...inside)
  const key = await integrator(server)
  let refusals = 3
  const shaky = await receiver(t, (request, response) => response.writeHead(refusals-- > 0 ? 503 : 200).end('x'.repeat(200000)))
  const silent = await receiver(t, () => {})
  const good = await receiver(t)
  const turns = await receiver(t, (request, response) => response.writeHead(302, { location: good.url }).end())
  const hook = await register(server, key, { url: shaky.url })
  const slow = await register(server, key, { url: silent.url })
  await register(server, key, { url: good.url })
  const turning = await register(server, key, { url: turns.url })
  for (let i = 0; i < 6; i++) await send(server)
  await until(() => good.letters.length === 6, 3000)
  await until(async () => (await deliveries(server, key, hook, 'state=done')).length === 6, 8000)
  assert.equal(shaky.letters.length, 9, 'three were tried twice')
  assert.equal(new Set(shaky.events().map((e) => e.id)).size, 6)
  assert.ok(silent.letters.length <= 4, 'only few wait for one that is silent')
  assert.equal((await get(server, `/v1/webhooks/${slow.id}`, { token: key })).json.waiting, 6)
  assert.equal(good.letters.length, 6, 'nobody followed the redirect')
  assert.equal((await deliveries(server, key, turning))[0].status, 302)
  await until(async () => (await deliveries(server, key, slow)).some((d) => d.tries === 1), 15000)
  assert.match((await deliveries(server, key, slow)).find((d) => d.tries).error, /timed out|Timeout/i)
})

test('what could not be delivered is delivered after a restart', async (t) => {
  const server = await serve(t, ...inside)
  const key = await integrator(server)
  const system = await receiver(t, (request, response) => response.writeHead(500).end())
  const hook = await register(server, key, { url: system.url })
  const first = await send(server)
  await until(() => system.letters.length >= 1)
  await stop(server)
  system.letters.length = 0
  system.answer = (request, response) => response.writeHead(200).end()
  Object.assign(server, await start(server.made, ...inside))
  await until(async () => (await deliveries(server, key, hook, 'state=done')).length === 1, 8000)
  assert.deepEqual(system.events().map((e) => e.report), [first.id])
  holdSignature(system.letters[0], hook.secret)
  server.child.kill('SIGKILL')
  await server.exited
  Object.assign(server, await start(server.made, ...inside))
  const second = await send(server)
  await until(() => system.letters.length === 2)
  assert.deepEqual(system.events().map((e) => e.report), [first.id, second.id], 'what was taken does not come again')
})

test('while the database does not take how it went, nothing is sent again, and it is asked now and then', async (t) => {
  const server = await serve(t, ...inside)
  const key = await integrator(server)
  const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.made.data, 'yizhan.db'), text])
  const failed = async () => Number(/^yizhan_store_writes_failed_total (\d+)$/m.exec((await get(server, '/metrics')).text)[1])
  const answers = []
  const system = await receiver(t, (request, response) => answers.push(response))
  const hook = await register(server, key, { url: system.url })
  await send(server)
  await until(() => answers.length === 1)
  sql("CREATE TRIGGER full BEFORE UPDATE ON webhook_deliveries BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
  const before = await failed()
  answers.pop().writeHead(204).end()
  await send(server)
  await sleep(5000)
  const times = (await failed()) - before
  assert.ok(times >= 1 && times <= 4, `${times} failed writes in 5 s`)
  assert.match(server.log, /webhooks are not told/)
  assert.equal(system.letters.length, 1, 'nothing is sent of which could not be kept how it went')
  sql('DROP TRIGGER full')
  await until(() => answers.length === 1, 5000)
  answers.pop().writeHead(204).end()
  await until(async () => (await deliveries(server, key, hook, 'state=done')).length === 2)
  assert.equal(system.letters.length, 2)
})

test('after twelve tries a delivery is dead, can be seen, and is sent again when somebody asks', async (t) => {
  const server = await serve(t, '--webhooks', 'inside', '--webhook-retry-ms', '1')
  const key = await integrator(server)
  const system = await receiver(t, (request, response) => response.writeHead(500).end())
  const hook = await register(server, key, { url: system.url })
  await send(server)
  await send(server)
  await until(async () => (await deliveries(server, key, hook, 'state=dead')).length === 2, 60000)
  assert.equal(system.letters.length, 24)
  const [dead, other] = await deliveries(server, key, hook, 'state=dead')
  assert.deepEqual([dead.tries, dead.status, dead.state], [12, 500, 'dead'])
  assert.equal((await get(server, `/v1/webhooks/${hook.id}`, { token: key })).json.dead, 2)
  system.answer = (request, response) => response.writeHead(200).end()
  const one = await ask(server, 'POST', `/v1/webhooks/${hook.id}/deliveries/${dead.id}/retry`, { token: key })
  assert.deepEqual([one.status, one.json], [202, { retried: 1 }])
  await until(async () => (await deliveries(server, key, hook, 'state=done')).length === 1)
  refused(await ask(server, 'POST', `/v1/webhooks/${hook.id}/deliveries/${dead.id}/retry`, { token: key }), 404, 'delivery')
  assert.equal((await ask(server, 'POST', `/v1/webhooks/${hook.id}/retry`, { token: key })).json.retried, 1)
  await until(async () => (await deliveries(server, key, hook, 'state=done')).some((d) => d.id === other.id))
})

test('addresses that lead inside are not called unless the operator says so', async (t) => {
  const server = await serve(t, '--webhook-retry-ms', '20')
  const key = await integrator(server)
  const system = await receiver(t)
  for (const url of ['http://example.org/', 'ftp://example.org/', 'https://user:secret@example.org/', 'https://a/#b', 'no address', 'https://exa mple.org/', 'file:///etc/passwd', 'https://'])
    refused(await ask(server, 'POST', '/v1/webhooks', { token: key, json: { url } }), 400, 'url')
  const port = new URL(system.url).port
  const hooks = []
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1'])
    hooks.push(await register(server, key, { url: `https://${host}:${port}/` }))
  await send(server)
  for (const hook of hooks)
    await until(async () => (await deliveries(server, key, hook)).some((d) => /private network/.test(d.error ?? '')), 5000)
  assert.equal(system.letters.length, 0)
})

test('only integrators and administrators have webhooks, each their own, and they end with their rights', async (t) => {
  const server = await serve(t, ...inside)
  const [key, strangers] = [await integrator(server), await integrator(server, 'stranger')]
  const admin = await signIn(server)
  await addUser(server.made.data, 'west', password, '--role', 'area_staff', '--area', '110199001')
  const west = await signIn(server, 'west')
  const system = await receiver(t)
  refused(await get(server, '/v1/webhooks'), 401)
  refused(await get(server, '/v1/webhooks', { token: west }), 403)
  refused(await ask(server, 'POST', '/v1/webhooks', { token: west, json: { url: system.url } }), 403)
  refused(await ask(server, 'POST', '/v1/webhooks', { token: key, json: {} }), 400, 'url')
  refused(await ask(server, 'POST', '/v1/webhooks', { token: key, json: { url: system.url, kind: 'nothing' } }), 400, 'kind')
  refused(await ask(server, 'POST', '/v1/webhooks', { token: key, json: { url: system.url, area_id: 999999 } }), 400, 'area_id')
  const hook = await register(server, key, { url: system.url })
  for (const path of ['', '/deliveries'])
    refused(await get(server, `/v1/webhooks/${hook.id}${path}`, { token: strangers }), 404, 'id')
  refused(await ask(server, 'DELETE', `/v1/webhooks/${hook.id}`, { token: strangers }), 404, 'id')
  refused(await ask(server, 'POST', `/v1/webhooks/${hook.id}/retry`, { token: strangers }), 404, 'id')
  assert.deepEqual((await get(server, '/v1/webhooks', { token: strangers })).json.webhooks, [])
  assert.deepEqual((await get(server, '/v1/webhooks', { token: admin })).json.webhooks.map((h) => h.id), [hook.id])
  for (let i = 1; i < 10; i++) await register(server, key, { url: system.url, verb: 'blurred' })
  refused(await ask(server, 'POST', '/v1/webhooks', { token: key, json: { url: system.url } }), 409)
  await command(server.made.data, 'user', 'disable', 'partner')
  await send(server)
  const other = await register(server, strangers, { url: system.url })
  const later = await send(server)
  await until(() => system.letters.length === 1)
  assert.equal(system.events()[0].report, later.id)
  assert.equal((await ask(server, 'DELETE', `/v1/webhooks/${other.id}`, { token: strangers })).status, 204)
  refused(await get(server, `/v1/webhooks/${other.id}`, { token: strangers }), 404, 'id')
  await send(server)
  await new Promise((done) => setTimeout(done, 600))
  assert.equal(system.letters.length, 1)
})
