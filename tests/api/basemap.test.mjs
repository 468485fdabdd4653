import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import zlib from 'node:zlib'
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { get, makeData, program, refused, remove, root, start, stop } from './harness.mjs'

/** A file of tiles: `rows` are `[z, x, row from the south, hex of the data]`. */
function writeTiles(path, rows, name = 'Test map') {
  const layers = JSON.stringify({ vector_layers: [{ id: 'water', fields: { class: 'String' }, minzoom: 3 }, { id: 'building', fields: {} }] })
  rmSync(path + '.new', { force: true })
  execFileSync('sqlite3', [path + '.new', `
    CREATE TABLE metadata (name TEXT, value TEXT);
    CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);
    CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);
    INSERT INTO metadata VALUES ('name', '${name}'), ('format', 'pbf'), ('minzoom', '2'), ('maxzoom', '5'),
      ('bounds', '116,39,117,40'), ('attribution', '© OSM'), ('json', '${layers}');
    ${rows.map(([z, x, y, hex]) => `INSERT INTO tiles VALUES (${z}, ${x}, ${y}, x'${hex}');`).join('\n')}`])
  renameSync(path + '.new', path)
}

const packed = (text) => zlib.gzipSync(text).toString('hex')

async function until(server, path, wanted) {
  for (let i = 0; ; i++) {
    const answer = await get(server, path)
    if (answer.status === wanted) return answer
    assert.ok(i < 100, `${path} is ${answer.status}, not ${wanted}: ${answer.text}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

test('the base map comes from a file that may come, change and go', async (t) => {
  const made = await makeData(), server = await start(made), file = join(made.data, 'basemap.mbtiles')
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const tile = '/tiles/basemap/3/6/2.mvt', gzip = { 'Accept-Encoding': 'gzip' }

  await t.test('without a file there is none, and the style does without', async () => {
    refused(await get(server, '/tiles/basemap.json'), 404)
    refused(await get(server, tile), 404)
    assert.equal((await get(server, '/tiles/style.json')).json.sources.basemap, undefined)
  })
  await t.test('a file that comes is described and served as it is stored', async () => {
    writeTiles(file, [[3, 6, 5, packed('water')], [3, 5, 5, 'ffff'], [3, 4, 5, packed('x').slice(0, -8)]])
    const { json } = await until(server, '/tiles/basemap.json', 200)
    assert.deepEqual(json.bounds, [116, 39, 117, 40])
    assert.deepEqual([json.minzoom, json.maxzoom, json.name, json.attribution], [2, 5, 'Test map', '© OSM'])
    assert.deepEqual(json.vector_layers, [
      { id: 'water', minzoom: 3, maxzoom: 5, fields: { class: 'String' } }, { id: 'building', minzoom: 2, maxzoom: 5, fields: {} }])
    assert.equal(new URL(json.tiles[0].replace('{z}', 3).replace('{x}', 6).replace('{y}', 2)).pathname, tile)

    const plain = await get(server, tile), small = await get(server, tile, { headers: gzip })
    assert.equal(plain.text, 'water')
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.equal(small.headers['content-encoding'], 'gzip')
    assert.equal(small.bytes.toString('hex'), packed('water'))
    assert.equal(small.headers.etag, plain.headers.etag)
    for (const headers of [{}, gzip])
      assert.equal((await get(server, tile, { headers: { ...headers, 'If-None-Match': plain.headers.etag } })).status, 304)
    assert.equal((await get(server, '/tiles/basemap/3/0/0.mvt')).status, 204)
    assert.equal((await get(server, '/tiles/basemap/18/0/0.mvt')).status, 204)
    refused(await get(server, '/tiles/basemap/3/8/0.mvt'), 404)
    refused(await get(server, '/tiles/basemap/3/x/0.mvt'), 400, 'x')
    refused(await get(server, tile + '?category=toilet'), 400, 'category')
    const style = (await get(server, '/tiles/style.json')).json
    assert.deepEqual(validateStyleMin(style), [])
    assert.deepEqual(style.layers.filter((l) => l.source === 'basemap').map((l) => l.id), ['base-water', 'base-building'])
    assert.ok(style.layers.some((l) => l.id === 'road-name'))
    assert.equal(new URL(style.sources.basemap.url).pathname, '/tiles/basemap.json')
  })
  await t.test('a tile that is damaged is an error of the server, and the next is served', async () => {
    for (const headers of [{}, gzip]) refused(await get(server, '/tiles/basemap/3/5/2.mvt', { headers }), 500)
    refused(await get(server, '/tiles/basemap/3/4/2.mvt'), 500)
    assert.equal((await get(server, tile)).status, 200)
  })
  await t.test('another file is shown at once', async () => {
    const before = await get(server, tile)
    writeTiles(file, [[3, 6, 5, packed('more water')]], 'Another')
    for (let i = 0; i < 100 && (await get(server, '/tiles/basemap.json')).json.name !== 'Another'; i++)
      await new Promise((done) => setTimeout(done, 50))
    const after = await get(server, tile, { headers: { 'If-None-Match': before.headers.etag } })
    assert.equal(after.text, 'more water')
  })
  await t.test('a file that is none is told in the log and not shown', async () => {
    writeFileSync(file, 'this is no database '.repeat(100))
    await until(server, '/tiles/basemap.json', 404)
    refused(await get(server, tile), 404)
    assert.match(server.log, /the base map is not shown: .*basemap\.mbtiles is not a database/)
    let said = ''
    try {
      execFileSync(program, ['check', '--data', made.data, '--share', join(root, 'data')], { encoding: 'utf8', stdio: 'pipe' })
    } catch (error) {
      said = error.stdout + error.stderr
    }
    assert.match(said, /base map.*not a database/)
    rmSync(file)
    writeTiles(file, [[3, 6, 5, packed('again')]])
    assert.equal((await until(server, tile, 200)).text, 'again')
  })
})

test("tilemaker's own file is served", async (t) => {
  try {
    execFileSync('tilemaker', ['--help'], { stdio: 'ignore' })
    execFileSync('osmium', ['--version'], { stdio: 'ignore' })
  } catch {
    console.error('SKIPPED: the base map by tilemaker, because tilemaker or osmium is not installed')
    return t.skip('tilemaker is not installed')
  }
  const { layersOf, tileAt } = await import('./mvt.mjs')
  const made = await makeData()
  writeFileSync(join(made.folder, 'town.osm'), `<?xml version="1.0"?><osm version="0.6">
    <node id="1" version="1" lon="116.300" lat="39.900"/><node id="2" version="1" lon="116.304" lat="39.900"/>
    <node id="3" version="1" lon="116.304" lat="39.903"/><node id="4" version="1" lon="116.300" lat="39.903"/>
    <node id="5" version="1" lon="116.302" lat="39.901"><tag k="place" v="suburb"/><tag k="name" v="牛街"/><tag k="name:en" v="Niujie"/></node>
    <way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="natural" v="water"/><tag k="name" v="湖"/></way>
    <way id="2" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="Calle"/><tag k="name:zh" v="街"/></way></osm>`)
  execFileSync(join(root, 'scripts/basemap'), [join(made.folder, 'town.osm'), made.data], { stdio: 'pipe' })
  assert.ok(existsSync(join(made.data, 'basemap.mbtiles')))
  const server = await start(made)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  await until(server, '/tiles/basemap.json', 200)
  const layers = layersOf((await get(server, `/tiles/basemap/${tileAt(14, [116.302, 39.901]).join('/')}.mvt`)).bytes)
  assert.deepEqual(layers.water.map((f) => f.properties.class), ['lake'])
  assert.deepEqual({ ...layers.place_name[0].properties }, { class: 'suburb', name: '牛街', name_en: 'Niujie' })
  assert.deepEqual({ ...layers.street_name[0].properties }, { class: 'residential', name: '街' })
  assert.equal(layers.water_name[0].properties.name, '湖')
  const style = (await get(server, '/tiles/style.json')).json
  assert.deepEqual(validateStyleMin(style), [])
  const ids = style.layers.map((l) => l.id)
  for (const id of ['base-land', 'base-water', 'base-rail', 'base-street-name', 'base-place-name', 'base-poi-name']) assert.ok(ids.includes(id), id)
  assert.ok(!ids.includes('road-name'))
})
