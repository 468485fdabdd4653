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
  await t.test("errors have OSRM's shape and codes", async () => {
    const rows = [
      [`/route/v2/foot/${two}`, 'InvalidVersion'], ['/route/v1/foot/abc', 'InvalidQuery'], ['/route/v1/foot/1,2;x', 'InvalidQuery'],
      ['/route/v1/foot/200,1;1,1', 'InvalidOptions'], [`/route/v1/foot/${line(at(0, 0))}`, 'InvalidOptions'],
      [`/route/v1/tank/${two}`, 'InvalidUrl'], [`/route/v1/foot/${two}?overview=none`, 'InvalidOptions'],
      [`/route/v1/foot/${two}?radiuses=5`, 'InvalidOptions'], [`/route/v1/foot/${two}?bearings=x;`, 'InvalidOptions'],
      [`/route/v1/foot/${two}?bearings=90,20;`, 'NotImplemented'], [`/route/v1/foot/${two}?bearings=90,180;`, 'Ok'],
      [`/route/v1/foot/${two}?approaches=curb;`, 'NotImplemented'], [`/route/v1/foot/${two}?approaches=unrestricted;`, 'Ok'],
      [`/nearest/v1/foot/${line(at(0, 0))}?bearings=0,10`, 'NotImplemented'], [`/route/v1/foot/${two}?approaches=left;`, 'InvalidOptions'],
      [`/route/v1/foot/${two}?unknown=1`, 'InvalidQuery'], [`/route/v1/foot/${two}?exclude=ferry`, 'InvalidValue'],
      ['/route/v1/foot/0,0;1,1?radiuses=50;50', 'NoSegment'], ['/nearest/v1/foot/0,0?radiuses=50', 'NoSegment'],
      [`/table/v1/foot/${two}`, 'NotImplemented'], [`/trip/v1/foot/${two}`, 'NotImplemented'], [`/match/v1/foot/${two}`, 'NotImplemented'],
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
