// Open311 GeoReport v2: every answer in both formats against schemas made from its field tables, and a whole life seen from outside.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask, at, command, makeData, multipart, png, remove, root, signIn, start, stop } from './harness.mjs'

const base = '/open311/v2'
const urlencoded = (fields) => ({ body: fields.map((pair) => pair.map(encodeURIComponent).join('=')).join('&'), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })

/** What XML says, by xmllint, which validates it, too. */
function readXml(answer, schema) {
  assert.equal(answer.type, 'text/xml', answer.text)
  const file = join(root, 'tests/fixtures/open311', schema + '.xsd')
  assert.ok(existsSync(file))
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', file, '-'], { input: answer.bytes })
  assert.equal(status, 0, `${stderr}\n${answer.text}`)
  return (path) => execFileSync('xmllint', ['--xpath', path, '-'], { input: answer.bytes }).toString().replace(/\n$/, '')
}

/** Asks in both formats; the JSON is held against openapi.yaml by the harness, the XML against its schema. */
async function both(server, path, schema, more = {}) {
  const [way, query = ''] = path.split('?')
  const json = await ask(server, 'GET', `${base}/${way}.json?${query}`, more)
  const xml = await ask(server, 'GET', `${base}/${way}.xml?${query}`, more)
  assert.equal(json.status, xml.status)
  return { status: json.status, json: json.json, xml: readXml(xml, json.status < 400 ? schema : 'errors'), answer: json }
}

/** A refusal in both formats. */
async function refusedBoth(server, path, status, word) {
  const { status: is, json, xml } = await both(server, path, 'errors')
  assert.equal(is, status, `${path}: ${JSON.stringify(json)}`)
  assert.equal(json.length, 1)
  assert.equal(json[0].code, status)
  assert.match(json[0].description, word)
  assert.equal(xml('string(/errors/error/code)'), String(status))
  assert.equal(xml('string(/errors/error/description)'), json[0].description)
}

async function withKeys(t) {
  const made = await makeData()
  await command(made.data, 'user', 'add', 'partner', '--role', 'integrator', '--kind', 'report')
  await command(made.data, 'user', 'add', 'east', '--role', 'integrator', '--kind', 'report', '--area', '110199002')
  const key = (await command(made.data, 'key', 'add', 'partner')).stdout.trim()
  const east = (await command(made.data, 'key', 'add', 'east')).stdout.trim()
  const server = await start(made, '--writes-per-minute', '100000', '--requests-per-minute', '100000')
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  return { server, key, east, admin: await signIn(server) }
}

const request = (more = []) => [['service_code', 'manhole'], ['lat', at(1, 1)[1]], ['long', at(1, 1)[0]], ...more]
const post = (server, fields, format = 'json') => ask(server, 'POST', `${base}/requests.${format}`, urlencoded(fields))
const postForm = (server, fields, format = 'json') => ask(server, 'POST', `${base}/requests.${format}`, { form: fields })

/** Moves a report on as its staff. */
async function move(server, token, id, ...states) {
  for (const state of states) {
    const { version } = (await ask(server, 'GET', `/v1/reports/${id}`, { token })).json
    const answer = await ask(server, 'POST', `/v1/reports/${id}/state`, { token, json: { state, version, reason: `because ${state}` } })
    assert.equal(answer.status, 200, answer.text)
  }
}

test('open311', async (t) => {
  const { server, key, east, admin } = await withKeys(t)

  await t.test('discovery tells where the service is', async () => {
    const { json, xml } = await both(server, 'discovery', 'discovery')
    assert.equal(json.endpoints[0].url, `http://127.0.0.1:${server.port}/open311/v2`.replace('http://127.0.0.1', new URL(json.endpoints[0].url).origin.replace(/:\d+$/, '')))
    assert.equal(xml('string(//formats/format[1])'), 'text/xml')
  })
  await t.test('services are the categories of reports, in two languages, and say what is not taken', async () => {
    const { json, xml } = await both(server, 'services?lang=en', 'services')
    const { reports } = (await ask(server, 'GET', '/v1/categories')).json
    assert.deepEqual(json.map((service) => service.service_code), reports.map((category) => category.code))
    const of = (code) => json.find((service) => service.service_code === code)
    assert.equal(of('manhole').service_name, 'Manhole cover')
    assert.equal(of('manhole').metadata, false)
    assert.equal(of('lamp').metadata, true)
    assert.equal(of('lamp').group, 'Street furniture')
    assert.match(of('gas_leak').description, /call 119/)
    assert.equal(xml('count(//service)'), String(json.length))
    assert.equal(xml('string(//service[service_code="lamp"]/metadata)'), 'true')
    const chinese = await both(server, 'services', 'services', { headers: { 'Accept-Language': 'zh-CN' } })
    assert.equal(chinese.json.find((s) => s.service_code === 'manhole').service_name, '井盖')
    assert.equal(chinese.json.length, json.length)
    assert.equal(json.some((s) => /difficulty|opinion/.test(s.service_code)), false)
  })
  await t.test('a service tells what it asks', async () => {
    const { json, xml } = await both(server, 'services/lamp?lang=en', 'service_definition')
    assert.deepEqual(json.attributes.map((a) => [a.code, a.datatype, a.order]), [['fault', 'singlevaluelist', 1], ['pole', 'string', 2]])
    assert.deepEqual(json.attributes[0].values[0], { key: 'dark', name: 'It is dark' })
    assert.equal(xml('string(//attribute[code="fault"]/values/value[1]/key)'), 'dark')
    assert.equal((await both(server, 'services/manhole', 'service_definition')).json.attributes.length, 0)
    await refusedBoth(server, 'services/castle', 404, /service_code/)
  })
  await t.test('a request with photos is taken from anybody, and its sender can go on with it', async () => {
    const sent = await postForm(server, request([['description', '井盖松动'], ['email', 'a@example.org'], ['first_name', '王'], ['media', png(30, 20), 'a.png', 'image/png']]))
    assert.equal(sent.status, 201, sent.text)
    const [{ service_request_id: id, case_token: token }] = sent.json
    const withdrawn = await ask(server, 'POST', `/v1/reports/${id}/state`, { headers: { 'Case-Token': token }, json: { state: 'withdrawn' } })
    assert.equal(withdrawn.status, 200, withdrawn.text)
    const { json } = await both(server, `requests/${id}`, 'requests')
    assert.equal(json[0].status, 'closed')
    const everything = await ask(server, 'GET', `/v1/reports/${id}`, { token: admin })
    assert.equal(/example\.org|王/.test(everything.text), false)
    const xml = await postForm(server, request([['media', png(30, 20), 'a.png', 'image/png']]), 'xml')
    assert.equal(xml.status, 201)
    assert.match(readXml(xml, 'sent')('string(//service_request_id)'), /^[2-9a-z]{22}$/)
  })
  await t.test('what a sender forgets is told in the format that was asked for', async () => {
    const rows = [
      [request(), 400, /media.*photo/], [[['service_code', 'castle']], 400, /service_code/], [[], 400, /service_code/],
      [[['service_code', 'gas_leak'], ...request().slice(1)], 400, /119/], [request([['media_url', 'http://169.254.169.254/']]), 400, /media_url.*not fetched/],
      [request([['api_key', 'yzk_wrong']]), 403, /token is unknown/], [request([['surprise', '1']]), 400, /surprise/],
      [[['service_code', 'manhole'], ['lat', '91'], ['long', '0'], ['api_key', key]], 400, /lat/], [[['service_code', 'manhole'], ['lat', '1'], ['api_key', key]], 400, /long/],
      [request([['attribute[castle]', '1'], ['api_key', key]]), 400, /castle/],
      [[['service_code', 'lamp'], ...request().slice(1), ['attribute[fault]', 'nonsense'], ['api_key', key]], 400, /fault/],
      [request([['description', 'x'.repeat(4001)], ['api_key', key]]), 400, /description/],
      [Array.from({ length: 10000 }, (_, i) => [`attribute[a${i}]`, '1']), 413, /32/],
    ]
    for (const [fields, status, word] of rows) {
      const json = await post(server, fields), xml = await post(server, fields, 'xml')
      assert.equal(json.status, status, json.text)
      assert.match(json.json[0].description, word)
      assert.equal(xml.status, status, xml.text)
      assert.match(readXml(xml, 'errors')('string(//description)'), word)
    }
    const broken = await ask(server, 'POST', `${base}/requests.json`, { ...urlencoded([]), body: 'service_code=%zz' })
    assert.equal(broken.status, 400)
    assert.equal((await ask(server, 'POST', `${base}/requests.xml`, { json: {} })).status, 415)
    assert.equal((await ask(server, 'DELETE', `${base}/requests.xml`)).type, 'text/xml')
    assert.equal((await ask(server, 'GET', `${base}/castle.xml`)).type, 'text/xml')
    assert.equal((await ask(server, 'GET', `${base}/castle.json`)).json[0].code, 404)
  })
  await t.test('a key sends without photos, with answers, once for each Idempotency-Key', async () => {
    const fields = [['service_code', 'lamp'], ...request().slice(1), ['attribute[fault]', 'dark'], ['attribute[pole]', 'A 7'], ['api_key', key]]
    const sent = await post(server, fields)
    assert.equal(sent.status, 201, sent.text)
    const stored = await ask(server, 'GET', `/v1/reports/${sent.json[0].service_request_id}`, { token: admin })
    assert.match(stored.text, /dark/)
    for (const format of ['json', 'xml']) {
      const once = urlencoded(fields)
      once.headers['Idempotency-Key'] = `open-${format}`
      const first = await ask(server, 'POST', `${base}/requests.${format}`, once), again = await ask(server, 'POST', `${base}/requests.${format}`, once)
      assert.equal(first.status, 201, first.text)
      assert.equal(again.text, first.text)
      assert.equal(again.type, first.type)
    }
    const elsewhere = await post(server, request([['api_key', east]])) // its key is for another area
    assert.equal(elsewhere.status, 400)
    assert.match(elsewhere.json[0].description, /media/)
    const session = await post(server, request([['api_key', admin]]))
    assert.equal(session.status, 403, session.text)
  })
  await t.test('a life: nobody lists it before staff took it up, then all see it, until it is closed', async () => {
    const evil = ']]><script>&"\'\u0007</description> 井'
    const sent = await postForm(server, request([['description', evil.replace('\u0007', '')], ['address_string', '<西>路 & 1 号'], ['media', png(64, 40), 'a.png', 'image/png']]))
    assert.equal(sent.status, 201, sent.text)
    const [{ service_request_id: id }] = sent.json
    const listed = async (query = '') => (await both(server, `requests?${query}`, 'requests')).json.filter((r) => r.service_request_id === id)
    const told = async () => (await both(server, 'servicerequestupdates', 'updates')).json.filter((u) => u.service_request_id === id)
    assert.deepEqual(await listed(), [])
    assert.deepEqual(await told(), [])
    const own = (await both(server, `requests/${id}`, 'requests')).json[0]
    assert.equal(own.description, evil.replace('\u0007', ''))
    assert.deepEqual((await both(server, `tokens/${id}`, 'tokens')).json, [{ service_request_id: id, token: id }])

    await move(server, admin, id, 'accepted', 'filed', 'dispatched', 'handling')
    const [open] = await listed('status=open&service_code=manhole')
    assert.equal(open.status, 'open')
    assert.equal(open.agency_responsible, '西街道')
    assert.equal(open.address, '<西>路 & 1 号')
    assert.ok(Date.parse(open.expected_datetime) > Date.now())
    assert.deepEqual([open.lat, open.long].map((x) => x.toFixed(5)), [at(1, 1)[1], at(1, 1)[0]].map((x) => x.toFixed(5)))
    const photo = await ask(server, 'GET', new URL(open.media_url).pathname)
    assert.equal(photo.type, 'image/jpeg')
    assert.deepEqual(await listed('status=closed'), [])
    assert.deepEqual(await listed('service_code=lamp'), [])
    assert.deepEqual(await listed('end_date=2020-01-01T00:00:00Z'), [])
    assert.equal((await listed(`start_date=${encodeURIComponent(new Date(Date.now() - 60000).toISOString())}`)).length, 1)

    const wrote = await ask(server, 'POST', `${base}/servicerequestupdates.json`, urlencoded([['service_request_id', id], ['status', 'OPEN'], ['description', '已派单'], ['api_key', key]]))
    assert.equal(wrote.status, 201, wrote.text)
    assert.match((await ask(server, 'GET', `/v1/reports/${id}`, { token: admin })).text, /已派单/)
    const shut = await ask(server, 'POST', `${base}/servicerequestupdates.xml`, urlencoded([['service_request_id', id], ['status', 'CLOSED'], ['api_key', key]]))
    assert.equal(shut.status, 409)
    assert.match(readXml(shut, 'errors')('string(//description)'), /handling/)

    await move(server, admin, id, 'handled', 'verifying')
    const { version } = (await ask(server, 'GET', `/v1/reports/${id}`, { token: admin })).json
    const closed = await ask(server, 'POST', `/v1/reports/${id}/updates`, { token: admin, form: [['state', 'closed'], ['version', version], ['text', '修好了'], ['photo', png(50, 40), 'p.png', 'image/png']] })
    assert.equal(closed.status, 201, closed.text)
    const [end] = await listed('status=closed,open')
    assert.equal(end.status, 'closed')
    assert.equal(end.status_notes, '修好了')
    assert.equal(end.media_url, open.media_url)
    const story = await told()
    assert.deepEqual(story.map((u) => u.external_status_code), ['submitted', 'accepted', 'filed', 'dispatched', 'handling', 'handled', 'verifying', 'closed'])
    assert.equal(story.at(-1).status, 'closed')
    assert.match(story.at(-1).media_url, /\/v1\/photos\//)
    assert.equal(story.some((u) => /已派单/.test(u.description)), false) // a word to its sender
  })
  await t.test('what staff turn down leaves the list, and its id still answers', async () => {
    const [{ service_request_id: id }] = (await post(server, request([['api_key', key], ['description', '私事']]))).json
    await move(server, admin, id, 'accepted')
    assert.match((await both(server, 'requests', 'requests')).answer.text, /私事/)
    await move(server, admin, id, 'rejected')
    assert.doesNotMatch((await both(server, 'requests', 'requests')).answer.text, /私事/)
    assert.doesNotMatch((await both(server, 'servicerequestupdates', 'updates')).answer.text, new RegExp(id))
    assert.equal((await both(server, `requests?service_request_id=${id},${'2'.repeat(22)},nonsense`, 'requests')).json[0].status, 'closed')
  })
  await t.test('private kinds do not exist', async () => {
    const sent = await ask(server, 'POST', '/v1/reports', { form: [['kind', 'difficulty'], ['category', 'entry'], ['description', '进门难'], ['lon', at(1, 1)[0]], ['lat', at(1, 1)[1]]] })
    assert.equal(sent.status, 201, sent.text)
    for (const token of [undefined, admin]) {
      const { json } = await both(server, `requests?service_request_id=${sent.json.id}`, 'requests', { token })
      assert.deepEqual(json, [])
    }
    await refusedBoth(server, `requests/${sent.json.id}`, 404, /no such/)
    await refusedBoth(server, `tokens/${sent.json.id}`, 404, /no such/)
    await refusedBoth(server, 'services/entry', 404, /service_code/)
    const wrote = await ask(server, 'POST', `${base}/servicerequestupdates.json`, urlencoded([['service_request_id', sent.json.id], ['description', 'x'], ['api_key', key]]))
    assert.equal(wrote.status, 404, wrote.text)
  })
  await t.test('pages are whole and do not overlap', async () => {
    const all = (await both(server, 'requests', 'requests')).json.map((r) => r.service_request_id)
    assert.ok(all.length >= 1)
    const paged = []
    for (let page = 1; page <= all.length; page++) paged.push(...(await both(server, `requests?page=${page}&page_size=1`, 'requests')).json.map((r) => r.service_request_id))
    assert.deepEqual(paged, all)
    assert.deepEqual((await both(server, 'requests?page=1000000&page_size=1000', 'requests')).json, [])
  })
  await t.test('what lies around a point, and what changed since, is asked for', async () => {
    const [{ service_request_id: id }] = (await post(server, [['service_code', 'lamp'], ['lat', at(1.5, 1)[1]], ['long', at(1.5, 1)[0]], ['api_key', key]])).json
    const before = new Date().toISOString()
    await move(server, admin, id, 'accepted')
    const has = async (query) => (await both(server, `requests?${query}`, 'requests')).json.some((r) => r.service_request_id === id)
    const around = (x, radius) => `lat=${at(x, 1)[1]}&long=${at(x, 1)[0]}&radius=${radius}`
    const all = (await both(server, `requests?${around(1.5, 100000)}`, 'requests')).json
    assert.ok(all.length > 1)
    const metres = 0.5 * 111320 * Math.abs(at(1, 1)[0] - at(0, 1)[0]) * Math.cos((at(1, 1)[1] * Math.PI) / 180)
    assert.equal(await has(around(1, metres * 0.98)), false)
    assert.equal(await has(around(1, metres * 1.02)), true)
    assert.equal(await has(around(1.5, 1)), true)
    const since = encodeURIComponent(before), later = encodeURIComponent(new Date(Date.now() + 60000).toISOString())
    assert.equal(await has(`updated_after=${since}`), true)
    assert.equal(await has(`updated_after=${later}&updated_before=${later}`), false)
    assert.equal(await has(`updated_before=${since}`), false)
    const only = (await both(server, `servicerequestupdates?service_request_id=${id}`, 'updates')).json
    assert.deepEqual(only.map((u) => [u.service_request_id, u.external_status_code]), [[id, 'submitted'], [id, 'accepted']])
    assert.deepEqual((await both(server, 'servicerequestupdates?service_request_id=nonsense', 'updates')).json, [])
    assert.equal(await has('service_request_id=&status=&page=&start_date=&lat=&long=&radius=&service_code='), true) // an empty one is an absent one
  })
  await t.test('bad questions are named', async () => {
    const rows = [
      ['requests?start_date=yesterday', 400, /start_date/], ['requests?end_date=2026-02-30T00:00:00Z', 400, /end_date/],
      ['requests?start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z', 400, /start_date/], ['requests?status=half', 400, /status/],
      ['requests?page=0', 400, /page/], ['requests?page=99999999999999999999', 400, /page/], ['requests?page_size=1001', 400, /page_size/],
      ['requests?service_code=castle', 404, /service_code/], ['requests?castle=1', 400, /castle/], ['requests?lang=xx', 400, /lang/],
      [`requests?service_request_id=${Array(101).fill('x').join(',')}`, 400, /service_request_id/],
      ['requests?lat=39.9&long=116.3', 400, /radius/], ['requests?radius=50', 400, /lat/], ['requests?lat=91&long=0&radius=5', 400, /lat/],
      ['requests?lat=39.9&long=116.3&radius=0', 400, /radius/], ['requests?lat=39.9&long=116.3&radius=100001', 400, /radius/],
      ['requests?lat=39.9&long=nan&radius=5', 400, /long/], ['requests?updated_after=soon', 400, /updated_after/],
      ['requests?updated_after=2026-02-01T00:00:00Z&updated_before=2026-01-01T00:00:00Z', 400, /updated_after/],
      ['servicerequestupdates?radius=5', 400, /radius/],
      [`servicerequestupdates?service_request_id=${Array(101).fill('x').join(',')}`, 400, /service_request_id/],
      ['requests/nonsense', 404, /no such/], [`tokens/${'2'.repeat(22)}`, 404, /no such/], ['servicerequestupdates?status=half', 400, /status/],
    ]
    for (const [path, status, word] of rows) await refusedBoth(server, path, status, word)
  })
  await t.test('who writes updates needs a key that is good there', async () => {
    const [{ service_request_id: id }] = (await post(server, request([['api_key', key]]))).json
    const write = (fields) => ask(server, 'POST', `${base}/servicerequestupdates.json`, urlencoded(fields))
    const rows = [
      [[['description', 'x']], 400], [[['service_request_id', id], ['description', 'x']], 403], [[['service_request_id', id], ['description', 'x'], ['api_key', east]], 403],
      [[['service_request_id', id], ['api_key', key]], 400], [[['service_request_id', 'x'], ['description', 'x'], ['api_key', key]], 404],
      [[['service_request_id', id], ['status', 'castle'], ['api_key', key]], 400], [[['service_request_id', id], ['description', 'x'], ['updated_datetime', 'now'], ['api_key', key]], 400],
      [[['service_request_id', id], ['description', 'x'], ['media_url', 'http://127.0.0.1/'], ['api_key', key]], 400],
      [[['service_request_id', id], ['status', 'accepted'], ['api_key', key]], 403], // the kind lets no key make this move
    ]
    for (const [fields, status] of rows) assert.equal((await write(fields)).status, status, JSON.stringify(fields))
    const { body, type } = multipart([['service_request_id', id], ['description', '照片'], ['api_key', key], ['media', png(20, 20), 'a.png', 'image/png']])
    const xml = await ask(server, 'POST', `${base}/servicerequestupdates.xml`, { body, headers: { 'Content-Type': type } })
    assert.equal(xml.status, 201, xml.text)
    assert.match(readXml(xml, 'updated')('string(//update_id)'), /^\d+$/)
  })
})
