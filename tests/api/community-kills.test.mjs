// Riders vote, sign up, give up and try quizzes, each by several devices at once, while the server is killed and started again: what was acknowledged
// is there once, no more seats are taken than there are, one person has one ballot, and a lesson brings its points once.
// SEED=… repeats a run; KILLS=… makes it shorter or longer.
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, at, command, get, password, remove, signIn, sleep, soon, start, stop, writeCity } from './harness.mjs'
import { launch, numbers, rows, seed, wasCut } from './killing.mjs'

const kills = Number(process.env.KILLS ?? 3), people = 8, devices = 3, patienceMs = 900
const votes = 16, activities = 5, seats = 3, lessons = 8, tries = 6

const yesNo = { type: 'choice', title: '同意吗', options: [{ name: '同意', adopts: true }, { name: '不同意' }] }
const question = { type: 'true_false', text: '电池可以进楼充电。', answer: ['false'], feedback: '不可以。' }

/** What everybody shares: what was promised to whom. */
class World {
  constructor() {
    Object.assign(this, { ballots: new Map(), signups: new Map(), cancelled: new Set(), attempts: new Map(), refusals: 0, answers: 0 })
  }
}

class Device {
  constructor(lane, world, rider, things) {
    Object.assign(this, { lane, world, rider, things, random: numbers(seed + 7919 * (lane + 1)), count: 0, pending: undefined })
  }
  pick(list) {
    return list[Math.floor(this.random() * list.length)]
  }
  /** What it wants to do next; one that had no answer is asked again under the same key. */
  next() {
    const kind = this.random(), key = `${seed}-${this.lane}-${this.count++}-of-some-length`
    const mine = [...this.world.signups].filter(([id, who]) => who === this.rider && !this.world.cancelled.has(id))
    if (kind < 0.3) return { do: 'vote', vote: this.pick(this.things.votes), choice: 1 + Math.floor(this.random() * 2), key }
    if (kind < 0.45 && mine.length) return { do: 'cancel', signup: this.pick(mine)[0] }
    if (kind < 0.75) return { do: 'signUp', activity: this.pick(this.things.activities), key }
    return { do: 'try', lesson: this.pick(this.things.lessons), right: this.random() < 0.3, key }
  }
  post(server, path, json, key) {
    return ask(server, 'POST', path, { check: false, token: this.rider.token, json, headers: key ? { 'Idempotency-Key': key } : {} })
  }
  async act(server) {
    const w = (this.pending ??= this.next()), { world, rider } = this
    const ways = {
      vote: () => this.post(server, `/v1/votes/${w.vote.id}/ballot`, { answers: [{ choice: w.choice }] }, w.key),
      signUp: () => this.post(server, `/v1/activities/${w.activity.id}/signup`, undefined, w.key),
      cancel: () => this.post(server, `/v1/me/signups/${w.signup}/cancel`),
      try: () => this.post(server, `/v1/posts/${w.lesson}/attempts`, { answers: [{ choices: [w.right ? 'false' : 'true'] }] }, w.key),
    }
    const answer = await ways[w.do]()
    if (answer.status === 503) return sleep(5) // still starting
    world.answers++
    this.pending = undefined
    if (answer.status === 409) return void world.refusals++
    assert.ok(answer.status >= 200 && answer.status < 300, `${w.do}: ${answer.status} ${answer.text}`)
    if (w.do === 'vote') {
      const which = `${w.vote.id} ${rider.id}`
      assert.ok(!world.ballots.has(which), 'one person voted twice')
      world.ballots.set(which, w.choice)
    } else if (w.do === 'signUp') world.signups.set(answer.json.id, rider)
    else if (w.do === 'cancel') world.cancelled.add(w.signup)
    else world.attempts.set(answer.headers.location.split('/').pop(), { rider, ...answer.json })
  }
  async run(server, state) {
    while (!state.over)
      try {
        await this.act(server)
      } catch (error) {
        if (!wasCut(error)) throw error
        // What was cut may have been done: only what has a key is asked again.
        if (this.pending && !this.pending.key) this.pending = undefined
        if (!state.over) await sleep(2)
      }
  }
}

/** What is in the database, and nothing else is believed. */
function audit(made, world, things) {
  const voted = new Map(rows(made, 'SELECT vote_id, person_id, hex(answers) AS answers FROM vote_electors WHERE voted = 1').map((r) => [`${r.vote_id} ${r.person_id}`, r]))
  for (const which of world.ballots.keys()) assert.ok(voted.has(which), `the ballot of ${which} was lost`)
  for (const { id, secret } of things.votes) {
    const [{ electors, ballots }] = rows(made, `SELECT (SELECT count(*) FROM vote_electors WHERE vote_id = ${id} AND voted = 1) AS electors,
      (SELECT count(*) FROM vote_ballots WHERE vote_id = ${id}) AS ballots`)
    assert.equal(ballots, secret ? electors : 0, 'one ballot for each who voted')
    assert.ok(electors <= people)
  }
  for (const activity of rows(made, `SELECT a.id, a.taken, a.waiting, a.seats, (SELECT count(*) FROM activity_signups s WHERE s.activity_id = a.id AND s.state = 'signed') AS signed,
    (SELECT count(*) FROM activity_signups s WHERE s.activity_id = a.id AND s.state = 'waiting') AS queue FROM activities a`)) {
    assert.deepEqual([activity.taken, activity.waiting], [activity.signed, activity.queue], 'seats are counted as they are taken')
    assert.ok(activity.taken <= activity.seats, `${activity.taken} of ${activity.seats} seats`)
    assert.ok(activity.taken === activity.seats || !activity.waiting, 'nobody waits beside a free seat')
  }
  assert.deepEqual(rows(made, "SELECT activity_id, person_id FROM activity_signups WHERE state <> 'cancelled' GROUP BY activity_id, person_id HAVING count(*) > 1"), [])
  const signups = new Map(rows(made, 'SELECT public_id AS id, person_id, state FROM activity_signups').map((r) => [r.id, r]))
  for (const [id, rider] of world.signups) assert.equal(signups.get(id)?.person_id, rider.id, 'a sign-up was lost')
  for (const id of world.cancelled) assert.equal(signups.get(id).state, 'cancelled')
  const attempts = new Map(rows(made, 'SELECT public_id AS id, person_id, number, passed, points FROM post_attempts').map((r) => [r.id, r]))
  for (const [id, { rider, number, passed, points }] of world.attempts)
    assert.deepEqual(attempts.get(id), { id, person_id: rider.id, number, passed: Number(passed), points }, 'a try was lost')
  assert.deepEqual(rows(made, 'SELECT person_id FROM post_attempts WHERE passed = 1 GROUP BY person_id, post_id HAVING count(*) > 1'), [])
  assert.deepEqual(rows(made, `SELECT p.id FROM people p WHERE (SELECT COALESCE(sum(a.points), 0) FROM post_attempts a WHERE a.person_id = p.id)
    <> (SELECT COALESCE(sum(e.settled), 0) FROM points_entries e WHERE e.person_id = p.id AND e.kind = 'learning')`), [], 'the ledger has what lessons brought')
}

async function prepare(made, folder) {
  await command(made.data, 'import', 'areas', join(writeCity(join(folder, 'city')), 'areas.geojson'))
  await addUser(made.data, 'admin', password, '--role', 'city_admin')
  const server = await start(made, '--writes-per-minute', '1000000'), token = await signIn(server), riders = [], things = { votes: [], activities: [], lessons: [] }
  const make = async (path, json, status = 201) => {
    const answer = await ask(server, 'POST', path, { token, json })
    assert.equal(answer.status, status, answer.text)
    return answer.json
  }
  for (let i = 0; i < people; i++) {
    const { id } = await make('/v1/people', { login: `rider${i}`, name: `骑手${i}`, password, role: 'rider' })
    riders.push({ id, token: await signIn(server, `rider${i}`) })
  }
  for (let i = 0; i < votes; i++) {
    const secret = i % 2 === 0
    const { id, version } = await make('/v1/votes', { purpose: 'decision', title: `第${i}件事`, electorate: 'people', people: riders.map((r) => r.id), secret, to: soon(7200), questions: [yesNo] })
    await make(`/v1/votes/${id}/open`, { version }, 200)
    things.votes.push({ id, secret })
  }
  for (let i = 0; i < activities; i++)
    things.activities.push(await make('/v1/activities', { kind: 'help', title: '路口疏导', location: at(1, 1), from: soon(7200), to: soon(10800), seats, state: 'open' }))
  for (let i = 0; i < lessons; i++)
    things.lessons.push((await make('/v1/posts', { kind: 'lesson', title: '安全骑行', body: '先停再看。', questions: [question], tries, pass: 60, points: 2 })).id)
  await stop(server)
  return { riders, things }
}

test(`votes, seats and tries hold after ${kills} kills under ${people * devices} devices of ${people} people`, { timeout: 300000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yizhan-community-')), made = { folder, data: join(folder, 'data'), web: folder }, running = new Set()
  t.after(async () => {
    for (const server of [...running]) { // only after a failure
      server.child.kill('SIGKILL')
      await server.exited
    }
    remove(made)
  })
  t.diagnostic(`SEED=${seed}`)
  const { riders, things } = await prepare(made, folder), world = new World(), random = numbers(seed)
  const all = riders.flatMap((rider, i) => Array.from({ length: devices }, (_, j) => new Device(i * devices + j, world, rider, things)))
  for (let i = 0; i < kills; i++) {
    const server = launch(made, running), state = { over: false }
    await Promise.race([server.listens, server.exited.then((how) => assert.fail(`ended with ${how}: ${server.log}`))])
    const runs = all.map((device) => device.run(server, state)), before = world.answers
    await sleep(patienceMs * (0.5 + random()))
    for (let j = 0; j < 100 && world.answers - before < all.length; j++) await sleep(100) // on a slow machine longer
    server.child.kill('SIGKILL')
    assert.equal(await server.exited, 'SIGKILL', server.log)
    state.over = true
    await Promise.all(runs)
    audit(made, world, things)
  }
  const server = await start(made, '--writes-per-minute', '1000000')
  for (const device of all) while (device.pending) await device.act(server) // what had no answer yet
  const lacks = () => [world.ballots, world.signups, world.cancelled, world.attempts].some((done) => !done.size)
  for (let i = 0; i < 500 && lacks(); i++) await all[i % all.length].act(server) // where hardly anything came between two kills
  assert.ok(!lacks(), 'something of each was done')
  for (const rider of riders) {
    const { signups } = (await get(server, '/v1/me/signups?limit=100', { token: rider.token })).json
    const mine = signups.filter((s) => ['signed', 'waiting'].includes(s.state)).map((s) => s.activity.id)
    assert.equal(new Set(mine).size, mine.length, 'nobody is there twice')
  }
  audit(made, world, things)
  await stop(server)
  t.diagnostic(`${world.answers} answers: ${world.ballots.size} ballots, ${world.signups.size} sign-ups, ${world.cancelled.size} cancelled, ${world.attempts.size} tries, ${world.refusals} refused`)
})
