// Staff keep places true: edits, closing for a while, taking off and putting back, history; who may.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, at, b, command, everybody, get, idOf, openapi, png, refused, soon, start, stop, until } from './harness.mjs'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'


test('keeping places true', async (t) => {
  const { server, tokens } = await everybody(t)
  const token = tokens.west
  const id = await idOf(server, '东门驿站')
  const call = (method, path, json, more = {}) => ask(server, method, path, { token, json, ...more })
  const place = async (which = id) => (await get(server, `/v1/places/${which}`))
  const record = async (which = id, who = token) => {
    const answer = await get(server, `/v1/places/${which}/record`, { token: who })
    assert.equal(answer.status, 200, answer.text)
    return answer.json
  }
  const good = (answer, status = 200) => {
    assert.equal(answer.status, status, answer.text)
    return answer.json
  }

  await t.test('an edit is held, answered whole, and seen by everybody within a second', async () => {
    const before = await record()
    assert.deepEqual(before.held, [])
    assert.equal(before.status, 'shown')
    const after = good(await call('PUT', `/v1/places/${id}`, {
      version: before.version, name: '东门驿站（新）', hours: 'Mo-Fr 08:00-18:00', amenities: ['water', 'wifi', 'water'], names: ['东门', 'East'],
      phone: '010-12345678', capacity: 12, reason: '核实'
    }))
    assert.equal(after.version, before.version + 1)
    assert.deepEqual(after.held, ['amenities', 'name', 'names', 'phone', 'hours', 'capacity'])
    assert.deepEqual([...after.amenities].sort(), ['water', 'wifi'])
    assert.equal(after.address, before.address)
    const took = await until(async () => (await place()).json.name === after.name)
    assert.ok(took < 1000, `${took} ms`)
    const shown = (await place()).json
    assert.deepEqual([shown.names, shown.capacity, shown.hours, shown.version], [['东门', 'East'], 12, 'Mo-Fr 08:00-18:00', after.version])
    const found = (await get(server, `/v1/places?near=${at(1, 1)}&amenities=wifi`)).json.places
    assert.deepEqual(found.map((p) => p.id), [id])
  })
  await t.test('an old version is refused with the place as it is now', async () => {
    const now = await record()
    const answer = await call('PUT', `/v1/places/${id}`, { version: now.version - 1, name: 'x' })
    refused(answer, 409)
    assert.deepEqual(answer.json.present, now)
    refused(await call('DELETE', `/v1/places/${id}?version=${now.version + 1}`), 409)
    refused(await call('PUT', `/v1/places/${id}/closing`, { version: now.version + 1, reason: 'x' }), 409)
    assert.deepEqual(await record(), now)
  })
  await t.test('what is let go of is what the source says, after its next import', async () => {
    const { version } = await record()
    const after = good(await call('PUT', `/v1/places/${id}`, { version, release: ['name', 'capacity'] }))
    assert.ok(!after.held.includes('name') && after.held.includes('hours'))
    assert.equal(after.name, '东门驿站（新）')
    await command(server.made.data, 'import', 'places', join(server.made.city, 'places.geojson'))
    await until(async () => (await place()).json.name === '东门驿站')
    const now = await record()
    assert.equal(now.hours, 'Mo-Fr 08:00-18:00')
    assert.equal(now.phone, '010-12345678')
  })
  await t.test('a place is moved, also in gcj02; into another street office only by who is staff there', async () => {
    const { version, location } = await record()
    refused(await call('PUT', `/v1/places/${id}`, { version, location: at(4, 1) }), 403)
    const gcj = (await get(server, `/v1/places/${id}?coord_type=wgs84&ret_coordtype=gcj02`)).json.location
    const moved = good(await call('PUT', `/v1/places/${id}?crs=gcj02`, { version, location: [gcj[0] + 0.001, gcj[1]] }))
    assert.deepEqual(moved.location, [Number((gcj[0] + 0.001).toFixed(7)), gcj[1]])
    await until(async () => Math.abs((await place()).json.location[0] - location[0] - 0.001) < 1e-5)
    const far = good(await call('PUT', `/v1/places/${id}`, { version: moved.version, location: at(4, 1) }, { token: tokens.admin }))
    assert.equal(far.area.name, '东街道')
    refused(await call('PUT', `/v1/places/${id}`, { version: far.version, name: 'x' }), 403)
    good(await call('PUT', `/v1/places/${id}`, { version: far.version, location }, { token: tokens.admin }))
  })
  await t.test('hours that are not understood are refused, and kept by force with a warning', async () => {
    const { version } = await record()
    const wrong = await call('PUT', `/v1/places/${id}`, { version, hours_self: 'whenever the sun shines' })
    refused(wrong, 400, 'hours_self')
    assert.match(wrong.json.detail, /force/)
    const kept = good(await call('PUT', `/v1/places/${id}`, { version, hours_self: 'whenever the sun shines', force: true }))
    assert.deepEqual(kept.warnings.map((w) => w.field), ['hours_self'])
    const same = good(await call('PUT', `/v1/places/${id}`, { version: kept.version, hours_self: 'whenever the sun shines', phone: '1' }))
    assert.equal(same.warnings, undefined, 'what it said anyhow is no news')
    good(await call('PUT', `/v1/places/${id}`, { version: same.version, hours_self: '' }))
  })
  await t.test('hours are checked as they are typed', async () => {
    const check = async (value) => (await get(server, `/v1/hours?value=${encodeURIComponent(value)}`)).json
    const good = await check('Mo-Fr 08:00-18:00')
    assert.ok(good.understood && good.says.zh.includes('周一') && good.says.en.includes('Mon') && good.now.zh)
    const bad = await check('Mo-Fr 08:00-1')
    assert.ok(!bad.understood && bad.problem)
    refused(await get(server, '/v1/hours'), 400, 'value')
    assert.equal((await check('x'.repeat(1500))).understood, false)
  })
  await t.test('closed for a while is told with its reason and ends by itself, or by hand', async () => {
    const { version } = await record()
    const closed = good(await call('PUT', `/v1/places/${id}/closing`, { version, to: soon(3600), reason: '设备检修' }))
    assert.equal(closed.closed.reason, '设备检修')
    await until(async () => (await place()).json.closed?.reason === '设备检修')
    good(await call('PUT', `/v1/places/${id}`, { version: closed.version, hours: '24/7' }))
    await until(async () => (await place()).json.hours === '24/7')
    const { open: shut } = (await place()).json
    assert.deepEqual([shut.state, shut.staffed.state, shut.changes_to], ['closed', 'closed', 'open'])
    assert.match(shut.now.zh, /^暂停开放（设备检修），.*恢复开放$/)
    const late = Date.parse(shut.changes_at) - Date.parse(closed.closed.to)
    assert.ok(late >= 0 && late < 60000, shut.changes_at)
    const open = async () => (await get(server, '/v1/places?open=now')).json.places.some((p) => p.id === id)
    assert.equal(await open(), false)
    const opened = good(await call('DELETE', `/v1/places/${id}/closing?version=${closed.version + 1}`))
    assert.equal(opened.closed, undefined)
    await until(open)
    const brief = good(await call('PUT', `/v1/places/${id}/closing`, { version: opened.version, to: soon(1.5), reason: '片刻' }))
    assert.ok(brief.closed.to)
    await until(async () => !(await open()))
    await until(async () => (await open()) && !(await place()).json.closed)
    const later = good(await call('PUT', `/v1/places/${id}/closing`, { version: brief.version, from: soon(3600), reason: '春节' }))
    assert.equal(later.closed.to, undefined)
    assert.ok(await open())
    for (const [json, name] of [[{ version: 1 }, 'reason'], [{ version: 1, reason: '' }, 'reason'], [{ reason: 'x' }, 'version'],
      [{ version: 1, reason: 'x', from: 'today' }, 'from'], [{ version: 1, reason: 'x', to: soon(-10) }, 'to'],
      [{ version: 1, reason: 'x', from: soon(60), to: soon(30) }, 'to'], [{ version: 1, reason: 'x', until: 1 }, 'until']])
      refused(await call('PUT', `/v1/places/${id}/closing`, json), 400, name)
  })
  await t.test('taken off the map and put back', async () => {
    const { version } = await record()
    refused(await call('DELETE', `/v1/places/${id}`), 400, 'version')
    refused(await call('DELETE', `/v1/places/${id}?version=${version}&reason=${'x'.repeat(1001)}`), 400, 'reason')
    const removed = good(await call('DELETE', `/v1/places/${id}?version=${version}&reason=${encodeURIComponent('已拆除')}`))
    assert.equal(removed.status, 'removed')
    await until(async () => (await place()).status === 404)
    assert.equal((await get(server, `/v1/places/${id}/history`)).status, 404)
    assert.equal((await record()).status, 'removed')
    await command(server.made.data, 'import', 'places', join(server.made.city, 'places.geojson'))
    assert.equal((await record()).status, 'removed')
    const back = good(await call('POST', `/v1/places/${id}/restore`, { version: removed.version, reason: '误删' }))
    assert.equal(back.status, 'shown')
    await until(async () => (await place()).status === 200)
  })
  await t.test('what its source no longer has can be kept', async () => {
    const file = join(server.made.city, 'fuel.csv')
    const write = (...rows) => writeFileSync(file, ['id,category,name,lon,lat', ...rows].join('\n'))
    write(`1,fuel,一号站,${at(1, 0)}`, `2,fuel,二号站,${at(2, 0)}`)
    await command(server.made.data, 'import', 'places', file)
    await until(async () => (await get(server, '/v1/places?category=fuel')).json.places.length === 3)
    const gone = await idOf(server, '二号站')
    write(`1,fuel,一号站,${at(1, 0)}`)
    await command(server.made.data, 'import', 'places', file)
    await until(async () => (await place(gone)).status === 404)
    const vanished = await record(gone)
    assert.equal(vanished.status, 'vanished')
    const kept = good(await call('POST', `/v1/places/${gone}/restore`, { version: vanished.version }))
    assert.deepEqual([kept.status, kept.kept], ['shown', true])
    await until(async () => (await place(gone)).status === 200)
  })
  await t.test('the history tells staff all, and the public neither who nor why nor what stood there', async () => {
    const staff = (await get(server, `/v1/places/${id}/history?limit=100`, { token })).json.history
    assert.deepEqual([staff[0].verb, staff[0].reason], ['restored', '误删'])
    const edit = staff.find((e) => e.reason === '核实')
    assert.deepEqual(edit.changes.phone, ['', '010-12345678'])
    const [until, , first] = staff.filter((e) => e.verb === 'closed') // newest first
    assert.deepEqual(until.changes.closed[1], { from: until.changes.closed[1].from, reason: '春节' }) // until further notice
    assert.equal(first.changes.closed[0], null)
    assert.ok(Date.parse(first.changes.closed[1].to) - Date.parse(first.changes.closed[1].from) > 3590e3)
    const opened = staff.find((e) => e.verb === 'opened')
    assert.deepEqual(opened.changes.closed, [first.changes.closed[1], null])
    assert.ok(edit.person_id > 0)
    const open = await get(server, `/v1/places/${id}/history?limit=100`)
    assert.equal(open.json.history.length, staff.length)
    assert.ok(!/010-12345678|误删|春节|changes|person/.test(open.text))
    const other = await get(server, `/v1/places/${id}/history?limit=100`, { token: tokens.east })
    assert.equal(other.text, open.text, 'staff of another area are the public here')
    const seen = []
    for (let next = `/v1/places/${id}/history?limit=2`; next;) {
      const page = (await get(server, next, { token })).json
      seen.push(...page.history)
      next = page.next
    }
    assert.deepEqual(seen, staff)
  })
  await t.test('a new place is on the map within a second, once for one key', async () => {
    const json = { category: 'toilet', location: at(2, 2), name: '新公厕', hours: '24/7', amenities: [] }
    const headers = { 'Idempotency-Key': 'new-toilet' }
    const first = await call('POST', '/v1/places', json, { headers })
    const made = good(first, 201)
    assert.equal(first.headers.location, `/v1/places/${made.id}`)
    assert.equal(made.source, 'local')
    assert.equal((await call('POST', '/v1/places', json, { headers })).text, first.text)
    refused(await call('POST', '/v1/places', { ...json, name: 'x' }, { headers }), 422, 'Idempotency-Key')
    refused(await call('POST', '/v1/places?crs=gcj02', json, { headers }), 422, 'Idempotency-Key')
    assert.ok((await until(async () => (await place(made.id)).status === 200)) < 1000)
    refused(await call('POST', '/v1/places', { ...json, location: at(4, 4) }), 403)
    refused(await call('POST', '/v1/places', { ...json, location: [10, 50] }), 403)
    good(await call('POST', '/v1/places', { ...json, location: [10, 50] }, { token: tokens.admin }), 201)
  })
  await t.test('what is wrong is named', async () => {
    const { version } = await record()
    const rows = [
      [{ name: 'x' }, 'version'], [{ version: 0 }, 'version'], [{ version, nome: 'x' }, 'nome'], [{ version, name: 5 }, 'name'],
      [{ version, name: 'x'.repeat(101) }, 'name'], [{ version, name: 'a\nb' }, 'name'], [{ version, category: 'castle' }, 'category'],
      [{ version, amenities: ['castle'] }, 'amenities'], [{ version, amenities: 'water' }, 'amenities'], [{ version, location: [1] }, 'location'],
      [{ version, location: [500, 0] }, 'location'], [{ version, capacity: -1 }, 'capacity'], [{ version, names: ['a;b'] }, 'names'],
      [{ version, release: ['castle'] }, 'release'], [{ version, name: 'x', release: ['name'] }, 'release'],
      [{ version, reason: 'x'.repeat(1001) }, 'reason'], [{ version, force: 1 }, 'force'], [{ version, name: '𝄞'.repeat(90) }, 'name'],
    ]
    for (const [json, name] of rows) refused(await call('PUT', `/v1/places/${id}`, json), 400, name)
    refused(await call('POST', '/v1/places', { location: at(1, 1) }), 400, 'category')
    refused(await call('POST', '/v1/places', { category: 'toilet' }), 400, 'location')
    refused(await call('POST', '/v1/places', { category: 'toilet', location: at(1, 1), version: 1 }), 400, 'version')
    refused(await call('PUT', '/v1/places/999999', { version: 1 }), 404, 'id')
    refused(await call('PUT', '/v1/places/abc', { version: 1 }), 404)
    assert.equal((await record()).version, version)
  })
})

test('what is off the map is listed for staff of where it stood', async (t) => {
  const { server, tokens } = await everybody(t)
  const add = async (name, x) =>
    (await ask(server, 'POST', '/v1/places', { token: tokens.admin, json: { category: 'toilet', location: at(x, 1), name } })).json
  const off = async (query = '', token = tokens.west) => {
    const answer = await get(server, `/v1/places/off${query}`, { token })
    assert.equal(answer.status, 200, answer.text)
    return answer.json
  }
  const names = async (...asked) => (await off(...asked)).places.map((p) => p.name)
  assert.deepEqual(await off(), { places: [], next: null })
  const file = join(server.made.city, 'fuel.csv')
  writeFileSync(file, `id,category,name,lon,lat\n1,fuel,一号站,${at(1, 0)}\n2,fuel,二号站,${at(2, 0)}`)
  await command(server.made.data, 'import', 'places', file)
  writeFileSync(file, `id,category,name,lon,lat\n1,fuel,一号站,${at(1, 0)}`)
  await command(server.made.data, 'import', 'places', file)
  for (const [name, x] of [['西一', 0.5], ['东一', 4], ['西二', 1.5]]) {
    const made = await add(name, x)
    const gone = await ask(server, 'DELETE', `/v1/places/${made.id}?version=1&reason=x`, { token: tokens.admin })
    assert.ok(Date.parse(gone.json.off_at) > Date.now() - 60000)
  }
  assert.deepEqual(await names(), ['西二', '西一', '二号站'])
  assert.deepEqual(await names('', tokens.places), ['西二', '西一', '二号站'])
  assert.deepEqual(await names('', tokens.east), ['东一'])
  assert.deepEqual(await names('', tokens.admin), ['西二', '东一', '西一', '二号站'])
  assert.deepEqual(await names('?status=removed'), ['西二', '西一'])
  assert.deepEqual(await names('?status=vanished'), ['二号站'])
  assert.deepEqual(await names('?category=fuel'), ['二号站'])
  assert.deepEqual(await names('?area=110199002', tokens.admin), ['东一'])
  assert.deepEqual(await names('?area=110199002'), [])
  const seen = []
  for (let next = '/v1/places/off?limit=1&crs=gcj02'; next;) {
    const page = (await get(server, next, { token: tokens.west })).json
    seen.push(...page.places)
    next = page.next
  }
  assert.deepEqual(seen.map((p) => p.name), ['西二', '西一', '二号站'])
  assert.ok(seen.every((p) => p.crs === 'gcj02'))
  const back = await ask(server, 'POST', `/v1/places/${seen[0].id}/restore`, { token: tokens.west, json: { version: seen[0].version } })
  assert.deepEqual([back.json.status, back.json.off_at], ['shown', undefined])
  assert.deepEqual(await names(), ['西一', '二号站'])
  for (const [query, name] of [['status=shown', 'status'], ['area=7', 'area'], ['category=castle', 'category'], ['limit=201', 'limit'], ['cursor=x', 'cursor'],
    ['text=x', 'text']])
    refused(await get(server, `/v1/places/off?${query}`, { token: tokens.west }), 400, name)
})

test('photos of places', async (t) => {
  const { server, tokens } = await everybody(t)
  const id = await idOf(server, '公厕'), token = tokens.west
  const photo = (shade, name = 'a.png') => ['photo', png(60, 40, 40, shade), name, 'image/png']
  const add = (form, more = {}) => ask(server, 'POST', `/v1/places/${id}/photos`, { token, form, ...more })
  const place = async () => (await get(server, `/v1/places/${id}`)).json

  await t.test('are shown to everybody, in their order, without metadata', async () => {
    const first = await add([photo(10), photo(20)])
    assert.equal(first.status, 201, first.text)
    assert.equal(first.json.photos.length, 2)
    await until(async () => (await place()).photos?.length === 2)
    assert.deepEqual((await place()).photos, first.json.photos)
    for (const one of first.json.photos)
      for (const path of [`/v1/photos/${one}`, `/v1/photos/${one}/middle`, `/v1/photos/${one}/thumb`]) {
        const picture = await get(server, path)
        assert.equal(picture.type, path.endsWith(one) ? 'image/jpeg' : 'image/webp')
        assert.ok(!picture.bytes.includes('Exif'))
        assert.equal(picture.headers['cache-control'], 'private, no-cache')
        const again = await get(server, path, { headers: { 'If-None-Match': picture.headers.etag } })
        assert.deepEqual([again.status, again.bytes.length], [304, 0])
      }
    const [a, b] = first.json.photos
    const turned = await ask(server, 'PUT', `/v1/places/${id}/photos`, { token, json: { version: first.json.version, photos: [b, a] } })
    assert.deepEqual(turned.json.photos, [b, a])
    for (const photos of [[a], [a, a], [a, b, '2'.repeat(22)], ['x']])
      refused(await ask(server, 'PUT', `/v1/places/${id}/photos`, { token, json: { version: turned.json.version, photos } }), 400, 'photos')
    const { etag } = (await get(server, `/v1/photos/${b}`)).headers
    const left = await ask(server, 'DELETE', `/v1/places/${id}/photos/${b}`, { token })
    assert.deepEqual(left.json.photos, [a])
    assert.equal((await get(server, `/v1/photos/${b}`)).status, 404)
    assert.equal((await get(server, `/v1/photos/${b}`, { headers: { 'If-None-Match': etag } })).status, 404, 'a browser that has it shows it no more')
    refused(await ask(server, 'DELETE', `/v1/places/${id}/photos/${b}`, { token }), 404)
    const history = (await get(server, `/v1/places/${id}/history`, { token })).json.history
    assert.deepEqual(history.map((e) => e.verb), ['photo_removed', 'photos_ordered', 'photo_added'])
    assert.deepEqual(history[0].changes.photos, [`${b} ${a}`, a])
    const blobs = join(server.made.data, 'blobs')
    const files = () => readdirSync(blobs).filter((folder) => folder.length === 2).flatMap((folder) => readdirSync(join(blobs, folder)))
    assert.equal(files().length, 4)
    await stop(server)
    Object.assign(server, await start(server.made))
    assert.equal(files().length, 2, 'the files of what was taken off are set aside')
    assert.equal(readdirSync(join(blobs, 'orphans')).length, 2)
    assert.equal((await get(server, `/v1/photos/${a}`)).status, 200)
  })
  await t.test('go with the place when it is taken off the map, but for its staff', async () => {
    const { version, photos: [one] } = await place()
    await ask(server, 'DELETE', `/v1/places/${id}?version=${version}`, { token })
    assert.equal((await get(server, `/v1/photos/${one}`)).status, 404)
    assert.equal((await get(server, `/v1/photos/${one}`, { token })).status, 200)
    await ask(server, 'POST', `/v1/places/${id}/restore`, { token, json: { version: version + 1 } })
    assert.equal((await get(server, `/v1/photos/${one}`)).status, 200)
  })
  await t.test('sent twice with one key they are added once; and there is a most', async () => {
    const headers = { 'Idempotency-Key': 'six' }
    const first = await add(Array.from({ length: 6 }, (_, i) => photo(30 + i)), { headers })
    const again = await add(Array.from({ length: 6 }, (_, i) => photo(30 + i)), { headers })
    assert.equal(again.text, first.text)
    refused(await add([photo(99)], { headers }), 422, 'Idempotency-Key')
    refused(await add(Array.from({ length: 6 }, (_, i) => photo(50 + i))), 409, 'photo')
    refused(await add([]), 400, 'photo')
    refused(await add([['note', 'x'], photo(1)]), 400, 'note')
    refused(await add([['photo', b('GIF89a', Buffer.alloc(50)), 'a.gif', 'image/gif']]), 415, 'photo')
  })
})

test('an edit shows within a second while everybody reads', async (t) => {
  const { server, tokens } = await everybody(t)
  const id = await idOf(server, '公厕'), edits = 20
  let reading = true, reads = 0
  const reader = async (i) => {
    for (let n = 0; reading; n++) {
      const paths = [`/v1/places?near=${at(n % 5, i % 5)}&limit=5`, `/v1/places?bbox=${at(0, 0)},${at(5, 5)}`, `/v1/places/${id}`]
      const answer = await get(server, paths[n % 3], { check: false })
      assert.equal(answer.status, 200, answer.text)
      reads++
    }
  }
  const readers = Array.from({ length: 16 }, (_, i) => reader(i))
  const took = []
  let { version } = (await get(server, `/v1/places/${id}/record`, { token: tokens.west })).json
  for (let i = 0; i < edits; i++) {
    const answer = await ask(server, 'PUT', `/v1/places/${id}`, { token: tokens.west, json: { version, phone: `${i}` } })
    assert.equal(answer.status, 200, answer.text)
    version = answer.json.version
    took.push(await until(async () => (await get(server, `/v1/places/${id}`)).json.version === version))
  }
  reading = false
  await Promise.all(readers)
  took.sort((a, b) => a - b)
  assert.ok(took.at(-1) < 1000, `${took}`)
  console.log(`# ${edits} edits beside ${reads} reads: seen after ${took[edits / 2]} ms in the median, ${took.at(-1)} ms at most`)
})

test('every route that keeps places, for everybody who may come', async (t) => {
  const { server, tokens } = await everybody(t)
  const id = await idOf(server, '公厕') // in the west
  const record = async () => (await get(server, `/v1/places/${id}/record`, { token: tokens.admin })).json
  const version = async () => (await record()).version
  const who = ['anonymous', 'rider', 'streets', 'east', 'places', 'west', 'admin']
  const staff = [401, 403, 403, 403, 200, 200, 200], everyone = who.map(() => 200)
  const list = `id,category,name,lon,lat\n1,toilet,x,${at(1, 1)}`
  const admins = (await ask(server, 'POST', '/v1/imports', { token: tokens.admin, form: [['source', 'admin'], ['file', list, 'a.csv', 'text/csv']] })).json.id
  const rows = [
    ['post', '/v1/places', async () => ({ json: { category: 'toilet', location: at(1.5, 1.5) } }), [401, 403, 403, 403, 201, 201, 201]],
    ['put', '/v1/places/{id}', async () => ({ json: { version: await version(), name: `公厕${Math.random()}` } }), staff],
    ['put', '/v1/places/{id}/closing', async () => ({ json: { version: await version(), reason: 'x' } }), staff],
    ['delete', '/v1/places/{id}/closing', async () => ({ query: `?version=${await version()}` }), staff],
    ['delete', '/v1/places/{id}', async () => ({ query: `?version=${await version()}` }), staff],
    ['post', '/v1/places/{id}/restore', async () => ({ json: { version: await version() } }), staff],
    ['get', '/v1/places/{id}/record', async () => ({}), staff],
    ['get', '/v1/places/off', async () => ({}), [401, 403, 200, 200, 200, 200, 200]], // what is theirs: above
    ['post', '/v1/places/{id}/photos', async () => ({ form: [['photo', png(20, 10), 'a.png', 'image/png']] }), [401, 403, 403, 403, 201, 201, 201]],
    ['put', '/v1/places/{id}/photos', async () => ({ json: { version: await version(), photos: (await record()).photos } }), staff],
    ['get', '/v1/photos/{id}', async () => ({ which: (await record()).photos[0] }), everyone],
    ['get', '/v1/photos/{id}/middle', async () => ({ which: (await record()).photos[0] }), everyone],
    // What is blurred is what reports show: photos.test.mjs. That of a place is taken off.
    ['post', '/v1/photos/{id}/blur', async () => ({ which: (await record()).photos[0], json: { version: 1, regions: [{ x: 0, y: 0, width: 1, height: 1 }] } }),
      [401, 403, 404, 404, 404, 404, 404]],
    ['get', '/v1/photos/{id}/thumb', async () => ({ which: (await record()).photos[0] }), everyone],
    ['delete', '/v1/places/{id}/photos/{photo}', async () => ({ photo: (await record()).photos[0] }), staff],
    ['get', '/v1/places/export', async () => ({}), [401, 403, 200, 200, 200, 200, 200]],
    ['get', '/v1/areas/export', async () => ({}), [401, 403, 200, 200, 200, 200, 200]],
    // Who may, row by row, is told in imports.test.mjs; so is what a report of others' says.
    ['post', '/v1/imports', async () => ({ form: [['source', 'mine'], ['file', list, 'a.csv', 'text/csv']] }), [401, 403, 403, 200, 200, 200, 200]],
    ['get', '/v1/imports', async () => ({}), [401, 403, 200, 200, 200, 200, 200]], // each their own
    ['get', '/v1/imports/{id}', async () => ({ which: admins }), [401, 403, 404, 404, 404, 404, 200]],
    ['post', '/v1/places/{id}/confirm', async () => ({}), everyone],
    ['post', '/v1/places/{id}/feedback', async () => ({ form: [['problem', 'closed']] }), [201, 201, 201, 201, 201, 201, 201]],
    ['get', '/v1/places/{id}/history', async () => ({}), everyone],
  ]
  for (const [method, pattern, more, expected] of rows)
    await t.test(`${method.toUpperCase()} ${pattern}`, async () => {
      for (const [i, name] of who.entries()) {
        const { query = '', photo, which = id, ...rest } = await more()
        const path = pattern.replace('{id}', which).replace('{photo}', photo) + query
        const answer = await ask(server, method.toUpperCase(), path, { token: tokens[name], ...rest })
        assert.equal(answer.status, expected[i], `${name}: ${answer.text}`)
      }
    })
  await t.test('and none of them is forgotten here', () => {
    const kept = (path) => /^\/v1\/(places|imports|photos|areas\/export)/.test(path)
    const described = Object.entries(openapi.paths).filter(([path]) => kept(path))
      .flatMap(([path, item]) => Object.keys(item).filter((k) => k !== 'parameters').map((verb) => `${verb} ${path}`))
    const open = ['get /v1/places', 'get /v1/places/{id}']
    const walked = rows.map(([method, path]) => `${method} ${path}`)
    assert.deepEqual(described.filter((d) => !open.includes(d) && !walked.includes(d)), [])
  })
})
