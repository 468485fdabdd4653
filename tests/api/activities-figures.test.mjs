// What came of activities, and their calendars.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, everybody, get, password, refused, signIn, soon } from './harness.mjs'

const post = (server, path, token, json) => ask(server, 'POST', path, { token, json })
const put = (server, path, token, json) => ask(server, 'PUT', path, { token, json })

/** Riders, staff, and ways to let something happen. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  const areas = (await get(server, '/v1/areas')).json.areas
  for (const name of ['wang', 'li']) await addUser(server.made.data, name, password, '--role', 'rider')
  for (const name of ['wang', 'li']) tokens[name] = await signIn(server, name)
  const { admin } = tokens
  const publish = async (more) => {
    const terms = { kind: 'visit', title: '走访', location: at(1, 1), from: soon(-60), to: soon(3600), sign_up_until: soon(1800), state: 'open', ...more }
    const made = await post(server, '/v1/activities', admin, terms)
    assert.equal(made.status, 201, made.text)
    return made.json
  }
  const join = async (token, activity) => (await ask(server, 'POST', `/v1/activities/${activity.id}/signup`, { token })).json
  const confirm = async (activity, signup, tally) => {
    const done = await put(server, `/v1/activities/${activity.id}/signups/${signup.id}`, admin, { state: 'confirmed', version: signup.version, tally })
    assert.equal(done.status, 200, done.text)
  }
  return { server, tokens, publish, join, confirm, area: (code) => areas.find((a) => a.code === code).id }
}

test('the tally adds up what was confirmed, by kind, area and month', async (t) => {
  const { server, tokens, publish, join, confirm, area } = await scene(t)
  const { rider, wang, li, admin } = tokens, tally = async (query = '') => (await get(server, `/v1/activities/tally?${query}`)).json
  const nothing = { activities: 0, signed_up: 0, attended: 0, confirmed: 0, tally: [] }
  assert.deepEqual(await tally(), { total: nothing, groups: [] })
  const west = await publish(), east = await publish({ location: at(5, 5) }), duty = await publish({ kind: 'duty', title: '防汛' })
  const later = await publish({ from: soon(600) }), off = await publish()
  await confirm(west, await join(rider, west), [{ code: 'visits', number: 4 }, { code: 'problems', number: 1 }])
  await confirm(west, await join(wang, west), [{ code: 'visits', number: 3 }])
  await join(li, west)
  await confirm(east, await join(rider, east), [{ code: 'visits', number: 2 }])
  await confirm(duty, await join(rider, duty), [{ code: 'moved', number: 31 }])
  await join(rider, later)
  assert.equal((await put(server, `/v1/activities/${off.id}/state`, admin, { state: 'cancelled', reason: '暴雨', version: 1 })).status, 200)

  const { total, groups } = await tally()
  assert.deepEqual([total.activities, total.signed_up, total.attended, total.confirmed, groups], [3, 5, 4, 4, []])
  assert.deepEqual(Object.fromEntries(total.tally.map((n) => [n.code, n.number])), { visits: 9, problems: 1, moved: 31 })
  assert.equal(total.tally.find((n) => n.code === 'moved').label.zh, '转移人数')
  const kinds = (await tally('by=kind')).groups
  assert.deepEqual(kinds.map((g) => [g.kind, g.activities, g.confirmed]), [['duty', 1, 1], ['visit', 2, 3]])
  const areas = (await tally('by=area&kind=visit')).groups
  assert.deepEqual(areas.map((g) => [g.area_id, g.tally.find((n) => n.code === 'visits').number]).sort(), [[area('110199001'), 7], [area('110199002'), 2]].sort())
  const within = await tally(`area=${area('110199')}&by=month`)
  assert.deepEqual([within.groups.length, within.groups[0].activities, within.total.activities], [1, 3, 3])
  assert.match(within.groups[0].month, /^\d{4}-\d\d$/)
  assert.equal((await tally(`area=${area('110199002')}`)).total.tally[0].number, 2)
  assert.deepEqual((await tally(`to=${soon(-3600)}`)).total, nothing)
  assert.deepEqual((await tally(`from=${soon(-30)}`)).total, nothing)
  refused(await get(server, '/v1/activities/tally?by=colour'), 400, 'by')
  refused(await get(server, '/v1/activities/tally?kind=party'), 400, 'kind')
  refused(await get(server, '/v1/activities/tally?area=999'), 400, 'area')
  refused(await get(server, '/v1/activities/tally?from=yesterday'), 400, 'from')

  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  assert.equal((await tally()).total.confirmed, 4, 'what was done stays counted when somebody leaves')
})

/** The properties of each event, unfolded (RFC 5545, 3.1). */
function events(text) {
  assert.ok(text.endsWith('\r\n') && text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75), text)
  const lines = text.replaceAll('\r\n ', '').trimEnd().split('\r\n'), list = []
  assert.equal(lines[0], 'BEGIN:VCALENDAR')
  for (const line of lines) {
    const colon = line.indexOf(':'), name = line.slice(0, colon).split(';')[0]
    if (line === 'BEGIN:VEVENT') list.push({})
    else if (list.length && !name.startsWith('END')) list.at(-1)[name] = line.slice(colon + 1)
  }
  return list
}
const stamp = (text) => new Date(text).toISOString().replace(/[-:]|\.\d+/g, '')

test('an activity, and all that one signed up for, come as a calendar', async (t) => {
  const { server, tokens, publish, join } = await scene(t)
  const { rider, wang, admin } = tokens
  const text = '带水; 穿背心, 戴帽\n第二行' + '很长'.repeat(60)
  const one = await publish({ title: '走访\n独居老人', text, address: '胡同 5 号', from: soon(7200), to: soon(9000), seats: 1 })
  const got = await get(server, `/v1/activities/${one.id}/event.ics`)
  assert.equal(got.headers['content-type'], 'text/calendar; charset=utf-8')
  const [event] = events(got.text)
  assert.deepEqual([event.DTSTART, event.DTEND, event.LOCATION, event.STATUS, event.SEQUENCE], [stamp(one.from), stamp(one.to), '胡同 5 号', 'CONFIRMED', '0'])
  assert.equal(event.DESCRIPTION, text.replaceAll(';', '\\;').replaceAll(',', '\\,').replaceAll('\n', '\\n'))
  assert.match(event.UID, new RegExp(`^activity-${one.id}@127\\.0\\.0\\.1:\\d+$`))
  assert.deepEqual(event.GEO.split(';').map(Number).map((n) => n.toFixed(3)), [at(1, 1)[1].toFixed(3), at(1, 1)[0].toFixed(3)])
  const draft = await publish({ state: 'draft' })
  refused(await get(server, `/v1/activities/${draft.id}/event.ics`), 404)
  assert.equal((await get(server, `/v1/activities/${draft.id}/event.ics`, { token: admin })).status, 200)

  refused(await get(server, '/v1/me/signups.ics'), 401)
  assert.deepEqual(events((await get(server, '/v1/me/signups.ics', { token: rider })).text), [])
  const off = await publish({ title: '取消的', from: soon(1200) }), left = await publish({ title: '不去的', from: soon(1200) })
  await join(rider, one)
  await join(wang, one)
  await join(rider, off)
  const mine = await join(rider, left)
  await ask(server, 'POST', `/v1/me/signups/${mine.id}/cancel`, { token: rider })
  await put(server, `/v1/activities/${off.id}/state`, admin, { state: 'cancelled', reason: '暴雨', version: 1 })
  const all = events((await get(server, '/v1/me/signups.ics', { token: rider })).text)
  assert.deepEqual(all.map((e) => [e.SUMMARY, e.STATUS]), [['取消的', 'CANCELLED'], ['走访\\n独居老人', 'CONFIRMED']])
  assert.deepEqual(events((await get(server, '/v1/me/signups.ics', { token: wang })).text).map((e) => e.STATUS), ['TENTATIVE'])
  await join(rider, left)
  assert.equal(events((await get(server, '/v1/me/signups.ics', { token: rider })).text).length, 3)
})
