// Lessons over HTTP: a quiz graded on the server, tries limited, points once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, everybody, get, refused } from './harness.mjs'

const questions = [
  { type: 'single', text: '雨天先做什么？', options: ['减速', '超车', '闯灯'], answer: ['a'], feedback: '路滑，先减速。' },
  { type: 'multiple', text: '头盔要：', options: ['系带', '合格', '借人'], answer: ['b', 'a'], feedback: '系好带，3C 认证。' },
  { type: 'true_false', text: '电池可以进楼充电。', answer: ['false'], feedback: '不可以。' },
]
const right = [['a'], ['a', 'b'], ['false']], wrong = [['b'], ['a'], ['true']]
const answers = (choices) => ({ answers: choices.map((c) => ({ choices: c })) })
const lesson = { kind: 'lesson', title: '安全骑行', body: '先**停**再看。', questions, tries: 2, pass: 60, points: 10 }

async function scene(t, more = {}) {
  const { server, tokens } = await everybody(t)
  const made = await ask(server, 'POST', '/v1/posts', { token: tokens.admin, json: { ...lesson, ...more } })
  assert.equal(made.status, 201, made.text)
  const { id } = made.json
  const attempt = (token, choices, key) => ask(server, 'POST', `/v1/posts/${id}/attempts`, { token, json: answers(choices), headers: key ? { 'Idempotency-Key': key } : {} })
  return { server, tokens, id, attempt, made: made.json }
}
const learning = async (server, token) => (await get(server, '/v1/me/points?kind=learning', { token })).json.balances.find((b) => b.kind === 'learning')?.settled ?? 0

test('nobody but staff is told what is right before there is no more to try', async (t) => {
  const { server, tokens, id, attempt, made } = await scene(t)
  const { rider, west, admin } = tokens
  assert.deepEqual(made.quiz.questions.map((q) => q.answer), [['a'], ['a', 'b'], ['false']])
  for (const token of [undefined, rider, west]) {
    const all = [await get(server, `/v1/posts/${id}`, { token }), await get(server, '/v1/posts', { token })]
    for (const { text } of all) assert.doesNotMatch(text, /"answer"|"feedback"|路滑|3C/)
    assert.deepEqual(all[0].json.quiz.questions[0].options, [{ code: 'a', text: '减速' }, { code: 'b', text: '超车' }, { code: 'c', text: '闯灯' }])
  }
  assert.deepEqual((await get(server, `/v1/posts/${id}`, { token: rider })).json.quiz.tries_left, 2)
  const first = await attempt(rider, wrong, 'k')
  assert.equal(first.status, 201, first.text)
  assert.deepEqual([first.json.right, first.json.total, first.json.passed, first.json.points, first.json.tries_left], [0, 3, false, 0, 1])
  assert.deepEqual(first.json.questions[0], { right: false, feedback: '路滑，先减速。' })
  assert.doesNotMatch(first.text, /"answer"/)
  assert.deepEqual((await attempt(rider, wrong, 'k')).json, first.json, 'sent again it is the same try')
  assert.deepEqual((await get(server, first.headers.location, { token: rider })).json, first.json)
  refused(await get(server, first.headers.location, { token: west }), 404, 'id')
  const second = await attempt(rider, [['a'], ['b', 'a'], ['false']])
  assert.deepEqual([second.json.passed, second.json.points, second.json.tries_left, second.json.number], [true, 10, 0, 2])
  assert.deepEqual(second.json.questions.map((q) => q.answer), [['a'], ['a', 'b'], ['false']])
  assert.equal(await learning(server, rider), 10)
  refused(await attempt(rider, right), 409)
  assert.equal(await learning(server, rider), 10)
  assert.deepEqual((await get(server, `/v1/posts/${id}`, { token: rider })).json.quiz.passed, true)
  const list = (await get(server, '/v1/me/attempts?limit=1', { token: rider })).json
  assert.deepEqual([list.attempts[0].number, (await get(server, list.next, { token: rider })).json.attempts[0].number], [2, 1])
  assert.deepEqual((await get(server, '/v1/me/export', { token: rider })).json.attempts.attempts.map((a) => a.right), [3, 0])
  const figures = (await get(server, `/v1/posts/${id}/figures`, { token: admin })).json
  assert.deepEqual(figures, { reads: 0, quiz: { people: 1, attempts: 2, passed: 1, first_right: [0, 0, 0] } })
  assert.equal((await ask(server, 'DELETE', '/v1/me', { token: rider })).status, 204)
  assert.deepEqual((await get(server, `/v1/posts/${id}/figures`, { token: admin })).json, figures)
})

test('a try that is sent again has its answer, whatever became of the lesson, whose title is told while it can be read', async (t) => {
  const { server, tokens, id, attempt } = await scene(t)
  const { rider, admin } = tokens
  const first = await attempt(rider, right, 'k')
  assert.equal(first.status, 201, first.text)
  assert.equal((await ask(server, 'POST', `/v1/posts/${id}/read`, { token: rider })).status, 204)
  const titles = async () => [
    (await get(server, first.headers.location, { token: rider })).json.title, (await get(server, '/v1/me/attempts', { token: rider })).json.attempts[0].title,
    (await get(server, '/v1/me/reads', { token: rider })).json.reads[0].title]
  assert.deepEqual(await titles(), Array(3).fill('安全骑行'))
  const draft = await ask(server, 'PUT', `/v1/posts/${id}`, { token: admin, json: { ...lesson, title: '内部草稿', version: 1, draft: true } })
  assert.equal(draft.status, 200, draft.text)
  assert.deepEqual((await attempt(rider, right, 'k')).json, first.json)
  refused(await attempt(rider, wrong, 'k'), 422, 'Idempotency-Key')
  refused(await attempt(rider, wrong), 404, 'id')
  assert.deepEqual(await titles(), Array(3).fill(undefined))
  assert.doesNotMatch((await get(server, '/v1/me/export', { token: rider })).text, /内部草稿/)
  assert.equal((await ask(server, 'DELETE', `/v1/posts/${id}?version=2`, { token: admin })).status, 204)
  assert.deepEqual((await attempt(rider, right, 'k')).json, first.json)
  assert.deepEqual(await titles(), Array(3).fill(undefined))
})

test('a try is held against the lesson that was read, where it says which', async (t) => {
  const { server, tokens, id } = await scene(t)
  const { rider, admin } = tokens
  const attempt = (version) => ask(server, 'POST', `/v1/posts/${id}/attempts`, { token: rider, json: { ...answers(right), version } })
  const { version } = (await get(server, `/v1/posts/${id}`, { token: rider })).json
  assert.equal((await ask(server, 'PUT', `/v1/posts/${id}`, { token: admin, json: { ...lesson, version, questions: [questions[1], questions[0], questions[2]] } })).status, 200)
  refused(await attempt(version), 409)
  refused(await attempt(0), 400, 'version')
  assert.equal((await get(server, `/v1/posts/${id}`, { token: rider })).json.quiz.tries_left, 2, 'neither was a try')
  const made = await attempt(version + 1)
  assert.deepEqual(made.json.questions.map((q) => q.right), [false, false, true], made.text)
  assert.deepEqual(made.json.questions.map((q) => q.feedback), [questions[1].feedback, questions[0].feedback, questions[2].feedback])
})

test('no more tries than the lesson says, however many come at once', async (t) => {
  const { server, tokens, attempt } = await scene(t, { tries: 3 })
  const all = await Promise.all(Array.from({ length: 24 }, () => attempt(tokens.rider, wrong)))
  assert.equal(all.filter((a) => a.status === 201).length, 3)
  assert.ok(all.every((a) => [201, 409].includes(a.status)))
  assert.deepEqual(all.filter((a) => a.status === 201).map((a) => a.json.number).sort(), [1, 2, 3])
  refused(await attempt(tokens.rider, right), 409)
  assert.equal(await learning(server, tokens.rider), 0)
})

test('passing twice at once brings points once', async (t) => {
  const { server, tokens, attempt } = await scene(t, { tries: 9 })
  const all = await Promise.all(Array.from({ length: 9 }, () => attempt(tokens.rider, right)))
  assert.deepEqual(all.map((a) => a.status).sort(), [201, ...Array(8).fill(409)])
  assert.equal(await learning(server, tokens.rider), 10)
  const { entries } = (await get(server, '/v1/me/points?kind=learning', { token: tokens.rider })).json
  assert.deepEqual(entries.map((e) => [e.amount, e.reason]), [[10, '安全骑行']])
})

test('an answer is owed to each question, by the codes of its options', async (t) => {
  const { server, tokens, id, attempt } = await scene(t)
  const { rider } = tokens
  refused(await attempt(undefined, right), 401)
  refused(await attempt(rider, right.slice(1)), 400, 'answers')
  refused(await attempt(rider, [...right, ['a']]), 400, 'answers')
  refused(await attempt(rider, [['d'], ['a'], ['true']]), 400, 'answers/0/choices/0')
  refused(await attempt(rider, [['a'], ['a'], ['a']]), 400, 'answers/2/choices/0')
  refused(await attempt(rider, [[], ['a'], ['true']]), 400, 'answers/0/choices')
  refused(await ask(server, 'POST', `/v1/posts/${id}/attempts`, { token: rider, json: { answers: ['a'] } }), 400, 'answers/0')
  refused(await ask(server, 'POST', '/v1/posts/999/attempts', { token: rider, json: answers(right) }), 404, 'id')
  const news = (await ask(server, 'POST', '/v1/posts', { token: tokens.admin, json: { kind: 'news', title: '无题' } })).json
  refused(await ask(server, 'POST', `/v1/posts/${news.id}/attempts`, { token: rider, json: answers(right) }), 404, 'id')
  assert.equal((await get(server, `/v1/posts/${id}`, { token: rider })).json.quiz.tries_left, 2, 'none of these was a try')
})

test('a quiz is right in itself, and stays as it is once somebody tried it', async (t) => {
  const { server, tokens, id, attempt } = await scene(t)
  const { admin, rider } = tokens
  const make = (question, more) => ask(server, 'POST', '/v1/posts', { token: admin, json: { ...lesson, questions: [question], ...more } })
  refused(await make({ ...questions[0], answer: ['a', 'b'] }), 400, 'questions/0')
  refused(await make({ ...questions[0], answer: ['d'] }), 400, 'questions/0/answer/0')
  refused(await make({ ...questions[0], options: ['一'] }), 400, 'questions/0')
  refused(await make({ ...questions[2], options: ['一', '二'] }), 400, 'questions/0')
  refused(await make({ ...questions[0], type: 'essay' }), 400, 'questions/0/type')
  refused(await make({ ...questions[0], text: ' ' }), 400, 'questions/0')
  refused(await make(questions[0], { points: 21 }), 400, 'points')
  refused(await make(questions[0], { tries: 0 }), 400, 'tries')
  const change = (version, more) => ask(server, 'PUT', `/v1/posts/${id}`, { token: admin, json: { ...lesson, version, ...more } })
  assert.equal((await change(1, { questions: [...questions].reverse() })).status, 200)
  assert.equal((await change(2)).status, 200)
  assert.equal((await attempt(rider, wrong)).status, 201)
  refused(await change(3, { questions: questions.slice(1) }), 409)
  refused(await change(3, { questions: [] }), 409)
  const fresh = await change(3, { body: '补充', title: '安全骑行二' })
  assert.equal(fresh.status, 200, fresh.text)
  assert.deepEqual([fresh.json.title, fresh.json.quiz.questions.length], ['安全骑行二', 3])
  assert.equal((await attempt(rider, right)).json.passed, true)
})
