import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import http from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask, at, b, get, multipart, program, raw, refused, report, root, serve, signIn } from './harness.mjs'

const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const alive = async (server) => assert.equal((await get(server, '/healthz')).status, 200)

test('what strangers send', async (t) => {
  const server = await serve(t)

  await t.test('a path that is not there, a method that is not offered', async () => {
    refused(await get(server, '/v1/nothing'), 404)
    const wrong = await ask(server, 'DELETE', '/v1/places')
    refused(wrong, 405)
    assert.equal(wrong.headers.allow, 'GET, HEAD, POST, OPTIONS')
    refused(await ask(server, 'PATCH', '/v1/reports/x/state'), 405)
    const head = await ask(server, 'HEAD', '/v1/categories')
    assert.equal(head.status, 200)
    assert.equal(head.bytes.length, 0)
    assert.ok(Number(head.headers['content-length']) > 1000)
  })
  await t.test('nothing outside of the pages can be had', async () => {
    for (const path of ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt', '/assets/..%2f..%2fsecret.txt',
      '//etc/passwd', '/.%00./secret.txt', '/console/../../secret.txt', '/..\\secret.txt']) {
      const said = await raw(server, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      assert.match(said, /^HTTP\/1\.1 (200|400|404) /, path)
      assert.ok(!said.includes('secret\r\n') && !/\r\n\r\nsecret/.test(said), path)
      assert.ok(!said.includes('root:'), path)
    }
  })
  await t.test('headers and addresses that are too long', async () => {
    refused(await get(server, '/v1/places?near=' + '1'.repeat(9000)), 414)
    refused(await get(server, '/healthz', { headers: { X: 'x'.repeat(13000) } }), 431)
    assert.match(await raw(server, `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100000)}\r\n\r\n`), /^HTTP\/1\.1 4\d\d|^$/)
    await alive(server)
  })
  await t.test('what is no HTTP is dropped', async () => {
    for (const bytes of ['\x16\x03\x01\x02\x00\x01\x00', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\0\0\0\0\r\n\r\n', 'POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n',
      'POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n'])
      assert.doesNotMatch(await raw(server, bytes, { patience: 500 }), /^HTTP\/1\.1 2/)
    await alive(server)
  })
  await t.test('a body larger than announced limits is refused before it is read where the client waits', async () => {
    const said = await raw(server, 'POST /v1/reports HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 30000000\r\n\r\n')
    assert.match(said, /^HTTP\/1\.1 413 /)
    assert.doesNotMatch(said, /100 Continue/)
  })
  await t.test('a connection that ends in the middle of a body leaves nothing', async () => {
    const { type, body } = multipart(report())
    for (let i = 0; i < 5; i++) {
      const head = `POST /v1/reports HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`
      await raw(server, b(head, body.subarray(0, body.length / 2)), { patience: 100 })
    }
    const token = await signIn(server)
    assert.equal((await get(server, '/v1/reports', { token })).json.reports.length, 0)
    await sleep(50)
    assert.match((await get(server, '/metrics')).text, /\nyizhan_http_body_bytes 0\n/)
  })
  await t.test('one address has its share, told in headers', async () => {
    const from = '10.77.0.1'
    let last = await ask(server, 'POST', '/v1/reports', { json: {}, from })
    assert.equal(last.headers['ratelimit'], undefined) // far from the limit
    for (let i = 0; i < 100 && last?.status !== 429; i++) last = await ask(server, 'POST', '/v1/reports', { json: {}, from })
    refused(last, 429)
    assert.ok(Number(last.headers['retry-after']) >= 1)
    assert.match(last.headers['ratelimit-policy'], /"write";q=60;w=60/)
    assert.match(last.headers['ratelimit'], /"write";r=0/)
    refused(await ask(server, 'POST', '/v1/reports', { json: {}, from: '10.77.0.2' }), 415)
  })
  await t.test('a page of another origin may read the answer and its headers', async () => {
    const there = await get(server, '/v1/places?limit=1', { headers: { Origin: 'https://example.org' } })
    assert.equal(there.headers['access-control-allow-origin'], '*')
    assert.match(there.headers['access-control-expose-headers'], /ETag, Link/)
    assert.equal((await get(server, '/v1/places?limit=1')).headers['access-control-allow-origin'], '*')
  })
  await t.test('pages come with their policy, packed, and are not sent twice', async () => {
    const page = await get(server, '/', { check: false })
    assert.equal(page.type, 'text/html')
    assert.match(page.headers['content-security-policy'], /default-src 'self'/)
    assert.doesNotMatch(page.headers['content-security-policy'], /unsafe/)
    assert.match(page.headers['content-security-policy'], /worker-src 'self';/)
    assert.match(page.headers['permissions-policy'], /^camera=\(self\), geolocation=\(self\), microphone=\(\)/)
    assert.equal((await get(server, '/', { check: false, headers: { 'If-None-Match': page.headers.etag } })).status, 304)
    assert.match((await get(server, '/console/', { check: false })).text, /console/)
    assert.match((await get(server, '/console/queue', { check: false })).text, /console/)
    assert.match((await get(server, '/somewhere', { check: false })).text, /rider/)
    assert.equal((await get(server, '/missing.js', { check: false })).status, 404)
    const script = await get(server, '/assets/app-1.js', { check: false, headers: { 'Accept-Encoding': 'gzip' } })
    assert.equal(script.headers['content-encoding'], 'gzip')
    assert.match(script.headers['cache-control'], /immutable/)
  })
  await t.test('the log tells routes, never positions, tokens or addresses', async () => {
    const token = await signIn(server)
    await get(server, '/v1/places?near=116.123456,39.654321', { from: '10.66.66.66' })
    await get(server, '/v1/me', { token })
    await sleep(200)
    assert.match(server.log, /route=\/v1\/places status=200/)
    for (const secret of ['116.123456', '39.654321', '10.66.66.66', token]) assert.ok(!server.log.includes(secret), secret)
  })
  await t.test('figures count requests by route and status', async () => {
    const { text } = await get(server, '/metrics')
    assert.match(text, /yizhan_http_requests_total\{route="\/v1\/places",status="200"\} \d+/)
    assert.match(text, /yizhan_http_request_seconds_bucket\{route="\/v1\/places",le="\+Inf"\} \d+/)
    assert.match(text, /\nyizhan_ready 1\n/)
    assert.match(text, /\nyizhan_places 4\n/)
  })
  await t.test('a second server on the port, or on the data, says what is the matter', async () => {
    const fail = async (...words) => {
      const child = spawn(program, ['serve', '--share', join(root, 'data'), ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      child.stderr.on('data', (text) => (said += text))
      const code = await new Promise((done) => child.on('exit', done))
      return { code, said }
    }
    const port = await fail('--data', join(server.made.folder, 'other'), '--listen', `127.0.0.1:${server.port}`)
    assert.notEqual(port.code, 0)
    assert.match(port.said, new RegExp(`127\\.0\\.0\\.1:${server.port}.*another program`))
    const data = await fail('--data', server.made.data, '--listen', '127.0.0.1:0')
    assert.notEqual(data.code, 0)
    assert.match(data.said, /data/)
  })
})

/** Writes until a limit refuses: how many were let through before, and that answer. */
async function spend(server, more) {
  for (let n = 0; n < 100; n++) {
    const answer = await ask(server, 'POST', '/v1/places/1/confirm', more(n))
    if (answer.status === 429) return { n, answer }
  }
  return assert.fail('nothing was refused')
}

test('who is signed in is counted by account, wherever they come from, and strangers at the same address by that', async (t) => {
  const server = await serve(t, '--writes-per-minute', '4', '--own-writes-per-minute', '12')
  const office = '10.78.0.1', token = await signIn(server), other = await signIn(server)
  for (const known of [token, other]) assert.equal((await get(server, '/v1/me', { token: known, from: '10.78.3.1' })).status, 200)
  const own = await spend(server, (i) => ({ token, from: i % 2 ? office : `10.78.1.${i}` }))
  refused(own.answer, 429)
  assert.ok(own.n >= 12, own.n)
  assert.match(own.answer.headers['ratelimit-policy'], /"write";q=12;w=60/)
  assert.match(own.answer.json.detail, /account/)
  const again = await spend(server, () => ({ token: other, from: '10.78.3.2' })) // another session of the same account
  assert.ok(again.n < 12, again.n)
  const stranger = await spend(server, () => ({ from: office }))
  assert.ok(stranger.n >= 4, stranger.n)
  assert.match(stranger.answer.headers['ratelimit-policy'], /"write";q=4;w=60/)
})

test('a token that is made up or has ended brings no other share than the address has', async (t) => {
  const server = await serve(t, '--writes-per-minute', '4', '--own-writes-per-minute', '1000')
  const token = await signIn(server)
  assert.equal((await ask(server, 'DELETE', '/v1/sessions/current', { token, from: '10.79.0.2' })).status, 204)
  const ended = await spend(server, () => ({ token, from: '10.79.0.3' }))
  assert.match(ended.answer.headers['ratelimit-policy'], /"write";q=4;w=60/)
  const madeUp = await spend(server, (i) => ({ token: `yzs_${String(i).padStart(44, 'a')}`, from: '10.79.0.4' }))
  assert.match(madeUp.answer.headers['ratelimit-policy'], /"write";q=4;w=60/)
})

test('writers that wait never slow a nearest query, a route or a tile', async (t) => {
  const server = await serve(t)
  const lock = spawn('sqlite3', [join(server.made.data, 'yizhan.db')], { stdio: ['pipe', 'pipe', 'pipe'] })
  t.after(() => lock.kill())
  lock.stdin.write('BEGIN EXCLUSIVE;\nSELECT \'locked\';\n')
  await new Promise((done, fail) => {
    lock.stdout.on('data', done)
    lock.stderr.on('data', (text) => fail(new Error(String(text))))
  })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const once = (path) => new Promise((done, fail) => {
    const began = performance.now()
    http.get({ host: '127.0.0.1', port: server.port, path, agent, headers: { 'X-Forwarded-For': '10.55.0.1' } }, (response) => {
      response.resume()
      response.on('end', () => done([performance.now() - began, response.statusCode]))
    }).on('error', fail)
  })
  const measure = async (path, count) => {
    const times = []
    for (let i = 0; i < count; i++) {
      const [ms, status] = await once(path)
      assert.equal(status, 200)
      times.push(ms)
    }
    return times.sort((x, y) => x - y)
  }
  const mercator = (lat) => Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI
  const [lon, lat] = at(1, 1), tiles = 2 ** 14
  const tile = [Math.floor(((lon + 180) / 360) * tiles), Math.floor(((1 - mercator(lat)) / 2) * tiles)]
  const asked = [['nearest', `/v1/places?near=${at(1, 1)}`, 300, 20, 100],
    ['route', `/v1/route?from=${at(0, 0)}&to=${at(5, 4)}&profile=foot`, 100, 50, 250],
    ['tile', `/tiles/all/14/${tile[0]}/${tile[1]}.mvt`, 100, 50, 250]]
  for (const [, path] of asked) await measure(path, 20)
  const pending = Array.from({ length: 12 }, () => ask(server, 'POST', '/v1/reports', { form: report() }))
  let answered = 0
  for (const one of pending) one.then(() => answered++, () => answered++)
  await sleep(1500)
  assert.equal(answered, 0, 'the writers were to hang on the lock')
  for (const [what, path, count, median_ms, p99_ms] of asked) {
    const times = await measure(path, count), median = times[count / 2], p99 = times[Math.floor(count * 0.99) - 1]
    assert.equal(answered, 0, `the writers were to hang all the while (${what})`)
    console.log(`# ${what} beside 12 hanging reports: median ${median.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`)
    assert.ok(median < median_ms && p99 < p99_ms, `${what}: median ${median}, p99 ${p99}`)
  }
  lock.stdin.end('ROLLBACK;\n.quit\n')
  const answers = await Promise.all(pending)
  for (const answer of answers) assert.ok([201, 503].includes(answer.status), answer.text)
  assert.equal((await ask(server, 'POST', '/v1/reports', { form: report() })).status, 201)
  agent.destroy()
})
