import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { at, command, get, makeData, refused, remove, serve, start, stop } from './harness.mjs'

const from = at(0, 0).join(','), to = at(3, 0).join(',')
const ring = (...points) => points.map((p) => p.join(',')).join(';')
const box = (x0, y0, x1, y1) => ring(at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1))

test('areas that a request avoids', async (t) => {
  const server = await serve(t)
  const ask = (query, path = `/v1/route?from=${from}&to=${to}`) => get(server, `${path}${query}`)
  const route = async (query, path) => {
    const answer = await ask(query, path)
    assert.equal(answer.status, 200, answer.text)
    return answer.json
  }
  const straight = await route('')
  const passes = (json, x, y) => json.geometry.coordinates.some(([lon, lat]) =>
    Math.abs(lon - at(x, y)[0]) < 1e-6 && Math.abs(lat - at(x, y)[1]) < 1e-6)

  await t.test('the way goes round them, and only this one', async () => {
    const round = await route(`&avoid=${box(1.3, -0.2, 1.6, 0.2)}`)
    assert.ok(round.distance_m > straight.distance_m + 400)
    assert.ok(passes(round, 1, 1) && passes(round, 2, 1))
    assert.equal((await route('')).distance_m, straight.distance_m)
    const farther = await route(`&avoid=${box(1.3, -0.2, 1.6, 0.2)}|${box(1.3, 0.8, 1.6, 1.2)}`)
    assert.ok(farther.distance_m > round.distance_m + 400)
    assert.ok(passes(farther, 1, 2) && !passes(farther, 2, 1))
  })
  await t.test('rings may be closed or not, either way round, crossing one another', async () => {
    const one = [at(1.3, -0.2), at(1.6, -0.2), at(1.6, 0.2), at(1.3, 0.2)]
    const expected = (await route(`&avoid=${ring(...one)}`)).distance_m
    assert.equal((await route(`&avoid=${ring(...one, one[0])}`)).distance_m, expected)
    assert.equal((await route(`&avoid=${ring(...one.reverse())}`)).distance_m, expected)
    assert.equal((await route(`&avoid=${box(1.3, -0.2, 1.6, 0.2)}|${box(1.3, -0.2, 1.6, 0.2)}`)).distance_m, expected)
    assert.equal((await route(`&avoid=${encodeURIComponent(`${ring(...one)}|${box(4.1, 4.1, 4.2, 4.2)}`)}`)).distance_m, expected)
  })
  await t.test('they are in the system of the request', async () => {
    const places = (await get(server, `/v1/places?near=${at(1, 1)}&limit=1&coord_type=wgs84&ret_coordtype=gcj02`)).json
    const [dx, dy] = [0, 1].map((i) => places.places[0].location[i] - at(1, 1)[i])
    const gcj = ring(...[[1.3, -0.2], [1.6, -0.2], [1.6, 0.2], [1.3, 0.2]].map(([x, y]) => [at(x, y)[0] + dx, at(x, y)[1] + dy]))
    const ends = [at(0, 0), at(3, 0)].map((p) => `${p[0] + dx},${p[1] + dy}`)
    const round = await route(`&avoid=${gcj}&crs=gcj02`, `/v1/route?from=${ends[0]}&to=${ends[1]}`)
    assert.ok(round.distance_m > straight.distance_m + 400)
  })
  await t.test('inside of one, the nearest street outside is where it begins', async () => {
    const out = await route(`&avoid=${box(-0.4, -0.4, 0.4, 0.4)}`)
    assert.ok(out.waypoints[0].distance_m > 50, JSON.stringify(out.waypoints))
    const none = await ask(`&avoid=${ring([116, 39], [117, 39], [117, 41], [116, 41])}`)
    refused(none, 404, 'from')
    const wall = await ask(`&avoid=${box(1.3, -0.5, 1.6, 5.5)}`)
    refused(wall, 404)
    assert.match(wall.json.type, /no-route$/)
  })
  await t.test('every profile, every instruction, as without', async () => {
    for (const profile of ['foot', 'bicycle', 'ebike', 'motorcycle']) {
      const json = await route(`&avoid=${box(1.3, -0.2, 1.6, 0.2)}&profile=${profile}&steps=true&lang=en`)
      assert.match(json.legs[0].steps.at(-1).instruction, /arrived/)
      assert.ok(Math.abs(json.legs[0].steps.reduce((s, step) => s + step.duration_s, 0) - json.duration_s) < 1)
    }
  })
  await t.test('what is wrong is named', async () => {
    const many = Array.from({ length: 11 }, () => box(4.1, 4.1, 4.2, 4.2)).join('|')
    const wide = Array.from({ length: 501 }, (_, i) => `1${i % 10},${i % 7}`).join(';')
    for (const bad of ['', '1,2', '1,2;3,4', '1,2;3,4;1,2', '1,2;3,4;5', '1,2;3,4;5,x', '1,2;3,4;200,1', '1,2;3,4;5,6|', `${box(0, 0, 1, 1)}||`,
      ring(at(0, 0), at(1, 0), at(2, 0)), many, wide])
      refused(await ask(`&avoid=${bad}`), 400, 'avoid')
    refused(await ask('&no_steps=yes'), 400, 'no_steps')
    refused(await ask('&no_pushing=1'), 400, 'no_pushing')
    refused(await ask('&alternatives=4'), 400, 'alternatives')
    refused(await ask(`&alternatives=1&via=${at(1, 1)}`), 400, 'alternatives')
  })
  await t.test('other ways are given when they are asked for', async () => {
    assert.equal(straight.alternatives, undefined)
    assert.deepEqual((await route('&alternatives=0')).alternatives, undefined)
    const path = `/v1/route?from=${at(0, 0)}&to=${at(4, 4)}`
    const json = await route('&alternatives=3', path)
    assert.ok(json.alternatives.length >= 1 && json.alternatives.length <= 3, `${json.alternatives.length} other ways`)
    const ways = [json, ...json.alternatives].map((way) => JSON.stringify(way.geometry))
    assert.equal(new Set(ways).size, ways.length)
    for (const way of json.alternatives) {
      assert.ok(way.duration_s >= json.duration_s)
      assert.equal(way.legs.length, 1)
    }
  })
})

/** Two straight ways, over stairs and over a footway, and a long way round each. */
const hill = (() => {
  const nodes = { 1: [0, 0], 2: [1, 0], 3: [0, 7], 4: [1, 7], 5: [-1, 0], 6: [2, 0], 11: [0, 8], 12: [1, 8], 13: [0, 15], 14: [1, 15], 15: [-1, 8], 16: [2, 8] }
  const ways = [['steps', 1, 2], ['residential', 1, 3, 4, 2], ['residential', 5, 1], ['residential', 2, 6], ['residential', 3, 11],
    ['footway', 11, 12], ['residential', 11, 13, 14, 12], ['residential', 15, 11], ['residential', 12, 16]]
  return '<?xml version="1.0"?>\n<osm version="0.6">\n' +
    Object.entries(nodes).map(([id, p]) => `<node id="${id}" version="1" lon="${at(...p)[0].toFixed(7)}" lat="${at(...p)[1].toFixed(7)}"/>`).join('\n') +
    ways.map(([kind, ...refs], i) => `<way id="${i + 1}" version="1">${refs.map((r) => `<nd ref="${r}"/>`).join('')}<tag k="highway" v="${kind}"/></way>`).join('\n') +
    '\n</osm>\n'
})()

test('stairs and pushing', async (t) => {
  const made = await makeData()
  writeFileSync(join(made.folder, 'hill.osm'), hill)
  await command(made.data, 'import', 'osm', join(made.folder, 'hill.osm'), '--allow-shrink')
  await command(made.data, 'build-roads')
  const server = await start(made)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const metres = async (a, b, more) => {
    const answer = await get(server, `/v1/route?from=${at(...a)}&to=${at(...b)}${more}`)
    assert.equal(answer.status, 200, answer.text)
    return answer.json.distance_m
  }
  await t.test('stairs are kept off only when that is asked for', async () => {
    const over = await metres([-0.5, 0], [1.5, 0], '&profile=foot')
    const round = await metres([-0.5, 0], [1.5, 0], '&profile=foot&no_steps=true')
    assert.ok(over < 500 && round > 3000, `${over} ${round}`)
    assert.equal(await metres([-0.5, 0], [1.5, 0], '&profile=foot&no_steps=false'), over)
    assert.equal(await metres([-0.5, 8], [1.5, 8], '&profile=foot&no_steps=true'), await metres([-0.5, 8], [1.5, 8], '&profile=foot'))
  })
  await t.test('who does not push rides round the footway; who walks does not push', async () => {
    const pushed = await metres([-0.5, 8], [1.5, 8], '&profile=ebike')
    const ridden = await metres([-0.5, 8], [1.5, 8], '&profile=ebike&no_pushing=true')
    assert.ok(pushed < 500 && ridden > 3000, `${pushed} ${ridden}`)
    assert.ok((await metres([-0.5, 8], [1.5, 8], '&profile=foot&no_pushing=true')) < 500)
  })
  await t.test('a start on stairs is taken off them', async () => {
    const answer = await get(server, `/v1/route?from=${at(0.5, 0)}&to=${at(1.5, 0)}&profile=foot&no_steps=true`)
    assert.equal(answer.status, 200, answer.text)
    assert.ok(answer.json.waypoints[0].distance_m > 50)
  })
})
