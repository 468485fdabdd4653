// OGC API – Features beyond its abstract tests: filters, pages, packing, and what lies far apart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, get as fetchPlain } from './harness.mjs'
import { hostile, serveCity } from './ogc-city.mjs'
import { byRel, collections, crs84, epsg, ids, q, readCity } from './ogc-reader.mjs'

test('what every client of OGC API – Features meets', async (t) => {
  const { path, get, items, api, page, all, every } = await readCity(t)

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
