// One act on many reports at once: each judged on its own, all of them once.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ask, at, everybody, get, png, refused } from './harness.mjs'

let side = 10
const photo = () => ['photo', png(++side, 7), 'a.png', 'image/png']

test('one act on many reports', async (t) => {
  const { server, tokens } = await everybody(t)
  const send = async (spot = at(1, 1), more = []) => {
    const sent = await ask(server, 'POST', '/v1/reports', { form: [['category', 'lamp'], ['lon', spot[0]], ['lat', spot[1]], photo(), ...more] })
    assert.equal(sent.status, 201, sent.text)
    return sent.json
  }
  const bulk = (json, how = {}) => ask(server, 'POST', '/v1/reports/bulk', { token: tokens.west, json, ...how })
  const now = (reports, version = 1) => reports.map(({ id }) => ({ id, version }))
  const results = (answer) => answer.json.results.map((r) => [r.ok, r.status ?? 200])
  const read = async (id) => (await get(server, `/v1/reports/${id}`, { token: tokens.admin })).json

  await t.test('each act is done to all, and each has its history', async () => {
    const all = [await send(), await send(), await send()]
    const acts = [
      [{ act: 'priority', priority: 2 }, (r) => r.priority === 2], [{ act: 'category', category: 'bin', reason: '不是灯' }, (r) => r.category === 'bin'],
      [{ act: 'assignment', unit: '市政' }, (r) => r.unit === '市政'], [{ act: 'state', state: 'rejected', reason: '不属于受理范围' }, (r) => r.state === 'rejected'],
    ]
    for (const [i, [act, holds]] of acts.entries()) {
      const answer = await bulk({ reports: now(all, i + 1), ...act })
      assert.equal(answer.status, 200, answer.text)
      assert.deepEqual([answer.json.done, answer.json.refused], [3, 0], answer.text)
      assert.ok(answer.json.results.every((r) => r.version === i + 2))
      for (const { id } of all) assert.ok(holds(await read(id)), JSON.stringify(act))
    }
    assert.equal((await bulk({ reports: now(all, 5), act: 'note', text: '已电话告知' })).json.done, 3)
    for (const { id } of all)
      assert.deepEqual((await read(id)).history.map((e) => e.verb), ['created', 'prioritised', 'recategorised', 'assigned', 'moved', 'noted'])
  })

  await t.test('what one is refused for keeps no other back', async () => {
    const [fine, stale, far, closed] = [await send(), await send(), await send(at(4, 4)), await send()]
    await ask(server, 'PUT', `/v1/reports/${stale.id}/priority`, { token: tokens.west, json: { version: 1, priority: 1 } })
    await ask(server, 'PUT', `/v1/reports/${closed.id}/state`, { token: tokens.west, json: { version: 1, state: 'rejected', reason: '重复' } })
    const hidden = await ask(server, 'POST', '/v1/reports', { token: tokens.rider,
      form: [['kind', 'difficulty'], ['category', 'wages'], ['attribute[employer]', '某公司'], ['description', '两个月没发'], ['lon', at(1, 1)[0]], ['lat', at(1, 1)[1]]] })
    assert.equal(hidden.status, 201, hidden.text)
    const answer = await bulk({ act: 'state', state: 'accepted',
      reports: [...now([{ id: '2'.repeat(22) }, { id: 'nothing' }, hidden.json, stale, far]), { id: closed.id, version: 2 }, ...now([fine])] })
    assert.deepEqual(results(answer), [[false, 404], [false, 404], [false, 404], [false, 409], [false, 403], [false, 409], [true, 200]], answer.text)
    assert.deepEqual([answer.json.done, answer.json.refused], [1, 6])
    const [, , unseen, late] = answer.json.results
    assert.deepEqual([unseen.version, unseen.state, unseen.detail], [undefined, undefined, 'there is no such report'], 'as if it were not there')
    assert.deepEqual([late.version, late.state], [2, 'submitted'])
    assert.match(late.detail, /faster/)
    assert.equal((await read(fine.id)).state, 'accepted')
    assert.equal((await read(closed.id)).version, 2)
    assert.equal((await read(far.id)).state, 'submitted')
  })

  await t.test('a proof that is owed is owed by each', async () => {
    const both = [await send(), await send()]
    let version = 1
    for (const state of ['accepted', 'filed', 'dispatched', 'handling', 'handled', 'verifying'])
      assert.equal((await bulk({ act: 'state', state, reports: now(both, version++) })).json.done, 2, state)
    await ask(server, 'POST', `/v1/reports/${both[1].id}/updates`, { form: [['text', '换好了'], photo()], token: tokens.west })
    const answer = await bulk({ act: 'state', state: 'closed', reason: '已处理', reports: now(both, version) })
    assert.deepEqual(results(answer), [[false, 400], [true, 200]], answer.text)
    assert.match(answer.json.results[0].detail, /photo/)
    assert.equal((await read(both[0].id)).state, 'verifying')
  })

  await t.test('with a key it happens once, however often and with whatever it is sent', async () => {
    const all = [await send(), await send()]
    const json = { act: 'priority', priority: 1, reports: now(all) }, headers = { 'Idempotency-Key': 'bulk-1' }
    const answers = await Promise.all([1, 2, 3].map(() => bulk(json, { headers })))
    for (const answer of answers) assert.equal(answer.text, answers[0].text)
    assert.equal(answers[0].json.done, 2)
    assert.equal((await read(all[0].id)).version, 2)
    refused(await bulk({ ...json, priority: 2 }, { headers }), 422, 'Idempotency-Key')
    assert.deepEqual(results(await bulk(json)), [[false, 409], [false, 409]])
  })

  await t.test('many repeat one in one go', async () => {
    const [first, ...others] = [await send(), await send(), await send()]
    const answer = await bulk({ act: 'state', state: 'duplicate', duplicate_of: first.id, reports: now([...others, first]) })
    assert.deepEqual(results(answer), [[true, 200], [true, 200], [false, 400]], answer.text)
    assert.equal((await read(others[1].id)).duplicate_of, first.id)
  })

  await t.test('what is malformed is named, and nothing is done', async () => {
    const [one] = now([await send()])
    refused(await bulk({ act: 'priority', priority: 1, reports: [] }), 400, 'reports')
    refused(await bulk({ act: 'priority', priority: 1, reports: Array(201).fill(one) }), 400, 'reports')
    refused(await bulk({ act: 'priority', priority: 1, reports: [one, one] }), 400, 'reports/1')
    refused(await bulk({ act: 'priority', priority: 1, reports: [{ id: one.id }] }), 400, 'reports/0')
    refused(await bulk({ act: 'priority', priority: 1, reports: [{ ...one, version: 0 }] }), 400, 'reports/0')
    refused(await bulk({ act: 'priority', priority: 1, reports: [{ ...one, more: 1 }] }), 400, 'reports/0')
    refused(await bulk({ act: 'burn', reports: [one] }), 400, 'act')
    refused(await bulk({ act: 'priority', reports: [one] }), 400, 'priority')
    refused(await bulk({ act: 'priority', priority: 1, unit: '市政', reports: [one] }), 400, 'unit')
    refused(await bulk({ act: 'area', area_id: 2, reports: [one] }), 400, 'reason')
    refused(await bulk({ act: 'area', area_id: 999999, reason: '不属于本街道', reports: [one] }), 400, 'area_id')
    refused(await bulk({ act: 'note', reports: [one] }), 400, 'text')
    refused(await bulk({ act: 'priority', priority: 1, reports: [one] }, { token: undefined }), 401)
    refused(await bulk({ act: 'priority', priority: 1, reports: [one] }, { token: tokens.rider }), 403)
    const odd = await bulk({ act: 'assignment', person_id: 999999, reports: [one] })
    assert.deepEqual([results(odd), odd.json.results[0].parameter], [[[false, 400]], 'person_id'])
    assert.equal((await read(one.id)).version, 1)
  })
})
