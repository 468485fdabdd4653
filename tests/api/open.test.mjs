// Places that are open now, or when one arrives.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { at, command, get, makeData, refused, remove, start, stop, writeCity } from './harness.mjs'

/** Minutes from now on the wall in Shanghai, as opening hours write them. */
const clock = (minutes) => new Date(Date.now() + (8 * 60 + minutes) * 60000).toISOString().slice(11, 16)
const around = (from, to) => `${clock(from)}-${clock(to)}`

test('places that are open', async (t) => {
  const made = await makeData()
  writeCity(made.city, [
    ['always', at(0.1, 0), '24/7'],
    ['now', at(0.2, 0), around(-60, 60)],
    ['never', at(0.3, 0), 'off'],
    ['earlier', at(0.4, 0), around(-120, -60)],
    ['riddle', at(0.5, 0), 'when the sun is over the yardarm'],
    ['asked', at(0.6, 0), '24/7 unknown "ask"'],
    ['itself', at(0.7, 0), 'off', '24/7'],
    ['near-later', at(0.8, 0), around(4, 120)],
    ['far-later', at(5, 5), around(4, 120)],
    ['far-closing', at(5, 4), around(-60, 5)],
  ].map(([name, place, hours, hours_self]) => ({ id: name, category: 'clinic', name, at: place, hours, hours_self })))
  await command(made.data, 'import', 'places', join(made.city, 'places.geojson'))
  const server = await start(made)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const names = async (query) => {
    const { json } = await get(server, `/v1/places?category=clinic&${query}`)
    return json.places.map((p) => p.name).sort()
  }
  const near = at(0, 0).join(',')
  const open = ['always', 'far-closing', 'itself', 'now']

  await t.test('now: what is open for sure, near, in a box and all', async () => {
    assert.deepEqual(await names(`near=${near}&open=now`), open)
    assert.deepEqual(await names('open=now'), open)
    assert.deepEqual(await names(`bbox=${at(-1, -1)},${at(1, 1)}&open=now`), open.filter((n) => n !== 'far-closing'))
    assert.equal((await names(`near=${near}`)).length, 10)
    assert.equal((await names(`near=${near}&open=any`)).length, 10)
  })
  await t.test('pages of what is open miss none', async () => {
    const met = []
    for (let path = '/v1/places?category=clinic&open=now&limit=1'; path;) {
      const { json } = await get(server, path)
      met.push(...json.places.map((p) => p.name))
      path = json.next
    }
    assert.deepEqual(met.sort(), open)
  })
  await t.test('arrival: at the end of the way there', async () => {
    // It takes about 25 minutes to walk to the far corner.
    const asked = `near=${near}&by=time&profile=foot`
    assert.deepEqual(await names(`${asked}&open=now`), open)
    assert.deepEqual(await names(`${asked}&open=arrival`), ['always', 'far-later', 'itself', 'now'])
    const { json } = await get(server, `/v1/places?category=clinic&${asked}&open=arrival`)
    assert.ok(json.places.find((p) => p.name === 'far-later').duration_s > 300)
  })
  await t.test('arrival along a way counts the legs before', async () => {
    const out = `${at(0, 0)};${at(0.9, 0)}`
    const later = `${at(0, 5)};${at(5, 5)};${at(0.9, 0)}`
    assert.ok(!(await names(`along=${out}&profile=foot&open=arrival`)).includes('near-later'))
    assert.ok((await names(`along=${later}&profile=foot&open=arrival`)).includes('near-later'))
    assert.ok(!(await names(`along=${later}&profile=foot&open=now`)).includes('near-later'))
  })
  await t.test('a place says whether it is open, until when and in words', async () => {
    const { json: list } = await get(server, `/v1/places?category=clinic&near=${near}`)
    assert.ok(list.places.every((p) => !('open' in p)), 'not in lists, where nobody asked')
    const one = async (name, query = '') =>
      (await get(server, `/v1/places/${list.places.find((p) => p.name === name).id}${query}`)).json
    assert.deepEqual((await one('always')).open, {
      state: 'open', now: { zh: '24 小时开放', en: 'Open 24 hours' },
      staffed: {
        state: 'open', now: { zh: '24 小时开放', en: 'Open 24 hours' }, hours: { zh: '24 小时开放', en: 'Open 24 hours' },
      },
    })
    const { open: now } = await one('now')
    assert.equal(now.state, 'open')
    assert.equal(now.changes_to, 'closed')
    const left = (Date.parse(now.changes_at) - Date.now()) / 60000
    assert.ok(left > 40 && left <= 60, now.changes_at)
    assert.match(now.now.zh, /^营业中，(明天 )?\d\d:\d\d 关门$/)
    const { open: earlier } = await one('earlier')
    assert.equal(earlier.state, 'closed')
    assert.equal(earlier.changes_to, 'open')
    assert.match(earlier.now.en, /^Closed, opens (tomorrow )?at \d\d:\d\d$/)
    assert.equal((await one('never')).open.now.en, 'Closed')
    const { open: riddle } = await one('riddle')
    assert.equal(riddle.state, 'unknown')
    assert.equal(riddle.staffed.hours, undefined)
    const { open: itself } = await one('itself')
    assert.deepEqual([itself.state, itself.staffed.state, itself.self_service.state], ['open', 'closed', 'open'])
    const feature = await one('itself', '?f=geojson')
    assert.deepEqual(feature.properties.open, itself)
    assert.deepEqual(Object.keys(await one('itself', '?fields=name,open')).sort(), ['crs', 'id', 'name', 'open'])
  })
  await t.test('in lists for whom asks, and as of the moment asked about', async () => {
    const { json } = await get(server, `/v1/places?category=clinic&near=${near}&fields=name,open`)
    const states = Object.fromEntries(json.places.map((p) => [p.name, p.open.state]))
    assert.equal(states.now, 'open')
    assert.equal(states.earlier, 'closed')
    assert.equal(states.asked, 'unknown')
    const later = new Date(Date.now() + 30 * 60000).toISOString()
    const { json: then } = await get(server, `/v1/places?category=clinic&near=${near}&fields=name,open&open=${later}`)
    const found = then.places.find((p) => p.name === 'near-later')
    assert.equal(found.open.state, 'open')
    assert.ok(then.places.every((p) => p.open.state === 'open'))
    assert.ok(Date.parse(found.open.changes_at) > Date.parse(later))
    const along = await get(server, `/v1/places?by=time&near=${near}&profile=foot&category=clinic&fields=open`)
    assert.ok(along.json.places.every((p) => p.open.state))
  })
  await t.test('what is wrong is named', async () => {
    refused(await get(server, `/v1/places?near=${near}&open=soon`), 400, 'open')
    refused(await get(server, `/v1/places?near=${near}&open=arrival`), 400, 'open')
    refused(await get(server, '/v1/places?open='), 400, 'open')
  })
})

test('the zone is the one that the server is told', async (t) => {
  const made = await makeData()
  t.after(() => remove(made))
  // Open for an hour around now by the clock of Shanghai, and so closed by that of another continent.
  writeCity(made.city, [{ id: 'x', category: 'clinic', name: 'x', at: at(1, 1), hours: around(-30, 30) }])
  await command(made.data, 'import', 'places', join(made.city, 'places.geojson'))
  for (const [options, count] of [[[], 1], [['--timezone', 'CST-8', '--holidays', 'none'], 1], [['--timezone', 'XYZ4'], 0]]) {
    const server = await start(made, ...options)
    const { json } = await get(server, '/v1/places?category=clinic&open=now')
    assert.equal(json.places.length, count, options.join(' '))
    await stop(server)
  }
  await assert.rejects(start(made, '--timezone', 'Mars/Olympus'), /no time zone "Mars\/Olympus"/)
})
