import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import zlib from 'node:zlib'
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { ask, at, get, makeData, command, origin, places, png, refused, remove, serve, start, stop, writeCity } from './harness.mjs'
import { layersOf, tileAt } from './mvt.mjs'

const figure = async (server, name) => Number(new RegExp(`^yizhan_${name} (\\S+)$`, 'm').exec((await get(server, '/metrics')).text)[1])

test('tiles and their description', async (t) => {
  const server = await serve(t)
  const [z, x, y] = tileAt(14, origin)

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
  })
  await t.test('the style is one, in both languages, and its sources and layers exist', async () => {
    const words = (await get(server, '/v1/categories')).json.places
    for (const lang of ['zh', 'en']) {
      const style = (await get(server, `/tiles/style.json?lang=${lang}`)).json
      assert.deepEqual(validateStyleMin(style), [])
      assert.equal(style.glyphs, undefined)
      assert.equal(style.sprite, undefined)
      const sets = {}
      for (const [name, source] of Object.entries(style.sources)) {
        const set = (await get(server, new URL(source.url).pathname)).json
        sets[name] = set.vector_layers.map((layer) => layer.id)
      }
      assert.deepEqual(sets, { ground: ['areas', 'roads'], places: ['places'], live: ['closures'] })
      for (const layer of style.layers.slice(1)) assert.ok(sets[layer.source].includes(layer['source-layer']), layer.id)
      const by = (id) => style.layers.find((layer) => layer.id === id)
      assert.deepEqual(by('place').paint['circle-color'].slice(2, -1), words.flatMap((c) => [c.code, c.colour]))
      assert.deepEqual(by('place-icon').layout['text-field'].slice(2, -1), words.flatMap((c) => [c.code, c.sign[lang]]))
      assert.deepEqual(by('place-name').layout['text-field'].slice(1), lang === 'zh' ? [['get', 'name'], ['get', 'name_en']] : [['get', 'name_en'], ['get', 'name']])
    }
    refused(await get(server, '/tiles/style.json?lang=fr'), 400, 'lang')
  })
  await t.test('a tile that was made is answered from memory, packed for those who take it', async () => {
    const path = `/tiles/roads/${z}/${x}/${y}.mvt`, gzip = { 'Accept-Encoding': 'gzip' }
    const plain = await get(server, path), [hits, misses] = [await figure(server, 'tile_cache_hits_total'), await figure(server, 'tile_cache_misses_total')]
    const packed = await get(server, path, { headers: gzip })
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.deepEqual(zlib.gunzipSync(packed.bytes), plain.bytes)
    assert.equal(packed.headers.etag, plain.headers.etag)
    assert.equal(packed.headers.vary, 'Accept-Encoding')
    assert.match(packed.headers['cache-control'], /^public, max-age=/)
    assert.deepEqual((await get(server, path, { headers: gzip })).bytes, packed.bytes)
    assert.equal((await get(server, path, { headers: { ...gzip, 'If-None-Match': plain.headers.etag } })).status, 304)
    const head = await ask(server, 'HEAD', path)
    assert.equal(Number(head.headers['content-length']), plain.bytes.length)
    assert.equal(head.bytes.length, 0)
    assert.equal(await figure(server, 'tile_cache_misses_total'), misses + 1)
    assert.equal(await figure(server, 'tile_cache_hits_total'), hits + 3)
    assert.ok(await figure(server, 'tile_cache_bytes') > plain.bytes.length)
  })
  await t.test('places lie in clusters far out and by themselves close up', async () => {
    for (const zoom of [0, 3, 7]) {
      const { places: [all, ...others] } = layersOf((await get(server, `/tiles/places/${tileAt(zoom, origin).join('/')}.mvt`)).bytes)
      assert.deepEqual(others, [])
      const { cluster, point_count, category, count_rest_station, count_toilet, count_fuel, expansion_zoom } = all.properties
      assert.deepEqual({ cluster, point_count, category }, { cluster: true, point_count: 4, category: 'rest_station' })
      assert.deepEqual([count_rest_station, count_toilet, count_fuel], [2, 1, 1])
      assert.ok(expansion_zoom > zoom && expansion_zoom <= 16)
      assert.ok(Number.isSafeInteger(all.id))
    }
    for (const place of places) {
      const { places: shown } = layersOf((await get(server, `/tiles/places/${tileAt(18, place.at).join('/')}.mvt`)).bytes)
      const { name, category, cluster } = shown[0].properties
      assert.deepEqual([name, category, cluster], [place.name, place.category, undefined])
    }
  })
  await t.test('one can ask for places of some categories alone', async () => {
    const far = tileAt(5, origin).join('/')
    const { places: [two] } = layersOf((await get(server, `/tiles/all/${far}.mvt?category=toilet,fuel`)).bytes)
    assert.equal(two.properties.point_count, 2)
    assert.equal(two.properties.count_rest_station, undefined)
    assert.equal((await get(server, `/tiles/places/${far}.mvt?category=clinic`)).status, 204)
    refused(await get(server, `/tiles/places/${far}.mvt?category=castle`), 400, 'category')
    refused(await get(server, `/tiles/places/${far}.mvt?colour=red`), 400, 'colour')
    const { json } = await get(server, '/tiles/places.json?category=toilet')
    assert.match(json.tiles[0], /\.mvt\?category=toilet$/)
    assert.equal(json.vector_layers[0].fields.count_toilet, 'Number')
    assert.equal(json.vector_layers[0].fields.count_fuel, undefined)
  })
})

test('a tile follows the data, and what did not change is not sent again', async (t) => {
  const made = await makeData(), server = await start(made, '--tile-cache', '1')
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const far = tileAt(6, origin).join('/')
  const [before, roads] = [await get(server, `/tiles/places/${far}.mvt`), await get(server, `/tiles/roads/${tileAt(14, origin).join('/')}.mvt`)]
  writeCity(made.city, [{ id: 'new', category: 'toilet', name: '新公厕', at: at(2, 2) }])
  await command(made.data, 'import', 'places', `${made.city}/places.geojson`)
  let after
  for (let i = 0; i < 100; i++) {
    after = await get(server, `/tiles/places/${far}.mvt`, { headers: { 'If-None-Match': before.headers.etag } })
    if (after.status === 200) break
    await new Promise((done) => setTimeout(done, 50))
  }
  assert.equal(layersOf(after.bytes).places[0].properties.point_count, 5)
  const still = await get(server, `/tiles/roads/${tileAt(14, origin).join('/')}.mvt`, { headers: { 'If-None-Match': roads.headers.etag } })
  assert.equal(still.status, 304)
  // Far more tiles than fit.
  for (let i = 0; i < 300; i++) await get(server, `/tiles/all/${18}/${i}/${i}.mvt`)
  assert.ok(await figure(server, 'tile_cache_bytes') <= 2 ** 20)
  const wrong = await command(made.data, 'serve', '--tile-cache', '0').catch((error) => error)
  assert.match(wrong.stderr, /--tile-cache/)
})

test('the style shows the icons that the sprite has, and the signs of the others', async (t) => {
  const made = await makeData()
  mkdirSync(join(made.web, 'tiles'))
  const sprite = { toilet: { x: 0, y: 0, width: 15, height: 15, pixelRatio: 1 }, fuel: { x: 16, y: 0, width: 15, height: 15, pixelRatio: 1 } }
  for (const name of ['sprite', 'sprite@2x']) {
    writeFileSync(join(made.web, `tiles/${name}.json`), JSON.stringify(sprite))
    writeFileSync(join(made.web, `tiles/${name}.png`), png(32, 16))
  }
  const server = await start(made)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const style = (await get(server, '/tiles/style.json')).json
  assert.deepEqual(validateStyleMin(style), [])
  const icons = style.layers.find((layer) => layer.id === 'place-icon').layout
  assert.deepEqual(icons['icon-image'], ['match', ['get', 'category'], 'fuel', 'fuel', 'toilet', 'toilet', ''])
  assert.ok(!icons['text-field'].includes('toilet') && icons['text-field'].includes('clinic'))
  const { pathname } = new URL(style.sprite)
  for (const ratio of ['', '@2x']) {
    assert.deepEqual((await get(server, `${pathname}${ratio}.json`)).json, sprite)
    const picture = await get(server, `${pathname}${ratio}.png`)
    assert.equal(picture.type, 'image/png', picture.text)
  }
})
