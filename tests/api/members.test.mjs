// Branches over HTTP: joining by QR code, approval, the card, leaving and moving, and what is kept of whom.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, everybody, get, password, refused, signIn } from './harness.mjs'

const post = (server, path, token, json, key) => ask(server, 'POST', path, { token, json, headers: key ? { 'Idempotency-Key': key } : {} })
const fields = [
  { code: 'name', label: '姓名', label_en: 'Name', type: 'name', required: true },
  { code: 'phone', label: '手机号', type: 'phone', required: true },
  { code: 'employer', label: '用工单位', type: 'text' },
  { code: 'platform', label: '平台', type: 'choice', choices: ['外卖', '快递'] },
]
const terms = (more) => ({ name: '西街道骑手工会', name_en: 'Riders of West', consent: '工会为入会审批处理您的姓名与手机号，退会即删除。', fields, ...more })
const filled = (more) => ({ form: 1, consent: true, answers: { name: '王小二', phone: '138-0013-8000', employer: '某站', platform: '外卖' }, ...more })

/** Branch staff of either sub-district, two riders, a partner who checks cards and nothing else. */
async function scene(t) {
  const { server, tokens } = await everybody(t)
  const data = server.made.data, areas = (await get(server, '/v1/areas')).json.areas
  const area = (code) => areas.find((a) => a.code === code).id
  for (const [name, ...words] of [['keeper', '--role', 'branch_staff', '--area', '110199001'], ['other', '--role', 'branch_staff', '--area', '110199002'],
    ['noodles', '--role', 'handler', '--kind', 'offer', '--area', '110199002'], ['mender', '--role', 'handler', '--kind', 'report'], ['li', '--role', 'rider']]) {
    await addUser(data, name, password, ...words)
    tokens[name] = await signIn(server, name)
  }
  const make = async (token, json) => {
    const made = await post(server, '/v1/branches', token, json)
    assert.equal(made.status, 201, made.text)
    return made.json
  }
  const one = await make(tokens.keeper, terms({ area_id: area('110199001') })), two = await make(tokens.other, terms({ name: '东街道工会', area_id: area('110199002') }))
  const enter = async (token, branch, more) => {
    const made = await post(server, `/v1/join/${branch.code}`, token, filled(more))
    assert.equal(made.status, 201, made.text)
    return made.json
  }
  const judge = (token, m, verb, reason) => post(server, `/v1/members/${m.id}/${verb}`, token, { version: m.version, ...(reason ? { reason } : {}) })
  return { server, tokens, area, make, one, two, enter, judge }
}

test('a branch hangs out a QR code, a rider joins by it, and has a card that a partner checks', async (t) => {
  const { server, tokens, one, judge } = await scene(t)
  const { rider, keeper, other, noodles, admin } = tokens
  refused(await post(server, '/v1/branches', keeper, terms()), 403) // the whole city's is not theirs to make
  refused(await post(server, '/v1/branches', rider, terms()), 403)
  const qr = await get(server, `/v1/branches/${one.id}/qr`, { token: keeper })
  assert.match(qr.text, /^<svg .*<\/svg>$/)
  refused(await get(server, `/v1/branches/${one.id}/qr`, { token: other }), 403)
  assert.match(one.join_url, new RegExp(`^http://.+/join/${one.code}$`))
  assert.equal((await get(server, new URL(one.join_url).pathname, { check: false })).type, 'text/html')
  const shown = (await get(server, `/v1/join/${one.code}`)).json
  assert.deepEqual([shown.branch.name, shown.form.version, shown.form.fields.length, shown.form.fields[3].choices], ['西街道骑手工会', 1, 4, ['外卖', '快递']])
  refused(await get(server, '/v1/join/2222222222222222222222'), 404, 'code')

  const send = (json, key) => post(server, `/v1/join/${one.code}`, rider, json, key)
  refused(await post(server, `/v1/join/${one.code}`, undefined, filled()), 401)
  refused(await send(filled({ consent: false })), 400, 'consent')
  refused(await send(filled({ form: 2 })), 409, 'form')
  refused(await send(filled({ answers: { name: '王小二' } })), 400, 'answers/phone')
  refused(await send(filled({ answers: { ...filled().answers, platform: '出租' } })), 400, 'answers/platform')
  refused(await send(filled({ answers: { ...filled().answers, salary: '1' } })), 400, 'answers/salary')
  refused(await get(server, '/v1/me/card/qr', { token: rider }), 404)
  const first = await send(filled(), 'once'), again = await send(filled(), 'once')
  assert.equal(first.status, 201, first.text)
  assert.deepEqual(again.json, first.json)
  assert.equal(first.json.answers, undefined)
  refused(await send(filled({ move: true }), 'once'), 422, 'Idempotency-Key')
  refused(await send(filled()), 409)
  assert.deepEqual((await get(server, first.headers.location, { token: rider })).json.answers.phone, '13800138000')
  refused(await get(server, first.headers.location, { token: keeper }), 404)

  const list = (await get(server, `/v1/branches/${one.id}/members?state=waiting`, { token: keeper })).json.members
  assert.deepEqual(list.map((m) => [m.name, m.phone, m.answers, m.login]), [['王小二', '138****8000', undefined, 'rider']])
  refused(await get(server, `/v1/branches/${one.id}/members`, { token: other }), 403)
  refused(await judge(other, list[0], 'approve'), 403)
  refused(await judge(keeper, list[0], 'refuse'), 400, 'reason')
  assert.equal((await get(server, `/v1/members/${list[0].id}`, { token: keeper })).json.answers.employer, '某站')
  const both = await Promise.all([judge(keeper, list[0], 'approve'), judge(admin, list[0], 'approve')])
  assert.deepEqual(both.map((a) => a.status).sort(), [200, 409])

  const { cards, step_s } = (await get(server, '/v1/me/card', { token: rider })).json
  assert.equal(step_s, 30)
  assert.deepEqual(cards.map((c) => c.branch.name), ['西街道骑手工会'])
  assert.match((await get(server, '/v1/me/card/qr', { token: rider })).text, /^<svg/)
  const verify = (token, code) => post(server, '/v1/members/verify', token, { code })
  const checked = (await verify(noodles, cards[0].code.replaceAll('-', ' '))).json
  assert.deepEqual([checked.valid, checked.branch.name, checked.name], [true, '西街道骑手工会', '王**'])
  assert.deepEqual(Object.keys(checked).sort(), ['branch', 'member_since', 'name', 'valid'], 'a partner is not told who it is')
  refused(await verify(rider, cards[0].code), 403)
  refused(await verify(tokens.mender, cards[0].code), 403)
  for (let i = 0; i < 10; i++) refused(await verify(noodles, `1111-2222-3333-444${i}`), 404, 'code')
  refused(await verify(noodles, cards[0].code), 429)
  assert.equal((await verify(admin, cards[0].code)).status, 200)

  const audit = Object.values((await get(server, '/v1/audit?limit=100', { token: admin })).json).find(Array.isArray)
  for (const verb of ['member_approved', 'members_read']) assert.ok(audit.some((row) => row.verb === verb), verb)
})

test('a member moves, leaves, is removed or refused, and what they answered goes with that', async (t) => {
  const { server, tokens, one, two, enter, judge, make, area } = await scene(t)
  const { rider, li, keeper, other } = tokens
  const applied = await enter(rider, one), here = (await judge(keeper, applied, 'approve')).json
  assert.deepEqual((await judge(keeper, applied, 'approve')).json, here, 'who lost the answer gets it again')
  refused(await judge(tokens.admin, applied, 'approve'), 409)
  refused(await judge(keeper, applied, 'refuse', '不'), 409)
  assert.equal((await get(server, '/v1/me/inbox', { token: rider })).json.messages.filter((m) => m.about === '/v1/me/memberships').length, 1)
  refused(await post(server, `/v1/join/${two.code}`, rider, filled()), 409)
  const there = await enter(rider, two, { move: true })
  assert.equal((await get(server, '/v1/me/card', { token: rider })).json.cards[0].branch.id, one.id)
  const moved = (await judge(other, there, 'approve')).json
  assert.equal(moved.state, 'member')
  assert.deepEqual((await get(server, '/v1/me/card', { token: rider })).json.cards.map((c) => c.branch.id), [two.id])
  const was = (await get(server, `/v1/me/memberships/${here.id}`, { token: rider })).json
  assert.deepEqual([was.state, was.answers], ['moved', undefined])

  const club = await make(keeper, terms({ name: '球友会', area_id: area('110199001'), alongside: true, fields: [] }))
  const plays = await enter(rider, club, { answers: {} })
  assert.equal((await judge(keeper, plays, 'approve')).status, 200)
  assert.equal((await get(server, '/v1/me/card', { token: rider })).json.cards.length, 2)

  const asked = await enter(li, one)
  const no = await judge(keeper, asked, 'refuse', '请先补充单位证明')
  assert.equal(no.json.state, 'refused')
  const told = (await get(server, `/v1/me/memberships/${asked.id}`, { token: li })).json
  assert.deepEqual([told.state, told.reason, told.answers], ['refused', '请先补充单位证明', undefined])
  assert.deepEqual((await judge(keeper, asked, 'refuse', '请先补充单位证明')).json, no.json)
  refused(await judge(keeper, asked, 'refuse', '别的理由'), 409)
  refused(await judge(keeper, { ...no.json }, 'approve'), 409)

  const leave = (id, token) => ask(server, 'POST', `/v1/me/memberships/${id}/leave`, { token })
  refused(await leave(moved.id, li), 404)
  const left = await Promise.all([leave(moved.id, rider), leave(moved.id, rider)])
  assert.deepEqual(left.map((a) => [a.status, a.json.state, a.json.version]), [[200, 'left', 3], [200, 'left', 3]])
  assert.equal((await judge(keeper, { id: plays.id, version: 2 }, 'remove', '名单清理')).json.state, 'removed')
  assert.deepEqual((await get(server, '/v1/me/card', { token: rider })).json.cards, [])

  const mine = (await get(server, '/v1/me/memberships?limit=2', { token: rider })).json
  assert.deepEqual(mine.memberships.map((m) => m.state), ['removed', 'left'])
  assert.deepEqual((await get(server, mine.next, { token: rider })).json.memberships.map((m) => m.state), ['moved'])
})

test('nobody belongs to two branches although two approve at once', async (t) => {
  const { server, tokens, one, two, enter, judge } = await scene(t)
  const { rider, keeper, other } = tokens
  const a = await enter(rider, one), b = await enter(rider, two)
  const both = await Promise.all([judge(keeper, a, 'approve'), judge(other, b, 'approve')])
  assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 409])
  assert.equal((await get(server, '/v1/me/card', { token: rider })).json.cards.length, 1)
})

test('a changed form is consented to anew, a changed code leads nowhere, a branch ends', async (t) => {
  const { server, tokens, one, enter, judge, area } = await scene(t)
  const { rider, li, keeper } = tokens
  const change = (json) => ask(server, 'PUT', `/v1/branches/${one.id}`, { token: keeper, json: terms({ area_id: area('110199001'), ...json }) })
  const m = (await judge(keeper, await enter(rider, one), 'approve')).json
  refused(await change({ version: 9 }), 409)
  refused(await change({ version: 1, fields: [{ code: 'Name', label: '姓名', type: 'name' }] }), 400, 'fields/0/code')
  refused(await change({ version: 1, fields: [{ code: 'a', label: '选', type: 'sum' }] }), 400, 'fields/0/type')
  refused(await change({ version: 1, fields: [{ code: 'a', label: '选', type: 'choice' }] }), 400, 'fields/0/choices')
  refused(await change({ version: 1, place_id: 1 }), 400, 'place_id')
  refused(await change({ version: 1, alongside: true }), 400, 'alongside')
  assert.equal((await change({ version: 1, name: '西街道工会' })).json.form.version, 1)
  assert.equal((await change({ version: 2, consent: '新的同意书' })).json.form.version, 2)
  refused(await post(server, `/v1/join/${one.code}`, li, filled()), 409, 'form')
  const anew = (json) => ask(server, 'PUT', `/v1/me/memberships/${m.id}`, { token: rider, json })
  refused(await anew(filled({ version: m.version })), 409, 'form')
  const now = await anew(filled({ form: 2, version: m.version, answers: { name: '王小二', phone: '13900139000' } }))
  assert.deepEqual([now.json.form, now.json.answers, now.json.state], [2, { name: '王小二', phone: '13900139000' }, 'member'])

  const renewed = (await post(server, `/v1/branches/${one.id}/code`, keeper, { version: 3 })).json
  refused(await get(server, `/v1/join/${one.code}`), 404)
  const waits = await post(server, `/v1/join/${renewed.code}`, li, filled({ form: 2 }))
  assert.equal(waits.status, 201, waits.text)
  const counted = (await get(server, `/v1/branches/${one.id}`, { token: keeper })).json
  assert.deepEqual([counted.members, counted.waiting], [1, 1])
  assert.equal((await get(server, `/v1/branches/${one.id}`)).json.code, undefined, 'others are not told the code')
  assert.equal((await ask(server, 'DELETE', `/v1/branches/${one.id}?version=4`, { token: keeper })).status, 204)
  refused(await get(server, `/v1/join/${renewed.code}`), 404)
  const ended = (await get(server, `/v1/me/memberships/${m.id}`, { token: rider })).json
  assert.deepEqual([ended.state, ended.answers], ['removed', undefined])
  assert.ok((await get(server, '/v1/branches')).json.branches.every((b) => b.id !== one.id))
  assert.ok((await get(server, '/v1/branches?all=true')).json.branches.some((b) => b.id === one.id && b.ended_at))
})

test('members are found and taken out as a list, sealed on the disk, and forgotten with the account', async (t) => {
  const { server, tokens, one, enter, judge, area } = await scene(t)
  const { rider, li, keeper } = tokens
  const m = (await judge(keeper, await enter(rider, one), 'approve')).json
  await enter(li, one, { answers: { name: '=李四', phone: '13700137000' } })
  const find = async (text) => (await get(server, `/v1/branches/${one.id}/members?text=${encodeURIComponent(text)}`, { token: keeper })).json.members.map((one) => one.login)
  assert.deepEqual(await find('0138'), ['rider'])
  assert.deepEqual(await find('李四'), ['li'])
  assert.deepEqual(await find('无人'), [])
  const pages = (await get(server, `/v1/branches/${one.id}/members?limit=1`, { token: keeper })).json
  assert.deepEqual([pages.members[0].login, (await get(server, pages.next, { token: keeper })).json.members[0].login], ['li', 'rider'])
  const csv = await get(server, `/v1/branches/${one.id}/members/export`, { token: keeper })
  assert.match(csv.text, /membership,state,asked_at,member_since,login,name,phone,employer,platform/)
  assert.match(csv.text, /member,.*,rider,王小二,13800138000,某站,外卖/)
  assert.match(csv.text, /waiting,.*'=李四/)
  // A form that asks for something else loses nothing of what was answered to the one before.
  const { version } = (await get(server, `/v1/branches/${one.id}`, { token: keeper })).json
  const asks = terms({ area_id: area('110199001'), version, fields: [fields[0], fields[1], { code: 'station', label: '站点', type: 'text' }] })
  assert.equal((await ask(server, 'PUT', `/v1/branches/${one.id}`, { token: keeper, json: asks })).status, 200)
  const both = await get(server, `/v1/branches/${one.id}/members/export`, { token: keeper })
  assert.match(both.text, /login,name,phone,station,employer,platform/)
  assert.match(both.text, /member,.*,rider,王小二,13800138000,,某站,外卖/)
  assert.equal((await get(server, `/v1/branches/${one.id}/members/export?format=xlsx`, { token: keeper })).bytes.subarray(0, 2).toString(), 'PK')
  assert.deepEqual((await get(server, `/v1/branches?area=${area('110199')}`)).json.branches.length, 2)

  const files = readdirSync(server.made.data).filter((name) => name.startsWith('yizhan.db')).map((name) => [name, readFileSync(join(server.made.data, name))])
  assert.ok(files.some(([, bytes]) => bytes.includes('西街道骑手工会')), 'what is not sealed is found')
  for (const [file, bytes] of files) {
    for (const secret of ['13800138000', '138-0013-8000', '王小二']) assert.ok(!bytes.includes(secret), `${secret} stands in ${file}`)
  }
  const out = (await get(server, '/v1/me/export', { token: rider })).json.memberships.memberships
  assert.deepEqual(out.map((one) => [one.state, one.answers.phone]), [['member', '13800138000']])
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  const kept = (await get(server, `/v1/members/${m.id}`, { token: keeper })).json
  assert.deepEqual([kept.state, kept.person, kept.name, kept.answers], ['left', undefined, undefined, undefined])
})
