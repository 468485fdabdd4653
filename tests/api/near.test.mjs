// Places by travel time and along a way, held against the routes that lead to them.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask, at, command, get, makeData, refused, remove, signIn, start, stop, writeCity } from './harness.mjs'

/** Numbers in [0, 1), the same every time. */
function sequence(seed) {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
}

const close = (a, b, what) => assert.ok(Math.abs(a - b) < 0.16, `${what}: ${a} and ${b}`)
const text = (point) => point.map((v) => v.toFixed(7)).join(',')

/** The clock in China so many minutes from now. */
const clock = (minutes) => new Date(Date.now() + (8 * 60 + minutes) * 60_000).toISOString().slice(11, 16)

test('places by time and along a way', async (t) => {
  const random = sequence(7)
  const hours = ['24/7', 'off', '', `${clock(-60)}-${clock(4)}`, `${clock(4)}-${clock(90)}`]
  const scattered = Array.from({ length: 40 }, (_, i) => ({
    id: `s${i}`,
    category: ['toilet', 'clinic', 'fuel'][i % 3],
    name: `站${i}`,
    at: at(random() * 5.4 - 0.2, random() * 5.4 - 0.2),
    amenities: i % 4 ? '' : 'water',
    hours: hours[i % 5],
  }))
  const made = await makeData()
  writeCity(made.city, scattered)
  await command(made.data, 'import', 'places', join(made.city, 'places.geojson'))
  const server = await start(made)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const route = async (...points) => {
    const via = points.slice(1, -1).map(text).join(';')
    const query = `from=${text(points[0])}&to=${text(points.at(-1))}&profile=${route.profile}`
    return (await get(server, `/v1/route?${query}${via ? `&via=${via}` : ''}`)).json.duration_s
  }
  const all = (await get(server, '/v1/places?limit=1000')).json.places

  for (const profile of ['foot', 'bicycle', 'ebike', 'motorcycle'])
    await t.test(`the nearest by time are those to which routes are shortest: ${profile}`, async () => {
      route.profile = profile
      const here = at(1.3, 2.1)
      const { json } = await get(server, `/v1/places?near=${text(here)}&by=time&profile=${profile}&limit=1000`)
      assert.equal(json.profile, profile)
      assert.equal(json.next, null)
      assert.equal(json.places.length, all.length)
      let last = 0
      for (const place of json.places) {
        assert.ok(place.duration_s >= last)
        assert.ok(place.distance_m > 0 && place.detour_s === undefined)
        close(place.duration_s, await route(here, place.location), place.name)
        last = place.duration_s
      }
      const few = (await get(server, `/v1/places?near=${text(here)}&by=time&profile=${profile}&limit=5`)).json
      assert.deepEqual(few.places, json.places.slice(0, 5))
      const soon = json.places[11].duration_s
      const within = (await get(server, `/v1/places?near=${text(here)}&by=time&profile=${profile}&within=${soon}&limit=1000`)).json
      assert.ok(within.places.length >= 11 && within.places.length <= 13, within.places.length)
    })

  await t.test('a detour is the route over the place less the route without it', async () => {
    route.profile = 'ebike'
    const from = at(0.4, 0), to = at(4, 4.3)
    const { json } = await get(server, `/v1/places?along=${text(from)};${text(to)}&detour=7200&limit=1000`)
    const direct = await route(from, to)
    close(json.direct_duration_s, direct, 'direct')
    assert.equal(json.places.length, all.length)
    let last = 0
    for (const place of json.places) {
      assert.ok(place.detour_s >= last)
      assert.equal(place.distance_m, undefined)
      close(place.detour_s, Math.max(0, (await route(from, place.location, to)) - direct), place.name)
      close(place.duration_s, await route(from, place.location), place.name)
      last = place.detour_s
    }
    const little = (await get(server, `/v1/places?along=${text(from)};${text(to)}&detour=30`)).json.places
    const expected = json.places.filter((p) => p.detour_s < 29.9).length
    assert.ok(little.length >= Math.min(expected, 20) && little.every((p) => p.detour_s <= 30))
    assert.deepEqual(little.slice(0, 5), json.places.slice(0, 5))
  })
  await t.test('with points on the way a place counts on the leg where it costs least', async () => {
    route.profile = 'bicycle'
    const points = [at(0, 0.5), at(4.5, 1), at(2, 4.6)]
    const { json } = await get(server, `/v1/places?along=${points.map(text).join(';')}&profile=bicycle&limit=12`)
    const legs = [await route(points[0], points[1]), await route(points[1], points[2])]
    close(json.direct_duration_s, legs[0] + legs[1], 'direct')
    const best = []
    for (const place of all) {
      const first = (await route(points[0], place.location, points[1])) - legs[0]
      const second = (await route(points[1], place.location, points[2])) - legs[1]
      best.push(Math.max(0, Math.min(first, second)))
    }
    best.sort((a, b) => a - b)
    json.places.forEach((place, i) => close(place.detour_s, best[i], place.name))
  })
  await t.test('what is asked for is kept to', async () => {
    const near = text(at(2, 2))
    const list = async (query) => (await get(server, `/v1/places?near=${near}&by=time&limit=1000&${query}`)).json.places
    const every = await list('profile=foot')
    const pick = (keep) => every.filter(keep).map((p) => p.id)
    const ids = async (query) => (await list(`profile=foot&${query}`)).map((p) => p.id)
    assert.deepEqual(await ids('category=clinic'), pick((p) => p.category === 'clinic'))
    assert.deepEqual(await ids('category=clinic,fuel&amenities=water'),
      pick((p) => ['clinic', 'fuel'].includes(p.category) && p.amenities.includes('water')))
    assert.deepEqual(await ids('amenities=water,microwave'), pick((p) => p.amenities.includes('microwave')))
    const geojson = (await get(server, `/v1/places?near=${near}&by=time&limit=3&f=geojson`)).json
    assert.equal(geojson.features.length, 3)
    assert.ok(geojson.features[2].properties.duration_s > 0)
    const standard = (await get(server, `/v1/places?near=${near}&by=time`)).json
    assert.equal(standard.profile, 'ebike')
    assert.equal(standard.places.length, 20)
  })
  await t.test('what is open now, and what will be on arrival', async () => {
    const ask = async (open, more = '') =>
      (await get(server, `/v1/places?near=${text(at(-0.1, -0.1))}&by=time&profile=foot&limit=1000&open=${open}${more}`)).json.places
    const every = await ask('any'), now = await ask('now'), arrival = await ask('arrival')
    const pick = (keep) => every.filter(keep).map((p) => p.id)
    const closing = hours[3], opening = hours[4]
    assert.equal(every.length, all.length)
    assert.deepEqual(now.map((p) => p.id), pick((p) => p.hours === '24/7' || p.hours === closing))
    // A minute's way to spare on either side of the four.
    const far = every.filter((p) => p.duration_s > 330), near = every.filter((p) => p.duration_s < 60)
    assert.ok(far.some((p) => p.hours === closing) && far.some((p) => p.hours === opening))
    const there = new Set(arrival.map((p) => p.id))
    for (const p of far) assert.equal(there.has(p.id), p.hours === '24/7' || p.hours === opening, p.name)
    for (const p of near) assert.equal(there.has(p.id), p.hours === '24/7' || p.hours === closing, p.name)
    assert.deepEqual(await ask('arrival', '&within=200'), arrival.filter((p) => p.duration_s <= 200))
    const along = async (open) =>
      (await get(server, `/v1/places?along=${text(at(0, 0))};${text(at(5, 5))}&detour=7200&limit=1000&open=${open}`)).json.places
    assert.deepEqual((await along('now')).map((p) => p.id).sort(), now.map((p) => p.id).sort())
    assert.ok((await along('arrival')).every((p) => p.hours === '24/7' || p.hours === opening || p.hours === closing))
  })
  await t.test('an area to avoid is travelled round, and what is in it is not reached', async () => {
    route.profile = 'foot'
    const here = at(0, 2)
    const ring = [at(1.5, -1), at(2.5, -1), at(2.5, 3.5), at(1.5, 3.5)].map(text).join(';')
    const list = async (more) => (await get(server, `/v1/places?near=${text(here)}&by=time&profile=foot&limit=1000${more}`)).json.places
    const free = new Map((await list('')).map((p) => [p.id, p.duration_s]))
    const round = await list(`&avoid=${ring}`)
    const east = all.filter((p) => p.location[0] > at(2.6, 0)[0] && p.location[1] < at(0, 2.5)[1])
    assert.ok(east.length > 2)
    for (const place of round) assert.ok(place.duration_s >= free.get(place.id) - 0.01, place.name)
    for (const { id } of east) {
      const place = round.find((p) => p.id === id)
      assert.ok(!place || place.duration_s > free.get(id) + 60, place?.name)
    }
  })
  await t.test('asked in gcj02 the same places answer, in that system', async () => {
    const here = at(3.2, 1.4)
    const plain = (await get(server, `/v1/places?near=${text(here)}&by=time&limit=4`)).json.places
    const there = (await get(server, `/v1/places?near=${text(here)}&by=time&limit=4&coord_type=wgs84&ret_coordtype=gcj02`)).json
    assert.equal(there.crs, 'gcj02')
    assert.deepEqual(there.places.map((p) => [p.id, p.duration_s]), plain.map((p) => [p.id, p.duration_s]))
    assert.notDeepEqual(there.places[0].location, plain[0].location)
    const shifted = there.places[0].location
    const along = (await get(server, `/v1/places?along=${shifted};${there.places[3].location}&crs=gcj02&limit=1`)).json
    assert.equal(along.crs, 'gcj02')
    assert.equal(along.places[0].detour_s, 0)
  })
  await t.test('a street closed is travelled round until it opens again', async () => {
    const token = await signIn(server)
    const east = async () => {
      const { json } = await get(server, `/v1/places?near=${text(at(0, 1))}&by=time&category=rest_station&limit=1`)
      assert.equal(json.places[0].name, '东门驿站')
      return json.places[0].duration_s
    }
    const open = await east()
    const seen = async (what) => {
      for (const until = Date.now() + 2000; !what(await east()); ) {
        assert.ok(Date.now() < until, 'not seen within two seconds')
        await new Promise((done) => setTimeout(done, 20))
      }
    }
    const geometry = { type: 'LineString', coordinates: [at(0.05, 1), at(0.95, 1)] }
    const made = await ask(server, 'POST', '/v1/closures', { token, json: { geometry, effect: 'closed' } })
    assert.equal(made.status, 201, made.text)
    await seen((seconds) => seconds > open + 40)
    const gone = await ask(server, 'DELETE', `/v1/closures/${made.json.id}`, { token })
    assert.ok(gone.status < 300, gone.text)
    await seen((seconds) => seconds === open)
  })
  await t.test('what is wrong or does not go together is named', async () => {
    const near = `near=${text(at(1, 1))}`, along = `along=${text(at(1, 1))};${text(at(3, 3))}`
    const rows = [
      [`${near}&by=foot`, 'by'], ['by=time', 'near'], [`${near}&by=time&profile=horse`, 'profile'],
      [`${near}&by=time&within=-1`, 'within'], [`${near}&by=time&within=7201`, 'within'], [`${near}&by=time&within=NaN`, 'within'],
      [`${near}&open=arrival`, 'open'], [`${near}&by=time&open=later`, 'open'], [`${near}&within=60`, 'within'], [`${near}&by=distance&profile=foot`, 'profile'], [`${near}&avoid=1,2`, 'avoid'],
      [`${near}&no_steps=true`, 'no_steps'], [`${near}&no_pushing=true`, 'no_pushing'], [`${near}&detour=60`, 'detour'],
      [`${near}&by=time&detour=60`, 'detour'], [`${near}&by=time&radius=60`, 'radius'], [`${near}&by=time&bbox=1,2,3`, 'bbox'],
      [`${near}&by=time&cursor=abc`, 'cursor'], [`${near}&by=time&limit=0`, 'limit'], [`${near}&by=time&category=castle`, 'category'],
      [`${near}&by=time&avoid=1,2;3,4`, 'avoid'], [`${near}&by=time&no_steps=perhaps`, 'no_steps'], [`${near}&by=time&f=xml`, 'f'],
      ['near=200,1&by=time', 'near'], [`${along}&${near}`, 'near'], [`${along}&by=time`, 'by'], [`${along}&radius=5`, 'radius'],
      [`${along}&polygon=1,2`, 'polygon'], [`${along}&cursor=abc`, 'cursor'], [`${along}&within=60`, 'within'],
      [`${along}&detour=x`, 'detour'], [`${along}&detour=9999`, 'detour'], ['along=116.3,39.9', 'along'], ['along=', 'along'],
      ['along=116.3,39.9;200,1', 'along'], ['along=116.3,39.9;x', 'along'],
      [`along=${Array(11).fill(text(at(1, 1))).join(';')}`, 'along'],
    ]
    for (const [query, parameter] of rows) refused(await get(server, `/v1/places?${query}`), 400, parameter)
    const nowhere = await get(server, '/v1/places?near=10,10&by=time')
    refused(nowhere, 404, 'near')
    assert.match(nowhere.json.type, /no-road$/)
    refused(await get(server, `/v1/places?along=${text(at(1, 1))};10,10`), 404, 'along')
  })
})

test('a server without roads says so', async () => {
  const made = await makeData()
  rmSync(join(made.data, 'roads.yzr'))
  const server = await start(made)
  refused(await get(server, `/v1/places?near=${text(at(1, 1))}&by=time`), 503)
  refused(await get(server, `/v1/places?along=${text(at(1, 1))};${text(at(2, 1))}`), 503)
  assert.equal((await get(server, `/v1/places?near=${text(at(1, 1))}`)).json.places.length, 4)
  await stop(server)
  remove(made)
})
