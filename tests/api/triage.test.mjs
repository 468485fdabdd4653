// What staff ask of the queue, and what riders ask before they send.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, get, password, png, refused, report, serve, signIn } from './harness.mjs'

let size = 8
/** A report at a place of the city; answers with it. */
async function send(server, [x, y], more = {}, photo = png(++size, 8)) {
  const [lon, lat] = at(x, y)
  const fields = { category: 'manhole', lon, lat, ...more }
  const sent = await ask(server, 'POST', '/v1/reports', { form: [...Object.entries(fields), ['photo', photo, 'a.png', 'image/png']] })
  assert.equal(sent.status, 201, sent.text)
  return sent.json
}
const ids = (answer) => {
  assert.equal(answer.status, 200, answer.text)
  return answer.json.reports.map((one) => one.id)
}

test('kinds', async (t) => {
  const server = await serve(t)
  await t.test('every kind tells its categories, states and moves', async () => {
    const kinds = Object.fromEntries((await get(server, '/v1/kinds')).json.kinds.map((kind) => [kind.code, kind]))
    assert.deepEqual(Object.keys(kinds).sort(), ['difficulty', 'opinion', 'place_feedback', 'proposal', 'report'])
    assert.equal(kinds.difficulty.private, true)
    assert.deepEqual(kinds.report.needs, ['photo', 'position'])
    const category = (code) => kinds.report.categories.find((one) => one.code === code)
    assert.equal(category('gas_leak').redirect.phone, '119')
    assert.equal(category('collapse').closure, 'shut')
    assert.equal(category('dust').radius_m, 100)
    assert.deepEqual(category('lamp').questions[0].values.map((one) => one.code), ['dark', 'flickers', 'leans'])
    assert.equal(kinds.report.states.find((one) => one.code === 'suspended').paused, true)
    const close = kinds.report.moves.find((move) => move.from === 'verifying' && move.to === 'closed')
    assert.deepEqual(close.needs, ['proof'])
    assert.deepEqual(close.by, ['area_staff', 'area_lead', 'city_admin'])
    assert.deepEqual(kinds.report.moves.find((move) => move.to === 'rated').needs, ['rating'])
  })
})

test('what may be the same', async (t) => {
  const server = await serve(t)
  const near = await send(server, [1, 1]), nearer = await send(server, [1.05, 1])
  await send(server, [1.1, 1], { category: 'lamp' })
  const far = await send(server, [2, 1])
  const similar = (x, y, more = '') => get(server, `/v1/reports/similar?category=manhole&near=${at(x, y)}${more}`)
  await t.test('open ones of the same category within its radius come nearest first', async () => {
    const answer = await similar(1.04, 1)
    assert.deepEqual(ids(answer), [nearer.id, near.id])
    assert.equal(answer.json.radius_m, 30)
    assert.ok(answer.json.reports[0].distance_m < answer.json.reports[1].distance_m && answer.json.reports[1].distance_m <= 30)
    assert.equal(answer.json.reports[0].thumb_url, undefined, 'nobody looked at it yet')
    const token = await signIn(server)
    assert.equal((await ask(server, 'POST', `/v1/reports/${nearer.id}/state`, { token, json: { state: 'accepted', version: 1 } })).status, 200)
    const seen = (await similar(1.04, 1)).json.reports[0]
    assert.equal((await get(server, seen.thumb_url)).status, 200)
    assert.deepEqual(ids(await similar(2, 1)), [far.id])
    assert.deepEqual(ids(await similar(4, 4)), [])
  })
  await t.test('joining one is counted', async () => {
    assert.equal((await ask(server, 'POST', `/v1/reports/${near.id}/join`)).status, 201)
    assert.equal((await similar(1, 1)).json.reports[0].joined, 1)
  })
  await t.test('what is closed is none of them', async () => {
    const token = await signIn(server)
    const moved = await ask(server, 'POST', `/v1/reports/${far.id}/state`, { token, json: { state: 'rejected', version: 1, reason: '不属于' } })
    assert.equal(moved.status, 200, moved.text)
    assert.deepEqual(ids(await similar(2, 1)), [])
  })
  await t.test('at most ten are told', async () => {
    for (let i = 0; i < 12; i++) await send(server, [3, 3])
    assert.equal(ids(await similar(3, 3)).length, 10)
  })
  await t.test('private kinds and what is missing are refused', async () => {
    refused(await similar(1, 1, '&kind=difficulty'), 400, 'kind')
    refused(await similar(1, 1, '&kind=castle'), 400, 'kind')
    refused(await get(server, '/v1/reports/similar?category=manhole'), 400, 'near')
    refused(await get(server, `/v1/reports/similar?near=${at(1, 1)}`), 400, 'category')
    refused(await get(server, `/v1/reports/similar?category=castle&near=${at(1, 1)}`), 400, 'category')
  })
})

test('the queue', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const list = (query) => get(server, `/v1/reports?${query}`, { token })
  const put = (id, what, json) => ask(server, 'PUT', `/v1/reports/${id}/${what}`, { token, json })
  await addUser(server.made.data, 'west', password, '--role', 'area_staff', '--area', '110199001')
  const west = await signIn(server, 'west')
  const photo = png(40, 40)
  const a = await send(server, [1, 1], { description: '井盖 50%_off 松动', accuracy: 150 }, photo)
  const b = await send(server, [1, 2], { address: 'West Gate 12', category: 'lamp' }, photo)
  const c = await send(server, [4, 4])
  const me = (await get(server, '/v1/me', { token })).json.id
  assert.equal((await put(a.id, 'assignment', { version: 1, person_id: me })).status, 200)
  assert.equal((await put(b.id, 'assignment', { version: 1, unit: '市政' })).status, 200)
  assert.equal((await put(c.id, 'priority', { version: 1, priority: 2 })).status, 200)
  await t.test('it is narrowed by who works on it, unit and priority', async () => {
    assert.deepEqual(ids(await list('assignee=me')), [a.id])
    assert.deepEqual(ids(await list(`assignee=${me}`)), [a.id])
    assert.deepEqual(ids(await list('assignee=none')), [c.id])
    assert.deepEqual(ids(await list(`unit=${encodeURIComponent('市政')}`)), [b.id])
    assert.deepEqual(ids(await list('priority=1')), [c.id])
    assert.equal(ids(await list('priority=-1')).length, 3)
  })
  await t.test('text is found in the description, the address and the id, as it is', async () => {
    assert.deepEqual(ids(await list(`text=${encodeURIComponent('松动')}`)), [a.id])
    assert.deepEqual(ids(await list(`text=${encodeURIComponent('50%_')}`)), [a.id])
    assert.deepEqual(ids(await list(`text=${encodeURIComponent('5_%')}`)), [])
    assert.deepEqual(ids(await list('text=west+gate')), [b.id])
    assert.deepEqual(ids(await list(`text=${c.id.slice(3, 15)}`)), [c.id])
  })
  await t.test('flags show what deserves a second look', async () => {
    assert.deepEqual(ids(await list('flags=reused')), [b.id, a.id])
    assert.deepEqual(ids(await list('flags=inaccurate,reused')), [a.id])
    for (let i = 0; i < 3; i++) assert.equal((await ask(server, 'POST', `/v1/reports/${c.id}/join`)).status, 201)
    assert.deepEqual(ids(await list('flags=joined')), [c.id])
  })
  await t.test('times narrow it', async () => {
    const day = 24 * 3600 * 1000, iso = (ms) => new Date(Date.now() + ms).toISOString()
    assert.equal(ids(await list(`from=${iso(-day)}&to=${iso(day)}`)).length, 3)
    assert.deepEqual(ids(await list(`to=${iso(-day)}`)), [])
    assert.deepEqual(ids(await list(`from=${iso(day)}`)), [])
  })
  await t.test('each order comes whole, page by page', async () => {
    for (let i = 0; i < 7; i++) {
      const made = await send(server, [1, 3], { category: ['manhole', 'grate', 'lamp'][i % 3] })
      if (i % 2) await put(made.id, 'priority', { version: 1, priority: i - 3 > 2 ? 2 : Math.max(-1, i - 3) })
    }
    const key = {
      newest: (one) => -Date.parse(one.created_at), oldest: (one) => Date.parse(one.created_at),
      due: (one) => (one.due_at ? Date.parse(one.due_at) : Infinity), priority: (one) => -one.priority,
    }
    for (const sort of Object.keys(key)) {
      const seen = []
      for (let path = `/v1/reports?sort=${sort}&limit=3`; path;) {
        const page = await get(server, path, { token })
        assert.equal(page.status, 200, page.text)
        seen.push(...page.json.reports)
        path = page.json.next
      }
      assert.equal(seen.length, 10)
      assert.equal(new Set(seen.map((one) => one.id)).size, 10)
      const keys = seen.map(key[sort])
      assert.deepEqual(keys, [...keys].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0)), sort)
    }
  })
  await t.test('counts are those of the list, in the areas of who asks', async () => {
    for (const who of [token, west])
      for (const query of ['', '&category=lamp', '&assignee=none', '&flags=reused', '&priority=1', '&state=submitted']) {
        const all = (await get(server, `/v1/reports?limit=500${query}`, { token: who })).json.reports
        const counts = (await get(server, `/v1/reports/counts?${query.slice(1)}`, { token: who })).json
        assert.equal(counts.total, all.length, query)
        assert.equal(counts.unassigned, all.filter((one) => !one.assignee_id && !one.unit).length)
        for (const [code, count] of Object.entries(counts.categories))
          assert.equal(count, all.filter((one) => one.category === code).length)
        assert.equal(Object.values(counts.states).reduce((sum, n) => sum + n, 0), all.length)
      }
    assert.equal((await get(server, '/v1/reports/counts?area=999999', { token })).status, 400)
    refused(await get(server, '/v1/reports/counts'), 401)
  })
  await t.test('what is malformed is named', async () => {
    for (const [query, name] of [['assignee=you', 'assignee'], ['priority=3', 'priority'], ['flags=odd', 'flags'], ['sort=odd', 'sort'], ['text=', 'text'],
      [`text=${'x'.repeat(101)}`, 'text'], ['from=yesterday', 'from'], ['unit=', 'unit'], ['due=odd', 'due']])
      refused(await list(query), 400, name)
  })
})
