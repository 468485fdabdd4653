import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, get, inside, refused, serve } from './harness.mjs'

const area = (ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0)
const limits = [60, 150, 300]

// Places along the streets of the test's city, off its junctions.
function* streets() {
  for (let i = 0; i < 6; i++)
    for (let k = 0; k < 25; k++) {
      yield at(i, k / 5 + 0.07)
      yield at(k / 5 + 0.07, i)
    }
}

test('reachable areas', async (t) => {
  const server = await serve(t)
  const from = at(1.4, 2).join(',')
  const ask = (query) => get(server, `/v1/reachable?${query}`)
  const duration = async (to, rest) =>
    (await get(server, `/v1/route?from=${from}&to=${to.map((v) => v.toFixed(7))}&${rest}`)).json.duration_s

  for (const profile of ['foot', 'ebike'])
    await t.test(`what a route reaches in time lies inside, by ${profile}`, async () => {
      const { json } = await ask(`from=${from}&profile=${profile}&limits=300,60,150`)
      assert.equal(json.profile, profile)
      assert.deepEqual(json.features.map((f) => f.properties.limit_s), [300, 150, 60])
      let within = 0, beyond = 0
      for (const place of streets()) {
        const seconds = await duration(place, `profile=${profile}`)
        for (const { properties, geometry } of json.features)
          if (seconds < properties.limit_s - 0.2) {
            within++
            assert.ok(inside(geometry, place), `${place} takes ${seconds} s, less than ${properties.limit_s}`)
          } else if (!inside(geometry, place)) beyond++
      }
      assert.ok(within > 20 && beyond > 20, `${within} ${beyond}`)
    })
  await t.test('nothing slower than the limit and the margin on foot lies inside', async () => {
    const { json } = await ask(`from=${from}&profile=foot&limits=${limits}`)
    for (const place of streets()) {
      const seconds = await duration(place, 'profile=foot')
      for (const { properties, geometry } of json.features) {
        const most = properties.limit_s + (2 * properties.margin_m) / 0.8 // round two corners, slowly
        if (inside(geometry, place)) assert.ok(seconds <= most, `${place}: ${seconds} s of ${properties.limit_s}`)
      }
    }
  })
  await t.test('areas lie inside of one another, shells counter-clockwise, holes clockwise', async () => {
    const { json } = await ask(`from=${from}&limits=${limits}`)
    for (const { geometry } of json.features)
      for (const polygon of geometry.coordinates)
        polygon.forEach((ring, i) => {
          assert.deepEqual(ring[0], ring.at(-1))
          assert.equal(area(ring) > 0, i === 0)
        })
    for (let i = 1; i < json.features.length; i++)
      for (const point of json.features[i].geometry.coordinates.flat(2))
        assert.ok(inside(json.features[i - 1].geometry, point))
  })
  await t.test('what is avoided is not reached through', async () => {
    const [west, east] = [at(2.3, -1), at(2.7, 7)]
    const wall = [[west[0], west[1]], [east[0], west[1]], [east[0], east[1]], [west[0], east[1]]].map((p) => p.join(',')).join(';')
    const open = (await ask(`from=${from}&limits=600`)).json.features[0].geometry
    const shut = (await ask(`from=${from}&limits=600&avoid=${wall}`)).json.features[0].geometry
    assert.ok(inside(open, at(4, 2)) && !inside(shut, at(4, 2)))
    assert.ok(inside(shut, at(1, 4)))
  })
  await t.test('gcj02 in gives gcj02 out', async () => {
    const plain = (await ask(`from=${from}&limits=150`)).json.features[0].geometry
    const there = (await ask(`from=${from}&limits=150&coord_type=wgs84&ret_coordtype=gcj02`)).json.features[0].geometry
    const [a, b] = [plain.coordinates[0][0][0], there.coordinates[0][0][0]]
    assert.ok(b[0] - a[0] > 0.004 && b[0] - a[0] < 0.008, `${a} ${b}`)
  })
  await t.test('what is wrong is named', async () => {
    refused(await ask('limits=300'), 400, 'from')
    refused(await ask(`from=${from}`), 400, 'limits')
    for (const bad of ['', '0', '7201', '1.5', '60,', '60,60', 'ten', '1,2,3,4,5,6,7,8,9'])
      refused(await ask(`from=${from}&limits=${bad}`), 400, 'limits')
    refused(await ask(`from=${from}&limits=60&profile=tank`), 400, 'profile')
    refused(await ask(`from=${from}&limits=60&no_steps=maybe`), 400, 'no_steps')
    refused(await ask(`from=${from}&limits=60&to=1,2`), 400, 'to')
    const nowhere = await ask('from=0,0&limits=60')
    refused(nowhere, 404, 'from')
    assert.match(nowhere.json.type, /no-road$/)
  })
})
