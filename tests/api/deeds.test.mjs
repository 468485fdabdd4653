// Deeds over HTTP: told by who took part or by staff, shown when its owner agreed and staff published it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, at, everybody, get, password, png, refused, signIn, soon } from './harness.mjs'

const post = (server, path, token, json) => ask(server, 'POST', path, { token, json })
const put = (server, path, token, json) => ask(server, 'PUT', path, { token, json })

/** Somebody who took part, and one who did not. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  await addUser(server.made.data, 'branch', password, '--role', 'branch_staff', '--area', '110199001')
  await addUser(server.made.data, 'wang', password, '--role', 'rider')
  for (const name of ['branch', 'wang']) tokens[name] = await signIn(server, name)
  const { branch, rider, wang } = tokens
  const terms = { kind: 'visit', title: '走访独居老人', location: at(1, 1), from: soon(-600), to: soon(3600), sign_up_until: soon(1800), state: 'open' }
  const activity = (await post(server, '/v1/activities', branch, terms)).json
  const join = async (token) => (await ask(server, 'POST', `/v1/activities/${activity.id}/signup`, { token })).json
  const mine = await join(rider), other = await join(wang)
  const judge = async (json) => put(server, `/v1/activities/${activity.id}/signups/${mine.id}`, branch, json)
  const confirmed = await judge({ state: 'confirmed', version: mine.version, tally: [{ code: 'visits', number: 4 }] })
  assert.equal(confirmed.status, 200, confirmed.text)
  const picture = async (token) => (await ask(server, 'POST', '/v1/pictures', { token, form: [['photo', png(32, 24), 'a.png', 'image/png']] })).json
  const tell = (token, signup, json) => put(server, `/v1/me/signups/${signup.id}/deed`, token, json)
  const publish = (token, deed, published, version = deed.version) => put(server, `/v1/deeds/${deed.id}/published`, token, { published, version })
  return { server, tokens, activity, mine, other, judge, picture, tell, publish, confirmed: confirmed.json }
}

test('who took part tells of it, staff publish it, and other words are published anew', async (t) => {
  const { server, tokens, activity, mine, other, picture, tell, publish } = await scene(t)
  const { branch, rider, wang, east } = tokens, photo = await picture(rider)
  refused(await tell(wang, other, { words: '我也去了' }), 409)
  refused(await tell(wang, mine, { words: '不是我的' }), 404)
  refused(await tell(rider, mine, { words: '' }), 400, 'words')
  refused(await tell(rider, mine, { words: '陪王奶奶聊天', pictures: ['nothing'] }), 400)
  refused(await get(server, `/v1/me/signups/${mine.id}/deed`, { token: rider }), 404)
  const told = await tell(rider, mine, { words: '陪王奶奶聊天', name: '小王', pictures: [photo.id] })
  assert.deepEqual([told.json.agreed, told.json.published_at, told.json.pictures.length], [true, undefined, 1], told.text)
  refused(await tell(rider, mine, { words: '又一次' }), 409)
  assert.deepEqual((await get(server, '/v1/deeds')).json.deeds, [])
  refused(await get(server, `/v1/deeds/${told.json.id}`), 404)
  refused(await get(server, '/v1/deeds?unpublished=true'), 401)
  refused(await get(server, '/v1/deeds?unpublished=true', { token: rider }), 403)
  assert.deepEqual((await get(server, '/v1/deeds?unpublished=true', { token: east })).json.deeds, [])
  assert.equal((await get(server, '/v1/deeds?unpublished=true', { token: branch })).json.deeds[0].id, told.json.id)
  refused(await publish(rider, told.json, true), 403)
  refused(await publish(east, told.json, true), 404)
  refused(await publish(branch, told.json, true, 9), 409)
  const shown = await publish(branch, told.json, true)
  assert.equal(shown.status, 200, shown.text)
  const [deed] = (await get(server, `/v1/deeds?activity=${activity.id}&kind=visit`)).json.deeds
  assert.deepEqual([deed.words, deed.name, deed.signup, deed.agreed], ['陪王奶奶聊天', '小王', undefined, undefined])
  assert.equal((await get(server, deed.pictures[0].url)).status, 200)
  assert.deepEqual((await get(server, '/v1/deeds?kind=help')).json.deeds, [])

  const same = await tell(rider, mine, { words: '陪王奶奶聊天', version: shown.json.version })
  assert.ok(same.json.published_at, 'agreeing to what is there changes nothing')
  const changed = await tell(rider, mine, { words: '陪王奶奶买菜', version: same.json.version })
  assert.equal(changed.json.published_at, undefined)
  refused(await get(server, `/v1/deeds/${deed.id}`), 404)
  const again = await publish(branch, changed.json, true)
  assert.equal((await publish(branch, again.json, false)).json.published_at, undefined)
  assert.deepEqual((await get(server, '/v1/deeds')).json.deeds, [])
  refused(await get(server, deed.pictures[0].url), 404)
})

test('a picture of a deed is seen by its owner and by staff alone while the deed is not published', async (t) => {
  const { server, tokens, activity, mine, picture, tell, publish } = await scene(t)
  const { branch, rider, wang } = tokens, photo = await picture(rider)
  const seen = async () => Promise.all([undefined, wang, rider, branch].map(async (token) => (await get(server, photo.url, { token })).status))
  const told = (await tell(rider, mine, { words: '陪王奶奶聊天', name: '小王', pictures: [photo.id] })).json
  assert.deepEqual(await seen(), [404, 404, 200, 200], 'before any publishing')
  const shown = (await publish(branch, told, true)).json
  assert.deepEqual(await seen(), [200, 200, 200, 200])
  const off = (await publish(branch, shown, false)).json
  assert.deepEqual(await seen(), [404, 404, 200, 200])
  const same = (await tell(rider, mine, { words: '陪王奶奶聊天', version: off.version })).json
  assert.deepEqual(await seen(), [404, 404, 200, 200], 'saying the same again publishes nothing')
  const again = (await publish(branch, same, true)).json
  assert.deepEqual(await seen(), [200, 200, 200, 200])
  const renamed = (await tell(rider, mine, { words: '陪王奶奶聊天', name: '李主任', version: again.version })).json
  assert.deepEqual([renamed.name, renamed.published_at], ['李主任', undefined], 'another name is published anew')
  assert.deepEqual(await seen(), [404, 404, 200, 200])
  refused(await get(server, `/v1/deeds/${renamed.id}`), 404)

  assert.equal((await ask(server, 'DELETE', `/v1/me/signups/${mine.id}/deed?version=${renamed.version}`, { token: rider })).status, 204)
  const theirs = await picture(branch), path = `/v1/activities/${activity.id}/signups/${mine.id}/deed`
  assert.equal((await put(server, path, branch, { words: '走访四户', pictures: [theirs.id] })).status, 200)
  const looks = await Promise.all([undefined, wang, rider, branch].map(async (token) => (await get(server, theirs.url, { token })).status))
  assert.deepEqual(looks, [404, 404, 200, 200], 'who never agreed sees what was written for them, and nobody else does')
})

test('nobody shows or deletes a picture that somebody else brought', async (t) => {
  const { server, tokens, activity, mine, picture, tell } = await scene(t)
  const { branch, rider, wang } = tokens, photo = await picture(wang)
  refused(await tell(rider, mine, { words: '陪王奶奶聊天', pictures: [photo.id] }), 400)
  refused(await put(server, `/v1/activities/${activity.id}/signups/${mine.id}/deed`, branch, { words: '四户', pictures: [photo.id] }), 400)
  const { title, kind, from, to, sign_up_until, location, version } = (await get(server, `/v1/activities/${activity.id}`, { token: branch })).json
  refused(await put(server, `/v1/activities/${activity.id}`, branch, { title, kind, from, to, sign_up_until, location, version, pictures: [photo.id] }), 400)
  refused(await post(server, '/v1/activities', branch, { title, kind, from, to, location, pictures: [photo.id] }), 400)
  refused(await post(server, '/v1/posts', tokens.admin, { kind: 'news', title: '通知', pictures: [photo.id] }), 400, 'pictures/0')
  assert.equal((await get(server, photo.url, { token: wang })).status, 200)
  assert.deepEqual((await get(server, '/v1/pictures', { token: wang })).json.pictures.map((p) => p.used), [false])
})

test('what somebody did not do is published by nobody', async (t) => {
  const { server, tokens, mine, judge, tell, publish, confirmed } = await scene(t)
  const { branch, rider } = tokens, told = (await tell(rider, mine, { words: '陪王奶奶聊天' })).json
  assert.equal((await judge({ state: 'refused', reason: '冒名', version: confirmed.version })).status, 200)
  const now = (await get(server, `/v1/me/signups/${mine.id}/deed`, { token: rider })).json
  assert.deepEqual([now.agreed, now.id], [true, told.id])
  refused(await publish(branch, now, true), 409)
  assert.deepEqual((await get(server, '/v1/deeds')).json.deeds, [])
})

test('the copy of what is one\'s own has every deed, however many', async (t) => {
  const { server, tokens } = await scene(t), many = 501
  execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(server.made.data, 'yizhan.db'), `
    CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n LIMIT ${many}) SELECT i FROM n;
    INSERT INTO activities (id, version, kind, state, title, from_ms, to_ms, until_ms, seats, points, created_by, created_ms, updated_ms)
      SELECT i, 1, 'visit', 'open', '走访', 1000, 2000, 2000, 0, 0, (SELECT min(id) FROM people), 0, 0 FROM n;
    INSERT INTO activity_signups (id, public_id, version, activity_id, person_id, state, made_ms)
      SELECT i, '222222222222222222' || i, 1, i, (SELECT id FROM people WHERE login = 'wang'), 'signed', 1 FROM n;
    UPDATE activity_signups SET state = 'confirmed', way = 'staff', ended_ms = 1 WHERE id >= 1000;
    INSERT INTO activity_deeds (id, version, signup_id, words, created_ms, updated_ms) SELECT i, 1, i, 'w' || i, 0, 0 FROM n;`])
  const { deeds } = (await get(server, '/v1/me/export', { token: tokens.wang })).json
  assert.deepEqual(deeds.map((d) => d.words), Array.from({ length: many }, (_, i) => `w${1000 + many - 1 - i}`))
})

test('what staff write for somebody is shown when they agree, and they can take it back', async (t) => {
  const { server, tokens, activity, mine, other, judge, tell, publish, confirmed } = await scene(t)
  const { branch, rider, east } = tokens, path = `/v1/activities/${activity.id}/signups/${mine.id}/deed`
  refused(await put(server, path, rider, { words: '四户' }), 403)
  refused(await put(server, path, east, { words: '四户' }), 403)
  refused(await put(server, path, branch, { words: '四户', agreed: true }), 400, 'agreed')
  refused(await put(server, `/v1/activities/${activity.id}/signups/${other.id}/deed`, branch, { words: '四户' }), 409)
  const written = (await put(server, path, branch, { words: '走访四户' })).json
  assert.equal(written.agreed, false)
  refused(await publish(branch, written, true), 409)
  const agreed = (await tell(rider, mine, { words: '走访四户', version: written.version })).json
  const shown = (await publish(branch, agreed, true)).json
  assert.ok(shown.published_at)
  const edited = (await put(server, path, branch, { words: '走访五户', version: shown.version })).json
  assert.deepEqual([edited.agreed, edited.published_at], [false, undefined], 'others may not put words in their mouth')
  const back = (await tell(rider, mine, { words: '走访五户', version: edited.version })).json
  assert.ok((await publish(branch, back, true)).json.published_at)
  const out = (await get(server, '/v1/me/export', { token: rider })).json.deeds
  assert.deepEqual(out.map((d) => d.words), ['走访五户'])

  assert.equal((await judge({ state: 'refused', reason: '冒名', version: confirmed.version })).status, 200)
  assert.deepEqual((await get(server, '/v1/deeds')).json.deeds, [], 'what was not done is not told')
  const now = (await get(server, `/v1/me/signups/${mine.id}/deed`, { token: rider })).json
  refused(await ask(server, 'DELETE', `/v1/me/signups/${mine.id}/deed`, { token: rider }), 400, 'version')
  refused(await ask(server, 'DELETE', `/v1/me/signups/${mine.id}/deed?version=1`, { token: rider }), 409)
  assert.equal((await ask(server, 'DELETE', `/v1/me/signups/${mine.id}/deed?version=${now.version}`, { token: rider })).status, 204)
  refused(await get(server, `/v1/me/signups/${mine.id}/deed`, { token: rider }), 404)
})

test('who leaves takes their deed along, and what was counted stays', async (t) => {
  const { server, tokens, mine, tell, publish } = await scene(t)
  const { branch, rider } = tokens
  const told = (await tell(rider, mine, { words: '陪王奶奶聊天' })).json
  assert.equal((await publish(branch, told, true)).status, 200)
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  assert.deepEqual((await get(server, '/v1/deeds')).json.deeds, [])
})
