// OGC API – Features, 17-069r4, annex A: the abstract tests of Core, by their names.
import { Validator } from '@seriousme/openapi-schema-validator'
import assert from 'node:assert/strict'
import { ask, at, raw, refused } from './harness.mjs'
import { confirmed } from './ogc-city.mjs'
import { byRel, collections, crs84, docTypes, epsg, ids, itemTypes, linked, points, walk } from './ogc-reader.mjs'

walk('core', [
  ['http', async ({ server }) => {
    const said = await raw(server, 'GET /ogc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    assert.match(said, /^HTTP\/1\.1 200 OK\r\n/)
    for (const p of ['/ogc', '/ogc/', '/ogc/api', '/ogc/conformance', '/ogc/collections', '/ogc/collections/areas/items?limit=2']) {
      const head = await ask(server, 'HEAD', p)
      assert.deepEqual([head.status, head.bytes.length], [200, 0], p)
      refused(await ask(server, 'DELETE', p, { check: false }), 405)
    }
  }],
  ['crs84', async ({ every }) => {
    for (const id of collections)
      for (const f of every[id])
        for (const [lon, lat] of points(f.geometry)) assert.ok(lon > 116 && lon < 117 && lat > 39 && lat < 40)
    assert.deepEqual(every.places.find((f) => f.properties.source === 'places:a').geometry.coordinates, at(1, 1).map((v) => +v.toFixed(7)))
  }],
  ['root-op', async ({ get }) => {
    for (const p of ['/ogc', '/ogc/']) assert.equal((await get(p)).status, 200)
  }],
  ['root-success', async ({ root, get, conforms }) => {
    const { json } = await get('/ogc')
    conforms(json, 'landingPage')
    linked(json, docTypes, 'application/json')
    assert.ok(byRel(json, 'service-desc').length === 1 && byRel(json, 'service-doc').length === 1)
    assert.equal(byRel(json, 'conformance')[0].href, `${root}/conformance`)
    assert.equal(byRel(json, 'data')[0].href, `${root}/collections`)
  }],
  ['api-definition-op', async ({ path, get }) => {
    const { json } = await get('/ogc')
    for (const rel of ['service-desc', 'service-doc']) {
      const [link] = byRel(json, rel), answer = await get(path(link.href))
      assert.equal(answer.status, 200)
      assert.equal(answer.headers['content-type'].replace('; charset=utf-8', ''), link.type)
    }
  }],
  ['api-definition-success', async ({ api }) => assert.equal((await new Validator().validate(structuredClone(api))).valid, true)],
  ['conformance-op', async ({ get }) => assert.equal((await get('/ogc/conformance')).status, 200)],
  ['conformance-success', async ({ get, conforms }) => {
    const { json } = await get('/ogc/conformance')
    conforms(json, 'confClasses')
    assert.deepEqual(json.conformsTo.map((uri) => uri.split('/spec/ogcapi-features-')[1]).sort(),
      ['1/1.0/conf/core', '1/1.0/conf/geojson', '1/1.0/conf/html', '1/1.0/conf/oas30', '2/1.0/conf/crs'])
  }],
  ['fc-md-op', async ({ get }) => assert.equal((await get('/ogc/collections')).status, 200)],
  ['fc-md-success', async ({ get, conforms }) => {
    const { json } = await get('/ogc/collections')
    conforms(json, 'collections')
    for (const c of json.collections) assert.equal(c.crs[0], crs84)
  }],
  ['fc-md-links', async ({ get }) => linked((await get('/ogc/collections')).json, docTypes, 'application/json')],
  ['fc-md-items', async ({ get }) => assert.deepEqual((await get('/ogc/collections')).json.collections.map((c) => c.id), collections)],
  ['fc-md-items-links', async ({ path, get }) => {
    for (const c of (await get('/ogc/collections')).json.collections) {
      linked(c, docTypes, 'application/json')
      assert.deepEqual(byRel(c, 'items').map((l) => l.type).sort(), itemTypes)
      for (const link of byRel(c, 'items')) assert.equal((await get(path(link.href), { Accept: link.type })).type, link.type)
    }
  }],
  ['fc-md-extent', async ({ get, every }) => {
    for (const c of (await get('/ogc/collections')).json.collections) {
      const [w, s, e, n] = c.extent.spatial.bbox[0]
      for (const f of every[c.id])
        for (const [lon, lat] of points(f.geometry)) assert.ok(lon >= w && lon <= e && lat >= s && lat <= n, `${c.id} ${lon} ${lat}`)
    }
  }],
  ['sfc-md-op', async ({ get }) => {
    for (const id of collections) assert.equal((await get(`/ogc/collections/${id}`)).status, 200)
    refused(await get('/ogc/collections/roads'), 404, 'collection')
  }],
  ['sfc-md-success', async ({ get, conforms }) => {
    for (const listed of (await get('/ogc/collections')).json.collections) {
      const { json } = await get(`/ogc/collections/${listed.id}`)
      conforms(json, 'collection')
      linked(json, docTypes, 'application/json')
      assert.deepEqual({ ...json, links: 0 }, { ...listed, links: 0 })
    }
  }],
  ['fc-op', async ({ get, total, page, every }) => {
    for (const id of collections) {
      const json = await page(id, {})
      assert.equal(json.numberMatched, total[id])
      const box = [...at(0, 0), ...at(3, 3)], both = await page(id, { bbox: box, datetime: '2024-05-01T00:00:00Z/..', limit: 1000 })
      const inBox = new Set(ids((await page(id, { bbox: box, limit: 1000 })).features))
      const inTime = new Set(ids((await page(id, { datetime: '2024-05-01T00:00:00Z/..', limit: 1000 })).features))
      assert.deepEqual(ids(both.features), ids(every[id]).filter((x) => inBox.has(x) && inTime.has(x)))
      assert.ok(both.features.length > 0 && both.features.length < json.numberMatched)
    }
    refused(await get('/ogc/collections/roads/items'), 404, 'collection')
  }],
  ['fc-bbox-definition', async ({ api }) => {
    const { schema, style, explode } = api.components.parameters.bbox
    assert.deepEqual([schema.type, schema.items, schema.oneOf, style, explode],
      ['array', { type: 'number' }, [{ minItems: 4, maxItems: 4 }, { minItems: 6, maxItems: 6 }], 'form', false])
  }],
  ['fc-bbox-response', async ({ areas, page, every }) => {
    let some = 0
    for (const [x0, y0, x1, y1] of [[0.1, 0.1, 2.2, 3.3], [1, 1, 1, 1], [-0.5, 2.05, 6, 2.06], [0, 0, 6, 6], [50, 50, 60, 60]]) {
      const [w, s] = at(x0, y0), [e, n] = at(x1, y1), slack = 1e-9
      for (const box of [[w - slack, s - slack, e + slack, n + slack], [w - slack, s - slack, -50, e + slack, n + slack, 9000]]) {
        const json = await page('places', { bbox: box, limit: 1000 })
        const wanted = every.places.filter(({ geometry: { coordinates: [lon, lat] } }) =>
          lon >= w - slack && lon <= e + slack && lat >= s - slack && lat <= n + slack)
        assert.deepEqual(ids(json.features), ids(wanted))
        some += wanted.length
      }
    }
    assert.ok(some > 50, some)
    const met = async (...corners) => (await page('areas', { bbox: corners.flatMap(([x, y]) => at(x, y)) })).features.map((f) => f.properties.name)
    assert.deepEqual(await met([5, 5], [6, 6]), ['测试区', '东街道'])
    assert.deepEqual(await met([-1.5, 2], [-1.4, 3]), [], 'within the hole of the frame')
    assert.deepEqual(await met([-5, -5], [-3, -3]), ['框'])
    assert.deepEqual(await met([26, 6], [29, 9]), [], 'within the box of the slope alone')
    assert.deepEqual(await met([24, 4], [29, 9]), ['坡'])
    assert.deepEqual((await met([-9, -9], [40, 40])).length, areas)
  }],
  ['fc-limit-definition', async ({ api }) => {
    const { schema } = api.components.parameters.limit
    assert.deepEqual([schema.type, schema.minimum, schema.default, schema.maximum], ['integer', 1, 100, 10000])
  }],
  ['fc-limit-response', async ({ total, page }) => {
    for (const id of collections)
      for (const limit of [1, 3, 10, 10000, 10001, 999999999]) {
        const json = await page(id, { limit })
        assert.equal(json.features.length, Math.min(limit, total[id]))
        assert.equal(byRel(json, 'next').length, limit < total[id] ? 1 : 0)
      }
  }],
  ['fc-time-definition', async ({ api }) => assert.equal(api.components.parameters.datetime.schema.type, 'string')],
  ['fc-time-response', async ({ areas, total, page }) => {
    const times = Object.values(confirmed).map(Date.parse), untimed = total.places - times.length
    const rows = [
      ['2024-06-01T00:00:00Z', 1], ['2024-06-01T08:00:00+08:00', 1], ['2024-06-01T00:00:01Z', 0], ['2024-03-01T00:00:00Z/2024-12-31T00:00:00Z', 2],
      ['2024-06-01T00:00:00Z/2025-01-01T12:30:00Z', 2], ['../2024-06-01T00:00:00Z', 2], ['/2024-05-31T23:59:59Z', 1],
      ['2024-06-01T00:00:00Z/..', 2], ['2025-01-01T12:30:00.001Z/', 0], ['1850-01-01T00:00:00Z/..', 3], ['../1850-01-01T00:00:00Z', 0],
    ]
    for (const [datetime, timed] of rows) {
      const json = await page('places', { datetime, limit: 1000 })
      assert.equal(json.numberMatched, untimed + timed, datetime)
      assert.equal(json.features.filter((f) => f.properties.confirmed_at).length, timed, datetime)
      assert.equal((await page('areas', { datetime })).numberMatched, areas)
    }
  }],
  ['query-param-invalid', async ({ get, items }) => {
    const rows = [
      ['limit', '0'], ['limit', '-1'], ['limit', 'x'], ['limit', ''], ['offset', '-1'], ['cursor', 'zzz'],
      ['bbox', '1,2,3'], ['bbox', '1,2,3,4,5'], ['bbox', '1,2,3,x'], ['bbox', ''], ['bbox', '1,5,3,4'], ['bbox', '-190,0,10,10'], ['bbox', '0,0,10,160'],
      ['bbox', '1,2,9,3,4,5'], ['bbox', '1,2,3,4,5,6,7'], ['bbox', 'NaN,0,1,1'], ['bbox-crs', 'EPSG:4326'], ['bbox-crs', epsg(2154)],
      ['crs', 'wgs84'], ['crs', ''], ['crs', epsg(1)], ['crs', epsg(4535)], ['f', 'xml'], ['lang', 'de'], ['name', undefined],
      ['datetime', ''], ['datetime', '2024'], ['datetime', '2024-13-01T00:00:00Z'], ['datetime', '2024-02-30T00:00:00Z'], ['datetime', '2024-06-01T00:00:00'],
      ['datetime', '../..'], ['datetime', '/'], ['datetime', '..'], ['datetime', '2025-01-01T00:00:00Z/2024-01-01T00:00:00Z'],
      ['datetime', '2024-01-01T00:00:00Z/2024-02-01T00:00:00Z/2024-03-01T00:00:00Z'], ['datetime', 'x/..'],
    ]
    for (const id of collections)
      for (const [name, value] of rows)
        if (value !== undefined) refused(await items(id, { [name]: value }), 400, name)
    for (const [id, name, value] of [['places', 'category', 'castle'], ['places', 'category', ''], ['places', 'amenities', 'gold'],
      ['areas', 'level', 'x'], ['areas', 'parent_id', '-1']]) refused(await items(id, { [name]: value }), 400, name)
    refused(await items('places', { cursor: '0'.repeat(32), offset: 3 }), 400, 'offset')
    refused(await items('places', { bbox: '2e7,0,1e7,1', 'bbox-crs': epsg(3857) }), 400, 'bbox')
    refused(await get('/ogc?f=geojson'), 400, 'f')
    refused(await get('/ogc/collections/places/items/1?crs=x'), 400, 'crs')
  }],
  ['query-param-unknown', async ({ get, items }) => {
    for (const p of ['/ogc', '/ogc/api', '/ogc/conformance', '/ogc/collections', '/ogc/collections/places', '/ogc/collections/areas/queryables',
      '/ogc/collections/places/items', '/ogc/collections/areas/items', '/ogc/collections/places/items/1'])
      refused(await get(`${p}?unknown=1`), 400, 'unknown')
    for (const [id, name] of [['places', 'level'], ['places', 'code'], ['areas', 'category'], ['areas', 'source']])
      refused(await items(id, { [name]: '1' }), 400, name)
    refused(await get('/ogc/collections/places/items/1?limit=1'), 400, 'limit')
  }],
  ['fc-response', async ({ page, every }) => {
    for (const id of collections) {
      const json = await page(id, { limit: 1000 })
      assert.equal(json.type, 'FeatureCollection')
      assert.deepEqual(ids(json.features), ids(every[id]))
    }
  }],
  ['fc-links', async ({ root, path, get, page }) => {
    for (const id of collections) {
      const json = await page(id, { limit: 2 })
      linked(json, itemTypes, 'application/geo+json')
      assert.deepEqual((await get(path(byRel(json, 'self')[0].href))).json.features, json.features)
      assert.equal(byRel(json, 'collection')[0].href, `${root}/collections/${id}`)
    }
  }],
  ['fc-timeStamp', async ({ page }) => {
    const before = Date.now(), { timeStamp } = await page('places', {})
    assert.ok(Date.parse(timeStamp) >= before - 1000 && Date.parse(timeStamp) <= Date.now() + 1000)
  }],
  ['fc-numberMatched', async ({ path, get, page, all }) => {
    for (const id of collections)
      for (const parameters of [{}, { bbox: [...at(0, 0), ...at(2, 2)] }, { name: '点9' }, { datetime: '2024-06-01T00:00:00Z' }])
        for (const limit of [1, 7, 1000]) {
          const first = await page(id, { ...parameters, limit })
          assert.equal(first.numberMatched, (await all(id, { ...parameters, limit })).length)
          const next = byRel(first, 'next')[0]
          if (next) assert.equal((await get(path(next.href))).json.numberMatched, first.numberMatched, 'the same on every page')
        }
  }],
  ['fc-numberReturned', async ({ page }) => {
    for (const limit of [1, 5, 500]) for (const id of collections) await page(id, { limit }) // page() holds it
  }],
  ['f-op', async ({ get, every }) => {
    for (const id of collections)
      for (const f of every[id].slice(0, 12)) {
        const { status, json } = await get(`/ogc/collections/${id}/items/${f.id}`)
        assert.equal(status, 200)
        assert.deepEqual({ ...json, links: undefined }, { ...f, links: undefined })
      }
    for (const id of ['0', '-1', 'abc', '99999999', '1e3', '9'.repeat(40)]) refused(await get(`/ogc/collections/places/items/${id}`), 404, 'feature')
  }],
  ['f-success', async ({ get, conforms, every }) => {
    for (const id of collections) conforms((await get(`/ogc/collections/${id}/items/${every[id][0].id}`)).json, 'featureGeoJSON')
  }],
  ['f-links', async ({ root, get, every }) => {
    for (const id of collections) {
      const { json } = await get(`/ogc/collections/${id}/items/${every[id][0].id}`)
      linked(json, itemTypes, 'application/geo+json')
      assert.equal(byRel(json, 'collection')[0].href, `${root}/collections/${id}`)
    }
  }],
])
