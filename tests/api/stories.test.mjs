// Riders' own stories over HTTP: sent with pictures, published as they are or sent back with words, taken away.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, everybody, get, password, png, refused, signIn, start } from './harness.mjs'

/** Who writes posts in the west and in the east, and two riders. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  const areas = (await get(server, '/v1/areas')).json.areas
  for (const [name, area] of [['union', '110199001'], ['other', '110199002']]) await addUser(server.made.data, name, password, '--role', 'branch_staff', '--area', area)
  await addUser(server.made.data, 'wang', password, '--role', 'rider')
  for (const name of ['union', 'other', 'wang']) tokens[name] = await signIn(server, name)
  const area_id = areas.find((a) => a.code === '110199001').id
  const terms = (more) => ({ title: '雪夜送药', body: '那天**雪**很大。', area_id, author: '小王', ...more })
  const send = (token, json, key) => ask(server, 'POST', '/v1/me/stories', { token, json, headers: key ? { 'Idempotency-Key': key } : {} })
  const judge = (token, story, json) => ask(server, 'PUT', `/v1/posts/${story.id}/judged`, { token, json: { version: story.version, ...json } })
  const bring = async (token) => (await ask(server, 'POST', '/v1/pictures', { token, form: [['photo', png(32, 24), 'a.png', 'image/png']] })).json
  const titles = async (query, token) => (await get(server, `/v1/posts${query}`, { token })).json.posts.map((p) => p.title)
  return { server, tokens, areas, area_id, terms, send, judge, bring, titles }
}

test('a rider sends a story with a picture, it is sent back with words, sent again, and published', async (t) => {
  const { server, tokens, terms, send, judge, bring, titles } = await scene(t)
  const { rider, wang, union, other, west } = tokens, picture = await bring(rider), foreign = await bring(wang)
  refused(await send(undefined, terms()), 401)
  for (const [name, more] of [['title', { title: '' }], ['title', { title: '\u200b\u3000\u2060' }], ['body', { body: '\u3164 ' }], ['body', { body: 'x'.repeat(5001) }], ['area_id', { area_id: 9999 }], ['area_id', { area_id: undefined }], ['pictures/0', { pictures: [foreign.id] }]]) refused(await send(rider, terms(more)), 400, name)
  const sent = await send(rider, terms({ pictures: [picture.id] }), 'once'), again = await send(rider, terms({ pictures: [picture.id] }), 'once')
  assert.equal(sent.status, 201, sent.text)
  assert.deepEqual(again.json, sent.json)
  const { id } = sent.json
  assert.deepEqual([sent.json.state, sent.json.pictures.map((p) => p.id), sent.headers.location], ['sent', [picture.id], `/v1/me/stories/${id}`])

  // It is there for its sender and for who writes there.
  for (const token of [undefined, wang, other]) refused(await get(server, `/v1/posts/${id}`, { token }), 404)
  refused(await get(server, `/v1/me/stories/${id}`, { token: wang }), 404)
  refused(await get(server, picture.url, { token: wang }), 404)
  assert.equal((await get(server, picture.url, { token: union })).status, 200)
  assert.deepEqual([await titles('?state=sent', union), await titles('?state=sent', other), await titles('?state=draft', union), await titles('')], [['雪夜送药'], [], [], []])
  refused(await get(server, '/v1/posts?state=sent', { token: rider }), 403)
  const shown = (await get(server, `/v1/posts/${id}`, { token: union })).json
  assert.deepEqual([shown.story, shown.draft, shown.html, shown.author], ['sent', true, '<p>那天<strong>雪</strong>很大。</p>\n', '小王'])

  // Staff publish it or send it back, and nothing else.
  const staff = (more) => ask(server, 'PUT', `/v1/posts/${id}`, { token: union, json: { kind: 'story', title: '雪夜送药', body: '那天**雪**很大。', author: '小王', area_ids: shown.area_ids, pictures: [picture.id], version: shown.version, ...more } })
  refused(await staff({ draft: false }), 409)
  refused(await staff({ draft: true, title: '别的' }), 409)
  refused(await ask(server, 'DELETE', `/v1/posts/${id}?version=1`, { token: union }), 409)
  for (const [token, status] of [[rider, 403], [other, 403], [west, 403], [undefined, 401]]) refused(await judge(token, sent.json, { published: true }), status)
  refused(await judge(union, sent.json, { published: false }), 400, 'reason')
  refused(await judge(union, { id, version: 7 }, { published: true }), 409)
  assert.equal((await judge(union, sent.json, { published: false, reason: '请写明地点' })).json.state, 'returned')
  refused(await judge(union, { id, version: 2 }, { published: true }), 409)
  const [back] = (await get(server, '/v1/me/stories', { token: rider })).json.stories
  assert.deepEqual([back.state, back.reason, back.version], ['returned', '请写明地点', 2])
  assert.deepEqual(await titles('?state=sent', union), [])
  const resend = (token, more) => ask(server, 'PUT', `/v1/me/stories/${id}`, { token, json: terms({ body: '在东门，那天雪很大。', pictures: [picture.id], ...more }) })
  refused(await resend(wang, { version: 2 }), 404)
  refused(await resend(rider, { version: 1 }), 409)
  const second = await resend(rider, { version: 2 })
  assert.deepEqual([second.json.state, second.json.reason, second.json.version], ['sent', undefined, 3], second.text)
  assert.equal((await judge(union, second.json, { published: true })).json.state, 'published')
  const read = (await get(server, `/v1/posts/${id}`)).json
  assert.deepEqual([read.kind, read.author, read.html, read.story, read.pictures.map((p) => p.id)], ['story', '小王', '<p>在东门，那天雪很大。</p>\n', undefined, [picture.id]])
  assert.equal((await get(server, picture.url)).status, 200)
  refused(await resend(rider, { version: 4 }), 409)

  // What it says stays its sender's; where it is shown is staff's.
  const own = { body: '在东门，那天雪很大。', version: 4 }
  for (const more of [{ title: '别的' }, { body: '别的' }, { author: '老李' }, { draft: true }]) refused(await staff({ ...own, ...more }), 409)
  const pinned = await staff({ ...own, pinned: true })
  assert.deepEqual([pinned.status, pinned.json.pinned, pinned.json.story], [200, true, 'published'], pinned.text)
  const box = (await get(server, '/v1/me/inbox', { token: rider })).json.messages.map((m) => [m.verb, m.about, m.text])
  assert.deepEqual(box, [['story.published', `/v1/me/stories/${id}`, '你的投稿已发布：「雪夜送药」'], ['story.returned', `/v1/me/stories/${id}`, '你的投稿被退回：「雪夜送药」，请写明地点']])

  // Its sender takes it away.
  refused(await ask(server, 'DELETE', `/v1/me/stories/${id}?version=5`, { token: wang }), 404)
  refused(await ask(server, 'DELETE', `/v1/me/stories/${id}?version=4`, { token: rider }), 409)
  assert.equal((await ask(server, 'DELETE', `/v1/me/stories/${id}?version=5`, { token: rider })).status, 204)
  for (const token of [undefined, union, rider]) refused(await get(server, `/v1/posts/${id}`, { token }), 404)
  refused(await get(server, picture.url, { token: rider }), 404)
})

test('staff list stories by how they stand, apart from what they write, and nobody else is told which is which', async (t) => {
  const { server, tokens, area_id, terms, send, judge, titles } = await scene(t)
  const { rider, union, other } = tokens
  const back = await send(rider, terms({ title: '退回的' })), shown = await send(rider, terms({ title: '发布的' }))
  assert.equal((await judge(union, back.json, { published: false, reason: '请写明地点' })).status, 200)
  assert.equal((await judge(union, shown.json, { published: true })).status, 200)
  const written = await ask(server, 'POST', '/v1/posts', { token: union, json: { kind: 'story', title: '工会写的', body: '一段话', area_ids: [area_id] } })
  assert.equal(written.status, 201, written.text)
  const lists = async (token) => [await titles('?state=returned', token), await titles('?story=true', token), await titles('?state=sent&story=true', token)]
  assert.deepEqual(await lists(union), [['退回的'], ['发布的'], []])
  assert.deepEqual(await lists(other), [[], [], []])
  assert.deepEqual(await titles('?kind=story'), ['工会写的', '发布的'])
  for (const [query, name] of [['state=returned', 'state'], ['story=true', 'story']]) {
    refused(await get(server, `/v1/posts?${query}`, { token: rider }), 403, name)
    refused(await get(server, `/v1/posts?${query}`), 401, name)
  }
})

test('stories come in pages, ten wait at most, nobody judges their own, and who leaves leaves none', async (t) => {
  const { server, tokens, terms, send, judge, titles } = await scene(t), { rider, union } = tokens
  const made = []
  for (let i = 0; i < 10; i++) made.push((await send(rider, terms({ title: `第${i}篇` }))).json)
  refused(await send(rider, terms()), 409)
  const got = []
  for (let path = '/v1/me/stories?limit=4'; path; ) {
    const { json } = await get(server, path, { token: rider })
    got.push(...json.stories.map((s) => s.id))
    path = json.next
  }
  assert.deepEqual(got, made.map((s) => s.id).reverse())
  const own = (await send(union, terms({ title: '自己的' }))).json
  refused(await judge(union, own, { published: true }), 403)
  for (const story of made.slice(0, 2)) assert.equal((await judge(union, story, { published: true })).status, 200)
  const off = await judge(union, { id: made[1].id, version: 2 }, { published: false, reason: '有人被认出' })
  assert.equal(off.json.state, 'returned', off.text)
  assert.deepEqual(await titles(''), ['第0篇'])
  const out = (await get(server, '/v1/me/export', { token: rider })).json.stories
  assert.deepEqual([out.length, out.at(-1).state], [10, 'published'])
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  assert.deepEqual(await titles(''), [])
  assert.deepEqual(await titles('?state=sent', union), ['自己的'])
  const left = execFileSync('sqlite3', ['-readonly', join(server.made.data, 'yizhan.db'), "SELECT count(*) FROM posts WHERE title LIKE '第%' OR body LIKE '%雪%' AND title <> '自己的'"]).toString().trim()
  assert.equal(left, '0')
})

test('at once, a story is sent once for its key, no more than ten wait, and one verdict of two holds', async (t) => {
  const { server, tokens, terms, send, judge } = await scene(t), { rider, wang, union } = tokens
  await addUser(server.made.data, 'second', password, '--role', 'branch_staff', '--area', '110199001')
  const second = await signIn(server, 'second'), at = (n, act) => Promise.all(Array.from({ length: n }, (_, i) => act(i)))
  const same = await at(8, () => send(rider, terms(), 'the-same-story'))
  assert.deepEqual([...new Set(same.map((a) => `${a.status} ${a.json.id}`))], [`201 ${same[0].json.id}`])
  const many = (await at(16, (i) => send(wang, terms({ title: `第${i}篇` })))).map((a) => a.status)
  assert.deepEqual([many.filter((s) => s === 201).length, many.filter((s) => s === 409).length], [10, 6])
  const verdicts = await at(8, (i) => judge(i % 2 ? union : second, same[0].json, i % 2 ? { published: true } : { published: false, reason: '请补充' }))
  assert.deepEqual(verdicts.map((a) => a.status).sort(), [200, ...Array(7).fill(409)])
  const [own] = (await get(server, '/v1/me/stories', { token: rider })).json.stories
  assert.deepEqual([own.state, own.version], [verdicts.find((a) => a.status === 200).json.state, 2])
  assert.equal((await get(server, '/v1/me/inbox', { token: rider })).json.messages.length, 1)
})

test('a story that was acknowledged is there after the server was killed, with its verdict', async (t) => {
  const { server, tokens, terms, send, judge, bring } = await scene(t), { rider, union } = tokens
  const picture = await bring(rider), sent = await send(rider, terms({ pictures: [picture.id] }), 'before-the-kill')
  assert.equal((await judge(union, sent.json, { published: true })).status, 200)
  const late = await send(rider, terms({ title: '第二篇' }))
  server.child.kill('SIGKILL')
  await server.exited
  const next = await start(server.made)
  Object.assign(server, next) // which is stopped at the end in its place
  const { stories } = (await get(server, '/v1/me/stories', { token: rider })).json
  assert.deepEqual(stories.map((s) => [s.id, s.state, s.pictures.length]), [[late.json.id, 'sent', 0], [sent.json.id, 'published', 1]])
  assert.equal((await get(server, `/v1/posts/${sent.json.id}`)).status, 200)
  assert.deepEqual((await send(rider, terms({ pictures: [picture.id] }), 'before-the-kill')).json, sent.json)
  assert.equal((await get(server, '/v1/me/inbox', { token: rider })).json.messages.length, 1)
})
