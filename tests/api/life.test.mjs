// The whole life of a report, and that all who may read of it read the same story.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, another, ask, at, everybody, get, password, png, refused, report, signIn, soon, until } from './harness.mjs'
import { listen } from './listener.mjs'

const street = { geometry: { type: 'LineString', coordinates: [at(1.2, 0), at(1.8, 0)] }, effect: 'closed', profiles: ['ebike'], reason: '井盖' }

/** One report on its way: everything that is done to it, by whom. */
class Life {
  constructor(server, tokens) {
    Object.assign(this, { server, tokens, told: [] })
  }
  path(rest = '') {
    return `/v1/reports/${this.id}${rest}`
  }
  /** As somebody sees it: a name of `tokens`, or a Case-Token. */
  async seen(who) {
    const more = who?.startsWith('yz') ? { headers: { 'Case-Token': who } } : { token: this.tokens[who] }
    const answer = await get(this.server, this.path(), more)
    assert.equal(answer.status, 200, answer.text)
    return answer.json
  }
  async put(who, rest, json) {
    const { version } = await this.seen('admin')
    return ask(this.server, 'PUT', this.path(rest), { token: this.tokens[who], json: { version, ...json } })
  }
  async move(who, state, more = {}) {
    const answer = await this.put(who, '/state', { state, ...more })
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.json.state, state)
    this.told.push(state)
    return answer.json
  }
  /** A form with a photo: by staff by name, by the sender with the secret. */
  update(who, fields, shade, key) {
    const more = who.startsWith('yz') ? { headers: { 'Case-Token': who } } : { token: this.tokens[who] }
    if (key) more.headers = { ...more.headers, 'Idempotency-Key': key }
    const photo = shade === undefined ? [] : [['photo', png(64, 48, 48, shade), 'p.png', 'image/png']]
    return ask(this.server, 'POST', this.path('/updates'), { ...more, form: [...fields, ...photo] })
  }
}

test('a report lives its whole life, and everybody reads the same story of it', async (t) => {
  const { server, tokens } = await everybody(t)
  await addUser(server.made.data, 'hand', password, '--role', 'handler', '--area', '110199001')
  await addUser(server.made.data, 'hand2', password, '--role', 'handler', '--area', '110199002')
  for (const name of ['hand', 'hand2']) tokens[name] = await signIn(server, name)
  const life = new Life(server, tokens)
  const live = await listen(server, '/v1/events', { token: tokens.admin })
  let secret, closure, joiner, beforeMove

  await t.test('it was written without a network and is sent twice: it is one', async () => {
    const form = report([['description', '井盖丢了']], png(64, 48, 48, 1)), from = another()
    const headers = { 'Idempotency-Key': 'offline-1' }
    const [one, two] = [await ask(server, 'POST', '/v1/reports', { form, headers, from }), await ask(server, 'POST', '/v1/reports', { form, headers, from })]
    assert.deepEqual([one.status, two.status], [201, 201])
    assert.equal(two.text, one.text, 'the same answer, with the same secret')
    life.id = one.json.id
    secret = one.json.token
    assert.match(secret, /^yzr_/)
    assert.equal((await get(server, '/v1/reports', { token: tokens.admin })).json.reports.length, 1)
    life.told.push('submitted')
  })

  await t.test('a second rider joins it, and one who sent it anew is pointed to it', async () => {
    const joined = await ask(server, 'POST', life.path('/join'), { token: tokens.rider })
    assert.equal(joined.status, 201, joined.text)
    joiner = joined.json.token
    assert.equal(joined.json.joined, 1)
    refused(await ask(server, 'POST', life.path('/join'), { token: tokens.rider }), 409)
    const again = (await ask(server, 'POST', '/v1/reports', { form: report([], png(64, 48, 48, 2)) })).json
    const marked = await ask(server, 'POST', `/v1/reports/${again.id}/state`, {
      token: tokens.west, json: { state: 'duplicate', version: again.version, duplicate_of: life.id } })
    assert.equal(marked.status, 200, marked.text)
    assert.equal(marked.json.duplicate_of, life.id)
  })

  await t.test('it is accepted, filed and dispatched, a street is closed, it is returned', async () => {
    for (const state of ['accepted', 'filed', 'dispatched']) await life.move('west', state)
    const made = await ask(server, 'POST', '/v1/closures', {
      token: tokens.admin, json: { ...street, from: soon(-5), to: soon(86400), report: life.id } })
    assert.equal(made.status, 201, made.text)
    closure = made.json.id
    const { json: noted } = await life.update('west', [['text', '只给同事看'], ['note', 'true']])
    assert.equal(noted.history.at(-1).verb, 'noted')
    refused(await life.put('west', '/state', { state: 'returned' }), 400)
    await life.move('west', 'returned', { reason: '不是我们街道' })
  })

  await t.test('another area takes it: who had it sees it no more, who has it does', async () => {
    const { areas } = (await get(server, '/v1/areas')).json
    const list = async (who) => (await get(server, '/v1/reports', { token: tokens[who] })).json.reports.map((r) => r.id)
    assert.ok((await list('west')).includes(life.id) && !(await list('east')).includes(life.id))
    beforeMove = await listen(server, '/v1/events', { token: tokens.west })
    const moved = await life.put('west', '/area', { area_id: areas.find((a) => a.name === '东街道').id, reason: '在东边' })
    assert.equal(moved.status, 200, moved.text)
    assert.ok(!(await list('west')).includes(life.id) && (await list('east')).includes(life.id))
    refused(await life.put('west', '/state', { state: 'accepted' }), 403)
    await until(() => beforeMove.cases.length === 1)
    assert.deepEqual(beforeMove.cases.map((e) => e.verb), ['left'])
    for (const state of ['accepted', 'filed', 'dispatched', 'handling']) await life.move('east', state)
  })

  await t.test('its deadline waits while it is suspended', async () => {
    const due = (await life.seen('east')).due_at
    assert.ok(due)
    const waiting = await life.move('east', 'suspended', { reason: '等配件' })
    assert.equal(waiting.due_at, undefined)
    assert.equal(waiting.due, 'paused')
    const on = await life.move('east', 'handling')
    assert.ok(Date.parse(on.due_at) >= Date.parse(due), 'what was left of it is left')
  })

  await t.test('it is closed with a proof only, and so is the closure', async () => {
    for (const state of ['handled', 'verifying']) await life.move('hand2', state)
    const bare = await life.put('east', '/state', { state: 'closed' })
    refused(bare, 400)
    assert.match(bare.json.detail, /photo/)
    refused(await life.put('hand2', '/state', { state: 'closed' }), 403)
    const proof = await life.update('hand2', [['text', '换好了']], 3)
    assert.equal(proof.status, 201, proof.text)
    assert.equal((await get(server, `/v1/closures/${closure}`, { token: tokens.admin })).json.state, 'active')
    const closed = await life.move('east', 'closed')
    assert.ok(closed.closed_at)
    assert.equal(closed.due_at, (await life.seen('east')).due_at)
    assert.equal((await get(server, `/v1/closures/${closure}`, { token: tokens.admin })).json.state, 'ended')
  })

  await t.test('its sender says, with a photo, that it is not so, and nobody else can', async () => {
    const fields = [['state', 'reopened'], ['text', '又坏了']]
    for (const who of [joiner, 'rider', 'east']) {
      const more = who === 'east' ? [['version', (await life.seen('admin')).version]] : []
      refused(await life.update(who, [...fields, ...more], 4), 403)
    }
    const [once, twice] = [await life.update(secret, fields, 4, 'again-1'), await life.update(secret, fields, 4, 'again-1')]
    assert.equal(once.status, 201, once.text)
    assert.equal(twice.text, once.text)
    assert.equal(once.json.state, 'reopened')
    assert.equal(once.json.photos.length, 3)
    life.told.push('reopened')
    for (const state of ['accepted', 'filed', 'dispatched', 'handling', 'handled', 'verifying']) await life.move('east', state)
    refused(await life.put('east', '/state', { state: 'closed' }), 400) // the proof is of the time before
    const done = await life.update('east', [['state', 'closed'], ['version', (await life.seen('admin')).version], ['text', '这次好了']], 5)
    assert.equal(done.status, 201, done.text)
    life.told.push('closed')
    const rated = await ask(server, 'POST', life.path('/state'), { headers: { 'Case-Token': secret }, json: { state: 'rated', rating: 4 } })
    assert.equal(rated.status, 200, rated.text)
    assert.equal(rated.json.rating, 4)
    life.told.push('rated')
  })

  await t.test('the histories: everybody is told every move, and of the rest what is theirs', async () => {
    const views = {}
    for (const who of ['anonymous', 'rider', 'east', 'west']) views[who] = await life.seen(who)
    views.sender = await life.seen(secret)
    views.joiner = await life.seen(joiner)
    for (const [who, view] of Object.entries(views)) {
      const states = view.history.filter((e) => ['created', 'moved'].includes(e.verb)).map((e) => e.state)
      assert.deepEqual(states, life.told, who)
      assert.equal(view.photos.length, ['anonymous', 'west'].includes(who) ? 3 : 4, `${who}: what came with words is not for all`)
      assert.deepEqual([view.state, view.rating, view.joined], ['rated', 4, 1], who)
    }
    const verbs = (who) => new Set(views[who].history.map((e) => e.verb))
    for (const who of ['anonymous', 'west']) assert.deepEqual(verbs(who), new Set(['created', 'joined', 'moved', 'transferred']))
    for (const who of ['sender', 'joiner', 'rider'])
      assert.deepEqual(verbs(who), new Set(['created', 'joined', 'moved', 'transferred', 'written']), who)
    assert.deepEqual(verbs('east'), new Set(['created', 'joined', 'moved', 'transferred', 'written', 'noted', 'merged']))
    assert.ok(!JSON.stringify(views.sender).includes('只给同事看'))
    assert.ok(!JSON.stringify(views.anonymous).includes('换好了'))
    for (const who of ['anonymous', 'sender', 'joiner', 'rider', 'west']) {
      assert.ok(views[who].history.every((e) => e.person_id === undefined && e.role === undefined), who)
      assert.ok(views[who].history.every((e) => ['reporter', 'joiner', 'system', 'staff'].includes(e.actor)), who)
    }
    assert.ok(views.east.history.some((e) => e.role === 'handler'))
    const times = views.east.history.map((e) => Date.parse(e.at))
    assert.deepEqual(times, [...times].sort((a, b) => a - b))
  })

  await t.test('the events: live, again from any number, and by a poll', async () => {
    const mine = (events) => events.filter((e) => e.report === life.id)
    const moves = (events) => mine(events).filter((e) => ['created', 'moved'].includes(e.verb)).map((e) => e.state)
    await until(() => moves(live.cases).length === life.told.length)
    assert.deepEqual(moves(live.cases), life.told)
    const all = await listen(server, '/v1/events?after=0', { token: tokens.admin })
    await until(() => mine(all.cases).length >= mine(live.cases).length)
    assert.deepEqual(mine(all.cases), mine(live.cases))
    const half = mine(live.cases)[9]
    const rest = await listen(server, `/v1/events?after=${half.id}`, { token: tokens.admin })
    await until(() => mine(rest.cases).length >= mine(live.cases).length - 10)
    assert.deepEqual(mine(rest.cases), mine(live.cases).slice(10))
    const polled = (await get(server, `/v1/events/poll?report=${life.id}&after=0&wait=0`)).json.events
    assert.deepEqual(moves(polled), life.told)
    assert.ok(!polled.some((e) => e.verb === 'noted'), 'what is for staff is not told')
    assert.ok(mine(beforeMove.cases).every((e) => e.verb === 'left'), 'who lost it hears no more of it')
    for (const client of [live, all, rest, beforeMove]) client.end()
  })

  await t.test('Open311: the request and its updates, in JSON and in XML', async () => {
    const view = await life.seen('anonymous')
    const open311 = (path, format) => get(server, `/open311/v2/${path.replace('?', `.${format}?`)}`)
    const inXml = (answer, name) => [...answer.text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text)
    for (const query of [`service_request_id=${life.id}`, 'status=closed', `lat=${at(1, 1)[1]}&long=${at(1, 1)[0]}&radius=50`]) {
      const [json, xml] = [await open311(`requests?${query}`, 'json'), await open311(`requests?${query}`, 'xml')]
      assert.deepEqual([json.status, xml.status], [200, 200], query)
      assert.deepEqual(json.json.map((r) => r.service_request_id), [life.id], `${query}: and not the duplicate`)
      const [request] = json.json
      assert.deepEqual([request.status, request.description, request.service_code], ['closed', view.description, view.category])
      assert.equal(Date.parse(request.requested_datetime), Date.parse(view.created_at))
      assert.equal(request.agency_responsible, '东街道')
      assert.equal(new URL(request.media_url).pathname, view.photos[0].url)
      for (const name of ['service_request_id', 'status', 'description', 'requested_datetime', 'media_url'])
        assert.deepEqual(inXml(xml, name), [String(request[name])], name)
    }
    const moves = view.history.filter((e) => ['created', 'moved'].includes(e.verb))
    const query = `servicerequestupdates?service_request_id=${life.id}`
    const [json, xml] = [await open311(query, 'json'), await open311(query, 'xml')]
    assert.deepEqual(json.json.map((u) => u.external_status_code), life.told)
    assert.deepEqual(inXml(xml, 'external_status_code'), life.told)
    assert.deepEqual(json.json.map((u) => Date.parse(u.updated_datetime)), moves.map((e) => Date.parse(e.at)))
    assert.deepEqual(json.json.map((u) => u.description), moves.map((e) => e.reason ?? ''))
    assert.deepEqual(inXml(xml, 'update_id'), json.json.map((u) => String(u.update_id)))
    assert.ok(!xml.text.includes('只给同事看') && !xml.text.includes('换好了'), 'what is not for everybody is not told')
    const pages = []
    for (let page = 1; page <= life.told.length; page += 5) pages.push(...(await open311(`${query}&page_size=5&page=${(page + 4) / 5}`, 'json')).json)
    assert.deepEqual(pages, json.json)
    const since = moves[6].at, later = (await open311(`${query}&start_date=${encodeURIComponent(since)}`, 'json')).json
    assert.deepEqual(later, json.json.filter((u) => Date.parse(u.updated_datetime) >= Date.parse(since)))
  })

  await t.test('the export: one row as it is now, without who sent it', async () => {
    const view = await life.seen('admin')
    const take = (format) => get(server, `/v1/reports/export?format=${format}`, { token: tokens.admin })
    const geojson = await take('geojson')
    assert.equal(geojson.status, 200, geojson.text)
    const { features } = JSON.parse(geojson.text)
    const mine = features.filter((f) => f.properties.id === life.id)
    assert.equal(mine.length, 1)
    assert.deepEqual(mine[0].geometry.coordinates.map((x) => x.toFixed(5)), view.location.map((x) => x.toFixed(5)))
    const csv = await take('csv')
    assert.equal(csv.status, 200, csv.text)
    const rows = csv.text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((row) => row.includes(life.id))
    assert.ok(rows.length >= 1 && rows.some((row) => row.includes('rated') && row.includes('井盖丢了')), csv.text)
    for (const text of [geojson.text, csv.text]) assert.ok(!text.includes(secret) && !text.includes(joiner))
  })
})
