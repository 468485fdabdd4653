// Posts over HTTP: written by staff for their areas, in Markdown, with pictures and videos, at their time; read by all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, everybody, get, password, png, refused, signIn, soon, until } from './harness.mjs'

/** Somebody of the branch of the western area, who writes for it. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  const areas = (await get(server, '/v1/areas')).json.areas
  await addUser(server.made.data, 'branch', password, '--role', 'branch_staff', '--area', '110199001')
  await addUser(server.made.data, 'writer', password, '--role', 'area_lead', '--kind', 'post', '--area', '110199001')
  for (const name of ['branch', 'writer']) tokens[name] = await signIn(server, name)
  return { server, tokens, area: (code) => areas.find((a) => a.code === code).id }
}
const write = (server, token, json, key) => ask(server, 'POST', '/v1/posts', { token, json: { kind: 'news', title: '通知', ...json }, headers: key ? { 'Idempotency-Key': key } : {} })
const bring = async (server, token, size = 8) => (await ask(server, 'POST', '/v1/pictures', { token, form: [['photo', png(size, size), 'a.png', 'image/png']] })).json
const titles = async (server, query = '', token) => (await get(server, `/v1/posts${query}`, { token })).json.posts.map((p) => p.title)

test('staff write for their areas, once, and everybody there reads it', async (t) => {
  const { server, tokens, area } = await scene(t)
  const { branch, writer, rider, admin, west } = tokens
  assert.deepEqual((await get(server, '/v1/posts')).json, { posts: [], next: null })
  refused(await write(server, undefined, {}), 401)
  refused(await write(server, rider, {}), 403)
  refused(await write(server, branch, {}), 403)
  refused(await write(server, branch, { area_ids: [area('110199001'), area('110199002')] }), 403)
  const terms = { area_ids: [area('110199001')], title: '高温津贴', title_en: 'Heat', author: '椿树小谢', body: '# 怎么领\n\n**工会**发 <b>水</b>。' }
  const made = await write(server, branch, terms, 'k')
  assert.equal(made.status, 201, made.text)
  assert.deepEqual((await write(server, branch, terms, 'k')).json, made.json)
  assert.equal(made.json.html, '<h1>怎么领</h1>\n<p><strong>工会</strong>发 水。</p>\n')
  assert.deepEqual([made.json.summary, made.json.author, made.json.draft, made.json.reads], ['怎么领 工会发 水。', '椿树小谢', false, 0])
  assert.equal((await write(server, writer, { area_ids: [area('110199001')], title: '二' })).status, 201)
  assert.equal((await write(server, admin, { title: '全城' })).status, 201)
  assert.equal((await write(server, admin, { title: '东', area_ids: [area('110199002')] })).status, 201)
  assert.equal((await write(server, admin, { title: '区', area_ids: [area('110199')] })).status, 201)

  const seen = (await get(server, made.headers.location)).json
  assert.deepEqual([seen.title, seen.body, seen.draft, seen.read], ['高温津贴', undefined, undefined, undefined])
  assert.equal((await get(server, made.headers.location, { token: branch })).json.body, terms.body)
  assert.deepEqual(await titles(server, `?area=${area('110199001')}`), ['区', '全城', '二', '高温津贴'])
  assert.deepEqual(await titles(server, `?area=${area('110199')}`), ['区', '全城'])
  assert.deepEqual(await titles(server, '?kind=story'), [])
  refused(await get(server, '/v1/posts?kind=gossip'), 400, 'kind')
  refused(await get(server, '/v1/posts?area=999999'), 400, 'area')

  const id = made.json.id
  const change = (token, more) => ask(server, 'PUT', `/v1/posts/${id}`, { token, json: { ...terms, kind: 'news', version: 1, ...more } })
  refused(await change(rider), 403)
  refused(await change(west, { title: '西' }), 403)
  refused(await change(branch, { area_ids: [area('110199002')] }), 403)
  assert.equal((await change(branch, { title: '新' })).json.version, 2)
  refused(await change(branch, { title: '旧' }), 409)
  refused(await ask(server, 'DELETE', `/v1/posts/${id}?version=1`, { token: branch }), 409)
  refused(await ask(server, 'DELETE', `/v1/posts/${id}`, { token: branch }), 400, 'version')
  assert.equal((await ask(server, 'DELETE', `/v1/posts/${id}?version=2`, { token: branch })).status, 204)
  refused(await get(server, `/v1/posts/${id}`, { token: branch }), 404, 'id')
  refused(await ask(server, 'DELETE', '/v1/me', { token: branch }), 409) // who wrote is named in what staff did
})

test('what is wrong with a post is said, with the name of what it is', async (t) => {
  const { server, tokens } = await scene(t)
  for (const [parameter, more] of [
    ['title', { title: ' ' }], ['title', { title: 'x'.repeat(81) }], ['kind', { kind: 'gossip' }], ['body', { body: 'x'.repeat(20001) }], ['body', { body: '> '.repeat(40) }],
    ['until', { until: '2020-01-01T00:00:00Z' }], ['from', { from: 'soon' }], ['area_ids/0', { area_ids: [99999] }], ['area_ids/0', { area_ids: ['x'] }], ['area_ids', { area_ids: 1 }],
    ['videos/0/url', { videos: [{ url: 'https://v.qq.com@example.org/' }] }], ['videos/0/url', { videos: [{ url: 'http://v.qq.com/a' }] }], ['videos/0/url', { videos: [{}] }],
    ['videos/0/x', { videos: [{ url: 'https://v.qq.com/a', x: 1 }] }], ['pictures/0', { pictures: ['2'.repeat(22)] }], ['pictures', { kind: 'series' }],
    ['questions', { questions: [{ type: 'true_false', text: 'a', answer: ['true'] }] }], ['colour', { colour: 1 }],
  ])
    refused(await write(server, tokens.admin, more), 400, parameter)
  assert.deepEqual(await titles(server, '?state=draft', tokens.admin), [])
})

test('hostile text is harmless, and an image is one that the post shows', async (t) => {
  const { server, tokens } = await scene(t)
  const { admin } = tokens, own = await bring(server, admin), other = await bring(server, admin)
  const body = `<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](https://example.org) ![t](https://example.org/track.png) ![o](/v1/pictures/${other.id}) ![p](/v1/pictures/${own.id}/middle)`
  const { json } = await write(server, admin, { body, body_en: '<img src=x onerror=alert(1)>', pictures: [own.id] })
  assert.equal(json.html, `<p>a <a href="https://example.org">b</a> t o <img src="/v1/pictures/${own.id}/middle" alt="p" /></p>\n`)
  assert.equal(json.html_en, '')
})

test('pictures are shown by one post, for everybody while it is no draft, and go with it', async (t) => {
  const { server, tokens } = await scene(t)
  const { admin, rider } = tokens, a = await bring(server, admin, 8), c = await bring(server, admin, 9)
  const made = await write(server, admin, { kind: 'series', title: '图集', pictures: [a.id, c.id] })
  assert.deepEqual(made.json.pictures.map((p) => p.id), [a.id, c.id])
  const { posts: [head] } = (await get(server, '/v1/posts')).json
  assert.deepEqual([head.picture.id, head.picture_count, head.video_count], [a.id, 2, 0])
  assert.equal((await get(server, a.url)).status, 200)
  refused(await write(server, admin, { pictures: [a.id] }), 409)
  refused(await write(server, admin, { pictures: [c.id, c.id] }), 409)
  refused(await ask(server, 'DELETE', a.url, { token: admin }), 409)
  const change = (more) => ask(server, 'PUT', `/v1/posts/${made.json.id}`, { token: admin, json: { kind: 'series', title: '图集', ...more } })
  assert.deepEqual((await change({ version: 1, pictures: [c.id] })).json.pictures.map((p) => p.id), [c.id])
  refused(await get(server, a.url), 404)
  assert.equal((await change({ version: 2, pictures: [c.id], draft: true })).status, 200)
  refused(await get(server, c.url, { token: rider }), 404)
  assert.equal((await get(server, c.url, { token: tokens.branch })).status, 200) // who writes posts looks at drafts
  assert.equal((await change({ version: 3, pictures: [c.id, a.id] })).status, 200)
  assert.equal((await get(server, c.url)).status, 200)
  assert.equal((await ask(server, 'DELETE', `/v1/posts/${made.json.id}?version=4`, { token: admin })).status, 204)
  refused(await get(server, c.url, { token: admin }), 404)
})

test('pictures come and go with the post that shows them, and a colleague changes it without losing them', async (t) => {
  const { server, tokens, area } = await scene(t)
  const { admin, branch, writer, rider } = tokens
  const seen = async (picture) => Promise.all([undefined, rider, branch].map(async (token) => (await get(server, picture.url, { token })).status))
  const a = await bring(server, admin), b = await bring(server, admin), c = await bring(server, branch)
  const later = await write(server, admin, { title: '马上', from: soon(1.5), pictures: [a.id] })
  await write(server, admin, { title: '一会儿', from: soon(-60), until: soon(1.5), pictures: [b.id] })
  assert.deepEqual([await seen(a), await seen(b)], [[404, 404, 200], [200, 200, 200]])
  await until(async () => (await get(server, later.headers.location)).status === 200)
  assert.deepEqual(await seen(a), [200, 200, 200])
  await until(async () => (await get(server, b.url)).status === 404)
  assert.deepEqual(await seen(b), [404, 404, 200])

  const ours = { kind: 'news', title: '通知', area_ids: [area('110199001')] }, d = await bring(server, writer)
  const made = (await write(server, branch, { ...ours, pictures: [c.id] })).json
  const change = (token, version, pictures) => ask(server, 'PUT', `/v1/posts/${made.id}`, { token, json: { ...ours, version, pictures } })
  assert.deepEqual((await change(writer, 1, [d.id, c.id])).json.pictures.map((p) => p.id), [d.id, c.id])
  assert.equal((await change(branch, 2, [c.id])).status, 200)
  refused(await change(branch, 3, [c.id, d.id]), 400, 'pictures/1')
})

test('a post comes at its time and goes at its end, and drafts are for who writes there', async (t) => {
  const { server, tokens, area } = await scene(t)
  const { admin, branch, rider } = tokens, west = { area_ids: [area('110199001')] }
  const video = { url: 'https://www.bilibili.com/video/BV1', title: '片' }
  const draft = await write(server, branch, { ...west, title: '草稿', draft: true, videos: [video] })
  await write(server, branch, { ...west, title: '明天', from: soon(86400) })
  await write(server, admin, { title: '全城草稿', draft: true })
  const brief = await write(server, admin, { title: '一会儿', from: soon(-60), until: soon(1.5) })
  const later = await write(server, admin, { title: '马上', from: soon(1) })
  assert.deepEqual(draft.json.videos, [video])
  assert.deepEqual(await titles(server), ['一会儿'])
  refused(await get(server, later.headers.location), 404)
  refused(await ask(server, 'POST', `${draft.headers.location}/read`, { token: rider }), 404)
  await until(async () => (await titles(server))[0] === '马上')
  await until(async () => (await get(server, brief.headers.location)).status === 404)
  assert.deepEqual(await titles(server, '?state=over', admin), ['一会儿'])
  assert.deepEqual(await titles(server, '?state=over', branch), [], "everybody's is not theirs")
  assert.deepEqual(await titles(server, '?state=draft', branch), ['草稿'])
  assert.deepEqual((await titles(server, '?state=draft', admin)).sort(), ['全城草稿', '草稿'])
  assert.deepEqual(await titles(server, '?state=coming', branch), ['明天'])
  refused(await get(server, '/v1/posts?state=draft'), 401, 'state')
  refused(await get(server, '/v1/posts?state=draft', { token: rider }), 403, 'state')
  refused(await get(server, draft.headers.location, { token: rider }), 404)
  assert.equal((await get(server, draft.headers.location, { token: branch })).json.draft, true)
})

test('pinned ones come first, pages lose none, and what was read is told to who read it', async (t) => {
  const { server, tokens } = await scene(t)
  const { admin, rider, branch } = tokens
  for (let i = 0; i < 7; i++) await write(server, admin, { title: `${i}`, pinned: i === 1 || i === 3, from: soon(-i) })
  const want = ['1', '3', '0', '2', '4', '5', '6'], got = []
  for (let path = '/v1/posts?limit=2'; path; ) {
    const { json } = await get(server, path)
    got.push(...json.posts.map((p) => p.title))
    path = json.next
  }
  assert.deepEqual(got, want)

  const [first, second] = (await get(server, '/v1/posts')).json.posts
  const read = (id, token) => ask(server, 'POST', `/v1/posts/${id}/read`, { token })
  refused(await read(first.id), 401)
  refused(await read(999, rider), 404)
  for (const answer of await Promise.all([read(first.id, rider), read(first.id, rider), read(first.id, branch)])) assert.equal(answer.status, 204)
  assert.equal((await read(first.id, rider)).status, 204)
  assert.deepEqual(await titles(server, '?unread=true', rider), want.slice(1))
  refused(await get(server, '/v1/posts?unread=true'), 401, 'unread')
  const mine = (await get(server, '/v1/posts?limit=2', { token: rider })).json.posts
  assert.deepEqual(mine.map((p) => [p.id, p.read]), [[first.id, true], [second.id, false]])
  assert.deepEqual((await get(server, '/v1/me/reads', { token: rider })).json, { reads: [{ post: first.id, title: '1' }], next: null })
  assert.deepEqual((await get(server, '/v1/me/export', { token: rider })).json.reads.reads, [{ post: first.id, title: '1' }])
  assert.deepEqual((await get(server, `/v1/posts/${first.id}/figures`, { token: admin })).json, { reads: 2 })
  refused(await get(server, `/v1/posts/${first.id}/figures`, { token: branch }), 403)
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  assert.deepEqual((await get(server, `/v1/posts/${first.id}/figures`, { token: admin })).json, { reads: 2 }, 'the figure stays, and is of nobody')
})

test('what kinds there are is said, and the operator says where videos may be', async (t) => {
  const { server } = await scene(t)
  const { json } = await get(server, '/v1/posts/kinds')
  assert.deepEqual(json.kinds.map((k) => k.code), ['news', 'story', 'series', 'lesson'])
  assert.ok(json.video_hosts.includes('v.qq.com'))
})
