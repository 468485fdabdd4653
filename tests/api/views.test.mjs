// Views of the queue and templates of texts: nothing is kept that would be refused, and each is shown to whom it is for.
import assert from 'node:assert/strict'
import test from 'node:test'
import { addUser, ask, at, everybody, get, password, refused, signIn } from './harness.mjs'

async function scene(t) {
  const { server, tokens } = await everybody(t)
  const add = (name, ...more) => addUser(server.made.data, name, password, ...more)
  await add('lead', '--role', 'area_lead', '--area', '110199001')
  await add('lead2', '--role', 'area_lead', '--area', '110199001')
  await add('eastlead', '--role', 'area_lead', '--area', '110199002')
  await add('branch', '--role', 'branch_staff', '--area', '110199')
  for (const name of ['lead', 'lead2', 'eastlead', 'branch']) tokens[name] = await signIn(server, name)
  const area = async (spot) => (await get(server, `/v1/areas?at=${spot}`)).json.areas
  const [west, city] = await area(at(1, 1)), [east] = await area(at(5, 5))
  return { server, tokens, west: west.id, east: east.id, city: city.id }
}
const asked = (query) => Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')

test('a view is saved, read, replaced and deleted by whoever keeps it, and by nobody else', async (t) => {
  const { server, tokens, west, east, city } = await scene(t)
  const save = (who, json) => ask(server, 'POST', '/v1/views', { token: tokens[who], json })
  const list = async (who) => (await get(server, '/v1/views', { token: tokens[who] })).json.views
  const names = async (who) => (await list(who)).map((view) => view.name)

  assert.deepEqual(await list('west'), [])
  const query = { kind: 'report', open: 'true', due: 'overdue', assignee: 'me', text: '井盖 "坏"', sort: 'due' }
  const made = await save('west', { name: '我的逾期', query })
  assert.equal(made.status, 201, made.text)
  assert.deepEqual(made.json, { id: made.json.id, name: '我的逾期', query, shared: false, mine: true, version: 1 })
  assert.deepEqual(await list('west'), [made.json])
  for (const who of ['east', 'lead', 'admin']) assert.deepEqual(await list(who), [])
  assert.equal((await get(server, `/v1/reports?${asked(query)}`, { token: tokens.west })).status, 200)

  await t.test('versions and names', async () => {
    const path = `/v1/views/${made.json.id}`, form = { name: '逾期', query: {} }
    refused(await ask(server, 'PUT', path, { token: tokens.west, json: form }), 400, 'version')
    refused(await ask(server, 'PUT', path, { token: tokens.west, json: { ...form, version: 7 } }), 409)
    const put = await ask(server, 'PUT', path, { token: tokens.west, json: { ...form, version: 1 } })
    assert.deepEqual(put.json, { id: made.json.id, name: '逾期', query: {}, shared: false, mine: true, version: 2 })
    refused(await save('west', form), 409)
    assert.equal((await save('east', form)).status, 201)
    const both = await Promise.all([1, 2].map((i) => ask(server, 'PUT', path, { token: tokens.west, json: { name: `名${i}`, query: {}, version: 2 } })))
    assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 409])
    for (const who of ['east', 'admin', 'lead']) {
      refused(await ask(server, 'PUT', path, { token: tokens[who], json: { ...form, version: 3 } }), 404)
      refused(await ask(server, 'DELETE', `${path}?version=3`, { token: tokens[who] }), 404)
    }
    refused(await ask(server, 'DELETE', path, { token: tokens.west }), 400, 'version')
    refused(await ask(server, 'DELETE', `${path}?version=2`, { token: tokens.west }), 409)
    assert.equal((await ask(server, 'DELETE', `${path}?version=3`, { token: tokens.west })).status, 204)
    refused(await ask(server, 'DELETE', `${path}?version=3`, { token: tokens.west }), 404)
  })

  await t.test('sharing', async () => {
    const shared = (name, more) => ({ name, query: {}, shared: true, ...more })
    refused(await save('west', shared('甲', { area_id: west })), 403, 'area_id')
    refused(await save('lead', shared('甲', { area_id: east })), 403, 'area_id')
    refused(await save('lead', shared('甲', { area_id: city })), 403, 'area_id')
    refused(await save('lead', shared('甲')), 403, 'area_id')
    refused(await save('lead', shared('甲', { area_id: west, query: { kind: 'difficulty' } })), 403, 'area_id')
    refused(await save('lead', shared('甲', { area_id: 12345 })), 400, 'area_id')
    refused(await save('lead', { name: '甲', query: {}, area_id: west }), 400, 'area_id')
    const here = await save('lead', shared('西', { area_id: west }))
    assert.equal(here.status, 201, here.text)
    assert.equal((await save('admin', shared('全', { area_id: city }))).status, 201)
    assert.equal((await save('admin', shared('处处'))).status, 201)
    assert.equal((await save('branch', shared('工会', { area_id: city, query: { kind: 'difficulty' } }))).status, 201)
    assert.deepEqual(await names('west'), ['全', '处处', '西'].sort())
    assert.deepEqual((await names('east')).filter((name) => name !== '逾期'), ['全', '处处'])
    assert.deepEqual(await names('branch'), ['工会'])
    assert.deepEqual((await names('admin')).sort(), ['全', '处处', '工会', '西'].sort())
    assert.equal((await list('west')).some((view) => view.mine), false)
    const path = `/v1/views/${here.json.id}`
    refused(await ask(server, 'PUT', path, { token: tokens.lead2, json: { ...shared('抢', { area_id: west }), version: 1 } }), 403)
    refused(await ask(server, 'DELETE', `${path}?version=1`, { token: tokens.west }), 403)
    refused(await ask(server, 'DELETE', `${path}?version=1`, { token: tokens.eastlead }), 404)
    assert.equal((await ask(server, 'DELETE', `${path}?version=1`, { token: tokens.lead2 })).status, 204)
  })

  await t.test('a hundred, and not one more, however many come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 110 }, (_, i) => save('places', { name: `视图 ${i}`, query: { kind: 'place_feedback' } })))
    assert.equal(answers.filter((answer) => answer.status === 201).length, 100)
    for (const answer of answers.filter((answer) => answer.status !== 201)) refused(answer, 409)
    assert.equal((await list('places')).filter((view) => view.mine).length, 100)
  })
})

test('what the queue would refuse is not saved, and is refused in the same words', async (t) => {
  const { server, tokens } = await scene(t)
  const cases = [{ kind: 'nonsense' }, { state: '' }, { state: 'flying' }, { category: 'no' }, { open: 'perhaps' }, { due: 'soon' }, { area: '0' }, { area: '999999' }, { place: 'x' },
    { assignee: 'you' }, { assignee: '-1' }, { unit: '' }, { unit: 'x'.repeat(300) }, { priority: '9' }, { priority: '1 OR 1=1' }, { text: '' }, { flags: 'red' }, { from: 'yesterday' },
    { to: '2026-11-01T00:00:00+08' }, { sort: 'random' }]
  for (const query of cases) {
    const [name] = Object.keys(query)
    const said = await get(server, `/v1/reports?${asked(query)}`, { token: tokens.west })
    refused(said, 400, name)
    const saved = await ask(server, 'POST', '/v1/views', { token: tokens.west, json: { name: 'x', query } })
    refused(saved, 400, `query/${name}`)
    assert.equal(saved.json.errors[0].detail ?? saved.json.detail.replace('query/', ''), said.json.errors[0].detail ?? said.json.detail)
  }
  const hostile = [
    [{ name: 'x' }, 'query'], [{ query: {} }, 'name'], [{ name: '', query: {} }, 'name'], [{ name: 'x'.repeat(81), query: {} }, 'name'], [{ name: 'a\u0007', query: {} }, 'name'],
    [{ name: 'x', query: [] }, 'query'], [{ name: 'x', query: 'open=true' }, 'query'], [{ name: 'x', query: { open: true } }, 'query/open'], [{ name: 'x', query: { state: null } }, 'query/state'],
    [{ name: 'x', query: { limit: '1' } }, 'query/limit'], [{ name: 'x', query: { cursor: '1' } }, 'query/cursor'], [{ name: 'x', query: { crs: 'gcj02' } }, 'query/crs'],
    [{ name: 'x', query: { text: 'a\u0000b' } }, undefined], [{ name: 'x', query: { text: 'a\nb' } }, 'query'], [{ name: 'x', query: { text: 'y'.repeat(501) } }, 'query/text'],
    [{ name: 'x', query: { '': 'x' } }, undefined], [{ name: 'x', query: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`a${i}`, 'x'])) }, 'query'],
    [{ name: 'x', query: {}, shared: 'yes' }, 'shared'], [{ name: 'x', query: {}, area_id: -1 }, 'area_id'], [{ name: 'x', query: {}, person_id: 1 }, 'person_id'], [{ name: 'x', query: {}, version: 1 }, 'version']]
  for (const [json, parameter] of hostile) refused(await ask(server, 'POST', '/v1/views', { token: tokens.west, json }), 400, parameter)
  refused(await ask(server, 'POST', '/v1/views', { token: tokens.west, body: '{"name":"x","query":{"open":"true","open":"false"}}', headers: { 'Content-Type': 'application/json' } }), 400)
  assert.deepEqual((await get(server, '/v1/views', { token: tokens.west })).json.views, [])
})

test('templates are kept by leads, read by who works there, and have no braces but those that are known', async (t) => {
  const { server, tokens, west, east, city } = await scene(t)
  const save = (who, json) => ask(server, 'POST', '/v1/templates', { token: tokens[who], json: { kind: 'report', text: '已转交', ...json } })
  const names = async (who, query = '') => (await get(server, `/v1/templates?${query}`, { token: tokens[who] })).json.templates.map((one) => one.name)
  const made = await save('lead', { name: '转交', area_id: west, state: 'accepted', text: '编号 {id}：{category}，{state}，{area}，{address}。' })
  assert.equal(made.status, 201, made.text)
  assert.deepEqual(made.json, { id: made.json.id, kind: 'report', state: 'accepted', area_id: west, name: '转交', text: '编号 {id}：{category}，{state}，{area}，{address}。', yours: true, version: 1 })
  for (const text of ['{name}', '{', '}', 'a {id', 'id}', '{{id}}', '{ id }', '{id}}', '{}', '{ID}', 'x'.repeat(1001), '']) refused(await save('lead', { name: 'b', area_id: west, text }), 400, 'text')
  refused(await save('lead', { name: 'b', area_id: west, kind: 'no' }), 400, 'kind')
  refused(await save('lead', { name: 'b', area_id: west, state: 'no' }), 400, 'state')
  refused(await save('lead', { name: '转交', area_id: west, state: 'accepted' }), 409)
  refused(await save('west', { name: 'b', area_id: west }), 403)
  refused(await save('eastlead', { name: 'b', area_id: west }), 403, 'area_id')
  refused(await save('lead', { name: 'b' }), 403, 'area_id')
  refused(await save('branch', { name: 'b', area_id: city }), 403, 'area_id')
  assert.equal((await save('branch', { name: '慰问', area_id: city, kind: 'difficulty' })).status, 201)
  assert.equal((await save('eastlead', { name: '东', area_id: east })).status, 201)
  assert.equal((await save('admin', { name: '通用' })).status, 201)

  assert.deepEqual(await names('west'), ['转交', '通用'].sort())
  assert.deepEqual(await names('west', 'kind=report&state=closed'), ['通用'])
  assert.deepEqual(await names('admin', `kind=report&area=${east}`), ['东', '通用'])
  assert.deepEqual(await names('branch'), ['慰问'])
  refused(await get(server, '/v1/templates', { token: tokens.rider }), 403)
  refused(await get(server, '/v1/templates?state=accepted', { token: tokens.west }), 400, 'state')
  refused(await get(server, '/v1/templates?kind=no', { token: tokens.west }), 400, 'kind')
  refused(await get(server, '/v1/templates?area=99999', { token: tokens.west }), 400, 'area')
  assert.equal((await get(server, '/v1/templates', { token: tokens.west })).json.templates.some((one) => one.yours), false)

  const path = `/v1/templates/${made.json.id}`, form = { kind: 'report', name: '转交', text: '改', area_id: west }
  refused(await ask(server, 'PUT', path, { token: tokens.eastlead, json: { ...form, version: 1 } }), 404)
  refused(await ask(server, 'PUT', path, { token: tokens.lead, json: { ...form, area_id: east, version: 1 } }), 403, 'area_id')
  const both = await Promise.all(['lead', 'lead2'].map((who) => ask(server, 'PUT', path, { token: tokens[who], json: { ...form, text: who, version: 1 } })))
  assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 409])
  refused(await ask(server, 'DELETE', `${path}?version=1`, { token: tokens.lead }), 409)
  refused(await ask(server, 'DELETE', `${path}?version=2`, { token: tokens.eastlead }), 404)
  assert.equal((await ask(server, 'DELETE', `${path}?version=2`, { token: tokens.lead2 })).status, 204)
})
