// Programs that speak OGC API – Features against this server: GDAL's OAPIF driver and Camptocamp's ogc-client must find what is there.
import { OgcApiEndpoint } from '@camptocamp/ogc-client'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { at, get } from '../api/harness.mjs'
import { confirmed, hostile, serveCity } from '../api/ogc-city.mjs'

const run = promisify(execFile)

/** What ogrinfo says of a layer: its count, and the features as it read them. */
async function ogrinfo(server, layer, ...words) {
  const { stdout, stderr } = await run('ogrinfo', [`OAPIF:http://127.0.0.1:${server.port}/ogc`, layer, ...words],
    { maxBuffer: 64 << 20, env: { ...process.env, OGR_CT_FORCE_TRADITIONAL_GIS_ORDER: 'NO' } })
  assert.equal(stderr, '')
  return {
    text: stdout,
    count: Number(/Feature Count: (\d+)/.exec(stdout)[1]),
    ids: [...stdout.matchAll(/^OGRFeature\(\w+\):(\d+)$/gm)].map((m) => Number(m[1])),
  }
}

test('GDAL opens the service and reads what is in it', { timeout: 300_000 }, async (t) => {
  const { server, count, areas } = await serveCity(t)
  const all = (await get(server, '/ogc/collections/places/items?limit=1000')).json.features
  const ids = (keep) => all.filter(keep).map((f) => f.id)
  const spat = (x0, y0, x1, y1) => ['-spat', ...at(x0, y0), ...at(x1, y1)].map(String)

  await t.test('both layers with their extent, and no complaint', async () => {
    const { stdout, stderr } = await run('ogrinfo', ['-so', `OAPIF:http://127.0.0.1:${server.port}/ogc/`])
    assert.equal(stderr, '')
    assert.match(stdout, /1: places \(title: 地点\)/)
    assert.match(stdout, /2: areas \(title: 行政区域\)/)
    const { text } = await ogrinfo(server, 'places', '-so')
    assert.match(text, /Extent: \(116\.3\d*, 39\.9\d*\) - \(116\.3\d*, 39\.9\d*\)/)
    assert.match(text, /Geometry: Point/)
    for (const field of ['name: String', 'category: String', 'amenities: StringList', 'confirmed_at: DateTime', 'source: String'])
      assert.ok(text.includes(field), `${field}\n${text}`)
    assert.match((await ogrinfo(server, 'areas', '-so')).text, /Geometry: Multi Polygon/)
  })
  await t.test('every feature, in pages', async () => {
    for (const size of [7, 10, 1000]) {
      const places = await ogrinfo(server, 'places', '-oo', `PAGE_SIZE=${size}`)
      assert.deepEqual([places.count, places.ids], [count, all.map((f) => f.id)])
      assert.ok(places.text.includes(hostile))
    }
    const read = await ogrinfo(server, 'areas', '-oo', 'PAGE_SIZE=2')
    assert.deepEqual([read.count, read.ids.length], [areas, areas])
    assert.equal((read.text.match(/MULTIPOLYGON \(\(\(/g) ?? []).length, areas)
    assert.match(read.text, /POINT \(116\.302 39\.902\)|MULTIPOLYGON/)
  })
  await t.test('-spat reads what is in a box', async () => {
    const inside = await ogrinfo(server, 'places', ...spat(0.505, 0.505, 3.205, 2.605))
    const wanted = ids(({ geometry: { coordinates: [lon, lat] } }) => lon >= at(0.505, 0)[0] && lon <= at(3.205, 0)[0] && lat >= at(0, 0.505)[1] && lat <= at(0, 2.605)[1])
    assert.deepEqual(inside.ids, wanted)
    assert.equal(inside.count, wanted.length)
    assert.ok(wanted.length > 5 && wanted.length < count)
    assert.deepEqual((await ogrinfo(server, 'areas', ...spat(26, 6, 29, 9))).ids, [], 'within the box of the slope alone')
    assert.equal((await ogrinfo(server, 'areas', ...spat(24, 4, 29, 9))).ids.length, 1)
  })
  await t.test('-where is asked of the server, and answered like that', async () => {
    const rows = [
      ["category = 'toilet'", (f) => f.properties.category === 'toilet'],
      ["name = '点9'", (f) => f.properties.name === '点9'],
      ["category = 'fuel' AND name_en = 'Point 4'", (f) => f.properties.category === 'fuel' && f.properties.name_en === 'Point 4'],
      ["category = 'fuel' AND name LIKE '点1%'", (f) => f.properties.category === 'fuel' && f.properties.name.startsWith('点1')],
      [`name = '${hostile.replaceAll("'", "''")}'`, (f) => f.properties.name === hostile],
      ["source = 'places:p11'", (f) => f.properties.source === 'places:p11'],
      ["confirmed_at >= '2024/06/01 00:00:00'", (f) => f.properties.confirmed_at >= '2024-06'],
    ]
    for (const [where, keep] of rows) {
      const read = await ogrinfo(server, 'places', '-where', where)
      const wanted = ids(keep)
      // GDAL takes the answer to a time as it comes, with the places that have none.
      if (where.startsWith('confirmed')) assert.equal(read.count, wanted.length + count - Object.keys(confirmed).length)
      else assert.deepEqual([read.count, read.ids], [wanted.length, wanted], where)
      assert.ok(wanted.length > 0, where)
    }
    assert.equal((await ogrinfo(server, 'areas', '-where', 'level = 8')).count, 2)
  })
  await t.test('one feature by its id', async () => {
    const read = await ogrinfo(server, 'places', '-fid', '2')
    assert.match(read.text, /OGRFeature\(places\):2/)
    assert.match(read.text, /name \(String\) = 公厕/)
  })
})

test('ogc-client finds collections, their properties, and their features', { timeout: 300_000 }, async (t) => {
  const { server, count, areas } = await serveCity(t)
  const base = `http://127.0.0.1:${server.port}/ogc`
  for (const url of [base, `${base}/`, `${base}/collections`, `${base}/collections/places/items`]) {
    const endpoint = new OgcApiEndpoint(url)
    assert.equal((await endpoint.info).title, '驿站：地点与行政区域', url)
    assert.equal(await endpoint.hasFeatures, true)
  }
  const endpoint = new OgcApiEndpoint(base)
  assert.deepEqual(await endpoint.featureCollections, ['places', 'areas'])
  assert.ok((await endpoint.conformanceClasses).some((uri) => uri.endsWith('ogcapi-features-2/1.0/conf/crs')))
  const info = await endpoint.getCollectionInfo('places')
  assert.equal(info.title, '地点')
  assert.deepEqual(info.itemFormats, ['application/geo+json', 'text/html'])
  assert.ok(info.crs.includes('http://www.opengis.net/def/crs/EPSG/0/4490'))
  assert.deepEqual(info.queryables.map((x) => x.name).sort(), ['amenities', 'category', 'name', 'name_en', 'source'])
  const seen = []
  for (let offset = 0; offset < count + 10; offset += 10)
    seen.push(...(await endpoint.getCollectionItems('places', 10, offset)).map((f) => f.id))
  assert.equal(seen.length, count)
  assert.equal(new Set(seen).size, count)
  const box = [...at(0.5, 0.5), ...at(3.2, 2.6)]
  const inside = await endpoint.getCollectionItems('places', 1000, 0, null, null, box)
  assert.ok(inside.length > 5 && inside.length < count)
  const since = await endpoint.getCollectionItems('places', 1000, 0, null, null, null, null, { start: new Date('2024-06-01T00:00:00Z') })
  assert.equal(since.length, count - 1)
  assert.equal((await endpoint.getCollectionItem('places', String(seen[1]))).properties.name, '公厕')
  assert.equal((await endpoint.getCollectionItems('areas', 100)).length, areas)
  const url = await endpoint.getCollectionItemsUrl('areas', { limit: 2, outputCrs: 'EPSG:4326', extent: box, extentCrs: 'EPSG:4326' }).catch(() => null)
  assert.ok(url === null || url.startsWith(base))
})
