// Opinions and proposals over HTTP: public lists, support, editions, comments and their moderation, merging, owners and deadlines, results.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, command, get, makeData, password, png, refused, remove, root, signIn, soon, start, stop } from './harness.mjs'

/** A city with a branch in each sub-district and four riders. `change` edits a kind's file before it is read. */
async function scene(t, change) {
  const made = await makeData(), share = mkdtempSync(join(tmpdir(), 'yizhan-share-'))
  cpSync(join(root, 'data'), share, { recursive: true, filter: (path) => !/\.(c|h|cc|sql|txt)$/.test(path) })
  for (const [name, edit] of Object.entries(change ?? {})) {
    const file = join(share, `kinds/${name}.yaml`), text = readFileSync(file, 'utf8'), edited = edit(text)
    assert.notEqual(edited, text, `${name} is as it was`)
    writeFileSync(file, edited)
  }
  await addUser(made.data, 'branch', password, '--role', 'branch_staff', '--area', '110199001')
  await addUser(made.data, 'far', password, '--role', 'branch_staff', '--area', '110199002')
  for (const name of ['li', 'wang', 'zhao', 'qian']) await addUser(made.data, name, password, '--role', 'rider')
  const server = await start(made, '--share', share)
  t.after(async () => {
    await stop(server)
    remove(made)
    rmSync(share, { recursive: true, force: true })
  })
  const tokens = {}
  for (const name of ['admin', 'branch', 'far', 'li', 'wang', 'zhao', 'qian']) tokens[name] = await signIn(server, name)
  const { areas } = (await get(server, '/v1/areas')).json
  const area = Object.fromEntries(areas.map((a) => [a.code, a.id])), west = area['110199001'], east = area['110199002']
  const send = async (who, { kind = 'proposal', category = 'safety', area_id = west, description = '巷道加装照明' } = {}) => {
    const sent = await ask(server, 'POST', '/v1/reports', { token: tokens[who], form: [['kind', kind], ['category', category], ['area_id', area_id], ['description', description]] })
    assert.equal(sent.status, 201, sent.text)
    return sent.json
  }
  const read = async (id, who) => (await get(server, `/v1/reports/${id}`, { token: tokens[who] })).json
  const move = async (id, state, more = {}, who = 'branch') => {
    const { version } = await read(id, who)
    return ask(server, 'POST', `/v1/reports/${id}/state`, { token: tokens[who], json: { state, version, ...more } })
  }
  const ok = async (...words) => {
    const moved = await move(...words)
    assert.equal(moved.status, 200, moved.text)
    return moved.json
  }
  const support = (id, who, edition = 1) => ask(server, 'PUT', `/v1/reports/${id}/support`, { token: tokens[who], json: { edition } })
  const drop = (id, who) => ask(server, 'DELETE', `/v1/reports/${id}/support`, { token: tokens[who] })
  const list = async (query = '', who) => (await get(server, `/v1/proposals?${query}`, { token: tokens[who] })).json.proposals
  return { server, tokens, west, east, send, read, move, ok, support, drop, list }
}
const atOnce = { proposal: (text) => text.replace('public: taken_up', 'public: at_once') }
const filed = () => ({ unit: '机电队', due_at: soon(7 * 86400) })

test('a proposal is filed with an owner and a deadline at every step, for everybody to see', async (t) => {
  const { server, tokens, west, east, send, read, move, ok, list } = await scene(t)
  const { id } = await send('li')
  assert.equal((await read(id, 'branch')).area.id, west)
  assert.equal((await get(server, '/v1/reports?kind=proposal', { token: tokens.far })).json.reports.length, 0)
  assert.deepEqual(await list(), [], 'nobody took it up')
  refused(await move(id, 'accepted', { due_at: soon(86400) }), 400)
  refused(await move(id, 'accepted', { unit: '机电队' }), 400)
  refused(await move(id, 'rejected', { reason: '重复', unit: '机电队' }), 400)
  refused(await move(id, 'accepted', { ...filed(), person_id: 999999, unit: undefined }), 400, 'person_id')
  await ok(id, 'accepted', filed())
  const [shown] = await list()
  assert.deepEqual([shown.id, shown.unit, shown.assignee_id, shown.state, shown.moves], [id, '机电队', undefined, 'accepted', undefined])
  assert.ok(shown.due_at && shown.answer_by && !shown.answered_at)

  // Whoever has it keeps it where nobody else is named; a person is an owner whom only staff are told.
  const me = (await get(server, '/v1/me', { token: tokens.branch })).json.id
  await ok(id, 'adopted', { reason: '列入改造计划', due_at: soon(86400) })
  assert.equal((await read(id, 'branch')).unit, '机电队')
  await ok(id, 'handling', { person_id: me, due_at: soon(86400) })
  const inside = await read(id, 'branch'), outside = await read(id)
  assert.deepEqual([inside.assignee_id, inside.unit, outside.assignee_id, outside.unit], [me, undefined, undefined, undefined])
  assert.deepEqual(inside.history.filter((h) => h.verb === 'assigned').map((h) => h.value), ['unit:机电队', `person:${me}`])
  assert.deepEqual(outside.history.map((h) => [h.verb, h.state, h.value, Boolean(h.due_at)]), [
    ['created', 'submitted', undefined, true], ['moved', 'accepted', 'unit:机电队', true], ['moved', 'adopted', 'unit:机电队', true], ['moved', 'handling', undefined, true]])
  assert.ok(outside.answered_at <= outside.updated_at)
  await ok(id, 'closed', { reason: '照明已装好' })
  await ok(id, 'rated', { rating: 5 }, 'li')
  assert.deepEqual((await list('state=rated')).map((p) => [p.id, p.rating]), [[id, 5]])
  assert.deepEqual(await list(`area=${east}`), [])
  assert.deepEqual((await list(`area=${west}`)).map((p) => p.id), [id])
  refused(await get(server, '/v1/proposals?kind=difficulty'), 400, 'kind')
  refused(await get(server, '/v1/proposals?kind=nothing'), 400, 'kind')
  refused(await get(server, '/v1/proposals?area=99999'), 400, 'area')

  const form = (fields) => ask(server, 'POST', '/v1/reports', { token: tokens.li, form: fields })
  refused(await form([['kind', 'proposal'], ['category', 'safety'], ['area_id', '99999']]), 400, 'area_id')
  refused(await form([['kind', 'proposal'], ['category', 'safety'], ['area_id', west], ['lon', 116.3], ['lat', 39.9]]), 400, 'area_id')
  refused(await form([['category', 'lamp'], ['area_id', west], ['address', '一号楼'], ['photo', png(8, 8), 'a.png', 'image/png']]), 400, 'area_id')
})

test('what is turned down after it was filed stays in the list with the reason, and what is not filed is in none', async (t) => {
  const { send, ok, list, read } = await scene(t)
  const one = await send('li'), two = await send('wang'), three = await send('zhao')
  await ok(one.id, 'rejected', { reason: '不属于提案' })
  await ok(two.id, 'accepted', filed())
  await ok(two.id, 'declined', { reason: '已有规定' })
  await ok(three.id, 'accepted', filed())
  await ok(three.id, 'rejected', { reason: '涉及他人隐私' })
  assert.deepEqual((await list()).map((p) => p.id), [two.id])
  assert.equal((await read(two.id)).history.at(-1).reason, '已有规定')
})

test('others stand behind the text that they read, each once, and it does not change under them', async (t) => {
  const { server, tokens, send, read, ok, support, drop, list } = await scene(t, atOnce)
  const { id } = await send('li')
  assert.deepEqual((await list('', 'wang')).map((p) => [p.id, p.supports, p.supported, p.edition]), [[id, 0, false, 1]])
  const edit = async (description, version, who = 'li') => ask(server, 'PUT', `/v1/reports/${id}/description`, { token: tokens[who], json: { description, version } })
  refused(await edit('别人的话', 1, 'wang'), 403)
  refused(await edit('别人的话', 1, 'branch'), 403)
  refused(await edit('不知是谁', 1, 'nobody'), 401)
  refused(await edit('', 1), 400, 'description')
  refused(await edit('x', 99), 409)
  const edited = (await edit('巷道和井口加装照明', 1)).json
  assert.deepEqual([edited.edition, edited.version, edited.history.at(-1).verb, edited.history.at(-1).value], [2, 2, 'edited', '2'])

  refused(await support(id, 'wang', 1), 409)
  refused(await support(id, 'li', 2), 409)
  refused(await support(id, 'nobody', 2), 401)
  refused(await ask(server, 'PUT', `/v1/reports/${id}/support`, { token: tokens.wang, json: {} }), 400, 'edition')
  refused(await support('2'.repeat(22), 'wang'), 404)
  const both = await Promise.all(Array.from({ length: 8 }, () => support(id, 'wang', 2)))
  assert.deepEqual(both.map((a) => [a.status, a.json.supports, a.json.supported]), Array.from({ length: 8 }, () => [200, 1, true]))
  assert.equal((await support(id, 'zhao', 2)).json.supports, 2)
  refused(await edit('改了又改', 2), 409)
  assert.equal((await read(id, 'li')).description, '巷道和井口加装照明')
  assert.equal((await read(id, 'wang')).supported, true)
  assert.equal((await read(id)).supported, undefined)
  refused(await ask(server, 'POST', `/v1/reports/${id}/join`, { token: tokens.qian }), 409)

  const mine = (await get(server, '/v1/me/supports', { token: tokens.wang })).json
  assert.deepEqual(mine.supports.map((s) => [s.report, s.kind, s.edition]), [[id, 'proposal', 2]])
  assert.deepEqual((await drop(id, 'wang')).json, { id, edition: 2, supports: 1, supported: false })
  assert.equal((await drop(id, 'wang')).json.supports, 1)
  assert.equal((await drop(id, 'zhao')).json.supports, 0)
  assert.equal((await edit('没有人附议时可以改', 2)).json.edition, 3)
  await ok(id, 'accepted', filed())
  refused(await edit('立案后不改', 4), 409)
  const other = await send('qian', { description: '更衣室加柜子' })
  assert.equal((await support(id, 'wang', 3)).status, 200)
  assert.deepEqual((await list('sort=supported')).map((p) => p.id), [id, other.id])
  const page = (await get(server, '/v1/proposals?sort=supported&limit=1')).json
  assert.deepEqual((await get(server, page.next)).json.proposals.map((p) => p.id), [other.id])
  const { reports } = (await get(server, '/v1/reports?kind=report', { token: tokens.admin })).json
  assert.deepEqual(reports, [])
})

test('a merge carries supports over, nobody counts twice, and a split takes them along again', async (t) => {
  const { server, tokens, send, read, ok, move, support, drop } = await scene(t, atOnce)
  const one = await send('li'), two = await send('wang', { description: '井下照明不足' })
  for (const who of ['zhao', 'qian']) await support(one.id, who)
  for (const who of ['zhao', 'li']) await support(two.id, who)
  const merge = { duplicate_of: one.id }
  await ok(two.id, 'duplicate', merge)
  assert.equal((await read(one.id)).supports, 3, 'zhao, qian, and wang who sent the same; not li, whose own it is')
  assert.equal((await read(one.id, 'wang')).supported, true)
  refused(await support(two.id, 'qian'), 409)
  refused(await drop(one.id, 'wang'), 409)
  assert.equal((await support(one.id, 'wang')).json.supports, 3)
  assert.equal((await drop(one.id, 'zhao')).json.supports, 2, 'of both')
  assert.equal((await support(one.id, 'zhao')).json.supports, 3)

  // What repeats another goes along with it: no chains, no doubles.
  const three = await send('qian', { description: '第三份' })
  await support(three.id, 'zhao')
  await ok(one.id, 'duplicate', { duplicate_of: three.id })
  assert.equal((await read(three.id)).supports, 3, 'zhao, li and wang; qian sent it')
  await ok(two.id, 'submitted', { reason: '另一件事' })
  assert.deepEqual([(await read(three.id)).supports, (await read(two.id)).supports], [2, 1])
  refused(await move(three.id, 'duplicate', merge), 400)

  const out = (await get(server, '/v1/me/export', { token: tokens.zhao })).json
  assert.deepEqual(out.supports.supports.map((s) => s.report), [three.id, one.id])
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: tokens.zhao })).status, 204)
  assert.equal((await read(three.id)).supports, 2, 'the number stays, once')
  assert.equal((await support(three.id, 'li')).json.supports, 2, 'who sent a duplicate is counted already')
})

test('comments are public, are taken back by who wrote them and hidden by moderators with a reason', async (t) => {
  const { server, tokens, send, ok } = await scene(t)
  const { id } = await send('li'), path = `/v1/reports/${id}/comments`
  const say = (who, text, key) => ask(server, 'POST', path, { token: tokens[who], json: { text }, headers: key ? { 'Idempotency-Key': key } : {} })
  const see = async (who) => (await get(server, path, { token: tokens[who] })).json.comments
  refused(await say('wang', '还没有立案'), 409)
  await ok(id, 'accepted', filed())
  refused(await say('nobody', '我是谁'), 401)
  refused(await say('wang', ''), 400, 'text')
  refused(await say('wang', '  \n '), 400)
  refused(await say('wang', '长'.repeat(1001)), 400, 'text')
  const first = await say('wang', '支持，夜班看不清', 'k'), again = await say('wang', '支持，夜班看不清', 'k')
  assert.equal(first.status, 201, first.text)
  assert.deepEqual(again.json, first.json)
  const bad = (await say('zhao', '骂人的话')).json
  assert.equal((await say('branch', '已转机电队')).json.by, 'staff')
  assert.equal((await say('li', '谢谢')).json.by, 'reporter')
  assert.deepEqual((await see()).map((c) => [c.by, c.mine, c.person_id]), [['other', false, undefined], ['other', false, undefined], ['staff', false, undefined], ['reporter', false, undefined]])

  const hide = (who, json, comment = bad.id) => ask(server, 'PUT', `/v1/comments/${comment}/hidden`, { token: tokens[who], json })
  refused(await hide('wang', { hidden: true, reason: '不好听' }), 403)
  refused(await hide('far', { hidden: true, reason: '不好听' }), 403)
  refused(await hide('branch', { hidden: true }), 400, 'reason')
  refused(await hide('branch', { hidden: true, reason: 'x' }, '2'.repeat(22)), 404)
  const hidden = (await hide('branch', { hidden: true, reason: '辱骂他人' })).json
  assert.deepEqual([hidden.hidden_reason, hidden.text], ['辱骂他人', '骂人的话'])
  assert.equal((await hide('branch', { hidden: true, reason: '另一个理由' })).json.hidden_reason, '辱骂他人')
  assert.equal((await see('wang')).some((c) => c.id === bad.id), false)
  assert.equal((await see()).length, 3)
  assert.deepEqual((await see('zhao')).find((c) => c.id === bad.id).hidden_reason, '辱骂他人')
  assert.equal((await get(server, `/v1/reports/${id}`)).json.comments, 3)
  const queue = (await get(server, '/v1/comments?hidden=true', { token: tokens.branch })).json.comments
  assert.deepEqual(queue.map((c) => [c.id, c.report]), [[bad.id, id]])
  assert.deepEqual((await get(server, '/v1/comments', { token: tokens.far })).json.comments, [])
  const { audit } = (await get(server, '/v1/audit?verb=comment_hidden', { token: tokens.admin })).json
  assert.deepEqual(audit.map((row) => row.report), [id])
  assert.equal((await hide('branch', { hidden: false })).json.hidden_at, undefined)
  assert.equal((await see()).length, 4)

  const back = (who, comment) => ask(server, 'DELETE', `/v1/comments/${comment}`, { token: tokens[who] })
  refused(await back('wang', bad.id), 404)
  assert.equal((await back('zhao', bad.id)).status, 204)
  refused(await back('zhao', bad.id), 404)
  const mine = (await get(server, '/v1/me/comments', { token: tokens.wang })).json.comments
  assert.deepEqual(mine.map((c) => [c.report, c.mine, c.text]), [[id, true, '支持，夜班看不清']])
  assert.equal((await get(server, '/v1/me/export', { token: tokens.wang })).json.comments.comments.length, 1)
  const page = (await get(server, `${path}?limit=2`)).json
  assert.deepEqual((await get(server, page.next)).json.comments.map((c) => c.by), ['reporter'])
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: tokens.wang })).status, 204)
  assert.deepEqual((await see()).map((c) => c.by), ['staff', 'reporter'], 'what somebody wrote goes with them')
  for (let i = 0; i < 30; i++) assert.equal((await say('qian', `第 ${i} 条`)).status, 201)
  refused(await say('qian', '再来一条'), 409)
})

test('an opinion is answered within its time, or found among those that are late; results are for all to see', async (t) => {
  const { server, tokens, west, east, send, ok, move } = await scene(t, { opinion: (text) => text.replace('answer: 24h', 'answer: 1min') })
  const late = async (query, who = 'branch') => (await get(server, `/v1/reports?kind=opinion&${query}`, { token: tokens[who] })).json.reports.map((r) => r.id)
  const one = await send('li', { kind: 'opinion', category: 'pay' }), two = await send('wang', { kind: 'opinion' })
  const gone = await send('zhao', { kind: 'opinion' }), far = await send('qian', { kind: 'opinion', area_id: east })
  assert.equal(Date.parse(one.answer_by) - Date.parse(one.created_at), 60000)
  await ok(gone.id, 'withdrawn', {}, 'zhao')
  await ok(one.id, 'accepted', { unit: '工资科' })
  assert.deepEqual(await late('answer=late'), [])
  assert.equal((await get(server, `/v1/reports/${one.id}`)).json.answered_at, undefined, 'taking it up is no answer')
  const word = await ask(server, 'POST', `/v1/reports/${one.id}/updates`, { token: tokens.branch, form: [['text', '本月补发']] })
  assert.equal(word.status, 201, word.text)
  assert.ok((await get(server, `/v1/reports/${one.id}`)).json.answered_at)
  const results = async (query = '') => (await get(server, `/v1/proposals/results?kind=opinion${query}`)).json
  const { total } = await results()
  assert.deepEqual([total.received, total.withdrawn, total.answer_owed, total.answered_in_time, total.answer_rate], [4, 1, 1, 1, 1])
  await ok(one.id, 'closed', { reason: '已补发' })
  await ok(one.id, 'rated', { rating: 4 }, 'li')
  await ok(two.id, 'accepted', { unit: '通风队' })
  await ok(two.id, 'handling', { due_at: soon(86400) })
  assert.equal((await move(far.id, 'accepted', { unit: '别处' })).status, 403)
  const after = await results('&by=area')
  assert.deepEqual([after.total.decided, after.total.adopted, after.total.adoption_rate, after.total.satisfaction, after.total.solved], [2, 1, 0.5, 1, 1])
  assert.deepEqual(after.rows.map((r) => [r.key, r.received, r.adopted]), [[String(west), 3, 1], [String(east), 1, 0]].sort((a, b) => a[0] - b[0]))
  assert.equal((await results(`&area=${east}`)).total.received, 1)
  const keep = async (name, area_id) => (await ask(server, 'POST', '/v1/branches', { token: tokens.admin, json: { name, area_id, consent: '同意', fields: [{ code: 'name', label: '姓名', type: 'name', required: true }] } })).json.id
  const [first, second, all] = [await keep('一分会', west), await keep('二分会', west), await keep('总工会')]
  const branches = (await results('&by=branch')).rows
  assert.deepEqual(branches.map((r) => [r.key, r.branches.map((b) => b.id), r.received, r.adopted, r.solved]), [['', [all], 1, 0, 0], [String(west), [first, second], 3, 1, 1]])
  assert.deepEqual((await get(server, '/v1/reports/statistics?kind=opinion&by=branch', { token: tokens.branch })).json.rows.map((r) => [r.key, r.branches[0].name]), [[String(west), '一分会']])
  refused(await get(server, '/v1/proposals/results?kind=difficulty'), 400, 'kind')
  refused(await get(server, '/v1/proposals/results?kind=report'), 400, 'kind')
  refused(await get(server, '/v1/proposals/results?by=unit'), 400, 'by')
})
