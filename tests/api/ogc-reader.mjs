// What the tests of OGC API – Features share: a city behind them, how its documents are read, and how the abstract tests of a
// conformance class are walked.
import Ajv from 'ajv'
import addFormats from 'ajv-formats'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { get as fetchPlain } from './harness.mjs'
import { serveCity } from './ogc-city.mjs'

export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
export const epsg = (code) => `http://www.opengis.net/def/crs/EPSG/0/${code}`
export const collections = ['places', 'areas']
export const docTypes = ['application/json', 'text/html'], itemTypes = ['application/geo+json', 'text/html']
export const q = (parameters) => new URLSearchParams(parameters).toString()
export const byRel = (doc, rel, type) => doc.links.filter((l) => l.rel === rel && (!type || l.type === type))
export const points = (geometry) => geometry.type === 'Point' ? [geometry.coordinates] : geometry.coordinates.flat(2)
export const ids = (features) => features.map((f) => f.id)

/** Fails unless a document's links are whole: itself, and the same as each of the other types. */
export const linked = (doc, types, self) => {
  assert.ok(doc.links.every((l) => l.href && l.rel && l.type && l.title), JSON.stringify(doc.links))
  assert.equal(byRel(doc, 'self').length, 1)
  assert.equal(byRel(doc, 'self')[0].type, self)
  assert.deepEqual(byRel(doc, 'alternate').map((l) => l.type).sort(), types.filter((x) => x !== self).sort())
}

/** Holds answers against what the API document says of them. */
function judge(api) {
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema(api, 'api')
  return (json, schema) => {
    const validate = ajv.compile({ $ref: `api#/components/schemas/${schema}` })
    assert.ok(validate(json), `${schema}: ${ajv.errorsText(validate.errors)}`)
  }
}

/** Serves a city, and gives the ways to read it. `page` gets one page of a collection, `all` every feature of it, page by page;
 *  `every` has them all. */
export async function readCity(t) {
  const { server, count, areas } = await serveCity(t)
  const root = `http://127.0.0.1:${server.port}/ogc`
  const path = (href) => href.replace(`http://127.0.0.1:${server.port}`, '')
  const get = (p, headers = {}) => fetchPlain(server, p, { headers: { Connection: 'close', ...headers } })
  const items = async (id, parameters = {}, headers) => get(`/ogc/collections/${id}/items?${q(parameters)}`, headers)
  const total = { places: count, areas }
  const api = (await get('/ogc/api')).json
  const conforms = judge(api)
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
  return { server, count, areas, root, path, get, items, total, api, conforms, page, all, every }
}

/** The abstract tests of one conformance class: `[id, check(city)]`, in the order of its annex. */
export function walk(name, tests) {
  test(`abstract tests of OGC API – Features, ${name}`, async (t) => {
    const city = await readCity(t)
    for (const [i, [id, check]] of tests.entries()) await t.test(`${name} ${i + 1} /conf/${name}/${id}`, () => check(city))
  })
}
