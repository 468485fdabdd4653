// What a hostile or careless client sends, and what the answer has to say.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import test from 'node:test'
import { ask, at, command, get, makeData, multipart, png, raw, refused, remove, report, serve, start } from './harness.mjs'

const problem = (said) => JSON.parse(said.slice(said.indexOf('\r\n\r\n') + 4))

test('requests that two readers could cut differently are refused and their connection is closed', async (t) => {
  const server = await serve(t)
  const head = 'POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
  for (const [headers, culprit] of [
    ['Content-Length: 2\r\nContent-Length: 40\r\n', 'Content-Length'],
    ['Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', 'Content-Length'],
    ['Transfer-Encoding: gzip\r\n', 'Transfer-Encoding'],
    ['Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', 'Transfer-Encoding'],
    ['Content-Length: 2\r\nContent-Type: text/plain\r\n', 'Content-Type'],
    ['Content-Length: 2\r\nHost: b\r\n', 'Host'],
    ['Content-Length: 2\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n', 'Authorization'],
    ['Content-Length: 2\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n', 'Idempotency-Key'],
  ]) {
    const began = Date.now()
    const said = await raw(server, `${head}${headers}\r\n{}GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n`)
    assert.match(said, /^HTTP\/1\.1 400 /, headers)
    assert.equal(problem(said).errors[0].parameter, culprit)
    assert.equal(said.match(/HTTP\/1\.1 /g).length, 1, 'what follows is not taken for a request')
    assert.ok(Date.now() - began < 10000, headers)
  }
})

test('an address may carry scheme and host, and begins with a slash otherwise', async (t) => {
  const server = await serve(t)
  const line = (target) => raw(server, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  assert.match(await line('http://map.example/healthz'), /\r\n\r\n\{"status":"ok"\}/)
  assert.match(await line('HTTP://map.example'), /^HTTP\/1\.1 200 /)
  assert.match(await line('http://map.example?x=1'), /^HTTP\/1\.1 200 /)
  assert.match(await line('healthz'), /^HTTP\/1\.1 400 /)
})

test('every refusal names its culprit', async (t) => {
  const server = await serve(t)
  const send = (more, path = '/v1/reports') => ask(server, 'POST', path, { form: report(more) })
  refused(await send([['description', 'bell \u0007']]), 400, 'description')
  refused(await send([['address', '\u001b[31m']]), 400, 'address')
  refused(await send([['description', '请找\u202e师傅']]), 400, 'description')
  refused(await send([['address', 'x'.repeat(301)]]), 400, 'address')
  refused(await send([['crs', 'gcj02']], '/v1/reports?crs=wgs84'), 400, 'crs')
  // A place in Beijing has no coordinates in a system of the south pole.
  refused(await get(server, '/v1/places?limit=1&crs=EPSG:3031'), 400, 'crs')
  refused(await get(server, '/v1/places/1?crs=EPSG:3031'), 400, 'crs')
  refused(await get(server, '/v1/areas/1?f=geojson&crs=EPSG:3031'), 400, 'crs')
  refused(await get(server, '/v1/places?=5'), 400)
  const unknown = await get(server, `/route/v1/foot/${at(1, 1)};${at(2, 2)}?colour=red`)
  assert.match(unknown.json.message, /^colour: /)
  const strange = await get(server, '/v1/reports?x=1', { token: undefined })
  assert.match(strange.json.detail, /known here: \w/)
})

test('the same numbers in another reference system are other content to an Idempotency-Key', async (t) => {
  const server = await serve(t)
  const { type, body } = multipart(report())
  const send = (path) => ask(server, 'POST', path, { body, headers: { 'Content-Type': type, 'Idempotency-Key': 'the-same-numbers-1' } })
  const first = await send('/v1/reports')
  assert.equal(first.status, 201)
  refused(await send('/v1/reports?crs=gcj02'), 422, 'Idempotency-Key')
  assert.equal((await send('/v1/reports')).text, first.text)
})

test('ret_coordtype tells the system of the answer beside a system named in the form', async (t) => {
  const server = await serve(t)
  const sent = await ask(server, 'POST', '/v1/reports?ret_coordtype=wgs84', { form: report([['coord_type', 'gcj02']]) })
  assert.equal(sent.status, 201, sent.text)
  assert.equal(sent.json.crs, 'wgs84')
  assert.ok(sent.json.location[0] < at(1, 1)[0] - 0.003, 'moved west by the shift of Beijing')
})

test('forty copies of one report sent at once are one report', async (t) => {
  const server = await serve(t)
  const answers = await Promise.all(Array.from({ length: 40 }, () =>
    ask(server, 'POST', '/v1/reports', { form: report(), headers: { 'Idempotency-Key': 'once-for-all-of-them' } })))
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [201])
  assert.equal(new Set(answers.map((a) => a.text)).size, 1)
  assert.equal(new Set(answers.map((a) => a.headers.location)).size, 1)
})

test('a box in a projected system holds what lies behind its bent edges', async (t) => {
  // In UTM a line of one northing is farthest north, in degrees, at the middle of its zone.
  const server = await serve(t)
  const [x, y] = (await get(server, '/v1/places/1?crs=EPSG:32650')).json.location
  const bbox = [x - 400000, y - 10, x + 400000, y + 10]
  const found = (await get(server, `/v1/places?crs=EPSG:32650&bbox=${bbox}`)).json.places
  assert.ok(found.some((p) => p.id === 1), JSON.stringify(found))
})

test('a failure of the server is told to its operator', async (t) => {
  const made = await makeData()
  const server = await start(made)
  t.after(() => {
    server.child.kill('SIGKILL') // where the test failed before its end
    remove(made)
  })
  const sent = await ask(server, 'POST', '/v1/reports', { form: report() })
  rmSync(`${made.data}/blobs`, { recursive: true })
  const lost = await get(server, `/v1/photos/${sent.json.photos[0].id}`)
  assert.equal(lost.status, 500, lost.text)
  const refusedOne = await ask(server, 'POST', '/v1/reports', { form: report([], png(20, 20)) })
  refused(refusedOne, 500)
  assert.ok(!refusedOne.text.includes(made.folder), 'the client learns nothing of folders')
  server.child.kill('SIGTERM')
  await server.exited
  const lines = server.log.split('\n').filter((l) => l.includes('level=error') && l.includes('route='))
  assert.equal(lines.length, 2, server.log)
  for (const line of lines) assert.match(line, /cause=".*blobs/)
})

test('nobody waits at the door of a server that stops', async (t) => {
  const made = await makeData()
  const server = await start(made)
  t.after(() => {
    server.child.kill('SIGKILL') // where the test failed before its end
    remove(made)
  })
  const send = (shade) => ask(server, 'POST', '/v1/reports', { form: report([], png(800, 800, 800, shade)) }).then((a) => a.status, (e) => e.code)
  // What decodes photos starts with the first ones, which is not what is waited for here.
  assert.deepEqual(await Promise.all([send(200), send(201)]), [201, 201])
  // As many as a slow machine has done within the ten seconds that a server takes to stop.
  const busy = Array.from({ length: 12 }, (_, i) => send(i))
  await new Promise((done) => setTimeout(done, 300))
  server.child.kill('SIGTERM')
  await new Promise((done) => setTimeout(done, 100))
  const late = await get(server, '/healthz').then((a) => a.status, (e) => e.code)
  const ended = await server.exited
  assert.equal(ended.code, 0, server.log.slice(-2000))
  assert.equal(late, 'ECONNREFUSED')
  assert.deepEqual([...new Set(await Promise.all(busy))], [201])
})

test('a grant for a kind of case that nobody described is refused', async (t) => {
  const made = await makeData()
  t.after(() => remove(made))
  await assert.rejects(command(made.data, 'user', 'add', 'admin', '--role', 'area_staff', '--kind', 'nope'),
    (error) => error.code === 1 && error.stderr.includes('"nope"'))
  await command(made.data, 'user', 'add', 'admin', '--role', 'area_staff', '--kind', 'report')
})
