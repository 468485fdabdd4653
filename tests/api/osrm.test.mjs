// OSRM's HTTP API, as its clients know it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, get, serve } from './harness.mjs'

const line = (...points) => points.map((p) => p.map((v) => v.toFixed(6)).join(',')).join(';')

test("OSRM's clients find what they know", async (t) => {
  const server = await serve(t)
  const two = line(at(0, 0), at(3, 4))

  await t.test('a route with steps, as routing machines ask for it', async () => {
    const { json } = await get(server, `/route/v1/ebike/${two}?overview=full&alternatives=true&steps=true&hints=;`)
    assert.equal(json.code, 'Ok')
    const [route] = json.routes
    assert.equal(json.waypoints.length, 2)
    const steps = route.legs[0].steps
    assert.equal(steps[0].maneuver.type, 'depart')
    assert.equal(steps.at(-1).maneuver.type, 'arrive')
    const sum = steps.reduce((s, step) => s + step.distance, 0)
    assert.ok(Math.abs(sum - route.distance) < 1, `${sum} ${route.distance}`)
    assert.ok(steps.every((s) => s.driving_side === 'right' && s.intersections.length > 0))
  })
  await t.test('polylines in the path stand for their points', async () => {
    const plain = (await get(server, `/route/v1/foot/${two}?geometries=polyline6&overview=full`)).json
    const encoded = encodeURIComponent(`polyline6(${plain.routes[0].geometry})`)
    const again = (await get(server, `/route/v1/foot/${encoded}?overview=false`)).json
    assert.ok(Math.abs(again.routes[0].distance - plain.routes[0].distance) < 2)
    assert.equal(again.routes[0].geometry, undefined)
    assert.equal((await get(server, `/route/v1/foot/${two}.json?annotations=true`)).json.routes[0].legs[0].annotation.distance.length > 0, true)
  })
  await t.test('nearest gives places on distinct streets', async () => {
    const { json } = await get(server, `/nearest/v1/foot/${line(at(1.5, 1))}?number=3`)
    assert.equal(json.waypoints.length, 3)
    assert.equal(json.waypoints[0].name, '横街1')
  })
  await t.test('annotations tell of every stretch, and sum to the leg', async () => {
    const { json } = await get(server, `/route/v1/ebike/${two}?annotations=true&overview=full&geometries=geojson`)
    const [route] = json.routes, [leg] = route.legs, { annotation } = leg
    const sum = (list) => list.reduce((a, b) => a + b, 0)
    for (const name of ['distance', 'duration', 'weight', 'speed', 'datasources'])
      assert.equal(annotation[name].length, route.geometry.coordinates.length - 1, name)
    assert.ok(Math.abs(sum(annotation.distance) - leg.distance) < 1)
    assert.ok(sum(annotation.duration) <= leg.duration + 0.1 && sum(annotation.duration) > leg.duration * 0.5)
    assert.ok(annotation.speed.every((v, i) => Math.abs(v - annotation.distance[i] / annotation.duration[i]) < 0.2))
    assert.deepEqual(annotation.metadata.datasource_names, ['profile', 'closures'])
    assert.ok(leg.weight >= leg.duration)
    const some = (await get(server, `/route/v1/ebike/${two}?annotations=speed`)).json.routes[0].legs[0].annotation
    assert.deepEqual(Object.keys(some), ['speed'])
  })
  await t.test('bearings, sides and excluded streets bend the way', async () => {
    const north = line(at(2, 1.5), at(2, 4))
    const ask = async (options) => (await get(server, `/route/v1/motorcycle/${north}?overview=false${options}`)).json
    const plain = (await ask('')).routes[0].distance
    assert.ok(Math.abs((await ask('&bearings=0,45;')).routes[0].distance - plain) < 1)
    assert.ok((await ask('&bearings=180,45;')).routes[0].distance > plain + 200)
    assert.equal((await ask('&bearings=90,10;')).waypoints[0].name, '横街2') // the nearest street that leads east
    // East of a street that leads north: northbound has the point on its right.
    const beside = line([at(2, 1.5)[0] + 0.00005, at(2, 1.5)[1]], at(2, 4))
    const side = async (approach) => (await get(server, `/route/v1/motorcycle/${beside}?overview=false&approaches=${approach};`)).json.routes[0].distance
    assert.ok(Math.abs(await side('curb') - plain) < 1 && await side('opposite') > plain + 200)
    assert.equal((await ask('&exclude=steps')).code, 'Ok')
    const east = (await get(server, `/nearest/v1/motorcycle/${line(at(2, 1.5))}?bearings=90,10`)).json
    assert.match(east.waypoints[0].name, /^横街/)
    const none = (await get(server, `/route/v1/motorcycle/${north}?generate_hints=false&skip_waypoints=true`)).json
    assert.equal(none.waypoints, undefined)
    assert.ok(!('hint' in (await ask('&generate_hints=false')).waypoints[0]) && 'hint' in (await ask('')).waypoints[0])
  })
  await t.test('a table tells what every route takes', async () => {
    const points = [at(0, 0), at(3, 4), at(5, 1), at(1.5, 2)]
    const { json } = await get(server, `/table/v1/ebike/${line(...points)}?annotations=duration,distance`)
    assert.equal(json.sources.length, 4)
    for (let i = 0; i < 4; i++)
      for (let k = 0; k < 4; k++) {
        if (i === k) {
          assert.equal(json.durations[i][k], 0)
          continue
        }
        const route = (await get(server, `/route/v1/ebike/${line(points[i], points[k])}?overview=false`)).json.routes[0]
        assert.ok(Math.abs(json.durations[i][k] - route.duration) < 0.11, `${i} ${k}: ${json.durations[i][k]} ${route.duration}`)
        assert.ok(Math.abs(json.distances[i][k] - route.distance) < 0.11)
      }
    const part = (await get(server, `/table/v1/ebike/${line(...points)}?sources=2;0&destinations=1&scale_factor=2`)).json
    assert.deepEqual(part.durations.map((row) => row.map((v) => Math.round(v))),
      [[Math.round(json.durations[2][1] * 2)], [Math.round(json.durations[0][1] * 2)]])
    assert.equal(part.distances, undefined)
    assert.deepEqual([part.sources.length, part.destinations.length], [2, 1])
  })
  await t.test('what cannot be reached is null in a table, or as the crow flies', async () => {
    const pair = line(at(0, 0), at(40, 0)) // an island of its own
    const { json } = await get(server, `/table/v1/foot/${pair}?radiuses=500;500`)
    assert.deepEqual(json.durations, [[0, null], [null, 0]])
    const crow = (await get(server, `/table/v1/foot/${pair}?radiuses=500;500&fallback_speed=10&annotations=duration,distance`)).json
    assert.deepEqual(crow.fallback_speed_cells, [[0, 1], [1, 0]])
    assert.ok(Math.abs(crow.durations[0][1] - 6825 / 10) < 5, crow.durations[0][1])
    assert.ok(Math.abs(crow.distances[1][0] - 6825) < 50)
    assert.equal((await get(server, `/route/v1/foot/${pair}?radiuses=500;500`)).json.code, 'NoRoute')
    assert.equal((await get(server, `/trip/v1/foot/${pair}?radiuses=500;500`)).json.code, 'NoTrips')
  })
  await t.test('a trip visits its stops in the best order there is', async () => {
    const points = [at(0, 0), at(4, 4), at(1, 0), at(4, 0), at(1, 4)]
    const coordinates = line(...points)
    const { durations } = (await get(server, `/table/v1/foot/${coordinates}`)).json
    const permutations = (list) => list.length < 2 ? [list]
      : list.flatMap((x) => permutations(list.filter((y) => y !== x)).map((rest) => [x, ...rest]))
    const best = (round, fits) => Math.min(...permutations([0, 1, 2, 3, 4]).filter(fits).map((order) =>
      (round ? [...order, order[0]] : order).reduce((sum, stop, i, all) => (i ? sum + durations[all[i - 1]][stop] : 0), 0)))
    const cases = [
      ['', true, () => true], ['?roundtrip=false', false, () => true],
      ['?roundtrip=false&source=first', false, (o) => o[0] === 0],
      ['?roundtrip=false&source=first&destination=last', false, (o) => o[0] === 0 && o[4] === 4],
      ['?source=first&destination=last', true, (o) => o[0] === 0 && o[4] === 4],
      ['?roundtrip=false&pairs=1,0;4,2', false, (o) => o.indexOf(1) < o.indexOf(0) && o.indexOf(4) < o.indexOf(2)],
      ['?pairs=3,2&source=first', true, (o) => o[0] === 0 && o.indexOf(3) < o.indexOf(2)],
    ]
    for (const [options, round, fits] of cases) {
      const { json } = await get(server, `/trip/v1/foot/${coordinates}${options}`)
      const order = json.waypoints.map((w, i) => [w.waypoint_index, i]).sort((a, b) => a[0] - b[0]).map(([, i]) => i)
      assert.ok(fits(order), `${options} ${order}`)
      assert.ok(Math.abs(json.trips[0].duration - best(round, fits)) < 1, `${options} ${json.trips[0].duration} ${best(round, fits)}`)
      assert.equal(json.trips[0].legs.length, round ? 5 : 4)
      assert.ok(json.waypoints.every((w) => w.trips_index === 0))
    }
  })
  await t.test("errors have OSRM's shape and codes", async () => {
    const rows = [
      [`/route/v2/foot/${two}`, 'InvalidVersion'], ['/route/v1/foot/abc', 'InvalidQuery'], ['/route/v1/foot/1,2;x', 'InvalidQuery'],
      ['/route/v1/foot/200,1;1,1', 'InvalidOptions'], [`/route/v1/foot/${line(at(0, 0))}`, 'InvalidOptions'],
      [`/route/v1/tank/${two}`, 'InvalidUrl'], [`/route/v1/foot/${two}?overview=none`, 'InvalidOptions'],
      [`/route/v1/foot/${two}?radiuses=5`, 'InvalidOptions'], [`/route/v1/foot/${two}?bearings=x;`, 'InvalidOptions'],
      [`/route/v1/foot/${two}?bearings=90,180;`, 'Ok'], [`/route/v1/foot/${two}?bearings=90,181;`, 'InvalidOptions'],
      [`/route/v1/foot/${two}?approaches=unrestricted;`, 'Ok'], [`/route/v1/foot/${two}?approaches=left;`, 'InvalidOptions'],
      [`/nearest/v1/foot/${line(at(0.5, 0.5))}?bearings=45,10`, 'NoSegment'], [`/route/v1/foot/${two}?hints=x;y`, 'Ok'],
      [`/route/v1/foot/${two}?annotations=nodes`, 'NotImplemented'], [`/route/v1/foot/${two}?annotations=colour`, 'InvalidOptions'],
      [`/route/v1/foot/${two}?waypoints=0;1`, 'Ok'], [`/route/v1/foot/${two}?waypoints=0`, 'NotImplemented'],
      [`/route/v1/foot/${two}?sources=0`, 'InvalidQuery'], [`/route/v1/foot/${two}?exclude=steps,pushing`, 'Ok'],
      [`/route/v1/foot/${two}?alternatives=3`, 'Ok'], [`/route/v1/foot/${two}?alternatives=x`, 'InvalidOptions'],
      [`/table/v1/foot/${two}?sources=0;0`, 'InvalidOptions'], [`/table/v1/foot/${two}?destinations=2`, 'InvalidOptions'],
      [`/table/v1/foot/${two}?annotations=speed`, 'InvalidOptions'], [`/table/v1/foot/${two}?fallback_speed=0`, 'InvalidOptions'],
      [`/table/v1/foot/${two}?exclude=steps`, 'Ok'], [`/table/v1/foot/${two}?exclude=steps&annotations=distance`, 'NotImplemented'],
      [`/table/v1/foot/${two}?scale_factor=-1`, 'InvalidOptions'], [`/table/v1/foot/${two}?fallback_coordinate=snapped`, 'Ok'],
      [`/table/v1/foot/${Array.from({ length: 51 }, () => '116.3,39.9').join(';')}?annotations=distance`, 'TooBig'],
      [`/trip/v1/foot/${line(at(0, 0))}`, 'InvalidOptions'], [`/trip/v1/foot/${two}?source=last`, 'InvalidOptions'],
      [`/trip/v1/foot/${Array.from({ length: 13 }, () => '116.3,39.9').join(';')}`, 'TooBig'],
      [`/trip/v1/foot/${two}?pairs=0,1;1,0`, 'InvalidOptions'], [`/trip/v1/foot/${two}?pairs=0,2`, 'InvalidOptions'],
      [`/trip/v1/foot/${two}?pairs=1,0&source=first`, 'InvalidOptions'], [`/trip/v1/foot/${two}?roundtrip=maybe`, 'InvalidOptions'],
      [`/route/v1/foot/${two}?unknown=1`, 'InvalidQuery'], [`/route/v1/foot/${two}?exclude=ferry`, 'InvalidValue'],
      ['/route/v1/foot/0,0;1,1?radiuses=50;50', 'NoSegment'], ['/nearest/v1/foot/0,0?radiuses=50', 'NoSegment'],
      [`/match/v1/foot/${two}`, 'NotImplemented'],
      [`/route/v1/foot/${Array.from({ length: 101 }, () => '1,1').join(';')}`, 'TooBig'],
      ['/route/v1/foot/polyline(%7f)', 'InvalidUrl'], ['/nearest/v1/foot/1,1;2,2', 'InvalidOptions'],
    ]
    for (const [path, code] of rows) {
      const { json, status } = await get(server, path)
      if (code) assert.equal(json.code, code, `${path}: ${JSON.stringify(json)}`)
      if (json.code !== 'Ok') assert.ok(status >= 400 && json.message)
    }
  })
})
