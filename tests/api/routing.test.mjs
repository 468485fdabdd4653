import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, get, refused, serve } from './harness.mjs'

const line = (...points) => points.map((p) => p.map((v) => v.toFixed(6)).join(',')).join(';')

test('routes', async (t) => {
  const server = await serve(t)
  const from = at(0, 0).join(','), to = at(3, 4).join(',')

  await t.test('a route has its way, its legs and its instructions in both languages', async () => {
    const zh = (await get(server, `/v1/route?from=${from}&to=${to}&steps=true`)).json
    assert.equal(zh.profile, 'ebike')
    const metres = 3 * 170.6 + 4 * 222
    assert.ok(Math.abs(zh.distance_m - metres) < 10, zh.distance_m)
    assert.equal(zh.geometry.type, 'LineString')
    assert.equal(zh.legs.length, 1)
    const steps = zh.legs[0].steps
    assert.match(steps[0].instruction, /行驶/)
    assert.match(steps.at(-1).instruction, /到达目的地/)
    assert.ok(steps.some((s) => /转/.test(s.instruction)))
    const en = (await get(server, `/v1/route?from=${from}&to=${to}&steps=true&lang=en`)).json
    assert.match(en.legs[0].steps[0].instruction, /^Ride (north|east)/)
    assert.match(en.legs[0].steps.at(-1).instruction, /arrived/)
  })
  await t.test('a one-way street binds riders and not walkers', async () => {
    const west = `from=${at(4, 2)}&to=${at(1, 2)}`
    const ride = (await get(server, `/v1/route?${west}&profile=motorcycle`)).json
    const walk = (await get(server, `/v1/route?${west}&profile=foot`)).json
    assert.ok(ride.distance_m > walk.distance_m + 300, `${ride.distance_m} ${walk.distance_m}`)
  })
  await t.test('via points are passed in their order', async () => {
    const { json } = await get(server, `/v1/route?from=${from}&to=${from}&via=${line(at(2, 0), at(2, 2))}`)
    assert.equal(json.legs.length, 3)
    assert.equal(json.waypoints.length, 4)
  })
  await t.test('lines come in every form asked for', async () => {
    const ask = async (form) => (await get(server, `/v1/route?from=${from}&to=${to}&geometries=${form}`)).json.geometry
    assert.equal(typeof (await ask('polyline')), 'string')
    assert.equal(typeof (await ask('polyline6')), 'string')
    assert.ok((await ask('points'))[0].latitude > 39)
  })
  await t.test('gcj02 in gives gcj02 out, along the same streets', async () => {
    const plain = (await get(server, `/v1/route?from=${from}&to=${to}`)).json
    const there = (await get(server, `/v1/route?from=${from}&to=${to}&coord_type=wgs84&ret_coordtype=gcj02`)).json
    assert.equal(there.distance_m, plain.distance_m)
    const ends = there.geometry.coordinates
    const again = (await get(server, `/v1/route?from=${ends[0]}&to=${ends.at(-1)}&crs=gcj02`)).json
    assert.ok(Math.abs(again.distance_m - plain.distance_m) < 1)
  })
  await t.test('what is wrong is named', async () => {
    refused(await get(server, `/v1/route?to=${to}`), 400, 'from')
    refused(await get(server, `/v1/route?from=${from}`), 400, 'to')
    refused(await get(server, `/v1/route?from=${from}&to=200,1`), 400, 'to')
    refused(await get(server, `/v1/route?from=${from}&to=${to}&via=1;2`), 400, 'via')
    refused(await get(server, `/v1/route?from=${from}&to=${to}&profile=tank`), 400, 'profile')
    refused(await get(server, `/v1/route?from=${from}&to=${to}&steps=1`), 400, 'steps')
    const nowhere = await get(server, `/v1/route?from=${from}&to=0,0`)
    refused(nowhere, 404, 'to')
    assert.match(nowhere.json.type, /no-road$/)
  })
})
