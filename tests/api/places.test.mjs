import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, command, get, places, refused, ask, serve, writeCity } from './harness.mjs'
import { join } from 'node:path'

test('places, areas and words', async (t) => {
  const server = await serve(t)
  const near = at(1, 1).join(',')

  await t.test('the nearest come first, each with its distance', async () => {
    const { json } = await get(server, `/v1/places?near=${near}`)
    assert.deepEqual(json.places.map((p) => p.name), ['东门驿站', '公厕', '加油站', '西门驿站'])
    assert.equal(json.places[0].distance_m, 0)
    assert.ok(Math.abs(json.places[1].distance_m - 222) < 1, json.places[1].distance_m)
    assert.deepEqual(json.places[0].amenities.sort(), ['microwave', 'water'])
    assert.equal(json.next, null)
  })
  await t.test('categories, amenities, radius and limit narrow the list', async () => {
    const names = async (query) => (await get(server, `/v1/places?near=${near}&${query}`)).json.places.map((p) => p.name)
    assert.deepEqual(await names('category=toilet,fuel'), ['公厕', '加油站'])
    assert.deepEqual(await names('amenities=water,microwave'), ['东门驿站'])
    assert.deepEqual(await names('radius=230'), ['东门驿站', '公厕'])
    assert.deepEqual(await names('limit=1'), ['东门驿站'])
    assert.deepEqual(await names('radius=0'), ['东门驿站'])
  })
  await t.test('any of some amenities, a box, a ring and an area narrow every list', async () => {
    const ring = (...corners) => corners.map(([x, y]) => at(x, y).join(',')).join(';')
    const all = (await get(server, '/v1/places')).json.places
    const inside = (p, [x0, y0, x1, y1]) => {
      const [w, s] = at(x0, y0), [e, n] = at(x1, y1), [lon, lat] = p.location
      return lon >= w && lon <= e && lat >= s && lat <= n
    }
    const frames = [[-1.1, -1.1, 2.3, 2.3], [0.5, 0.5, 7.3, 7.3], [-3.1, -3.1, 9.1, 9.1], [4.1, 4.1, 4.5, 4.5]] // no place on an edge
    const amenities = (p, words) => words.some((w) => p.amenities.includes(w))
    let some = 0
    for (const f of frames)
      for (const words of [null, ['water'], ['wifi', 'microwave'], ['aed']])
        for (const order of ['', `near=${near}&`]) {
          const wanted = all.filter((p) => inside(p, f) && (!words || amenities(p, words))).map((p) => p.id).sort()
          const any = words ? `&amenities_any=${words}` : ''
          const box = `bbox=${[...at(f[0], f[1]), ...at(f[2], f[3])]}`
          const polygon = `polygon=${ring([f[0], f[1]], [f[2], f[1]], [f[2], f[3]], [f[0], f[3]])}`
          for (const where of [box, polygon, `${box}&${polygon}`]) {
            const got = (await get(server, `/v1/places?${order}${where}${any}`)).json.places.map((p) => p.id).sort()
            assert.deepEqual(got, wanted, `${order}${where}${any}`)
          }
          some += wanted.length
        }
    assert.ok(some > 20, `${some}`)
    const areas = (await get(server, '/v1/areas')).json.areas
    for (const a of areas) {
      const got = (await get(server, `/v1/places?area=${a.id}`)).json.places.map((p) => p.id)
      const box = (await get(server, `/v1/areas/${a.id}`)).json.bbox // the areas of this city are rectangles
      const wanted = all.filter((p) => p.location[0] >= box[0] && p.location[0] <= box[2] && p.location[1] >= box[1] && p.location[1] <= box[3])
      assert.deepEqual(got, wanted.map((p) => p.id), a.name)
      if (a.code) assert.deepEqual((await get(server, `/v1/places?area=${a.code}&near=${near}`)).json.places.map((p) => p.id).sort(), [...got].sort())
    }
    const hole = `polygon=${ring([-3, -3], [9, -3], [9, 9], [-3, 9])}|${ring([0.9, 0.9], [1.1, 0.9], [1.1, 1.1], [0.9, 1.1])}`
    assert.ok(!(await get(server, `/v1/places?${hole}`)).json.places.some((p) => p.name === '东门驿站'))
  })
  await t.test('fields say what is written', async () => {
    const { json } = await get(server, `/v1/places?near=${near}&limit=1&fields=name,area`)
    assert.deepEqual(Object.keys(json.places[0]).sort(), ['area', 'distance_m', 'id', 'name'])
    assert.equal(json.places[0].area.name, '西街道')
    const one = (await get(server, `/v1/places/${json.places[0].id}?fields=id,version`)).json
    assert.deepEqual(one, { id: json.places[0].id, version: 1, crs: 'wgs84' })
    const feature = (await get(server, `/v1/places/${json.places[0].id}?fields=name&f=geojson`)).json
    assert.deepEqual(feature.properties, { name: '东门驿站' })
    assert.equal((await get(server, `/v1/places/${json.places[0].id}`)).json.area.name, '西街道')
  })
  await t.test('one place by its id, as JSON and as GeoJSON', async () => {
    const { json: { places: [first] } } = await get(server, `/v1/places?near=${near}&limit=1`)
    const one = await get(server, `/v1/places/${first.id}`)
    assert.equal(one.json.name, '东门驿站')
    assert.deepEqual(one.json.location, at(1, 1).map((v) => Number(v.toFixed(7))))
    const feature = await get(server, `/v1/places/${first.id}?f=geojson`)
    assert.equal(feature.type, 'application/geo+json')
    assert.equal(feature.json.properties.name_en, 'East gate')
    refused(await get(server, '/v1/places/999999'), 404, 'id')
    refused(await get(server, '/v1/places/abc'), 404, 'id')
  })
  await t.test('a box is listed in pages that join without a gap', async () => {
    const seen = []
    let next = `/v1/places?bbox=${[...at(-1, -1), ...at(7, 7)]}&limit=3`
    for (let page = 0; next; page++) {
      const answer = await get(server, next)
      seen.push(...answer.json.places.map((p) => p.id))
      next = answer.json.next
      assert.equal(answer.headers.link, next ? `<${next}>; rel="next"` : undefined)
      assert.ok(page < 3)
    }
    assert.equal(new Set(seen).size, places.length)
    assert.equal(seen.length, places.length)
    const all = await get(server, '/v1/places?f=geojson')
    assert.equal(all.json.features.length, places.length)
    const far = await get(server, '/v1/places?bbox=170,-50,-170,50')
    assert.equal(far.json.places.length, 0)
  })
  await t.test('asked in gcj02 and bd09 the same places answer, in that system', async () => {
    const plain = (await get(server, `/v1/places?near=${near}&limit=1`)).json.places[0]
    for (const crs of ['gcj02', 'bd09', 'EPSG:3857', 'EPSG:4547']) {
      const there = (await get(server, `/v1/places/${plain.id}?crs=${crs}`)).json
      assert.notDeepEqual(there.location, plain.location, crs)
      const back = (await get(server, `/v1/places?near=${there.location}&limit=1&crs=${crs}`)).json
      assert.equal(back.places[0].id, plain.id)
      assert.ok(back.places[0].distance_m < 0.1, `${crs} ${back.places[0].distance_m}`)
      assert.equal(back.crs, crs)
    }
    const gcj = (await get(server, `/v1/places/${plain.id}?crs=gcj02`)).json.location
    const alias = await get(server, `/v1/places?near=${gcj}&coord_type=gcj02&ret_coordtype=wgs84&limit=1`)
    assert.deepEqual(alias.json.places[0].location, plain.location)
  })
  await t.test('what is wrong is named', async () => {
    const rows = [
      ['near=200,39', 'near'], ['near=116,91', 'near'], ['near=NaN,39', 'near'], ['near=nan,nan', 'near'],
      ['near=inf,0', 'near'], ['near=116', 'near'], ['near=116,39,1', 'near'], ['near=', 'near'],
      [`near=${near}&limit=0`, 'limit'], [`near=${near}&limit=1001`, 'limit'], [`near=${near}&limit=x`, 'limit'],
      [`near=${near}&radius=-1`, 'radius'], [`near=${near}&radius=NaN`, 'radius'], ['radius=5', 'radius'],
      [`near=${near}&category=castle`, 'category'], [`near=${near}&amenities=gold`, 'amenities'],
      [`near=${near}&crs=moon`, 'crs'], [`near=${near}&crs=EPSG:1`, 'crs'], [`near=${near}&coord_type=x`, 'coord_type'],
      [`near=${near}&crs=wgs84&coord_type=wgs84`, 'crs'], [`near=${near}&f=xml`, 'f'], [`near=${near}&unknown=1`, 'unknown'],
      [`near=${near}&near=1,2`, 'near'], [`near=${near}&bbox=1,2,3`, 'bbox'], ['bbox=1,2,3', 'bbox'],
      ['amenities_any=gold', 'amenities_any'], ['amenities_any=', 'amenities_any'], ['polygon=1,2;3,4', 'polygon'], ['polygon=1,2;3,4;5,6', 'polygon'],
      ['polygon=', 'polygon'], ['polygon=1,2;3,4;x', 'polygon'], ['area=', 'area'], ['area=77777', 'area'], ['area=no', 'area'],
      ['fields=', 'fields'], ['fields=name,gold', 'fields'], ['open=2026-13-01T00:00:00Z', 'open'],
      ['crs=EPSG:2154', 'crs'], ['bbox=1,5,3,4', 'bbox'], ['bbox=1,2,3,95', 'bbox'], ['crs=EPSG:4548&bbox=500000,4000000,400000,4100000', 'bbox'], ['cursor=zzz', 'cursor'],
    ]
    for (const [query, parameter] of rows) refused(await get(server, `/v1/places?${query}`), 400, parameter)
    refused(await get(server, '/v1/places?near=%ff'), 400)
    refused(await get(server, '/v1/places?near=%'), 400)
  })
  await t.test('areas contain a point, finest first, and have an outline', async () => {
    const { json } = await get(server, `/v1/areas?at=${near}`)
    assert.deepEqual(json.areas.map((a) => a.name), ['西街道', '测试区'])
    assert.equal(json.areas[0].parent_id, json.areas[1].id)
    const outline = await get(server, `/v1/areas/${json.areas[0].id}?f=geojson`)
    assert.equal(outline.json.geometry.coordinates[0][0].length, 5)
    const box = await get(server, `/v1/areas/${json.areas[0].id}`)
    assert.equal(box.json.bbox.length, 4)
    assert.equal((await get(server, '/v1/areas?at=0,0')).json.areas.length, 0)
    const first = await get(server, '/v1/areas?limit=2')
    assert.equal(first.json.areas.length, 2)
    const second = await get(server, first.json.next)
    assert.equal(second.json.areas.length, 1)
    refused(await get(server, '/v1/areas/77777'), 404, 'id')
    refused(await get(server, '/v1/areas?at=1'), 400, 'at')
  })
  await t.test('the words come in two languages', async () => {
    const { json } = await get(server, '/v1/categories')
    assert.ok(json.places.some((c) => c.code === 'rest_station' && c.label.zh && c.label.en))
    assert.deepEqual(json.places.find((c) => c.code === 'toilet').sign, { zh: '厕', en: 'WC' })
    assert.ok(json.reports.some((c) => c.code === 'manhole'))
    assert.equal(json.states[0].code, 'submitted')
    assert.deepEqual([...json.profiles].sort(), ['bicycle', 'ebike', 'foot', 'motorcycle'])
  })
  await t.test('an unchanged answer is not sent again, a large one is packed', async () => {
    const first = await get(server, '/v1/categories')
    const again = await get(server, '/v1/categories', { headers: { 'If-None-Match': first.headers.etag } })
    assert.equal(again.status, 304)
    assert.equal(again.bytes.length, 0)
    const packed = await get(server, '/v1/categories', { headers: { 'Accept-Encoding': 'gzip' } })
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.ok(packed.bytes.length < first.bytes.length / 2)
  })
  await t.test('any origin may read, and ask what it may do', async () => {
    assert.equal((await get(server, `/v1/places?near=${near}`)).headers['access-control-allow-origin'], '*')
    const options = await ask(server, 'OPTIONS', '/v1/reports', { headers: { Origin: 'https://example.org', 'Access-Control-Request-Method': 'POST' } })
    assert.equal(options.status, 204)
    assert.equal(options.headers['access-control-allow-methods'], 'GET, HEAD, POST, OPTIONS')
    assert.match(options.headers['access-control-allow-headers'], /Authorization.*Idempotency-Key/)
  })
  await t.test('an import is seen within a moment', async () => {
    writeCity(server.made.city, [{ id: 'e', category: 'clinic', name: '新诊所', at: at(2, 2) }])
    await command(server.made.data, 'import', 'places', join(server.made.city, 'places.geojson'))
    const until = Date.now() + 2000
    for (;;) {
      const { json } = await get(server, `/v1/places?near=${at(2, 2)}&limit=1`)
      if (json.places[0].name === '新诊所') break
      assert.ok(Date.now() < until, 'not seen within two seconds')
      await new Promise((done) => setTimeout(done, 20))
    }
    assert.ok((await get(server, '/readyz')).json.version >= 2)
  })
})
