// The abstract tests of OGC API – Features: 17-069r4, annex A (Core, GeoJSON, HTML, OpenAPI 3.0) and 18-058r1, annex A (Coordinate
// Reference Systems by Reference), by their names, in the order of the annex within each conformance class.
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import { Validator } from '@seriousme/openapi-schema-validator'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, at, get as fetchPlain, raw, refused } from './harness.mjs'
import { confirmed, hostile, serveCity } from './ogc-city.mjs'
import { project } from './ogc-project.mjs'

const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
const epsg = (code) => `http://www.opengis.net/def/crs/EPSG/0/${code}`
const collections = ['places', 'areas']
const q = (parameters) => new URLSearchParams(parameters).toString()
const byRel = (doc, rel, type) => doc.links.filter((l) => l.rel === rel && (!type || l.type === type))
const points = (geometry) => geometry.type === 'Point' ? [geometry.coordinates] : geometry.coordinates.flat(2)

test('abstract tests of OGC API – Features', async (t) => {
  const { server, count, areas } = await serveCity(t)
  const root = `http://127.0.0.1:${server.port}/ogc`
  const path = (href) => href.replace(`http://127.0.0.1:${server.port}`, '')
  const get = (p, headers = {}) => fetchPlain(server, p, { headers: { Connection: 'close', ...headers } })
  const items = async (id, parameters = {}, headers) => get(`/ogc/collections/${id}/items?${q(parameters)}`, headers)
  const total = { places: count, areas }

  // What the API document says, to hold every answer against.
  const api = (await get('/ogc/api')).json
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema(api, 'api')
  const conforms = (json, schema) => {
    const validate = ajv.compile({ $ref: `api#/components/schemas/${schema}` })
    assert.ok(validate(json), `${schema}: ${ajv.errorsText(validate.errors)}`)
  }
  const linked = (doc, types, self) => {
    assert.ok(doc.links.every((l) => l.href && l.rel && l.type && l.title), JSON.stringify(doc.links))
    assert.equal(byRel(doc, 'self').length, 1)
    assert.equal(byRel(doc, 'self')[0].type, self)
    assert.deepEqual(byRel(doc, 'alternate').map((l) => l.type).sort(), types.filter((x) => x !== self).sort())
  }
  const docTypes = ['application/json', 'text/html'], itemTypes = ['application/geo+json', 'text/html']
  const page = async (id, parameters) => {
    const answer = await items(id, parameters)
    assert.equal(answer.status, 200, answer.text)
    conforms(answer.json, 'featureCollectionGeoJSON')
    assert.equal(answer.json.numberReturned, answer.json.features.length)
    return answer.json
  }
  const all = async (id, parameters) => {
    const features = []
    for (let next = `/ogc/collections/${id}/items?${q(parameters)}`, pages = 0; next; pages++) {
      const { json } = await get(next)
      features.push(...json.features)
      next = byRel(json, 'next')[0] && path(byRel(json, 'next')[0].href)
      assert.ok(pages < 200)
    }
    return features
  }
  const every = { places: await all('places', {}), areas: await all('areas', {}) }
  const ids = (features) => features.map((f) => f.id)

  const core = [
    ['http', async () => {
      const said = await raw(server, 'GET /ogc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      assert.match(said, /^HTTP\/1\.1 200 OK\r\n/)
      for (const p of ['/ogc', '/ogc/', '/ogc/api', '/ogc/conformance', '/ogc/collections', '/ogc/collections/areas/items?limit=2']) {
        const head = await ask(server, 'HEAD', p)
        assert.deepEqual([head.status, head.bytes.length], [200, 0], p)
        refused(await ask(server, 'DELETE', p, { check: false }), 405)
      }
    }],
    ['crs84', async () => {
      for (const id of collections)
        for (const f of every[id])
          for (const [lon, lat] of points(f.geometry)) assert.ok(lon > 116 && lon < 117 && lat > 39 && lat < 40)
      assert.deepEqual(every.places.find((f) => f.properties.source === 'places:a').geometry.coordinates, at(1, 1).map((v) => +v.toFixed(7)))
    }],
    ['root-op', async () => {
      for (const p of ['/ogc', '/ogc/']) assert.equal((await get(p)).status, 200)
    }],
    ['root-success', async () => {
      const { json } = await get('/ogc')
      conforms(json, 'landingPage')
      linked(json, docTypes, 'application/json')
      assert.ok(byRel(json, 'service-desc').length === 1 && byRel(json, 'service-doc').length === 1)
      assert.equal(byRel(json, 'conformance')[0].href, `${root}/conformance`)
      assert.equal(byRel(json, 'data')[0].href, `${root}/collections`)
    }],
    ['api-definition-op', async () => {
      const { json } = await get('/ogc')
      for (const rel of ['service-desc', 'service-doc']) {
        const [link] = byRel(json, rel), answer = await get(path(link.href))
        assert.equal(answer.status, 200)
        assert.equal(answer.headers['content-type'].replace('; charset=utf-8', ''), link.type)
      }
    }],
    ['api-definition-success', async () => assert.equal((await new Validator().validate(structuredClone(api))).valid, true)],
    ['conformance-op', async () => assert.equal((await get('/ogc/conformance')).status, 200)],
    ['conformance-success', async () => {
      const { json } = await get('/ogc/conformance')
      conforms(json, 'confClasses')
      assert.deepEqual(json.conformsTo.map((uri) => uri.split('/spec/ogcapi-features-')[1]).sort(),
        ['1/1.0/conf/core', '1/1.0/conf/geojson', '1/1.0/conf/html', '1/1.0/conf/oas30', '2/1.0/conf/crs'])
    }],
    ['fc-md-op', async () => assert.equal((await get('/ogc/collections')).status, 200)],
    ['fc-md-success', async () => {
      const { json } = await get('/ogc/collections')
      conforms(json, 'collections')
      for (const c of json.collections) assert.equal(c.crs[0], crs84)
    }],
    ['fc-md-links', async () => linked((await get('/ogc/collections')).json, docTypes, 'application/json')],
    ['fc-md-items', async () => assert.deepEqual((await get('/ogc/collections')).json.collections.map((c) => c.id), collections)],
    ['fc-md-items-links', async () => {
      for (const c of (await get('/ogc/collections')).json.collections) {
        linked(c, docTypes, 'application/json')
        assert.deepEqual(byRel(c, 'items').map((l) => l.type).sort(), itemTypes)
        for (const link of byRel(c, 'items')) assert.equal((await get(path(link.href), { Accept: link.type })).type, link.type)
      }
    }],
    ['fc-md-extent', async () => {
      for (const c of (await get('/ogc/collections')).json.collections) {
        const [w, s, e, n] = c.extent.spatial.bbox[0]
        for (const f of every[c.id])
          for (const [lon, lat] of points(f.geometry)) assert.ok(lon >= w && lon <= e && lat >= s && lat <= n, `${c.id} ${lon} ${lat}`)
      }
    }],
    ['sfc-md-op', async () => {
      for (const id of collections) assert.equal((await get(`/ogc/collections/${id}`)).status, 200)
      refused(await get('/ogc/collections/roads'), 404, 'collection')
    }],
    ['sfc-md-success', async () => {
      for (const listed of (await get('/ogc/collections')).json.collections) {
        const { json } = await get(`/ogc/collections/${listed.id}`)
        conforms(json, 'collection')
        linked(json, docTypes, 'application/json')
        assert.deepEqual({ ...json, links: 0 }, { ...listed, links: 0 })
      }
    }],
    ['fc-op', async () => {
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
    ['fc-bbox-definition', async () => {
      const { schema, style, explode } = api.components.parameters.bbox
      assert.deepEqual([schema.type, schema.items, schema.oneOf, style, explode],
        ['array', { type: 'number' }, [{ minItems: 4, maxItems: 4 }, { minItems: 6, maxItems: 6 }], 'form', false])
    }],
    ['fc-bbox-response', async () => {
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
    ['fc-limit-definition', async () => {
      const { schema } = api.components.parameters.limit
      assert.deepEqual([schema.type, schema.minimum, schema.default, schema.maximum], ['integer', 1, 100, 10000])
    }],
    ['fc-limit-response', async () => {
      for (const id of collections)
        for (const limit of [1, 3, 10, 10000, 10001, 999999999]) {
          const json = await page(id, { limit })
          assert.equal(json.features.length, Math.min(limit, total[id]))
          assert.equal(byRel(json, 'next').length, limit < total[id] ? 1 : 0)
        }
    }],
    ['fc-time-definition', async () => assert.equal(api.components.parameters.datetime.schema.type, 'string')],
    ['fc-time-response', async () => {
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
    ['query-param-invalid', async () => {
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
    ['query-param-unknown', async () => {
      for (const p of ['/ogc', '/ogc/api', '/ogc/conformance', '/ogc/collections', '/ogc/collections/places', '/ogc/collections/areas/queryables',
        '/ogc/collections/places/items', '/ogc/collections/areas/items', '/ogc/collections/places/items/1'])
        refused(await get(`${p}?unknown=1`), 400, 'unknown')
      for (const [id, name] of [['places', 'level'], ['places', 'code'], ['areas', 'category'], ['areas', 'source']])
        refused(await items(id, { [name]: '1' }), 400, name)
      refused(await get('/ogc/collections/places/items/1?limit=1'), 400, 'limit')
    }],
    ['fc-response', async () => {
      for (const id of collections) {
        const json = await page(id, { limit: 1000 })
        assert.equal(json.type, 'FeatureCollection')
        assert.deepEqual(ids(json.features), ids(every[id]))
      }
    }],
    ['fc-links', async () => {
      for (const id of collections) {
        const json = await page(id, { limit: 2 })
        linked(json, itemTypes, 'application/geo+json')
        assert.deepEqual((await get(path(byRel(json, 'self')[0].href))).json.features, json.features)
        assert.equal(byRel(json, 'collection')[0].href, `${root}/collections/${id}`)
      }
    }],
    ['fc-timeStamp', async () => {
      const before = Date.now(), { timeStamp } = await page('places', {})
      assert.ok(Date.parse(timeStamp) >= before - 1000 && Date.parse(timeStamp) <= Date.now() + 1000)
    }],
    ['fc-numberMatched', async () => {
      for (const id of collections)
        for (const parameters of [{}, { bbox: [...at(0, 0), ...at(2, 2)] }, { name: '点9' }, { datetime: '2024-06-01T00:00:00Z' }])
          for (const limit of [1, 7, 1000]) {
            const first = await page(id, { ...parameters, limit })
            assert.equal(first.numberMatched, (await all(id, { ...parameters, limit })).length)
            const next = byRel(first, 'next')[0]
            if (next) assert.equal((await get(path(next.href))).json.numberMatched, first.numberMatched, 'the same on every page')
          }
    }],
    ['fc-numberReturned', async () => {
      for (const limit of [1, 5, 500]) for (const id of collections) await page(id, { limit }) // page() holds it
    }],
    ['f-op', async () => {
      for (const id of collections)
        for (const f of every[id].slice(0, 12)) {
          const { status, json } = await get(`/ogc/collections/${id}/items/${f.id}`)
          assert.equal(status, 200)
          assert.deepEqual({ ...json, links: undefined }, { ...f, links: undefined })
        }
      for (const id of ['0', '-1', 'abc', '99999999', '1e3', '9'.repeat(40)]) refused(await get(`/ogc/collections/places/items/${id}`), 404, 'feature')
    }],
    ['f-success', async () => {
      for (const id of collections) conforms((await get(`/ogc/collections/${id}/items/${every[id][0].id}`)).json, 'featureGeoJSON')
    }],
    ['f-links', async () => {
      for (const id of collections) {
        const { json } = await get(`/ogc/collections/${id}/items/${every[id][0].id}`)
        linked(json, itemTypes, 'application/geo+json')
        assert.equal(byRel(json, 'collection')[0].href, `${root}/collections/${id}`)
      }
    }],
  ]

  const geojson = [
    ['definition', async () => {
      for (const [p, item] of Object.entries(api.paths))
        if (/\/items/.test(p)) assert.ok(item.get.responses['200'].content['application/geo+json'], p)
      for (const id of collections) {
        assert.equal((await items(id, {}, { Accept: 'application/geo+json' })).type, 'application/geo+json')
        assert.equal((await items(id, { f: 'geojson' })).type, 'application/geo+json')
        assert.equal((await items(id, { f: 'json' }, { Accept: 'text/html' })).type, 'application/geo+json', 'f goes before Accept')
        assert.equal((await items(id, {}, { Accept: 'application/json' })).type, 'application/json')
        assert.equal((await items(id, {}, { Accept: '*/*' })).type, 'application/geo+json')
        refused(await items(id, {}, { Accept: 'application/gml+xml' }), 406, 'Accept')
      }
    }],
    ['content', async () => {
      const area = (ring) => ring.slice(1).reduce((sum, p, i) => sum + ring[i][0] * p[1] - p[0] * ring[i][1], 0)
      for (const f of every.areas)
        for (const polygon of f.geometry.coordinates)
          polygon.forEach((ring, i) => {
            assert.deepEqual(ring[0], ring.at(-1))
            assert.equal(area(ring) > 0, i === 0, 'shells turn left, holes right')
          })
      assert.equal(every.areas.find((f) => f.properties.name === '框').geometry.coordinates[0].length, 2)
      assert.ok(every.places.every((f) => f.geometry.type === 'Point' && f.properties.category))
      assert.equal(every.places.filter((f) => f.properties.name === hostile).length, 1)
    }],
  ]

  const htmlPaths = ['/ogc', '/ogc/', '/ogc/api', '/ogc/conformance', '/ogc/collections', '/ogc/collections/places', '/ogc/collections/areas',
    '/ogc/collections/places/queryables', '/ogc/collections/places/items', '/ogc/collections/areas/items',
    `/ogc/collections/places/items/${every.places.find((f) => f.properties.name === hostile).id}`, `/ogc/collections/areas/items/${every.areas[0].id}`]
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  const html = [
    ['definition', async () => {
      for (const p of htmlPaths) {
        for (const answer of [await get(p, { Accept: browser }), await get(`${p}?f=html`)]) {
          assert.equal(answer.status, 200, p)
          assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8')
        }
      }
      for (const item of Object.values(api.paths)) assert.ok(item.get.responses['200'].content['text/html'])
    }],
    ['content', async () => {
      for (const p of htmlPaths)
        for (const lang of ['zh', 'en']) {
          const { text, headers } = await get(p, { Accept: browser, 'Accept-Language': lang })
          assert.match(text, /^<!doctype html>\n<html lang="(zh-CN|en)">/)
          assert.equal(headers['content-language'], lang)
          assert.match(headers['content-security-policy'], /default-src 'self'/)
          assert.ok(!/<script|<style|style="|onerror="|javascript:/i.test(text), `${p} has something to run or to load`)
          assert.deepEqual([...text.matchAll(/<link[^>]*>/g)].length, 1)
          assert.match(new URL(/<link rel="stylesheet" href="([^"]+)"/.exec(text)[1], `http://127.0.0.1${p}`).href, /^http:\/\/127\.0\.0\.1\/ogc\/style\.css$/)
          // Every tag that is opened is closed, and in that order.
          const open = []
          for (const [, end, tag] of text.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
            if (['meta', 'link'].includes(tag)) continue
            if (!end) open.push(tag)
            else assert.equal(open.pop(), tag, p)
          }
          assert.deepEqual(open, [], p)
          // All that the JSON document says is on the page: texts, and the links.
          const { json } = await get(p, { 'Accept-Language': lang })
          const unescaped = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
          if (p !== '/ogc/api') {
            for (const value of [json.title, json.description, ...(json.conformsTo ?? []), ...(json.crs ?? []), json.numberMatched,
              ...(json.features ?? [json]).flatMap((f) => [f.id, f.properties?.name])])
              if (value && typeof value !== 'object') assert.ok(unescaped.includes(String(value)), `${p}: ${value}`)
            for (const link of json.links ?? []) assert.ok(text.includes(`<a rel="${link.rel}" href=`), `${p}: ${link.rel}`)
          }
        }
      const style = await get('/ogc/style.css')
      assert.equal(style.type, 'text/css')
    }],
  ]

  const oas30 = [
    ['completeness', async () => {
      for (const [p, { get: operation }] of Object.entries(api.paths))
        for (const status of ['200', '400', ...(/items|collections\/./.test(p) ? ['404'] : []), '406', '500'])
          assert.ok(operation.responses[status], `${p} ${status}`)
    }],
    ['exception-codes', async () => {
      for (const answer of [await get('/ogc?x=1'), await get('/ogc/collections/none'), await get('/ogc', { Accept: 'image/png' })])
        conforms(answer.json, 'exception')
    }],
    ['definition-1', async () => {
      const [link] = byRel((await get('/ogc')).json, 'service-desc')
      assert.equal(link.type, 'application/vnd.oai.openapi+json;version=3.0')
      assert.equal((await get(path(link.href), { Accept: link.type })).headers['content-type'], link.type)
    }],
    ['definition-2', async () => {
      assert.equal(api.openapi, '3.0.3')
      const checked = await new Validator().validate(structuredClone(api))
      assert.equal(checked.valid, true, JSON.stringify(checked.errors))
      const operations = Object.values(api.paths).map((item) => item.get.operationId)
      assert.equal(new Set(operations).size, operations.length)
    }],
    ['oas-impl', async () => {
      // Every path answers, and takes every parameter that it says it takes, and no other.
      const values = { f: 'json', lang: 'en', crs: crs84, 'bbox-crs': crs84, bbox: '116,39,117,40', datetime: '2024-01-01T00:00:00Z', limit: '3', offset: '1',
        category: 'toilet', amenities: 'water', name: 'x', name_en: 'x', source: 'x', code: 'x', level: '6', parent_id: '1',
        cursor: '0'.repeat(32) }
      const resolve = ({ $ref }) => $ref.slice(2).split('/').reduce((node, key) => node[key], api)
      const taken = new Set()
      for (const [p, { get: operation }] of Object.entries(api.paths)) {
        const concrete = new URL(api.servers[0].url).pathname + p.replace('{feature}', '1')
        const parameters = operation.parameters.map(resolve).filter((x) => x.in === 'query').map((x) => x.name)
        for (const name of parameters) {
          const answer = await get(`${concrete}?${q({ [name]: values[name] })}`)
          assert.equal(answer.status, 200, `${concrete} ${name}: ${answer.text}`)
          taken.add(name)
        }
        for (const name of Object.keys(values).filter((x) => !parameters.includes(x)))
          refused(await get(`${concrete}?${q({ [name]: values[name] })}`), 400, name)
      }
      assert.deepEqual([...taken].sort(), Object.keys(values).sort())
    }],
    ['security', async () => assert.ok(!api.security && !api.components.securitySchemes, 'nothing to sign in for')],
  ]

  const near = (a, b, slack) => a.every((v, i) => Math.abs(v - b[i]) <= slack)
  const crs = [
    ['crs-uri', async () => {
      for (const c of (await get('/ogc/collections')).json.collections) {
        for (const uri of [...c.crs, c.storageCrs])
          assert.match(uri, /^http:\/\/www\.opengis\.net\/def\/crs\/(OGC\/1\.3\/CRS84|EPSG\/0\/\d{4,5})$/)
        for (const code of [4326, 4490, 3857, 4547, 4548, 32650]) assert.ok(c.crs.includes(epsg(code)), `${c.id} ${code}`)
      }
    }],
    ['default-crs', async () => {
      for (const id of collections) assert.equal((await get(`/ogc/collections/${id}`)).json.crs[0], crs84)
    }],
    ['storageCrs', async () => {
      for (const c of (await get('/ogc/collections')).json.collections) assert.ok(c.crs.includes(c.storageCrs))
    }],
    ['crs-parameter', async () => {
      for (const id of collections)
        for (const uri of (await get(`/ogc/collections/${id}`)).json.crs)
          for (const p of [`/ogc/collections/${id}/items`, `/ogc/collections/${id}/items/${every[id][0].id}`]) {
            const answer = await get(`${p}?${q({ crs: uri })}`)
            assert.equal(answer.status, 200, answer.text)
            assert.equal(answer.headers['content-crs'], `<${uri}>`)
          }
    }],
    ['crs-parameter-invalid', async () => {
      for (const id of collections)
        for (const p of [`/ogc/collections/${id}/items`, `/ogc/collections/${id}/items/${every[id][0].id}`])
          refused(await get(`${p}?${q({ crs: epsg(27700) })}`), 400, 'crs')
    }],
    ['crs-parameter-default', async () => {
      for (const id of collections)
        for (const p of [`/ogc/collections/${id}/items`, `/ogc/collections/${id}/items/${every[id][0].id}`])
          assert.equal((await get(p)).headers['content-crs'], `<${crs84}>`)
    }],
    ['crs-parameter-transform', async () => {
      for (const id of collections)
        for (const uri of (await get(`/ogc/collections/${id}`)).json.crs) {
          const { features } = await page(id, { crs: uri, limit: 1000 })
          const one = (await get(`/ogc/collections/${id}/items/${features[0].id}?${q({ crs: uri })}`)).json
          assert.deepEqual(one.geometry, features[0].geometry)
          features.forEach((f, i) => points(f.geometry).forEach((p, k) => {
            const [wanted, slack] = project(uri, points(every[id][i].geometry)[k])
            assert.ok(near(p, wanted, slack), `${uri}: ${p} is not ${wanted}`)
          }))
        }
    }],
    ['bbox-crs-parameter', async () => {
      for (const uri of (await get('/ogc/collections/places')).json.crs) {
        const [low] = project(uri, at(0.9, 0.9)), [high] = project(uri, at(3.1, 4.1))
        const json = await page('places', { bbox: [...low, ...high], 'bbox-crs': uri, limit: 1000 })
        const inside = (f) => project(uri, f.geometry.coordinates)[0].every((v, i) => v >= low[i] && v <= high[i])
        assert.deepEqual(ids(json.features), ids(every.places.filter(inside)), uri)
        assert.ok(json.features.length > 5 && json.features.length < count)
        assert.ok(json.features.every((f) => f.geometry.coordinates[0] > 116 && f.geometry.coordinates[0] < 117), 'in the default system')
      }
    }],
    ['bbox-crs-parameter-invalid', async () => {
      for (const id of collections) refused(await items(id, { bbox: '0,0,1,1', 'bbox-crs': epsg(27700) }), 400, 'bbox-crs')
    }],
    ['bbox-crs-parameter-default', async () => {
      const bbox = [...at(0.9, 0.9), ...at(3.1, 4.1)]
      for (const id of collections)
        assert.deepEqual((await page(id, { bbox })).features, (await page(id, { bbox, 'bbox-crs': crs84 })).features)
    }],
  ]

  for (const [name, tests] of Object.entries({ core, geojson, html, oas30, crs }))
    for (const [i, [id, check]] of tests.entries()) await t.test(`${name} ${i + 1} /conf/${name}/${id}`, check)

  await t.test('properties select, alone and together', async () => {
    const kept = async (id, parameters) => ids((await page(id, { ...parameters, limit: 1000 })).features)
    const plain = (id, keep) => ids(every[id].filter((f) => keep(f.properties)))
    assert.deepEqual(await kept('places', { category: 'toilet' }), plain('places', (p) => p.category === 'toilet'))
    assert.deepEqual(await kept('places', { category: 'toilet,fuel' }), plain('places', (p) => p.category !== 'rest_station'))
    assert.deepEqual(await kept('places', { amenities: 'water,wifi' }), plain('places', (p) => p.amenities.includes('water') && p.amenities.includes('wifi')))
    assert.deepEqual(await kept('places', { name: hostile }), plain('places', (p) => p.name === hostile))
    assert.deepEqual(await kept('places', { name_en: 'Point 8', category: 'rest_station' }), plain('places', (p) => p.name_en === 'Point 8'))
    assert.deepEqual(await kept('places', { source: 'places:p5' }), plain('places', (p) => p.source === 'places:p5'))
    assert.deepEqual(await kept('places', { name: '点' }), [])
    assert.deepEqual(await kept('areas', { level: 8 }), plain('areas', (p) => p.level === 8))
    assert.deepEqual(await kept('areas', { code: '110199001' }), plain('areas', (p) => p.code === '110199001'))
    const city = every.areas.find((f) => f.properties.level === 6)
    assert.deepEqual(await kept('areas', { parent_id: city.id, level: 8 }), plain('areas', (p) => p.parent_id === city.id && p.level === 8))
    for (const id of collections) {
      const answer = await get(`/ogc/collections/${id}/queryables`)
      assert.equal(answer.type, 'application/schema+json')
      const listed = api.paths[`/collections/${id}/items`].get.parameters.map((p) => p.$ref.split('/').at(-1))
      assert.ok(Object.keys(answer.json.properties).length >= 5 && Object.keys(answer.json.properties).every((name) => listed.includes(name)))
    }
  })
  await t.test('pages join without a gap, forwards, and backwards by their number', async () => {
    for (const id of collections)
      for (const parameters of [{}, { bbox: [...at(0, 0), ...at(4, 4)] }, { datetime: '2024-06-01T00:00:00Z/..' }]) {
        const whole = ids((await page(id, { ...parameters, limit: 1000 })).features)
        assert.deepEqual(ids(await all(id, { ...parameters, limit: 7 })), whole)
        for (const offset of [1, 9, whole.length - 1, whole.length, 5000])
          assert.deepEqual(ids((await page(id, { ...parameters, offset, limit: 4 })).features), whole.slice(offset, offset + 4))
        if (whole.length < 9) continue
        const second = (await get(path(byRel(await page(id, { ...parameters, limit: 4 }), 'next')[0].href))).json
        assert.deepEqual(ids(second.features), whole.slice(4, 8))
        const back = (await get(path(byRel(second, 'prev')[0].href))).json
        assert.deepEqual(ids(back.features), whole.slice(0, 4))
        assert.equal(byRel(back, 'prev').length, 0)
      }
    const html = await get('/ogc/collections/places/items?f=html&limit=5&lang=en')
    const next = /<a rel="next" href="([^"]+)"/.exec(html.text)[1].replaceAll('&amp;', '&')
    const second = await get(path(next))
    assert.equal(second.type, 'text/html')
    assert.match(second.text, /<a rel="prev"[^>]*>Previous page</)
    assert.match(second.headers.link, /rel="prev".*rel="next"|rel="next"/)
  })
  await t.test('documents can be asked for again, packed, and from any page', async () => {
    for (const p of ['/ogc', '/ogc/collections', `/ogc/collections/areas/items/${every.areas[0].id}`]) {
      const first = await get(p)
      assert.equal((await get(p, { 'If-None-Match': first.headers.etag })).status, 304)
      assert.equal(first.headers['access-control-allow-origin'], '*')
      assert.match(first.headers.vary, /Accept, Accept-Language/)
    }
    assert.equal((await items('places', {}, { 'Accept-Encoding': 'gzip' })).headers['content-encoding'], 'gzip')
    const exposed = await items('places', {}, { Origin: 'https://example.org' })
    assert.match(exposed.headers['access-control-expose-headers'], /Content-Crs/)
  })
  await t.test('a very long address gets its links, and no header that nobody takes', async () => {
    const answer = await items('places', { name: 'ü'.repeat(900), limit: 1 })
    assert.equal(answer.status, 200)
    assert.equal(answer.json.numberMatched, 0)
    assert.equal(answer.headers.link, undefined)
  })
})

test('features on both sides of the antimeridian, and outlines too large for one page', async (t) => {
  const { server, count, areas } = await serveCity(t, { wide: true, large: 12 })
  const get = async (parameters) => (await fetchPlain(server, `/ogc/collections/places/items?${q(parameters)}`)).json
  const names = async (parameters) => (await get(parameters)).features.map((f) => f.properties.name)
  assert.deepEqual(await names({ bbox: '179,-20,-179,-10' }), ['岛0', '岛1', '岛2', '岛3', '岛4'])
  assert.deepEqual(await names({ bbox: '-20,179,-10,-179', 'bbox-crs': epsg(4326) }), ['岛0', '岛1', '岛2', '岛3', '岛4'])
  assert.deepEqual(await names({ bbox: '179.6,-17,0,-179.5,-16,0' }), ['岛1', '岛2', '岛4'])
  assert.deepEqual(await names({ bbox: '-180,-20,-179,-10' }), ['岛2', '岛3'])
  const pages = []
  for (let offset = 0; offset < 6; offset += 2) pages.push(...(await names({ bbox: '179,-20,-179,-10', offset, limit: 2 })))
  assert.deepEqual(pages, ['岛0', '岛1', '岛2', '岛3', '岛4'])
  assert.equal((await get({ bbox: '179,-20,-179,-10', limit: 2 })).numberMatched, 5)
  assert.equal((await get({ limit: 1 })).numberMatched, count)
  const { crs } = (await fetchPlain(server, '/ogc/collections/places')).json
  assert.deepEqual(crs, [crs84, epsg(4326), epsg(4490), epsg(3857)], 'no zone holds all of them')
  for (const uri of crs) assert.equal((await get({ crs: uri, limit: 1000 })).numberReturned, count)

  // A page ends when it is large, whatever the limit; those that follow have the rest.
  const seen = []
  let pages_read = 0
  for (let next = '/ogc/collections/areas/items?limit=1000'; next; pages_read++) {
    const answer = await fetchPlain(server, next, { check: false })
    assert.ok(answer.bytes.length < 10 << 20, answer.bytes.length)
    assert.equal(answer.json.numberMatched, areas)
    assert.equal(answer.json.numberReturned, answer.json.features.length)
    seen.push(...answer.json.features.map((f) => f.id))
    const link = answer.json.links.find((l) => l.rel === 'next')
    next = link && new URL(link.href).pathname + new URL(link.href).search
  }
  assert.equal(pages_read, 2)
  assert.equal(new Set(seen).size, areas)
  const page = await fetchPlain(server, '/ogc/collections/areas/items?f=html')
  assert.ok(page.text.length < 1 << 20, 'a list in HTML has no outlines')
  assert.match(page.text, /大11/)
})
