// 住总: counselling salons, as docs/setups/salon.md sets them up; the program and its files as they come.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUser, ask, at, get, password, refused, serve, signIn, sleep, soon, start, stop, until } from './harness.mjs'

const names = ['赵师傅', '钱师傅', '孙师傅', '李师傅', '周师傅']
const post = (server, path, token, json, key) => ask(server, 'POST', path, { token, json, headers: key ? { 'Idempotency-Key': key } : {} })
const put = (server, path, token, json) => ask(server, 'PUT', path, { token, json })
async function well(answer, status = 200) {
  const got = await answer
  assert.equal(got.status, status, got.text)
  return got.json
}
/** The verbs of what somebody is told of activities and votes, the first first. */
const told = async (server, token) => (await get(server, '/v1/me/inbox', { token })).json.messages.map((m) => m.verb).filter((v) => /^(activity|vote)\./.test(v)).reverse()

/** The group's union and who keeps it, five who work on its sites and joined by its QR code, and one who did not. */
async function site(t) {
  const server = await serve(t), { data } = server.made
  await addUser(data, 'union', password, '--role', 'branch_staff', '--area', '110199001')
  for (const login of [...names.keys()].map((i) => `w${i}`).concat('guest')) await addUser(data, login, password, '--role', 'rider')
  const union = await signIn(server, 'union'), guest = await signIn(server, 'guest')
  const area = (await get(server, '/v1/areas')).json.areas.find((a) => a.code === '110199001').id
  const branch = await well(post(server, '/v1/branches', union, {
    name: '住总工会职工心理驿站', area_id: area, consent: '为办理入会，本会处理您的姓名，退会即删除。',
    fields: [{ code: 'name', label: '姓名', type: 'name', required: true }] }), 201)
  const workers = []
  for (const [i, name] of names.entries()) {
    const token = await signIn(server, `w${i}`)
    const asked = await well(post(server, `/v1/join/${branch.code}`, token, { form: branch.form.version, consent: true, answers: { name } }), 201)
    await well(post(server, `/v1/members/${asked.id}/approve`, union, { version: asked.version }))
    workers.push({ name, token })
  }
  const salon = (more) => ({ kind: 'salon', title: '减压沙龙：睡个好觉', text: '国家二级心理咨询师主讲', address: '职工之家二层', location: at(1, 1),
    branch_id: branch.id, seats: 3, from: soon(86400 + 7200), to: soon(86400 + 12600), ...more })
  const signUp = (who, { id }) => post(server, `/v1/activities/${id}/signup`, who.token)
  return { server, union, guest, area, branch, workers, salon, signUp }
}

test('a salon is announced, filled, held, asked about, and counted', async (t) => {
  const { server, union, guest, area, branch, workers, salon, signUp } = await site(t)
  const [zhao, qian, sun, li, zhou] = workers
  let activity, seats, survey

  await t.test('it is announced for members, and everybody finds it near them', async () => {
    refused(await post(server, '/v1/activities', guest, salon({ state: 'open' })), 403)
    const announced = salon({ state: 'open' }), send = () => post(server, '/v1/activities', union, announced, 'salon-1')
    activity = await well(send(), 201)
    assert.deepEqual(await well(send(), 201), activity, 'sent again')
    const { activities } = (await get(server, `/v1/activities?kind=salon&near=${at(1, 2)}&within=1000`)).json
    assert.deepEqual(activities.map((a) => [a.id, a.seats, a.points, a.points_kind, a.branch_id, Math.round(a.distance_m)]), [[activity.id, 3, 5, 'learning', branch.id, 222]])
    refused(await signUp({ name: '', token: guest }, activity), 409)
  })

  await t.test('three have seats and two wait; a seat that is given up goes to who waits longest', async () => {
    seats = []
    for (const who of workers) seats.push(await well(signUp(who, activity), 201))
    assert.deepEqual(seats.map((s) => [s.state, s.ahead]), [['signed', undefined], ['signed', undefined], ['signed', undefined], ['waiting', 0], ['waiting', 1]])
    await well(post(server, `/v1/me/signups/${seats[1].id}/cancel`, qian.token))
    assert.deepEqual([await told(server, li.token), await told(server, zhou.token)], [['activity.seated'], []])
    const mine = await well(get(server, `/v1/me/signups/${seats[4].id}`, { token: zhou.token }))
    assert.deepEqual([mine.state, mine.ahead], ['waiting', 0])
  })

  await t.test('it stands in calendars: certain for who has a seat, not for who waits', async () => {
    const lines = (answer) => answer.text.replaceAll('\r\n ', '').split('\r\n')
    const one = await get(server, `/v1/activities/${activity.id}/event.ics`)
    assert.equal(one.type, 'text/calendar')
    const begins = new Date(activity.from).toISOString().replace(/[-:]|\.\d+/g, '')
    for (const line of [`DTSTART:${begins}`, 'SUMMARY:减压沙龙：睡个好觉', 'LOCATION:职工之家二层', 'STATUS:CONFIRMED']) assert.ok(lines(one).includes(line), one.text)
    for (const [who, status] of [[li, 'CONFIRMED'], [zhou, 'TENTATIVE']])
      assert.ok(lines(await get(server, '/v1/me/signups.ics', { token: who.token })).includes(`STATUS:${status}`), who.name)
    assert.ok(!lines(await get(server, '/v1/me/signups.ics', { token: qian.token })).includes('BEGIN:VEVENT'))
  })

  await t.test('the counsellor comes earlier: all who signed up are told, and it begins', async () => {
    refused(await post(server, `/v1/me/signups/${seats[0].id}/check-in`, zhao.token, { code: 'early' }), 409)
    await well(put(server, `/v1/activities/${activity.id}`, union, salon({ from: soon(0), to: soon(3600), version: activity.version })))
    for (const who of [zhao, sun, li, zhou]) assert.equal((await told(server, who.token)).at(-1), 'activity.changed', who.name)
    assert.deepEqual(await told(server, qian.token), [])
  })

  await t.test('they check in by the code on the screen, or at the door; learning points come at once', async () => {
    refused(await get(server, `/v1/activities/${activity.id}/code`, { token: zhao.token }), 403)
    const { code } = await well(get(server, `/v1/activities/${activity.id}/code`, { token: union }))
    assert.match((await get(server, `/v1/activities/${activity.id}/code/qr`, { token: union })).text, /^<svg /)
    const come = (who, i, json = { code }) => post(server, `/v1/me/signups/${seats[i].id}/check-in`, who.token, json)
    refused(await come(zhao, 0, { code: 'wrong' }), 409)
    refused(await come(zhou, 4), 409) // who waits has no seat
    for (const [who, i] of [[zhao, 0], [li, 3]]) assert.equal((await well(come(who, i))).state, 'confirmed')
    assert.equal((await well(post(server, `/v1/activities/${activity.id}/signups/${seats[2].id}/check-in`, union))).checked_in_by, 'staff')
    await well(come(li, 3))
    const points = async (who) => (await well(get(server, '/v1/me/points', { token: who.token }))).balances.find((b) => b.kind === 'learning').settled
    assert.deepEqual(await Promise.all(workers.map(points)), [5, 0, 5, 5, 0])
  })

  await t.test('who was there is asked, in secret, and nobody else; who has not answered is reminded', async () => {
    const { signups } = await well(get(server, `/v1/activities/${activity.id}/signups?state=confirmed`, { token: union }))
    const draft = await well(post(server, '/v1/votes', union, {
      purpose: 'survey', title: '减压沙龙满意度', electorate: 'people', people: signups.map((s) => s.person), area_id: area, secret: true, public: true, to: soon(7),
      questions: [{ type: 'scale', title: '对我有帮助', max: 5 }, { type: 'choice', title: '下次想听', options: [{ name: '睡眠' }, { name: '亲子' }, { name: '情绪' }], optional: true }] }), 201)
    survey = await well(post(server, `/v1/votes/${draft.id}/open`, union, { version: draft.version }))
    assert.equal(survey.electors, 3)
    const say = (who, answers) => post(server, `/v1/votes/${survey.id}/ballot`, who.token, { answers })
    assert.deepEqual((await well(get(server, '/v1/votes?mine=true', { token: zhao.token }))).votes.map((v) => [v.id, v.voted]), [[survey.id, false]])
    await well(say(zhao, [{ value: 5 }, { choice: 2 }]), 201)
    await well(say(sun, [{ value: 4 }, {}]), 201)
    refused(await say(zhao, [{ value: 1 }, { choice: 1 }]), 409)
    refused(await say(zhou, [{ value: 1 }, { choice: 1 }]), 403)
    assert.deepEqual((await well(get(server, `/v1/votes/${survey.id}/electors?voted=false`, { token: union }))).electors.map((e) => e.person), [signups.find((s) => s.id === seats[3].id).person])
    await well(post(server, `/v1/votes/${survey.id}/remind`, union))
    await until(async () => (await told(server, li.token)).includes('vote.reminder'))
    assert.ok(!(await told(server, zhao.token)).includes('vote.reminder'))
    await well(say(li, [{ value: 5 }, { choice: 2 }]), 201)
  })

  await t.test('it is over: what came of it is everybody’s to see, and nobody is named', async () => {
    const { version } = await well(get(server, `/v1/activities/${activity.id}`, { token: union }))
    await well(put(server, `/v1/activities/${activity.id}/state`, union, { state: 'done', version }))
    const { total, groups } = await well(get(server, `/v1/activities/tally?kind=salon&area=${area}&by=kind`))
    assert.deepEqual(total, { activities: 1, signed_up: 3, attended: 3, confirmed: 3, tally: [] })
    assert.deepEqual(groups, [{ kind: 'salon', ...total }])
    let said
    await until(async () => (said = await well(get(server, `/v1/votes/${survey.id}`))).state === 'closed', 20000)
    assert.deepEqual([said.outcome, said.electors, said.ballots], ['counted', 3, 3])
    assert.deepEqual([said.result[0].counts, said.result[0].mean, said.result[1].counts, said.result[1].none], [[0, 0, 0, 1, 2], 4.67, [0, 2, 0], 1])
    for (const name of names) assert.ok(!JSON.stringify([total, groups, said]).includes(name))
    refused(await get(server, `/v1/votes/${survey.id}/ballots`, { token: union }), 409)
  })
})

// Reminders go out by the hour, and when a server starts.
test('a day before it begins who has a seat is reminded once, also by a server that was down, and who waits is not', async (t) => {
  const { server, union, workers, salon, signUp } = await site(t), begins = Date.now() + 864e5 + 20000
  const activity = await well(post(server, '/v1/activities', union, salon({ from: new Date(begins).toISOString(), state: 'open' })), 201)
  for (const who of workers) await well(signUp(who, activity), 201)
  assert.deepEqual(await told(server, workers[0].token), [])
  await stop(server)
  while (Date.now() < begins - 864e5) await sleep(500)
  for (let starts = 0; starts < 2; starts++) {
    Object.assign(server, await start(server.made))
    await until(async () => (await told(server, workers[2].token)).length, 30000)
    if (!starts) await stop(server)
  }
  const all = await Promise.all(workers.map((who) => told(server, who.token)))
  assert.deepEqual(all, [['activity.tomorrow'], ['activity.tomorrow'], ['activity.tomorrow'], [], []])
})
