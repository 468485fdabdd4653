// Accounts and roles over HTTP: each as far as they reach, and nobody further.
import assert from 'node:assert/strict'
import test from 'node:test'
import { addUser, another, ask, at, command, everybody, get, password, refused, report, signIn } from './harness.mjs'

async function scene(t) {
  const { server, tokens } = await everybody(t)
  const add = (name, ...more) => addUser(server.made.data, name, password, ...more)
  await add('lead', '--role', 'area_lead', '--area', '110199001')
  await add('lead2', '--role', 'area_lead', '--area', '110199001')
  await add('eastlead', '--role', 'area_lead', '--area', '110199002')
  await add('branch', '--role', 'branch_staff', '--area', '110199001')
  await add('district', '--role', 'city_admin', '--area', '110199')
  await add('streetlead', '--role', 'area_lead', '--area', '110199001', '--kind', 'closure')
  for (const name of ['lead', 'lead2', 'eastlead', 'branch', 'district', 'streetlead']) tokens[name] = await signIn(server, name)
  const area = async (spot) => (await get(server, `/v1/areas?at=${spot}`)).json.areas
  const [west, city] = await area(at(1, 1)), [east] = await area(at(5, 5))
  const as = (who) => (method, path, json) => ask(server, method, `/v1/people${path}`, { token: tokens[who], json })
  const all = (await as('admin')('GET', '?limit=200')).json.people
  const idOf = (login) => all.find((person) => person.login === login).id
  return { server, tokens, as, idOf, west: west.id, east: east.id, city: city.id }
}
const logins = (answer) => answer.json.people.map((person) => person.login).sort()
const tries = (server, name, with_ = password) => ask(server, 'POST', '/v1/sessions', { json: { name, password: with_ } })

test('people are listed as far as one reaches, by text, role, area and page', async (t) => {
  const { as, west, east, city, idOf } = await scene(t)
  const everyone = ['admin', 'branch', 'district', 'east', 'eastlead', 'lead', 'lead2', 'places', 'rider', 'streetlead', 'streets', 'west']
  assert.deepEqual(logins(await as('admin')('GET', '?limit=200')), everyone)
  assert.deepEqual(logins(await as('lead')('GET', '?limit=200')), ['lead', 'lead2', 'places', 'streetlead', 'streets', 'west'])
  assert.deepEqual(logins(await as('eastlead')('GET', '')), ['east', 'eastlead'])
  assert.deepEqual(logins(await as('streetlead')('GET', '')), ['streetlead', 'streets'])
  assert.deepEqual(logins(await as('district')('GET', '?limit=200')), everyone.filter((name) => !['admin', 'rider'].includes(name)))
  assert.deepEqual(logins(await as('admin')('GET', '?text=EAST')), ['east', 'eastlead'])
  assert.deepEqual(logins(await as('admin')('GET', '?text=%25')), [])
  assert.deepEqual(logins(await as('admin')('GET', '?role=area_lead')), ['eastlead', 'lead', 'lead2', 'streetlead'])
  assert.deepEqual(logins(await as('admin')('GET', `?area=${east}`)), ['east', 'eastlead'])
  assert.deepEqual(logins(await as('lead')('GET', `?area=${east}`)), [])
  assert.deepEqual(logins(await as('lead')('GET', `?area=${city}&role=area_lead`)), ['lead', 'lead2', 'streetlead'])
  assert.deepEqual(logins(await as('admin')('GET', '?disabled=true')), [])
  const some = `${idOf('east')},${idOf('west')},999999`
  assert.deepEqual(logins(await as('admin')('GET', `?ids=${some}`)), ['east', 'west'])
  assert.deepEqual(logins(await as('lead')('GET', `?ids=${some}`)), ['west'])
  assert.deepEqual(logins(await as('admin')('GET', `?ids=${some}&text=WEST`)), ['west'])
  const paged = []
  for (let path = '?limit=5'; path;) {
    const page = await as('admin')('GET', path)
    paged.push(...logins(page))
    path = page.json.next?.replace('/v1/people', '')
  }
  assert.deepEqual(paged.sort(), everyone)
  const self = (await as('lead')('GET', `/${idOf('lead')}`)).json
  assert.deepEqual([self.yours, self.elsewhere, self.grants.length, self.signs_in, self.second_factor], [false, false, 1, true, false])
  for (const [query, name] of [['role=king', 'role'], ['area=9999', 'area'], ['text=', 'text'], ...['', '0', '1,', '1,,2', '1]', '1,-2', '1 2', '9'.repeat(19), Array(201).fill(1).join()].map((ids) => [`ids=${encodeURIComponent(ids)}`, 'ids']), ['disabled=no', 'disabled'], ['limit=0', 'limit'], ['limit=201', 'limit'], ['cursor=x', 'cursor'], ['order=id', undefined]])
    refused(await as('admin')('GET', `?${query}`), 400, name)
  refused(await as('west')('GET', ''), 403)
  refused(await as('branch')('GET', ''), 403)
  assert.equal(west > 0, true)
})

test('nobody gives, takes or touches what goes beyond their own', async (t) => {
  const { server, tokens, as, west, east, city, idOf } = await scene(t)
  await t.test('roles given to a new person', async () => {
    const table = [
      ['lead', 201, { role: 'rider', area_id: west }], ['lead', 201, { role: 'handler', area_id: west }], ['lead', 201, { role: 'area_staff', area_id: west }], ['lead', 201, { role: 'area_lead', area_id: west }],
      ['lead', 201, { role: 'handler', area_id: west, kind: 'report' }], ['lead', 201, { role: 'area_staff', area_id: west, kind: 'place' }],
      ['lead', 403, { role: 'city_admin', area_id: west }], ['lead', 403, { role: 'branch_staff', area_id: west }], ['lead', 403, { role: 'branch_staff', area_id: west, kind: 'opinion' }],
      ['lead', 403, { role: 'integrator', area_id: west, kind: 'report' }], ['lead', 403, { role: 'handler' }], ['lead', 403, { role: 'handler', area_id: city }], ['lead', 403, { role: 'handler', area_id: east }],
      ['lead', 403, { role: 'handler', area_id: west, kind: 'difficulty' }], ['lead', 403, { role: 'area_lead', area_id: west, kind: 'difficulty' }], ['lead', 403, {}],
      ['streetlead', 201, { role: 'area_staff', area_id: west, kind: 'closure' }], ['streetlead', 403, { role: 'area_staff', area_id: west }], ['streetlead', 403, { role: 'area_staff', area_id: west, kind: 'report' }],
      ['streetlead', 403, { role: 'area_staff', area_id: west, kind: 'place_feedback' }],
      ['district', 201, { role: 'city_admin', area_id: west }], ['district', 201, { role: 'city_admin', area_id: city }], ['district', 201, { role: 'branch_staff', area_id: east }],
      ['district', 201, { role: 'integrator', area_id: city, kind: 'report' }], ['district', 403, { role: 'city_admin' }], ['district', 403, { role: 'handler' }], ['district', 403, {}],
      ['admin', 201, {}], ['admin', 201, { role: 'city_admin' }], ['admin', 201, { role: 'integrator' }], ['admin', 201, { role: 'branch_staff', kind: 'difficulty' }],
      ['west', 403, { role: 'rider', area_id: west }], ['branch', 403, { role: 'branch_staff', area_id: west }], ['rider', 403, { role: 'rider' }],
      ['admin', 400, { role: 'king' }], ['admin', 400, { area_id: west }], ['admin', 400, { role: 'handler', area_id: 9999 }], ['admin', 400, { role: 'handler', area_id: 0 }], ['admin', 400, { role: 'handler', kind: 'nonsense' }]]
    for (const [i, [who, status, grant]] of table.entries()) {
      const answer = await as(who)('POST', '', { login: `new${i}`, ...grant })
      assert.equal(answer.status, status, `${who} ${JSON.stringify(grant)}: ${answer.text}`)
      const there = (await as('admin')('GET', `?text=new${i}&limit=200`)).json.people.filter((person) => person.login === `new${i}`)
      assert.equal(there.length, status === 201 ? 1 : 0)
      if (status === 201) assert.equal('password' in answer.json, grant.role !== 'integrator')
    }
  })
  await t.test('accounts beyond reach', async () => {
    const acts = [['PUT', '', { name: '夺' }], ['PUT', '', { disabled: true }], ['POST', '/grants', { role: 'handler', area_id: west, kind: 'report' }], ['POST', '/password', { password: 'a password of mine' }],
      ['POST', '/password', {}], ['DELETE', '/sessions'], ['DELETE', '/totp'], ['POST', '/keys', { label: 'x' }], ['DELETE', '/keys/x'], ['GET', '/keys']]
    await as('admin')('POST', `/${idOf('places')}/grants`, { role: 'handler', area_id: east }) // partly beyond the lead's reach now
    for (const [who, whom, status] of [['lead', 'admin', 404], ['lead', 'district', 404], ['lead', 'east', 404], ['lead', 'rider', 404], ['lead', 'branch', 404], ['lead', 'places', 403], ['eastlead', 'places', 403],
      ['streetlead', 'west', 404], ['district', 'admin', 404], ['district', 'rider', 404], ['west', 'rider', 403]])
      for (const [method, path, json] of acts) {
        const answer = await as(who)(method, `/${idOf(whom)}${path}`, json)
        if (method === 'GET' && status === 403 && who !== 'west') assert.equal(answer.status, 200)
        else refused(answer, status)
      }
    for (const name of ['admin', 'district', 'east', 'branch', 'places']) {
      assert.equal((await tries(server, name)).status, 201)
      if (tokens[name]) assert.equal((await get(server, '/v1/me', { token: tokens[name] })).status, 200)
    }
  })
  await t.test('a role within reach is taken from somebody who holds more', async () => {
    const seen = (await as('lead')('GET', `/${idOf('places')}`)).json
    assert.deepEqual([seen.elsewhere, seen.yours, seen.grants.length], [true, false, 1])
    const other = (await as('admin')('GET', `/${idOf('places')}`)).json.grants.find((grant) => grant.area_id === east)
    refused(await as('lead')('DELETE', `/${idOf('places')}/grants/${other.id}`), 403)
    refused(await as('lead')('DELETE', `/${idOf('west')}/grants/${other.id}`), 404)
    assert.equal((await as('lead')('DELETE', `/${idOf('places')}/grants/${seen.grants[0].id}`)).status, 204)
    refused(await as('lead')('GET', `/${idOf('places')}`), 404)
  })
  await t.test('oneself', async () => {
    for (const who of ['lead', 'admin']) {
      const own = `/${idOf(who)}`
      for (const [method, path, json] of [['POST', '/grants', { role: 'handler', area_id: west }], ['PUT', '', { disabled: true }], ['PUT', '', { disabled: false }], ['POST', '/password', { password: 'a password of mine' }],
        ['DELETE', '/totp'], ['POST', '/keys', { label: 'x' }]])
        refused(await as(who)(method, own + path, json), 403)
    }
    assert.equal((await as('lead')('PUT', `/${idOf('lead')}`, { name: '李主任' })).json.name, '李主任')
    const [grant] = (await as('streetlead')('GET', `/${idOf('streetlead')}`)).json.grants
    assert.equal((await as('streetlead')('DELETE', `/${idOf('streetlead')}/grants/${grant.id}`)).status, 204)
    refused(await as('streetlead')('GET', ''), 403)
  })
})

test('the last city administrator stays, also when two go at once', async (t) => {
  const { server, tokens, as, idOf } = await scene(t)
  const [grant] = (await as('admin')('GET', `/${idOf('admin')}`)).json.grants
  refused(await as('admin')('DELETE', `/${idOf('admin')}/grants/${grant.id}`), 409)
  const { code, stderr } = await command(server.made.data, 'user', 'disable', 'admin').catch((error) => error)
  assert.equal(code, 1)
  assert.match(stderr, /city administrator/)
  const second = (await as('admin')('POST', '', { login: 'second', password, role: 'city_admin' })).json
  tokens.second = await signIn(server, 'second')
  const both = await Promise.all([as('admin')('PUT', `/${second.id}`, { disabled: true }), as('second')('PUT', `/${idOf('admin')}`, { disabled: true })])
  const statuses = both.map((answer) => answer.status).sort()
  assert.ok(statuses[0] === 200 && [401, 403, 409].includes(statuses[1]), statuses.join())
  const left = both[0].status === 200 ? 'admin' : 'second'
  assert.equal((await tries(server, left)).status, 201)
  const list = (await as(left)('GET', '?role=city_admin&disabled=false')).json.people.filter((person) => person.grants.some((one) => !one.area_id))
  assert.deepEqual(list.map((person) => person.login), [left])
})

test('accounts from day to day', async (t) => {
  const scenery = await scene(t)
  await t.test('a person is added, renamed, disabled and let in again, and the trail says who did it', async () => {
    const { server, tokens, as, west } = scenery
    const made = await as('lead')('POST', '', { login: 'zhang', name: '张师傅', role: 'handler', area_id: west, kind: 'report' })
    assert.equal(made.status, 201, made.text)
    assert.equal(made.headers['cache-control'], 'no-store')
    const path = `/${made.json.id}`, first = made.json.password
    assert.match(first, /^\S{20,}$/)
    assert.equal('password' in (await as('lead')('GET', path)).json, false)
    refused(await as('lead')('POST', '', { login: 'zhang', role: 'handler', area_id: west }), 409)
    const token = (await tries(server, 'zhang', first)).json.token
    const me = (method, path, json) => ask(server, method, path, { token, json })
    assert.equal((await me('GET', '/v1/me')).json.name, '张师傅')

    const renamed = await as('lead')('PUT', path, { name: '张三' })
    assert.equal(renamed.json.name, '张三')
    assert.equal((await as('lead')('DELETE', `${path}/sessions`)).status, 204)
    refused(await me('GET', '/v1/me'), 401)
    const again = await as('lead')('POST', `${path}/password`, {})
    assert.equal(again.status, 200, again.text)
    assert.notEqual(again.json.password, first)
    refused(await tries(server, 'zhang', first), 401)
    assert.equal((await tries(server, 'zhang', again.json.password)).status, 201)
    assert.equal('password' in (await as('lead')('POST', `${path}/password`, { password })).json, false)
    assert.equal((await tries(server, 'zhang')).status, 201)
    assert.equal((await as('lead')('PUT', path, { disabled: true })).json.disabled, true)
    refused(await tries(server, 'zhang'), 401)
    assert.deepEqual(logins(await as('lead')('GET', '?disabled=true')), ['zhang'])
    assert.equal((await as('lead')('PUT', path, { disabled: false })).json.disabled, false)
    assert.equal((await tries(server, 'zhang')).status, 201)
    refused(await as('lead')('DELETE', `${path}/totp`), 404)
    refused(await as('lead')('POST', `${path}/keys`, { label: 'a' }), 409)

    for (const [json, name] of [[{}, undefined], [{ name: '' }, 'name'], [{ name: '\u2800\u200d' }, 'name'], [{ name: 'x'.repeat(101) }, 'name'], [{ name: 'a\nb' }, 'name'], [{ disabled: 'yes' }, 'disabled'], [{ login: 'root' }, 'login'], [{ disabled: null }, undefined]])
      refused(await as('lead')('PUT', path, json), 400, name)
    for (const [json, name] of [[{ login: 'X Y' }, undefined], [{ login: 'a' }, undefined], [{}, 'login'], [{ login: 'ok1', password: 'short' }, undefined], [{ login: 'ok2', grants: [] }, 'grants'], [{ login: 'ok3', id: 1 }, 'id'], [{ login: 'ok4', name: '\u0000' }, undefined]])
      refused(await as('lead')('POST', '', { role: 'handler', area_id: west, ...json }), 400, name)
    for (const bad of ['/0', '/-1', '/999999', '/x', '/99999999999999999999', '/1%27'])
      refused(await as('admin')('GET', bad), 404)

    const trail = (await get(server, `/v1/audit?person=${made.json.id}&limit=100`, { token: tokens.admin })).json
    const verbs = (trail.rows ?? trail.audit ?? trail.looks ?? Object.values(trail).find(Array.isArray)).map((row) => row.verb)
    for (const verb of ['person_added', 'granted', 'person_renamed', 'sessions_ended', 'password_changed', 'person_disabled', 'person_enabled']) assert.ok(verbs.includes(verb), `${verb} in ${verbs}`)
    const lead = (await get(server, `/v1/audit?person=${made.json.id}&verb=person_disabled`, { token: tokens.lead })).text
    assert.match(lead, /"login":"lead"/)
  })
  await t.test('keys are for integrators, shown once, and end', async () => {
    const { server, as, idOf, west } = scenery
    const made = (await as('admin')('POST', '', { login: 'partner', role: 'integrator', kind: 'report' })).json
    const path = `/${made.id}`
    assert.deepEqual([made.signs_in, 'password' in made], [false, false])
    refused(await as('admin')('POST', '', { login: 'p2', role: 'integrator', password }), 400, 'password')
    refused(await as('admin')('POST', `${path}/password`, {}), 409)
    const key = await as('admin')('POST', `${path}/keys`, { label: '小程序 1' })
    assert.equal(key.status, 201, key.text)
    assert.equal((await get(server, '/v1/reports', { token: key.json.key })).status, 200)
    refused(await as('admin')('POST', `${path}/keys`, { label: '小程序 1' }), 409)
    for (const label of ['', 'a/b', '..', '.', 'a?b', 'x'.repeat(61), '长'.repeat(30)]) refused(await as('admin')('POST', `${path}/keys`, { label }), 400, 'label')
    assert.deepEqual((await as('admin')('GET', `${path}/keys`)).json.keys.map((one) => one.label), ['小程序 1'])
    refused(await as('admin')('POST', `${path}/grants`, { role: 'area_staff', area_id: west }), 409)
    refused(await as('admin')('POST', `/${idOf('west')}/keys`, { label: 'x' }), 409)
    refused(await as('admin')('DELETE', `${path}/keys/other`), 404)
    assert.equal((await as('admin')('DELETE', `${path}/keys/${encodeURIComponent('小程序 1')}`)).status, 204)
    refused(await get(server, '/v1/reports', { token: key.json.key }), 401)
    const { code, stderr } = await command(server.made.data, 'key', 'add', 'west').catch((error) => error)
    assert.equal(code, 1)
    assert.match(stderr, /integrator/)
  })
  await t.test('two leads at once give one person one role, and take it once', async () => {
    const { as, west, idOf } = scenery
    const path = `/${idOf('west')}`, grant = { role: 'handler', area_id: west, kind: 'report' }
    const given = await Promise.all(['lead', 'lead2', 'lead', 'lead2'].map((who) => as(who)('POST', `${path}/grants`, grant)))
    assert.deepEqual(given.map((answer) => answer.status), [201, 201, 201, 201])
    const { grants } = (await as('lead')('GET', path)).json
    assert.equal(grants.length, 2)
    const id = grants.find((one) => one.role === 'handler').id
    const taken = await Promise.all(['lead', 'lead2'].map((who) => as(who)('DELETE', `${path}/grants/${id}`)))
    assert.deepEqual(taken.map((answer) => answer.status).sort(), [204, 404])
    const logins = await Promise.all(['lead', 'lead2'].map((who) => as(who)('POST', '', { login: 'same', ...grant })))
    assert.deepEqual(logins.map((answer) => answer.status).sort(), [201, 409])
  })
  await t.test('a report may be given to whom the list names, and to nobody else', async () => {
    const { server, tokens, as, west, idOf } = scenery
    const sent = await ask(server, 'POST', '/v1/reports', { form: report(), from: another() })
    assert.equal(sent.status, 201, sent.text)
    const path = `/v1/reports/${sent.json.id}`
    const list = async (who) => get(server, `${path}/assignees`, { token: tokens[who] })
    await as('lead')('POST', '', { login: 'zhao', name: '赵师傅', role: 'handler', area_id: west, kind: 'report' })
    const told = (await list('west')).json
    assert.equal(told.more, false)
    assert.ok(told.people.some((person) => person.name === '赵师傅' && person.roles.join() === 'handler'))
    for (const [who, right] of [['west', true], ['lead', true], ['admin', true], ['district', true], ['east', false], ['branch', false], ['rider', false], ['streets', false]])
      assert.equal(told.people.some((person) => person.id === idOf(who)), right, who)
    let version = (await get(server, path, { token: tokens.west })).json.version
    for (const person of (await as('admin')('GET', '?limit=200')).json.people) {
      const answer = await ask(server, 'PUT', `${path}/assignment`, { token: tokens.west, json: { version, person_id: person.id } })
      assert.equal(answer.status, told.people.some((one) => one.id === person.id) ? 200 : 400, `${person.login}: ${answer.text}`)
      if (answer.status === 200) version = answer.json.version
    }
    assert.equal(told.units.includes('临时工队'), false)
    assert.equal((await ask(server, 'PUT', `${path}/assignment`, { token: tokens.west, json: { version, unit: '临时工队' } })).status, 200)
    assert.ok((await list('west')).json.units.includes('临时工队'))
    await as('lead')('PUT', `/${(await as('lead')('GET', '?text=zhao')).json.people[0].id}`, { disabled: true })
    assert.equal((await list('west')).json.people.some((person) => person.name === '赵师傅'), false)
    refused(await list('east'), 403)
    refused(await list('rider'), 403)
    refused(await get(server, `${path}/assignees`), 401)
    refused(await get(server, '/v1/reports/2222222222222222222222/assignees', { token: tokens.west }), 404)
  })
})
