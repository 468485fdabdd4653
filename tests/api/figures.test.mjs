// What staff count and take out of the queue: statistics, where cases are, and lists as files.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { addUser, ask, at, command, get, password, png, refused, serve, signIn } from './harness.mjs'

let size = 8
const picture = () => ['photo', png(++size, 8), 'a.png', 'image/png']
async function send(server, spot, more = {}) {
  const [lon, lat] = spot ? at(...spot) : []
  const fields = { category: 'manhole', ...(spot ? { lon, lat } : {}), ...more }
  const sent = await ask(server, 'POST', '/v1/reports', { form: [...Object.entries(fields), picture()] })
  assert.equal(sent.status, 201, sent.text)
  return sent.json
}
async function move(server, token, one, ...states) {
  for (const [state, more = {}] of states) {
    const form = [['state', state], ['version', String(one.version)], ...Object.entries(more).filter(([name]) => name !== 'proof')]
    const made = await ask(server, 'POST', `/v1/reports/${one.id}/updates`, { token, form: more.proof ? [...form, picture()] : form })
    assert.equal(made.status, 201, made.text)
    one.version = made.json.version
  }
  return one
}
const through = [['accepted'], ['filed'], ['dispatched'], ['handling'], ['handled'], ['verifying'], ['closed', { proof: true }]]

test('figures of cases', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  await addUser(server.made.data, 'west', password, '--role', 'area_staff', '--area', '110199001')
  await addUser(server.made.data, 'hand', password, '--role', 'handler', '--area', '110199001')
  const west = await signIn(server, 'west'), hand = await signIn(server, 'hand')
  const figures = async (query = '', who = token) => {
    const answer = await get(server, `/v1/reports/statistics?${query}`, { token: who })
    assert.equal(answer.status, 200, answer.text)
    return answer.json
  }

  await t.test('where nothing was sent there is nothing to share by', async () => {
    const { total, rows, kind } = await figures()
    assert.equal(kind, 'report')
    assert.equal(total.received, 0)
    for (const rate of ['response_rate', 'solution_rate', 'satisfaction', 'on_time_rate']) assert.equal(total[rate], null)
    assert.deepEqual(total.hours.map((one) => one.step), [1, 2, 3, 4, 5, 6, 7])
    assert.ok([...total.hours, total.paused_hours].every((one) => one.median === null && one.cases === 0))
    assert.deepEqual(rows, [])
  })

  const solved = await move(server, token, await send(server, [1, 1]), ...through, ['rated', { rating: '5' }])
  const poor = await move(server, token, await send(server, [1, 2], { category: 'lamp' }), ...through, ['rated', { rating: '2' }])
  const rejected = await move(server, token, await send(server, [1, 1.5]), ['rejected', { text: '不属于' }])
  const waiting = await send(server, [4, 4])
  const same = await send(server, [1, 1])
  const linked = await ask(server, 'PUT', `/v1/reports/${same.id}/state`, { token, json: { version: same.version, state: 'duplicate', duplicate_of: solved.id } })
  assert.equal(linked.status, 200, linked.text)
  const back = await send(server, [1, 3])
  const gone = await ask(server, 'POST', `/v1/reports/${back.id}/updates`, { headers: { 'Case-Token': back.token }, form: [['state', 'withdrawn']] })
  assert.equal(gone.status, 201, gone.text)

  await t.test('each case counts where the page says', async () => {
    const { total } = await figures()
    const expected = {
      received: 6, open: 1, closed: 5, solved: 2, refused: 1, duplicates: 1, withdrawn: 1, overdue: 0, paused: 0, reopened: 0, taken_up: 4,
      taken_up_in_time: 4, response_owed: 4, solution_owed: 3, in_time: 2, on_time_owed: 2, rated: 2, satisfied: 1,
      response_rate: 1, solution_rate: 0.6667, satisfaction: 0.5, on_time_rate: 1,
    }
    for (const [name, value] of Object.entries(expected)) assert.equal(total[name], value, name)
    assert.deepEqual(total.hours.map((one) => one.cases), [5, 2, 2, 2, 2, 2, 2])
    assert.ok(total.hours.every((one) => one.median >= 0 && one.median < 1))
  })
  await t.test('rows share the total among them', async () => {
    for (const by of ['area', 'category', 'month', 'unit']) {
      const { total, rows } = await figures(`by=${by}`)
      for (const name of ['received', 'open', 'solved', 'rated', 'response_owed'])
        assert.equal(rows.reduce((sum, row) => sum + row[name], 0), total[name], `${by} ${name}`)
    }
    const { rows } = await figures('by=category')
    assert.deepEqual(rows.map((row) => [row.key, row.received, row.label.zh]), [['lamp', 1, '路灯'], ['manhole', 5, '井盖']])
    assert.match((await figures('by=month')).rows[0].key, /^\d{4}-\d\d$/)
    assert.ok((await figures('by=area')).rows.every((row) => row.key === '' || row.label.zh))
  })
  await t.test('filters narrow it, and everybody sees their own areas', async () => {
    assert.equal((await figures('category=lamp')).total.received, 1)
    assert.equal((await figures('kind=opinion')).total.received, 0)
    assert.equal((await figures(`from=${new Date(Date.now() + 3600e3).toISOString()}`)).total.received, 0)
    assert.equal((await figures('', west)).total.received, 5)
    const [mine] = (await get(server, '/v1/reports?limit=1', { token: west })).json.reports
    assert.equal((await figures(`area=${mine.area.id}`)).total.received, 5)
    refused(await get(server, '/v1/reports/statistics', { token: hand }), 403)
    refused(await get(server, '/v1/reports/statistics'), 401)
    refused(await get(server, '/v1/reports/statistics?by=day', { token }), 400, 'by')
    refused(await get(server, '/v1/reports/statistics?category=castle', { token }), 400, 'category')
    refused(await get(server, '/v1/reports/statistics?text=a', { token }), 400, 'text')
  })

  await t.test('squares count each case once, and stand still', async () => {
    const heat = async (query, who = token) => {
      const answer = await get(server, `/v1/reports/heat?${query}`, { token: who })
      assert.equal(answer.status, 200, answer.text)
      return answer.json
    }
    const [w, s] = at(0, 0), [e, n] = at(6, 6)
    const all = await heat(`bbox=${w},${s},${e},${n}&cells=64`)
    const sum = (one) => one.features.reduce((total, f) => total + f.properties.count, 0)
    assert.equal(sum(all), 6)
    assert.equal(all.least, 1)
    assert.equal(sum(await heat(`bbox=${w},${s},${e},${n}&state=rated`)), 2)
    assert.equal(sum(await heat(`bbox=${w},${s},${e},${n}`, west)), 5)
    assert.equal(sum(await heat('bbox=0,0,1,1')), 0)
    const one = await heat(`bbox=${at(1, 1)},${at(1, 1)}`)
    assert.equal(one.zoom, 18)
    const same = all.features.find((f) => all.zoom === one.zoom && JSON.stringify(f.geometry) === JSON.stringify(one.features[0].geometry))
    assert.equal(all.zoom === 18, same !== undefined)
    const gcj = await heat(`bbox=${w},${s},${e},${n}&crs=gcj02`)
    assert.equal(gcj.crs, 'gcj02')
    assert.equal(sum(gcj) >= 5, true)
    for (const [query, name] of [['', 'bbox'], ['bbox=1,2,3', 'bbox'], ['bbox=170,0,-170,1', 'bbox'], ['bbox=0,0,1,1&cells=65', 'cells'], ['bbox=0,0,1,1&kind=castle', 'kind']])
      refused(await get(server, `/v1/reports/heat?${query}`, { token }), 400, name)
    refused(await get(server, '/v1/reports/heat?bbox=0,0,1,1', { token: hand }), 403)
  })
  await t.test('of a private kind, a square with fewer than three is not told', async () => {
    const rider = async (name) => {
      await addUser(server.made.data, name, password, '--role', 'rider')
      return signIn(server, name)
    }
    const who = await rider('li')
    const kinds = (await get(server, '/v1/kinds')).json.kinds.find((kind) => kind.code === 'difficulty')
    const ask3 = async (x, y) => {
      const [lon, lat] = at(x, y)
      const sent = await ask(server, 'POST', '/v1/reports', { token: who, form: [['kind', 'difficulty'], ['category', kinds.categories.find((one) => !one.redirect && !one.questions?.some((q) => q.required)).code], ['lon', lon], ['lat', lat], ['description', '工伤']] })
      assert.equal(sent.status, 201, sent.text)
    }
    for (let i = 0; i < 3; i++) await ask3(1, 1)
    for (let i = 0; i < 2; i++) await ask3(4, 4)
    const [w, s] = at(0, 0), [e, n] = at(6, 6)
    const heat = (await get(server, `/v1/reports/heat?kind=difficulty&bbox=${w},${s},${e},${n}&cells=64`, { token })).json
    assert.deepEqual(heat.features.map((f) => f.properties.count), [3])
    assert.equal(heat.least, 3)
    assert.equal((await get(server, `/v1/reports/heat?kind=difficulty&bbox=${w},${s},${e},${n}`, { token: west })).json.features.length, 0)
    refused(await get(server, `/v1/reports/heat?kind=difficulty&bbox=${w},${s},${e},${n}&text=a`, { token }), 400, 'text')
    assert.equal((await figures('kind=difficulty', west)).total.received, 0)
    assert.equal((await figures('kind=difficulty')).total.received, 5)
  })
})

/** Rows of CSV as objects (RFC 4180). */
function rowsOf(text) {
  const rows = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  const [head, ...rest] = rows.filter((row) => row.length > 1)
  return rest.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])))
}
/** The text of every file of a ZIP archive, by its central directory. */
function unzip(bytes) {
  const files = {}
  let at = bytes.lastIndexOf('PK\x05\x06')
  for (let left = bytes.readUInt16LE(at + 10), p = bytes.readUInt32LE(at + 16); left > 0; left--) {
    const packed = bytes.readUInt32LE(p + 20), name = bytes.readUInt16LE(p + 28), start = bytes.readUInt32LE(p + 42)
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28)
    const content = bytes.subarray(data, data + packed)
    files[bytes.toString('utf8', p + 46, p + 46 + name)] = (bytes.readUInt16LE(p + 10) ? inflateRawSync(content) : content).toString()
    p += 46 + name + bytes.readUInt16LE(p + 30) + bytes.readUInt16LE(p + 32)
  }
  return files
}

test('the queue as a file', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  for (const [name, role] of [['west', 'area_staff'], ['hand', 'handler']]) await addUser(server.made.data, name, password, '--role', role, '--area', '110199001')
  await addUser(server.made.data, 'li', password, '--role', 'rider')
  const west = await signIn(server, 'west'), hand = await signIn(server, 'hand'), li = await signIn(server, 'li')
  const file = async (query, who = token) => {
    const answer = await get(server, `/v1/reports/export?${query}`, { token: who })
    assert.equal(answer.status, 200, answer.text)
    return answer
  }
  const table = async (query, who) => {
    const answer = await file(query, who)
    assert.ok(answer.bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])), 'spreadsheets want a mark to know UTF-8')
    return rowsOf(answer.bytes.subarray(3).toString())
  }
  const columns = ['id', 'kind', 'category', 'category_zh', 'category_en', 'state', 'state_zh', 'state_en', 'area', 'area_name', 'unit', 'assignee', 'priority', 'created', 'updated', 'taken_up',
    'closed', 'due', 'overdue', 'reopened', 'rating', 'joined', 'photos', 'lon', 'lat', 'accuracy_m', 'address', 'description', 'duplicate_of', 'place', 'answers', 'hours_1', 'hours_2', 'hours_3',
    'hours_4', 'hours_5', 'hours_6', 'hours_7', 'hours_paused']

  await t.test('an empty queue is a file with its columns', async () => {
    const answer = await file('format=csv')
    assert.deepEqual(answer.bytes.subarray(3).toString().trim().split(','), columns)
    assert.match(answer.headers['content-disposition'], /^attachment; filename="reports-\d{4}-\d\d-\d\d\.csv"$/)
    assert.deepEqual((await file('format=geojson')).json.features, [])
  })

  const lamp = await send(server, [1, 1], { category: 'lamp', description: '=cmd|\'/c calc\'!A1', 'attribute[fault]': 'dark', 'attribute[pole]': '+12; "x"' })
  await move(server, token, lamp, ...through, ['rated', { rating: '5' }])
  const far = await send(server, [4, 4], { address: '@SUM(1)', accuracy: 20 })
  const third = await send(server, [1, 2], { description: 'two\nlines, "quoted"' })
  const me = (await get(server, '/v1/me', { token })).json.id
  assert.equal((await ask(server, 'PUT', `/v1/reports/${far.id}/assignment`, { token, json: { version: 1, person_id: me } })).status, 200)
  assert.equal((await ask(server, 'POST', `/v1/reports/${far.id}/join`)).status, 201)

  await t.test('every case is a row that says what the case says', async () => {
    const rows = await table('')
    assert.deepEqual(rows.map((row) => row.id), [lamp.id, far.id, third.id])
    for (const row of rows) {
      const one = (await get(server, `/v1/reports/${row.id}`, { token })).json
      assert.deepEqual([row.kind, row.category, row.state], [one.kind, one.category, one.state])
      assert.deepEqual([Number(row.lon), Number(row.lat)].map((x) => x.toFixed(6)), one.location.map((x) => x.toFixed(6)))
      assert.equal(Number(row.area), one.area?.id ?? 0)
      assert.equal(row.area_name, one.area?.name ?? '')
      assert.equal(row.photos, String(one.photos.length))
      assert.match(row.created, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
      assert.equal(Math.floor(Date.parse(one.created_at) / 1000), Date.parse(row.created.replace(' ', 'T') + '+08:00') / 1000)
    }
    const [first, second, last] = rows
    assert.deepEqual([first.category_zh, first.category_en, first.state_zh, first.state_en, first.rating, first.overdue], ['路灯', 'Street lamp', '回访', 'Rated', '5', '0'])
    assert.ok(['hours_1', 'hours_2', 'hours_3', 'hours_4', 'hours_5', 'hours_6', 'hours_7'].every((name) => Number(first[name]) >= 0 && first[name] !== ''))
    assert.equal(first.hours_paused, '')
    assert.equal(first.answers, 'fault=dark; pole=+12; "x"')
    assert.deepEqual([second.assignee, second.joined, second.accuracy_m, second.hours_2], [String(me), '1', '20', ''])
    assert.equal(last.description, 'two\nlines, "quoted"')
  })
  await t.test('no spreadsheet runs what somebody wrote', async () => {
    const rows = await table('format=csv')
    assert.equal(rows[0].description, "'=cmd|'/c calc'!A1")
    assert.equal(rows[1].address, "'@SUM(1)")
    const book = unzip((await file('format=xlsx')).bytes)
    const sheet = Object.entries(book).find(([name]) => name.includes('sheet1.xml'))[1]
    assert.doesNotMatch(sheet, /<f[ >]/)
    assert.ok(Object.values(book).some((text) => text.includes('=cmd|')))
  })
  await t.test('a map has the points, also in another system', async () => {
    const map = (await file('format=geojson')).json
    assert.deepEqual(map.features.map((f) => f.properties.id), [lamp.id, far.id, third.id])
    assert.equal(map.features[0].geometry.type, 'Point')
    assert.equal(map.features[0].properties.lon, undefined)
    assert.match(map.features[0].properties.created, /Z$/)
    const [moved] = (await file('format=geojson&crs=gcj02&category=lamp')).json.features
    const [asked] = (await get(server, '/v1/reports?crs=gcj02&category=lamp', { token })).json.reports
    for (const i of [0, 1]) assert.ok(Math.abs(moved.geometry.coordinates[i] - asked.location[i]) < 1e-6)
  })
  await t.test('it takes the filters of the queue, and everybody their own areas', async () => {
    for (const query of ['category=lamp', 'open=true', 'state=submitted', 'assignee=me', 'assignee=none', 'text=lines', 'priority=1', 'flags=inaccurate', `to=${new Date(0).toISOString().replace('1970', '1971')}`])
      assert.deepEqual((await table(query)).map((row) => row.id).sort(),
        (await get(server, `/v1/reports?${query}`, { token })).json.reports.map((one) => one.id).sort(), query)
    assert.deepEqual((await table('', west)).map((row) => row.id), [lamp.id, third.id])
    refused(await get(server, '/v1/reports/export', { token: hand }), 403)
    refused(await get(server, '/v1/reports/export', { token: li }), 403)
    refused(await get(server, '/v1/reports/export'), 401)
    refused(await get(server, '/v1/reports/export?format=shp', { token }), 400, 'format')
    refused(await get(server, '/v1/reports/export?kind=castle', { token }), 400, 'kind')
    refused(await get(server, '/v1/reports/export?limit=1', { token }), 400, 'limit')
  })
  await t.test('the command line writes the same', async () => {
    const path = join(server.made.folder, 'cases.csv')
    await command(server.made.data, 'export', 'cases', path)
    assert.deepEqual(readFileSync(path), (await file('')).bytes)
    await command(server.made.data, 'export', 'cases', path, '--category', 'lamp', '--area', '110199001')
    assert.deepEqual(rowsOf(readFileSync(path).subarray(3).toString()).map((row) => row.id), [lamp.id])
    await command(server.made.data, 'export', 'cases', path, '--open', '--to', '2020-01-01T00:00:00Z')
    assert.deepEqual(rowsOf(readFileSync(path).subarray(3).toString()), [])
    for (const [words, said] of [[['--kind', 'castle'], /no kind "castle"/], [['--state', 'castle'], /no state/], [['--category', 'castle'], /no category/], [['--area', 'castle'], /no area/],
      [['--from', 'yesterday'], /--from is a moment/], [['--format', 'shp'], /is no format/], [['--crs', 'castle'], /castle/]])
      await assert.rejects(command(server.made.data, 'export', 'cases', path, ...words), said)
  })
  await t.test('private cases come only to those who see them, and each is kept as a look', async () => {
    const sent = await ask(server, 'POST', '/v1/reports', { token: li, form: [['kind', 'difficulty'], ['category', 'counselling'], ['description', '睡不着'], ['address', '西四']] })
    assert.equal(sent.status, 201, sent.text)
    assert.deepEqual(await table('kind=difficulty', west), [])
    assert.deepEqual((await get(server, `/v1/audit?report=${sent.json.id}`, { token })).json.audit, [])
    const answer = await file('kind=difficulty')
    const [row] = rowsOf(answer.bytes.subarray(3).toString())
    assert.deepEqual([row.id, row.lon, row.description], [sent.json.id, '', '睡不着'])
    const own = (await get(server, '/v1/me', { token: li })).json
    assert.ok(!columns.some((name) => /reporter|sender|login|person/.test(name)) && !Object.values(row).includes(String(own.login)))
    assert.equal((await file('kind=difficulty&format=geojson')).json.features[0].geometry, null)
    const kept = (await get(server, `/v1/audit?report=${sent.json.id}`, { token })).json.audit
    assert.deepEqual(kept.map((one) => [one.verb, one.route]), [['looked', '/v1/reports/export']])
    assert.ok((await get(server, '/v1/audit?verb=exported', { token })).json.audit.some((one) => one.route === '/v1/reports/export'))
  })
})
