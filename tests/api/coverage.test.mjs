// What is out of reach, held against the nearest places by time, and against itself.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, at, command, get, inside, password, refused, report, serve, signIn } from './harness.mjs'

const signed = (ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0)
const near = (a, b, within, what) => assert.ok(Math.abs(a - b) <= within, `${what}: ${a} and ${b}`)

// Places along the streets of the test's city, off its junctions.
function* streets() {
  for (let i = 0; i < 6; i++)
    for (let k = 0; k < 12; k++) {
      yield at(i, k / 2.4 + 0.07)
      yield at(k / 2.4 + 0.07, i)
    }
}

const until = async (what, isTrue) => {
  for (let i = 0; ; i++) {
    const found = await isTrue()
    if (found) return found
    assert.ok(i < 400, what)
    await new Promise((wake) => setTimeout(wake, 50))
  }
}

test('what is out of reach', async (t) => {
  const server = await serve(t)
  const coverage = (query, more) => get(server, `/v1/coverage?${query}`, more)
  const parts = (json, kind, limit) =>
    json.features.find((f) => f.properties.kind === kind && (!limit || f.properties.limit_s === limit))

  for (const profile of ['foot', 'ebike'])
    await t.test(`is where no place is near in time, by ${profile}`, async () => {
      const limits = [40, 120]
      const { json } = await coverage(`area=110199&category=rest_station&profile=${profile}&limits=${limits}&show=both`)
      assert.equal(json.profile, profile)
      assert.equal(json.places, 2)
      let within = 0, beyond = 0
      for (const point of streets())
        for (const limit of limits) {
          const found = await get(server, `/v1/places?near=${point}&by=time&profile=${profile}&category=rest_station&within=${limit - 0.01}`)
          if (found.json.places.length) {
            assert.ok(inside(parts(json, 'within_reach', limit).geometry, point), `${point} is not within ${limit} s`)
            assert.ok(!inside(parts(json, 'out_of_reach', limit).geometry, point), `${point} is out of ${limit} s`)
            within++
          } else beyond++
        }
      assert.ok(within > 20 && beyond > 20, `${within} within, ${beyond} beyond`)
    })

  await t.test('is valid GeoJSON: rings closed, shells counter-clockwise, holes clockwise', async () => {
    const { json } = await coverage('area=110199&category=rest_station&limits=40&show=both')
    assert.equal(json.features.length, 2)
    for (const { geometry } of json.features)
      for (const polygon of geometry.coordinates)
        polygon.forEach((ring, i) => {
          assert.deepEqual(ring[0], ring.at(-1))
          assert.equal(signed(ring) > 0, i === 0)
        })
    // Together they are the area: every point lies in one of them.
    for (let x = -0.93; x < 7; x += 0.37)
      for (let y = -0.93; y < 7; y += 0.37)
        assert.notEqual(...json.features.map(({ geometry }) => inside(geometry, at(x, y))))
  })

  await t.test('sums up over the areas below', async () => {
    const { json } = await coverage('area=110199&category=toilet&limits=30,300&show=none')
    assert.deepEqual(json.features, [])
    assert.deepEqual(json.areas.map(({ area }) => area.code), ['110199', '110199001', '110199002'])
    for (let l = 0; l < 2; l++) {
      const [whole, west, east] = json.areas.map(({ limits }) => limits[l])
      for (const key of ['km2', 'out_km2'])
        near(whole.surface[key], west.surface[key] + east.surface[key], 2e-3, key)
      // The street on the border between the two is in both.
      const border = 0.01 * 111.04
      near(whole.streets.km, west.streets.km + east.streets.km - border, 0.02, 'streets')
      const twice = west.streets.out_km + east.streets.out_km - whole.streets.out_km
      assert.ok(twice > -0.01 && twice < border + 0.01, `${twice}`)
      assert.ok(whole.streetless_km2 <= whole.surface.out_km2)
      near(whole.surface.out_share, whole.surface.out_km2 / whole.surface.km2, 1e-4, 'share')
    }
    const [soon, late] = json.areas[0].limits
    assert.ok(soon.surface.out_share > late.surface.out_share && late.streets.out_share < 0.1)
  })

  await t.test('is the same in a box, in a polygon and in other coordinates', async () => {
    const by = async (query) => (await coverage(`${query}&category=rest_station&limits=60`)).json
    const corners = [at(-1, -1), at(7, -1), at(7, 7), at(-1, 7)]
    const area = await by('area=110199')
    const box = await by(`bbox=${at(-1, -1)},${at(7, 7)}`)
    const ring = await by(`polygon=${corners.map(String).join(';')}`)
    assert.equal(box.areas[0].area, null)
    assert.equal(box.areas.length, 1)
    for (const other of [box, ring])
      for (const [of, key] of [['surface', 'out_km2'], ['streets', 'out_km']])
        near(other.areas[0].limits[0][of][key], area.areas[0].limits[0][of][key], 1e-3, key)
    const shifted = await by('area=110199&crs=gcj02')
    assert.equal(shifted.crs, 'gcj02')
    assert.deepEqual(shifted.areas, area.areas)
    const [ours, theirs] = [area, shifted].map((json) => json.features[0].geometry.coordinates[0][0][0])
    const offset = Math.hypot((ours[0] - theirs[0]) * 85_000, (ours[1] - theirs[1]) * 111_000)
    assert.ok(offset > 300 && offset < 900, `${offset} m`)
  })

  await t.test('is everything where there is no such place, or none that is open for sure', async () => {
    for (const query of ['category=repair', 'category=rest_station&open=now', 'amenities=aed']) {
      const { json } = await coverage(`area=110199&limits=600&${query}`)
      assert.equal(json.areas[0].limits[0].surface.out_share, 1)
      assert.equal(json.areas[0].limits[0].streets.out_share, 1)
    }
  })

  await t.test('grows while a street is closed', async () => {
    const token = await signIn(server)
    const streets = async (more = '') =>
      (await coverage(`area=110199&category=fuel&limits=90&show=none${more}`)).json.areas[0].limits[0].streets
    const before = await streets()
    const closure = await ask(server, 'POST', '/v1/closures', {
      token,
      json: { geometry: { type: 'Point', coordinates: at(4.5, 0) }, radius_m: 30, effect: 'closed', from: new Date().toISOString() },
    })
    assert.equal(closure.status, 201, closure.text)
    // The street itself is none that one may use; from behind it the way is longer.
    const during = await until('the closure is not felt', async () => {
      const now = await streets()
      return now.km < before.km - 0.1 && now
    })
    assert.ok(during.out_share > before.out_share, `${during.out_share} ${before.out_share}`)
    const gone = await ask(server, 'DELETE', `/v1/closures/${closure.json.id}?version=${closure.json.version}`, { token })
    assert.ok(gone.status < 300, gone.text)
    await until('the closure does not end', async () => (await streets()).km === before.km)
    const ring = [at(4.5, -0.2), at(4.95, -0.2), at(4.95, 0.2), at(4.5, 0.2)]
    assert.deepEqual(await streets(`&avoid=${ring.map(String).join(';')}`), during)
  })

  await t.test('is bounded, and says what is wrong and what to do', async () => {
    for (const [query, status, parameter] of [
      ['limits=60', 400, 'area'],
      ['area=110199&bbox=116,39,117,40&limits=60', 400, 'area'],
      ['area=nowhere&limits=60', 400, 'area'],
      ['area=110199', 400, 'limits'],
      ['area=110199&limits=0', 400, 'limits'],
      ['area=110199&limits=60,60', 400, 'limits'],
      ['area=110199&limits=60,90&suggest=1', 400, 'suggest'],
      ['area=110199&limits=60&suggest=6', 400, 'suggest'],
      ['area=110199&limits=60&suggest=1.5', 400, 'suggest'],
      ['area=110199&limits=60&show=all', 400, 'show'],
      ['area=110199&limits=60&category=castle', 400, 'category'],
      ['area=110199&limits=60&profile=horse', 400, 'profile'],
      ['area=110199&limits=60&weight=gold', 400, 'weight'],
      ['area=110199&limits=60&open=arrival', 400, 'open'],
      ['area=110199&limits=60&colour=red', 400, 'colour'],
      ['bbox=100,30,120,45&limits=60', 400, 'bbox'],
      ['bbox=170,30,-170,31&limits=60', 400, 'bbox'],
      ['bbox=116,39,116,40&limits=60', 400, 'bbox'],
      ['area=110199&limits=60&weight=reports', 401, 'weight'],
    ]) refused(await coverage(query), status, parameter)
    // An address may ask so often, and then ask for other things still.
    let last
    for (let i = 0; i <= 30; i++) last = await coverage('limits=60', { from: '10.9.9.9' })
    refused(last, 429)
    assert.match(last.headers['ratelimit-policy'], /^"long";q=30/)
    assert.equal((await get(server, '/v1/categories', { from: '10.9.9.9' })).status, 200)
  })

  await t.test('of an area without any road is all of it', async () => {
    const { json } = await coverage('bbox=10,10,10.02,10.02&limits=600&suggest=1')
    const [{ surface, streets, streetless_km2 }] = json.areas[0].limits
    assert.equal(surface.out_share, 1)
    assert.equal(streetless_km2, surface.km2)
    assert.deepEqual(streets, { km: 0, out_km: 0, out_share: null })
    assert.equal(json.features.filter((f) => f.properties.kind === 'suggestion').length, 0)
  })
})

test('where the next place should stand', async (t) => {
  const server = await serve(t)
  const coverage = (query, more) => get(server, `/v1/coverage?${query}`, more)
  const query = 'area=110199&category=fuel&limits=90'

  await t.test('is told with what it brings, and brings just that', async () => {
    const { json } = await coverage(`${query}&suggest=2`)
    const [first, second] = json.features.filter((f) => f.properties.kind === 'suggestion')
    assert.deepEqual([first.properties.rank, second.properties.rank], [1, 2])
    assert.ok(json.candidates.count > 50 && json.candidates.spacing_m > 0)
    const [before] = json.areas[0].limits
    near(first.properties.gain, before.surface.out_km2 - first.properties.after.surface.out_km2, 2e-6, 'gain')
    assert.ok(first.properties.gain > 0.05 && second.properties.gain > 0)
    assert.ok(second.properties.after.streets.out_km <= first.properties.after.streets.out_km)
    const [lon, lat] = first.geometry.coordinates
    writeFileSync(join(server.made.folder, 'next.csv'), `id,name,category,lon,lat\n1,新站,fuel,${lon},${lat}\n`)
    await command(server.made.data, 'import', 'places', join(server.made.folder, 'next.csv'))
    const after = await until('the new place is not felt', async () => {
      const { json } = await coverage(query)
      return json.places === 2 && json.areas[0].limits[0]
    })
    for (const of of ['surface', 'streets']) assert.deepEqual(after[of], first.properties.after[of])
  })

  await t.test('goes by reports, for the staff of the area', async () => {
    const spots = [[0.1, 4.9], [0.2, 5], [0, 4.7], [0.4, 5], [5, 0.3]]
    for (const spot of spots) {
      const fields = report([['lon', at(...spot)[0]], ['lat', at(...spot)[1]]].map(([k, v]) => [k, String(v)]))
        .filter(([name], i, all) => all.findLastIndex(([other]) => other === name) === i)
      const sent = await ask(server, 'POST', '/v1/reports', { form: fields })
      assert.equal(sent.status, 201, sent.text)
    }
    const token = await signIn(server)
    const { json, status } = await coverage('area=110199&category=fuel&limits=30&weight=reports&suggest=1', { token })
    assert.equal(status, 200)
    const [shares] = json.areas[0].limits
    assert.deepEqual([shares.reports.count, shares.reports.out_count], [5, 4])
    assert.deepEqual(json.areas.slice(1).map(({ limits }) => limits[0].reports.count), [4, 1])
    const suggestion = json.features.find((f) => f.properties.kind === 'suggestion')
    assert.ok(suggestion.properties.gain >= 3, `${suggestion.properties.gain}`)
    assert.equal(suggestion.properties.after.reports.out_count, 4 - suggestion.properties.gain)
    const [lon, lat] = suggestion.geometry.coordinates
    assert.ok(Math.hypot(lon - at(0, 5)[0], lat - at(0, 5)[1]) < 0.003)
  })

  await t.test('goes by a grid that comes in, is replaced and taken away while the server runs', async () => {
    const { data, folder } = server.made
    const token = await signIn(server)
    const grid = (rows) => writeFileSync(join(folder, 'population.csv'),
      `经度,纬度,人口\n${rows.map(([x, y, n]) => [...at(x, y), n].join()).join('\n')}\n`)
    const query = 'area=110199&category=fuel&limits=30&weight=population'
    refused(await coverage(query, { token }), 400, 'weight')
    grid([[5, 0, 100], [0, 5, 30.5], [0.3, 5, 20], [-0.9, -0.9, 7], [9, 9, 1000]])
    const dry = (await command(data, 'import', 'grid', join(folder, 'population.csv'), '--dry-run')).stdout
    assert.match(dry, /5 rows: 5 taken/)
    assert.doesNotMatch(dry, /and more/) // a grid's report has the cells that were refused, and here there are none
    refused(await coverage(query, { token }), 400, 'weight')
    assert.doesNotMatch((await command(data, 'import', 'grid', join(folder, 'population.csv'))).stdout, /and more/)
    const ask = async () => (await coverage(`${query}&suggest=1`, { token })).json
    const json = await until('the grid is not felt', async () => {
      const json = await ask()
      return json.areas && json
    })
    assert.equal(json.weight, 'population')
    assert.deepEqual(json.areas[0].limits[0].grid, { weight: 157.5, out_weight: 57.5, out_share: 0.365079 })
    assert.deepEqual(json.areas.slice(1).map(({ limits }) => limits[0].grid.weight), [57.5, 100])
    const suggestion = json.features.find((f) => f.properties.kind === 'suggestion')
    assert.equal(suggestion.properties.gain, 50.5)
    assert.equal(suggestion.properties.after.grid.out_weight, 7)
    refused(await coverage(query), 401, 'weight')
    grid([[5, 0, 1]])
    await command(data, 'import', 'grid', join(folder, 'population.csv'))
    await until('the new grid is not felt', async () => (await ask()).areas[0].limits[0].grid.weight === 1)
    assert.match((await command(data, 'grid', 'list')).stdout, /^population +1 cells, 1 in all/)
    await command(data, 'grid', 'remove', 'population')
    await until('the grid does not go', async () => (await coverage(query, { token })).status === 400)
    await assert.rejects(command(data, 'grid', 'remove', 'population'), /there is no grid "population"/)
    await assert.rejects(command(data, 'import', 'grid', join(folder, 'population.csv'), '--name', 'surface'), /is no name for a grid/)
  })

  await t.test('is not told to staff of elsewhere', async () => {
    await addUser(server.made.data, 'west', password, '--role', 'area_staff', '--area', '110199001')
    const token = await signIn(server, 'west')
    const query = 'category=fuel&limits=30&weight=reports&show=none'
    refused(await coverage(`area=110199002&${query}`, { token }), 403, 'weight')
    refused(await coverage(`area=110199&${query}`, { token }), 403, 'weight')
    refused(await coverage(`bbox=${at(0, 0)},${at(1, 1)}&${query}`, { token }), 403, 'weight')
    assert.equal((await coverage(`area=110199001&${query}`, { token })).status, 200)
  })
})

test('several at once are answered or told to come back, and others are not kept waiting', async (t) => {
  const server = await serve(t)
  const asked = Array.from({ length: 12 }, () =>
    get(server, '/v1/coverage?area=110199&category=rest_station&limits=60,120,300&show=both'))
  const quick = await get(server, `/v1/reachable?from=${at(1.5, 2)}&limits=60`)
  assert.equal(quick.status, 200)
  for (const answer of await Promise.all(asked)) {
    assert.ok([200, 503].includes(answer.status), answer.text)
    if (answer.status === 503) assert.ok(Number(answer.headers['retry-after']) > 0)
  }
  const again = await get(server, '/v1/coverage?area=110199&category=rest_station&limits=60')
  assert.equal(again.status, 200)
})
