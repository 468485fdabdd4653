// Lists in and out over HTTP: dry first, then for real, by whom and where.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { addUser, ask, at, command, get, password, refused, serve, signIn } from './harness.mjs'

const gb18030 = (text) => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text })
const header = '编号,站点名称,类别,经度,纬度,电话\n'
const row = (id, name, category, [x, y], phone = '') => `${id},${name},${category},${x},${y},${phone}\n`
const list = header + row('s1', '一号驿站', '驿站', at(0, 0), '1') + row('s2', '二号公厕', '公厕', at(1, 0)) +
  row('s3', '博物馆', '博物馆', at(1, 1)) + row('s1', '又一个', '驿站', at(2, 2)) + row('s5', '无处', '公厕', ['', '']) +
  row('s6', '颠倒', '公厕', [39.9, 116.3])

const send = (server, token, fields, bytes, name = '站点.csv', more = {}) => ask(server, 'POST', '/v1/imports', {
  token, form: [...Object.entries({ source: 'union', ...fields }), ['file', bytes, name, 'application/octet-stream']], ...more,
})
const shown = async (server, source) =>
  (await get(server, '/v1/places?limit=1000')).json.places.filter((place) => place.source?.startsWith(`${source}:`) ?? false)
const fates = (answer) => answer.json.lines.map(({ line, fate }) => [line, fate])
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
async function until(what) {
  for (let i = 0; !(await what()); i++) {
    assert.ok(i < 150, 'it never became so')
    await sleep(20)
  }
}

test('lists', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const { data } = server.made
  await addUser(data, 'west', password, '--role', 'area_staff', '--area', '110199001')
  await addUser(data, 'closer', password, '--role', 'area_staff', '--area', '110199001', '--kind', 'closure')
  await command(data, 'user', 'add', 'partner', '--role', 'integrator', '--kind', 'place')
  await command(data, 'user', 'add', 'reader', '--role', 'integrator')
  const key = async (name) => /[A-Za-z0-9_-]{40,}/.exec((await command(data, 'key', 'add', name, '--label', 'x')).stdout)[0]
  const partner = await key('partner'), reader = await key('reader')
  const west = await signIn(server, 'west')

  await t.test('a spreadsheet in gb18030 with bd09 coordinates, three bad rows and a duplicate imports as its dry run said', async () => {
    const bytes = gb18030(list)
    const dry = await send(server, token, { crs: 'bd09' }, bytes)
    assert.equal(dry.status, 200, dry.text)
    assert.equal(dry.json.dry_run, true)
    assert.equal(dry.json.read_as.encoding, 'GB18030')
    assert.equal(dry.json.read_as.columns.name, '站点名称')
    assert.deepEqual(fates(dry), [[2, 'created'], [3, 'created'], [4, 'refused'], [5, 'duplicate'], [6, 'refused'], [7, 'refused']])
    assert.equal(dry.json.lines[3].duplicate_of, 2)
    assert.deepEqual(dry.json.totals, { rows: 6, created: 2, updated: 0, unchanged: 0, refused: 3, duplicate: 1, vanished: 0, with_notes: 0, mended: 0 })
    assert.equal((await get(server, '/v1/imports/' + dry.json.id, { token })).json.digest, dry.json.digest)
    const done = await send(server, token, { crs: 'bd09', dry_run: 'false' }, bytes)
    assert.equal(done.status, 201, done.text)
    assert.equal(done.headers.location, `/v1/imports/${done.json.id}`)
    assert.equal(done.json.promised_by, dry.json.id)
    assert.equal(done.json.as_promised, true)
    for (const field of ['lines', 'totals', 'read_as']) assert.deepEqual(done.json[field], dry.json[field])
    const near = () => get(server, `/v1/places?near=${at(0, 0).join(',')}&crs=bd09&limit=1&category=rest_station`)
    await until(async () => (await near()).json.places[0].name === '一号驿站')
    assert.ok((await near()).json.places[0].distance_m < 0.1)
  })

  await t.test('when the database changed since the dry run, the report says so', async () => {
    const bytes = header + row('c1', '甲', '公厕', at(3, 3))
    const dry = await send(server, token, { source: 'changing' }, bytes)
    await send(server, token, { source: 'changing', dry_run: 'false', crs: 'wgs84' }, bytes)
    const done = await send(server, token, { source: 'changing', dry_run: 'false' }, bytes)
    assert.equal(done.json.promised_by, dry.json.id)
    assert.equal(done.json.as_promised, false)
    assert.deepEqual(fates(done), [[2, 'unchanged']])
    const other = await send(server, token, { source: 'changing', dry_run: 'false' }, bytes + row('c2', '乙', '公厕', at(3, 3)))
    assert.equal(other.json.promised_by, undefined)
  })

  await t.test('a change is told field by field, and what is gone is told and marked', async () => {
    const two = header + row('v1', '甲', '公厕', at(3, 3), '1') + row('v2', '乙', '公厕', at(3, 4))
    await send(server, token, { source: 'change', dry_run: 'false' }, two)
    const done = await send(server, token, { source: 'change', dry_run: 'false' }, header + row('v1', '甲', '公厕', at(3, 3), '2'))
    assert.deepEqual(done.json.lines[0].changes, [{ field: 'phone', from: '1', to: '2' }])
    assert.deepEqual([done.json.lines[1].fate, done.json.lines[1].source_id], ['vanished', 'v2'])
    const kept = await send(server, token, { source: 'change', dry_run: 'false', keep_missing: 'true' }, header + row('v3', '丙', '公厕', at(3, 3)))
    assert.equal(kept.json.totals.vanished, 0)
    const fewer = '编号,类别,经度,纬度\nv1,公厕,' + at(3, 3).join(',') + '\n'
    const unsaid = await send(server, token, { source: 'change', keep_missing: 'true' }, fewer)
    assert.deepEqual(fates(unsaid), [[2, 'unchanged']]) // what the list has no column for stays
  })

  await t.test('a list that would empty its source is refused, and its dry run shows what would be lost', async () => {
    const many = header + Array.from({ length: 12 }, (_, i) => row('m' + i, '名' + i, '公厕', at(4, 4))).join('')
    await send(server, token, { source: 'many', dry_run: 'false' }, many)
    const few = header + row('m1', '名1', '公厕', at(4, 4))
    const dry = await send(server, token, { source: 'many' }, few)
    assert.equal(dry.status, 200)
    assert.match(dry.json.error, /11 of the 12 places/)
    assert.equal(dry.json.totals.vanished, 11)
    refused(await send(server, token, { source: 'many', dry_run: 'false' }, few), 409, 'allow_shrink')
    const meant = await send(server, token, { source: 'many', dry_run: 'false', allow_shrink: 'true' }, few)
    assert.equal(meant.json.totals.vanished, 11)
  })

  await t.test('staff of an area bring in what lies in it, row by row, and nothing elsewhere moves or vanishes', async () => {
    const all = header + row('w1', '西', '公厕', at(1, 1)) + row('e1', '东', '公厕', at(5, 5)) + row('e2', '东二', '公厕', at(5, 4))
    await send(server, token, { source: 'both', dry_run: 'false' }, all)
    const moved = header + row('w1', '西改', '公厕', at(1, 1)) + row('e1', '移来', '公厕', at(1, 1)) + row('w2', '新', '公厕', at(0, 1)) + row('e9', '外', '公厕', at(5, 5))
    const done = await send(server, west, { source: 'both', dry_run: 'false' }, moved)
    assert.equal(done.status, 201, done.text)
    assert.deepEqual(fates(done), [[2, 'updated'], [3, 'refused'], [4, 'created'], [5, 'refused']])
    assert.match(done.json.lines[1].note, /not yours/)
    assert.equal(done.json.totals.vanished, 0)
    refused(await send(server, west, { kind: 'areas' }, '{}', 'a.geojson'), 403, 'kind')
    refused(await send(server, await signIn(server, 'closer'), {}, list), 403)
    refused(await send(server, undefined, {}, list), 401)
    refused(await send(server, west, { source: 'osm' }, list), 400, 'source')
    refused(await send(server, token, { source: 'local' }, list), 400, 'source')
  })

  await t.test('a key brings in its own source alone, and only with a grant for places', async () => {
    const own = header + row('p1', '伙伴', '换电', at(2, 2))
    assert.equal((await send(server, partner, { source: 'partner', dry_run: 'false' }, own)).status, 201)
    refused(await send(server, partner, { source: 'union' }, own), 403, 'source')
    refused(await send(server, reader, { source: 'reader' }, own), 403)
    const list = await get(server, '/v1/imports', { token: partner })
    assert.deepEqual(list.json.imports.map(({ source, by }) => [source, by]), [['partner', 'partner']])
    const others = (await get(server, '/v1/imports', { token })).json.imports.find(({ by }) => by === 'admin')
    refused(await get(server, `/v1/imports/${others.id}`, { token: partner }), 404, 'id')
  })

  await t.test('sending again with a key changes nothing and gives the same answer', async () => {
    const headers = { 'Idempotency-Key': 'list-1' }
    const bytes = header + row('i1', '甲', '公厕', at(3, 3))
    const first = await send(server, token, { source: 'again', dry_run: 'false' }, bytes, 'a.csv', { headers })
    const second = await send(server, token, { source: 'again', dry_run: 'false' }, bytes, 'a.csv', { headers })
    assert.equal(second.status, 201)
    assert.deepEqual(second.json, first.json)
    refused(await send(server, token, { source: 'again', dry_run: 'false' }, bytes + '\n\n', 'a.csv', { headers }), 422, 'Idempotency-Key')
  })

  await t.test('the report is kept, and comes as a spreadsheet without formulas', async () => {
    const done = await send(server, token, { source: 'sheet' }, header + row('=1+1', '@x', '公厕', at(3, 3)) + row('2', 'b', '无', at(3, 3)))
    const csv = await get(server, `/v1/imports/${done.json.id}?f=csv`, { token })
    assert.equal(csv.type, 'text/csv')
    assert.match(csv.headers['content-disposition'], /^attachment; filename="import-\d+\.csv"$/)
    assert.match(csv.text, /^\ufeffline,fate,id,/)
    assert.match(csv.text, /\r\n2,created,,"'=1\+1","'@x",/)
    refused(await get(server, '/v1/imports/999999', { token }), 404, 'id')
    refused(await get(server, `/v1/imports/${done.json.id}?f=xml`, { token }), 400, 'f')
    const page = await get(server, '/v1/imports?limit=1', { token })
    assert.equal(page.json.imports.length, 1)
    const next = new URL(page.json.next, server.base)
    assert.ok((await get(server, next.pathname + next.search, { token })).json.imports[0].id < page.json.imports[0].id)
  })

  await t.test('what the command line brought in is in the book, too', async () => {
    const { imports } = (await get(server, '/v1/imports?limit=100', { token })).json
    const areas = imports.find(({ kind }) => kind === 'areas') // came without --source: the name of the file is it
    assert.deepEqual([areas.source, areas.file.split('/').at(-1), areas.by, areas.totals.created], ['areas', 'areas.geojson', undefined, 3])
    assert.equal((await get(server, `/v1/imports/${areas.id}`, { token })).json.lines.length, 3)
  })

  await t.test('what is exported comes in again unchanged in every format', async () => {
    const kinds = { csv: 'csv', xlsx: 'xlsx', ods: 'ods', geojson: 'geojson', gpkg: 'gpkg', shp: 'zip', kml: 'kml' }
    for (const [format, suffix] of Object.entries(kinds)) {
      const crs = format === 'kml' ? 'wgs84' : 'gcj02'
      const file = await get(server, `/v1/places/export?format=${format}&source=union&crs=${crs}`, { token })
      assert.equal(file.status, 200, file.text)
      assert.match(file.headers['content-disposition'], new RegExp(`^attachment; filename="places-\\d{4}-\\d\\d-\\d\\d\\.${suffix}"$`))
      const back = await send(server, token, { crs, strict: 'true' }, file.bytes, `a.${suffix}`)
      assert.equal(back.status, 200, back.text)
      assert.deepEqual([back.json.totals.rows, back.json.totals.unchanged], [2, 2], `${format}: ${back.text}`)
    }
    const gb = await get(server, '/v1/places/export?encoding=gb18030&source=union', { token })
    assert.ok(gb.bytes.includes(gb18030('一号驿站')))
    const areas = await get(server, '/v1/areas/export?format=geojson', { token })
    assert.equal(areas.json.features.length, 3)
    const again = await send(server, token, { kind: 'areas', source: 'areas' }, areas.bytes, 'a.geojson')
    assert.equal(again.json.totals.unchanged, 3, again.text)
    const few = await get(server, `/v1/places/export?category=fuel&bbox=${[...at(4, -1), ...at(6, 1)].join(',')}`, { token })
    assert.equal(few.text.trim().split('\r\n').length, 2)
    const kindsOf = (text) => new Set(text.trim().split(/\r?\n/).slice(1).map((line) => line.split(',')[4]))
    const two = await get(server, '/v1/places/export?category=fuel,toilet', { token })
    assert.deepEqual(kindsOf(two.text), new Set(['fuel', 'toilet']))
    const shown = (await get(server, '/v1/places?category=fuel,toilet&limit=1000')).json.places
    assert.equal(two.text.trim().split('\r\n').length - 1, shown.length)
    const path = `${server.made.folder}/two.csv`
    await command(data, 'export', 'places', path, '--category', '加油站,toilet')
    assert.equal(readFileSync(path, 'utf8'), two.text)
    await assert.rejects(command(data, 'export', 'places', path, '--category', 'toilet,'), /"" is no known category/)
    refused(await get(server, '/v1/places/export'), 401)
    refused(await get(server, '/v1/places/export?format=doc', { token }), 400, 'format')
    refused(await get(server, '/v1/places/export?format=kml&crs=bd09', { token }), 400, 'crs')
    refused(await get(server, '/v1/places/export?format=xlsx&encoding=gb18030', { token }), 400, 'encoding')
    for (const wrong of ['nothing', 'toilet,nothing', 'toilet,', ''])
      refused(await get(server, `/v1/places/export?category=${wrong}`, { token }), 400, 'category')
    refused(await get(server, '/v1/places/export?bbox=170,0,-170,9', { token }), 400, 'bbox')
    // The north edge of a box in a plane bulges: its middle lies kilometres further north than its corners.
    const plane = (await get(server, '/v1/places?limit=1000&crs=EPSG:4548')).json.places.map((p) => p.location[1])
    const wide = `bbox=300000,4000000,700000,${Math.max(...plane) + 300}&crs=EPSG:4548`
    assert.equal((await get(server, `/v1/places?${wide}&limit=1000`)).json.places.length, plane.length)
    assert.equal((await get(server, `/v1/places/export?${wide}`, { token })).text.trim().split('\n').length - 1, plane.length)
  })

  await t.test('what is wrong with a form or a file is named', async () => {
    refused(await send(server, token, { dry_run: 'maybe' }, list), 400, 'dry_run')
    refused(await send(server, token, { kind: 'people' }, list), 400, 'kind')
    refused(await send(server, token, { colour: 'red' }, list), 400, 'colour')
    refused(await send(server, token, { crs: 'mars' }, list), 400, 'crs')
    refused(await send(server, token, { encoding: 'latin1' }, list), 400, 'encoding')
    refused(await send(server, token, { category: 'museum' }, list), 400, 'category')
    refused(await send(server, token, { map: 'nme=x' }, list), 400, 'map')
    refused(await send(server, token, { source: '' }, list), 400, 'source')
    refused(await ask(server, 'POST', '/v1/imports', { token, form: [['source', 'x']] }), 400, 'file')
    refused(await ask(server, 'POST', '/v1/imports', { token, json: {} }), 415)
    for (const [bytes, name, words] of [
      ['a,b\n1,2\n', 'a.csv', /its columns are: a, b/], ['x', 'a.exe', /must end in/], ['x', 'a.xlsx', /no archive/],
      ['', 'a.csv', /empty/], ['<kml><!DOCTYPE x></kml>', 'a.kml', /document type/], ['{}', 'a.geojson', /a\.geojson/],
    ]) {
      const answer = await send(server, token, {}, bytes, name)
      assert.ok([400, 422].includes(answer.status), answer.text)
      assert.match(answer.text, words)
    }
    const mapped = await send(server, token, { map: 'lon=nowhere' }, list)
    refused(mapped, 422, 'file')
    assert.match(mapped.json.detail, /no column "nowhere"/)
    refused(await send(server, token, {}, Buffer.alloc(21 << 20, 'a')), 413)
  })
})
