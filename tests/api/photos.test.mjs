// Photos of reports: sizes, what the camera claims, the same photo in two reports, blurring for good, and addresses that end.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { ask, everybody, get, makeData, png, refused, remove, report, root, serve, signIn, start, stop } from './harness.mjs'
import { exif, jpeg, painted, scene } from './pictures.mjs'

const good = (answer, status = 200) => {
  assert.equal(answer.status, status, answer.text)
  return answer.json
}
const sizes = (photo) => [photo.url, photo.middle_url, photo.thumb_url]

test('photos of reports', async (t) => {
  const { server, tokens } = await everybody(t)
  const send = async (photo, more = {}) =>
    good(await ask(server, 'POST', '/v1/reports', { form: [...report().slice(0, 3), ['photo', photo, 'a.jpg', 'image/jpeg']], ...more }), 201)
  const read = async (id, token) => good(await get(server, `/v1/reports/${id}`, { token }))
  const blur = (photo, json, token = tokens.west) => ask(server, 'POST', `/v1/photos/${photo}/blur`, { json, token })
  const blobs = () => readdirSync(join(server.made.data, 'blobs'), { withFileTypes: true }).flatMap((folder) =>
    readdirSync(join(server.made.data, 'blobs', folder.name)).map((file) => join(server.made.data, 'blobs', folder.name, file)))

  await t.test('one comes in three sizes', async () => {
    const [photo] = (await send(painted(2400, 1200, scene(1)))).photos
    assert.deepEqual([photo.width, photo.height], [2048, 1024])
    const got = await Promise.all(sizes(photo).map((url) => get(server, url)))
    assert.deepEqual(got.map((a) => [a.status, a.type]), [[200, 'image/jpeg'], [200, 'image/webp'], [200, 'image/webp']])
    // A lossy bitstream says its size behind its start code (RFC 6386, section 9.1).
    assert.deepEqual(got.slice(1).map((a) => [a.bytes.readUInt16LE(26), a.bytes.readUInt16LE(28)]), [[1024, 512], [320, 160]])
    assert.equal(new Set(got.map((a) => a.headers.etag)).size, 3)
    for (const a of got) assert.equal(a.headers['cache-control'], 'private, max-age=86400')
  })

  await t.test('what the camera claims is for staff and the reporter alone', async () => {
    const camera = jpeg(64, 64, exif([116, 23], [39, 54], '2026:11:23 08:15:00'))
    const sent = await send(camera, { token: tokens.rider })
    const hint = sent.photos[0].hint
    assert.deepEqual(hint, { lon: 116.3833333, lat: 39.9, time: '2026-11-23T08:15:00' })
    assert.deepEqual((await read(sent.id, tokens.rider)).photos[0].hint, hint)
    assert.deepEqual((await read(sent.id, tokens.west)).photos[0].hint, hint)
    for (const who of [undefined, tokens.east, tokens.places]) assert.equal((await read(sent.id, who)).photos[0].hint, undefined)
    const anonymous = await send(jpeg(72, 64, exif([10, 0], [50, 0], '2020:01:01 00:00:00')))
    assert.ok(anonymous.photos[0].hint, 'who sends it has it anyway')
    assert.equal((await read(anonymous.id)).photos[0].hint, undefined)
    for (const url of sizes(sent.photos[0])) assert.ok(!(await get(server, url)).bytes.includes('Exif'))
  })

  await t.test('staff are told where a photo was used before', async () => {
    const first = await send(painted(300, 200, scene(2))), same = await send(painted(300, 200, scene(2)))
    const smaller = await send(painted(270, 180, scene(2))), other = await send(painted(300, 200, scene(9)))
    const reused = (await read(first.id, tokens.west)).reused
    assert.deepEqual(reused.map((r) => [r.report, r.match]).sort(), [[same.id, 'exact'], [smaller.id, 'similar']].sort())
    assert.equal(reused[0].photo, first.photos[0].id)
    assert.deepEqual((await read(other.id, tokens.west)).reused, [])
    for (const who of [undefined, tokens.rider, tokens.east]) assert.equal((await read(first.id, who)).reused, undefined)
    // One in an area of others is told of without its id, which would open it.
    const [category, , lat] = report()
    const far = good(await ask(server, 'POST', '/v1/reports', {
      form: [category, ['lon', 116.309], lat, ['photo', painted(300, 200, scene(2)), 'a.png', 'image/png']] }), 201)
    assert.equal(far.area.name, '东街道')
    const seen = (await read(first.id, tokens.west)).reused.filter((r) => r.match === 'exact')
    assert.deepEqual(seen.map((r) => r.report).sort(), [same.id, undefined].sort())
    assert.ok((await read(first.id, tokens.admin)).reused.some((r) => r.report === far.id))
  })

  await t.test('what is blurred is gone for good', async () => {
    const sent = await send(painted(800, 600, scene(4)))
    const [photo] = sent.photos, regions = [{ x: 0.2, y: 0.2, width: 0.5, height: 0.5 }]
    const before = await Promise.all(sizes(photo).map((url) => get(server, url)))
    const files = blobs()
    const after = good(await blur(photo.id, { version: sent.version, regions }))
    assert.equal(after.version, sent.version + 1)
    assert.notEqual(after.photos[0].id, photo.id)
    assert.deepEqual([after.photos[0].width, after.photos[0].height], [800, 600])
    for (const url of sizes(photo)) refused(await get(server, url), 404, 'id')
    const now = await Promise.all(sizes(after.photos[0]).map((url) => get(server, url)))
    now.forEach((a, i) => {
      assert.equal(a.status, 200)
      assert.notEqual(a.headers.etag, before[i].headers.etag)
    })
    const left = blobs()
    assert.equal(left.length, files.length)
    assert.equal(left.filter((file) => files.includes(file)).length, files.length - 3, 'three files are others')
    for (const file of left) for (const a of before) assert.ok(!readFileSync(file).equals(a.bytes), file)
    assert.deepEqual((await read(sent.id, tokens.west)).photos.map((p) => p.id), [after.photos[0].id])
  })

  await t.test('blurring is for staff of the area, who saw the report as it is', async () => {
    const sent = await send(painted(400, 300, scene(5)))
    const [photo] = sent.photos, { version } = sent, regions = [{ x: 0, y: 0, width: 0.1, height: 0.1 }]
    refused(await blur(photo.id, { version, regions }, null), 401)
    refused(await blur(photo.id, { version, regions }, tokens.rider), 403)
    refused(await blur(photo.id, { version, regions }, tokens.east), 403)
    refused(await blur(photo.id, { version: version + 1, regions }), 409, 'version')
    refused(await blur('aaaaaaaaaaaaaaaaaaaaaa', { version, regions }), 404, 'id')
    for (const [wrong, parameter] of [
      [{ version }, 'regions'], [{ version, regions: [] }, 'regions'], [{ version, regions: Array(33).fill(regions[0]) }, 'regions'],
      [{ version, regions: [{ x: 0, y: 0, width: 1 }] }, 'regions/0'], [{ version, regions: [{ ...regions[0], angle: 1 }] }, 'regions/0'],
      [{ version, regions: [regions[0], { x: 0.9, y: 0, width: 0.2, height: 0.1 }] }, 'regions/1'],
      [{ version, regions: [{ x: 0, y: 0, width: 0, height: 0.1 }] }, 'regions/0'], [{ regions }, 'version'],
      [{ version, regions: [{ x: '0', y: 0, width: 0.1, height: 0.1 }] }, 'regions/0'], [{ version, regions: 'all' }, 'regions'],
    ]) refused(await blur(photo.id, wrong), 400, parameter)
    const both = await Promise.all([blur(photo.id, { version, regions }), blur(photo.id, { version, regions })])
    assert.deepEqual(both.map((a) => a.status).sort().slice(0, 1), [200])
    assert.ok([404, 409].includes(Math.max(...both.map((a) => a.status))), 'one of two is too late')
  })
})

test('photos of a private case open by an address that ends', async (t) => {
  const made = await makeData()
  const share = join(made.folder, 'share')
  for (const folder of ['categories', 'kinds', 'profiles', 'holidays']) cpSync(join(root, 'data', folder), join(share, folder), { recursive: true })
  const file = join(share, 'kinds/report.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^private:.*\n/m, '') + '\nprivate: true\n')
  const server = await start(made, '--share', share)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const token = await signIn(server)
  const sent = good(await ask(server, 'POST', '/v1/reports', { form: report([], png(400, 300)) }), 201)
  refused(await get(server, `/v1/reports/${sent.id}`), 404, 'id')
  const staff = good(await get(server, `/v1/reports/${sent.id}`, { token })).photos[0]
  const listed = good(await get(server, '/v1/reports', { token })).reports[0].photos[0]
  for (const photo of [sent.photos[0], staff, listed])
    for (const url of sizes(photo)) {
      assert.match(url, /^\/v1\/photos\/[2-9a-z]{22}(\/middle|\/thumb)?\?expires=\d{10}&signature=[0-9a-f]{64}$/)
      const answer = await get(server, url)
      assert.equal(answer.status, 200, answer.text)
      assert.equal(answer.headers['cache-control'], 'private, no-store')
      const ends = Number(/expires=(\d+)/.exec(url)[1]) - Date.now() / 1000
      assert.ok(ends > 500 && ends <= 601, `ends in ${ends} s`)
    }
  const [large, middle] = sizes(staff), bare = large.split('?')[0], query = large.split('?')[1]
  assert.equal((await get(server, bare, { token })).status, 200, 'staff need none')
  for (const wrong of [bare, `${bare}?${query.replace(/expires=\d+/, (e) => e.slice(0, -1) + '1')}`, `${bare}?${query.slice(0, -1)}${query.endsWith('0') ? 1 : 0}`,
    `${bare}/middle?${query}`, `${bare}?${middle.split('?')[1]}`, `${bare}?expires=9999999999&signature=${'0'.repeat(64)}`,
    `${bare}?expires=&signature=`, `${bare}?${query.split('&')[0]}`, `${bare}?${query.split('&')[1]}`])
    refused(await get(server, wrong), 404, 'id')
  refused(await get(server, `${bare}?${query}&size=9`), 400, 'size')
})

test('where an old file cannot be deleted a photo is blurred all the same, and the next start tries again', async (t) => {
  const server = await serve(t)
  const token = await signIn(server)
  const sent = good(await ask(server, 'POST', '/v1/reports', { form: report([], painted(400, 300, scene(6))) }), 201)
  const name = createHash('sha256').update((await get(server, sent.photos[0].thumb_url)).bytes).digest('hex')
  const file = join(server.made.data, 'blobs', name.slice(0, 2), name.slice(2))
  rmSync(file)
  mkdirSync(file) // which no user can unlink
  const regions = [{ x: 0.2, y: 0.2, width: 0.5, height: 0.5 }]
  const after = good(await ask(server, 'POST', `/v1/photos/${sent.photos[0].id}/blur`, { json: { version: sent.version, regions }, token }))
  assert.equal(after.version, sent.version + 1)
  assert.match(server.log, /level=error msg="what was blurred is still on the disk: cannot delete /)
  await stop(server)
  Object.assign(server, await start(server.made))
  assert.match(server.log, /level=error msg="what was blurred or forgotten is still there: cannot delete /)
  assert.equal((await get(server, after.photos[0].thumb_url)).status, 200)
  await stop(server)
  rmdirSync(file)
  writeFileSync(file, 'as it was')
  Object.assign(server, await start(server.made))
  assert.ok(!existsSync(file))
})
