// Pictures of our own over HTTP: brought, looked at by their bringer alone, deleted.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, everybody, get, png, refused } from './harness.mjs'
import { exif, jpeg } from './pictures.mjs'

const bring = (server, token, bytes = png(64, 48), { key, name = 'a.png' } = {}) =>
  ask(server, 'POST', '/v1/pictures', { token, form: [['photo', bytes, name, 'image/png']], headers: key ? { 'Idempotency-Key': key } : {} })

test('a picture is brought once, cleaned, and shown to its bringer alone', async (t) => {
  const { server, tokens } = await everybody(t)
  const { rider, west } = tokens
  refused(await bring(server, undefined), 401)
  const made = await bring(server, rider, jpeg(640, 480, exif([116, 21], [39, 54], '2026:11:23 08:15:00')), { key: 'k' })
  assert.equal(made.status, 201, made.text)
  assert.deepEqual([made.json.width, made.json.height, made.json.used], [640, 480, false])
  assert.equal(made.headers.location, made.json.url)
  const again = await bring(server, rider, jpeg(640, 480, exif([116, 21], [39, 54], '2026:11:23 08:15:00')), { key: 'k' })
  assert.deepEqual(again.json, made.json)
  refused(await bring(server, rider, png(9, 9), { key: 'k' }), 422, 'Idempotency-Key')

  for (const [member, type] of [['url', 'image/jpeg'], ['middle_url', 'image/webp'], ['thumb_url', 'image/webp']]) {
    const path = made.json[member]
    const seen = await get(server, path, { token: rider })
    assert.equal(seen.type, type)
    assert.ok(!seen.bytes.includes('Exif'), 'what the camera wrote is gone')
    assert.equal((await get(server, path, { token: rider, headers: { 'If-None-Match': seen.headers.etag } })).status, 304)
    refused(await get(server, path), 404, 'id')
    refused(await get(server, path, { token: west }), 404, 'id')
  }
  refused(await get(server, '/v1/pictures/nothing', { token: rider }), 404, 'id')

  const second = await bring(server, rider)
  const list = (await get(server, '/v1/pictures?limit=1', { token: rider })).json
  assert.deepEqual(list.pictures.map((p) => p.id), [second.json.id])
  assert.deepEqual((await get(server, list.next, { token: rider })).json.pictures.map((p) => p.id), [made.json.id])
  assert.deepEqual((await get(server, '/v1/me/export', { token: rider })).json.pictures.pictures.map((p) => p.id), [second.json.id, made.json.id])

  refused(await ask(server, 'DELETE', made.json.url, { token: west }), 404)
  assert.equal((await ask(server, 'DELETE', made.json.url, { token: rider })).status, 204)
  refused(await ask(server, 'DELETE', made.json.url, { token: rider }), 404)
  refused(await get(server, made.json.url, { token: rider }), 404)
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
})

test('what is no picture is refused, and so are two, none, and one that is thirty too many', async (t) => {
  const { server, tokens } = await everybody(t)
  const { rider } = tokens, photo = ['photo', png(8, 8), 'a.png', 'image/png']
  const send = (form) => ask(server, 'POST', '/v1/pictures', { token: rider, form })
  refused(await bring(server, rider, Buffer.from('<svg onload="alert(1)"/>'), { name: 'a.svg' }), 415)
  refused(await bring(server, rider, Buffer.alloc(0)), 400, 'photo')
  refused(await send([photo, photo]), 400, 'photo')
  refused(await send([photo, ['title', 'x']]), 400, 'title')
  refused(await ask(server, 'POST', '/v1/pictures', { token: rider, json: {} }), 415)
  for (let i = 0; i < 30; i++) assert.equal((await bring(server, rider, png(8 + i, 8))).status, 201)
  refused(await bring(server, rider), 409)
})
