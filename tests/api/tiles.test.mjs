import assert from 'node:assert/strict'
import { test } from 'node:test'
import { get, origin, refused, serve } from './harness.mjs'

test('tiles and their description', async (t) => {
  const server = await serve(t)
  const z = 14, n = 2 ** z, rad = (origin[1] * Math.PI) / 180
  const x = Math.floor(((origin[0] + 180) / 360) * n)
  const y = Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * n)

  await t.test('a tile of the city holds its layers, and is not sent twice', async () => {
    const tile = await get(server, `/tiles/all/${z}/${x}/${y}.mvt`)
    assert.equal(tile.status, 200)
    assert.equal(tile.type, 'application/vnd.mapbox-vector-tile')
    for (const layer of ['roads', 'areas']) assert.ok(tile.bytes.includes(layer), layer)
    const roads = await get(server, `/tiles/roads/${z}/${x}/${y}.mvt`)
    assert.ok(!roads.bytes.includes('areas'))
    const again = await get(server, `/tiles/all/${z}/${x}/${y}.mvt`, { headers: { 'If-None-Match': tile.headers.etag } })
    assert.equal(again.status, 304)
  })
  await t.test('the sea is empty and what is no tile is not found', async () => {
    assert.equal((await get(server, '/tiles/all/10/0/0.mvt')).status, 204)
    refused(await get(server, '/tiles/all/19/0/0.mvt'), 404)
    refused(await get(server, '/tiles/all/1/2/0.mvt'), 404)
    refused(await get(server, '/tiles/castles/1/0/0.mvt'), 404, 'layers')
    refused(await get(server, '/tiles/all/1/0/x.mvt'), 400, 'y')
  })
  await t.test('TileJSON and style name addresses that answer', async () => {
    const { json } = await get(server, '/tiles/all.json')
    assert.deepEqual(json.vector_layers.map((l) => l.id).sort(), ['areas', 'places', 'roads'])
    const url = new URL(json.tiles[0].replace('{z}', z).replace('{x}', x).replace('{y}', y))
    assert.equal(url.port, String(server.port))
    assert.equal((await get(server, url.pathname)).status, 200)
    const style = (await get(server, '/tiles/style.json?lang=en')).json
    assert.equal(new URL(style.sources.yizhan.url).pathname, '/tiles/all.json')
    assert.equal(style.glyphs, undefined)
    const shown = style.layers.find((l) => l.id === 'place').paint['circle-color']
    const listed = (await get(server, '/v1/categories')).json.places.flatMap((c) => [c.code, c.colour])
    assert.deepEqual(shown.slice(2, -1), listed)
    assert.equal(new Set(style.layers.map((l) => l.id)).size, style.layers.length)
  })
})
