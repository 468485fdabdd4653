// OGC API – Features, 17-069r4, annex A: the abstract tests of GeoJSON, HTML and OpenAPI 3.0, by their names.
import { Validator } from '@seriousme/openapi-schema-validator'
import assert from 'node:assert/strict'
import { refused } from './harness.mjs'
import { hostile } from './ogc-city.mjs'
import { byRel, collections, crs84, q, walk } from './ogc-reader.mjs'

walk('geojson', [
  ['definition', async ({ items, api }) => {
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
  ['content', async ({ every }) => {
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
])

const htmlPaths = (every) => ['/ogc', '/ogc/', '/ogc/api', '/ogc/conformance', '/ogc/collections', '/ogc/collections/places', '/ogc/collections/areas',
  '/ogc/collections/places/queryables', '/ogc/collections/places/items', '/ogc/collections/areas/items',
  `/ogc/collections/places/items/${every.places.find((f) => f.properties.name === hostile).id}`, `/ogc/collections/areas/items/${every.areas[0].id}`]
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

walk('html', [
  ['definition', async ({ get, api, every }) => {
    for (const p of htmlPaths(every)) {
      for (const answer of [await get(p, { Accept: browser }), await get(`${p}?f=html`)]) {
        assert.equal(answer.status, 200, p)
        assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8')
      }
    }
    for (const item of Object.values(api.paths)) assert.ok(item.get.responses['200'].content['text/html'])
  }],
  ['content', async ({ get, every }) => {
    for (const p of htmlPaths(every))
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
])

walk('oas30', [
  ['completeness', async ({ api }) => {
    for (const [p, { get: operation }] of Object.entries(api.paths))
      for (const status of ['200', '400', ...(/items|collections\/./.test(p) ? ['404'] : []), '406', '500'])
        assert.ok(operation.responses[status], `${p} ${status}`)
  }],
  ['exception-codes', async ({ get, conforms }) => {
    for (const answer of [await get('/ogc?x=1'), await get('/ogc/collections/none'), await get('/ogc', { Accept: 'image/png' })])
      conforms(answer.json, 'exception')
  }],
  ['definition-1', async ({ path, get }) => {
    const [link] = byRel((await get('/ogc')).json, 'service-desc')
    assert.equal(link.type, 'application/vnd.oai.openapi+json;version=3.0')
    assert.equal((await get(path(link.href), { Accept: link.type })).headers['content-type'], link.type)
  }],
  ['definition-2', async ({ api }) => {
    assert.equal(api.openapi, '3.0.3')
    const checked = await new Validator().validate(structuredClone(api))
    assert.equal(checked.valid, true, JSON.stringify(checked.errors))
    const operations = Object.values(api.paths).map((item) => item.get.operationId)
    assert.equal(new Set(operations).size, operations.length)
  }],
  ['oas-impl', async ({ get, api }) => {
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
  ['security', async ({ api }) => assert.ok(!api.security && !api.components.securitySchemes, 'nothing to sign in for')],
])
