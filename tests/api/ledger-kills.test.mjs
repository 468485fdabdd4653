// 64 clients give, redeem, cancel, hand over and reverse at once while the server is killed and started again: sums agree, no balance and no
// stock is below zero, a code is spent once, and what was promised is there. SEED=… repeats a run; KILLS=… makes it shorter or longer.
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { addUser, ask, command, get, password, remove, signIn, sleep, start, stop, writeCity } from './harness.mjs'
import { launch, numbers, rows, seed, wasCut } from './killing.mjs'

const kills = Number(process.env.KILLS ?? 4), clients = 64, riders = 3, patienceMs = 900
const supply = 40, cost = 10

/** What everybody shares: what was promised, and what there is to act on. */
class World {
  constructor() {
    Object.assign(this, { given: new Map(), redeemed: new Map(), spent: new Map(), cancelled: new Set(), reversed: new Set(), refusals: 0, answers: 0 })
  }
}

class Client {
  constructor(lane, world, actors) {
    Object.assign(this, { lane, world, ...actors, random: numbers(seed + 7919 * (lane + 1)), count: 0, pending: undefined })
  }
  pick(list) {
    return list[Math.floor(this.random() * list.length)]
  }
  post(server, path, token, json, key) {
    return ask(server, 'POST', path, { check: false, token, json, headers: key ? { 'Idempotency-Key': key } : {} })
  }
  /** What it wants to do next; one that had no answer is asked again under the same key. */
  next() {
    const kind = this.random(), rider = this.pick(this.riders), key = `${seed}-${this.lane}-${this.count++}`
    const { given, redeemed } = this.world
    if (kind < 0.3) return { do: 'give', rider, amount: 5 + Math.floor(this.random() * 20), key }
    if (kind < 0.65) return { do: 'redeem', rider, key }
    const one = this.pick([...redeemed.values()]), gift = this.pick([...given.keys()])
    if (kind < 0.75 && one) return { do: 'cancel', one }
    if (kind < 0.9 && one) return { do: 'spend', one }
    return gift ? { do: 'reverse', gift } : { do: 'redeem', rider, key }
  }
  async act(server) {
    const w = (this.pending ??= this.next()), { world } = this
    const ways = {
      give: () => this.post(server, '/v1/points', this.givers[this.lane % this.givers.length], { person: w.rider.id, kind: 'service', amount: w.amount, reason: '扫雪' }, w.key),
      redeem: () => this.post(server, `/v1/rewards/${this.reward}/redeem`, w.rider.token, undefined, w.key),
      cancel: () => this.post(server, `/v1/me/redemptions/${w.one.id}/cancel`, w.one.token),
      spend: () => this.post(server, '/v1/redemptions/verify', this.admin, { code: w.one.code }),
      reverse: () => this.post(server, `/v1/points/${w.gift}/reverse`, this.admin, { reason: '造假' }),
    }
    const answer = await ways[w.do]()
    if (answer.status === 503) return sleep(5) // still starting
    world.answers++
    if (answer.status === 409) world.refusals++
    else if (w.do === 'give') assert.equal(answer.status, 201, answer.text), world.given.set(answer.json.id, w)
    else if (w.do === 'redeem') {
      assert.equal(answer.status, 201, answer.text)
      world.redeemed.set(answer.json.id, { id: answer.json.id, code: answer.json.code ?? world.redeemed.get(answer.json.id)?.code, token: w.rider.token })
    } else if (w.do === 'cancel') assert.equal(answer.status, 200, answer.text), world.cancelled.add(w.one.id)
    else if (w.do === 'spend') {
      assert.equal(answer.status, 200, `${answer.status} ${answer.text}`)
      assert.ok(!world.spent.has(w.one.id), 'a code was spent twice')
      world.spent.set(w.one.id, true)
    } else assert.equal(answer.status, 201, answer.text), world.reversed.add(w.gift)
    this.pending = undefined
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

/** The books, from the database alone. */
function audit(made, world) {
  for (const { pending, settled, owed } of rows(made, 'SELECT sum(pending) AS pending, sum(settled) AS settled, sum(owed) AS owed FROM points_entries GROUP BY person_id, kind'))
    assert.ok(pending >= 0 && settled >= 0 && owed >= 0, `${pending} ${settled} ${owed}`)
  const [stock] = rows(made, "SELECT supply, taken, (SELECT count(*) FROM redemptions WHERE state IN ('open', 'spent')) AS out FROM rewards")
  assert.equal(stock.taken, stock.out)
  assert.ok(stock.taken <= stock.supply)
  const [sums] = rows(made, `SELECT (SELECT sum(settled - owed) FROM points_entries) AS ledger,
    (SELECT COALESCE(sum(settled - owed), 0) FROM points_entries WHERE phase IN ('settled', 'reversed')) AS earned,
    (SELECT sum(earned) FROM points_tally WHERE period = 'year' AND area_id = 0) AS tally,
    (SELECT count(*) FROM redemptions WHERE state IN ('open', 'spent')) AS out`)
  assert.equal(sums.earned, sums.tally, 'rankings agree with the ledger')
  assert.equal(sums.ledger, sums.earned - cost * sums.out, 'what is left is what was earned and not spent')
  assert.deepEqual(rows(made, `SELECT r.id FROM redemptions r WHERE (SELECT count(*) FROM points_entries b WHERE b.of_id = r.entry_id AND b.phase = 'returned') <> (r.state IN ('cancelled', 'expired'))`), [])
  assert.deepEqual(rows(made, "SELECT of_id FROM points_entries WHERE of_id IS NOT NULL GROUP BY of_id, phase HAVING count(*) > 1"), [])
  const there = new Map(rows(made, 'SELECT public_id AS id, state FROM redemptions').map((r) => [r.id, r.state]))
  for (const id of world.redeemed.keys()) assert.ok(there.has(id), 'a redemption was lost')
  for (const id of world.spent.keys()) assert.equal(there.get(id), 'spent')
  for (const id of world.cancelled) assert.equal(there.get(id), 'cancelled')
  const reversed = new Set(rows(made, "SELECT of_id AS id FROM points_entries WHERE phase = 'reversed'").map((r) => r.id))
  for (const id of world.reversed) assert.ok(reversed.has(id), 'a reversal was lost')
  const gifts = new Set(rows(made, "SELECT id FROM points_entries WHERE source = 'hand' AND phase = 'settled'").map((r) => r.id))
  for (const id of world.given.keys()) assert.ok(gifts.has(id), 'a gift was lost')
  const keys = new Set([...world.given.values()].map((w) => w.key))
  assert.equal(keys.size, world.given.size, 'a key gave once')
}

test(`the books agree after ${kills} kills under ${clients} clients`, { timeout: 180000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yizhan-ledger-')), made = { folder, data: join(folder, 'data'), web: folder }, running = new Set()
  t.after(async () => {
    for (const server of [...running]) { // only after a failure
      server.child.kill('SIGKILL')
      await server.exited
    }
    remove(made)
  })
  t.diagnostic(`SEED=${seed}`)
  await command(made.data, 'import', 'areas', join(writeCity(join(folder, 'city')), 'areas.geojson'))
  await addUser(made.data, 'admin', password, '--role', 'city_admin')
  for (let i = 0; i < riders; i++) await addUser(made.data, `rider${i}`, password, '--role', 'rider')
  const names = Array.from({ length: 4 }, (_, i) => `giver${i}`) // each may give so many a day
  for (const name of names) await addUser(made.data, name, password, '--role', 'city_admin')
  const first = await start(made), actors = { admin: await signIn(first), riders: [], givers: [] }
  for (const name of names) actors.givers.push(await signIn(first, name))
  for (let i = 0; i < riders; i++) {
    const token = await signIn(first, `rider${i}`)
    actors.riders.push({ token, id: (await get(first, '/v1/me', { token })).json.id })
  }
  actors.reward = (await ask(first, 'POST', '/v1/rewards', { token: actors.admin, json: { name: '热汤面', kind: 'service', cost, supply } })).json.id
  await stop(first)

  const world = new World(), random = numbers(seed), all = Array.from({ length: clients }, (_, lane) => new Client(lane, world, actors))
  for (let i = 0; i < kills; i++) {
    const server = launch(made, running), state = { over: false }
    await Promise.race([server.listens, server.exited.then((how) => assert.fail(`ended with ${how}: ${server.log}`))])
    const runs = all.map((client) => client.run(server, state)), before = world.answers
    await sleep(patienceMs * (0.5 + random()))
    for (let j = 0; j < 40 && world.answers - before < clients; j++) await sleep(100) // on a slow machine longer
    server.child.kill('SIGKILL')
    assert.equal(await server.exited, 'SIGKILL', server.log)
    state.over = true
    await Promise.all(runs)
    audit(made, world)
  }
  const server = await start(made)
  for (const client of all) while (client.pending) await client.act(server) // what had no answer yet
  const lacks = () => [world.redeemed, world.spent, world.reversed].some((done) => !done.size)
  for (let i = 0; i < 1000 && lacks(); i++) await all[i % all.length].act(server) // where hardly anything came between two kills
  assert.ok(!lacks(), 'something of each was done')
  for (const rider of actors.riders) {
    const { balances } = (await get(server, '/v1/me/points', { token: rider.token })).json
    const [sum] = rows(made, `SELECT COALESCE(sum(settled), 0) AS settled FROM points_entries WHERE person_id = ${rider.id} AND kind = 'service'`)
    assert.equal(balances.find((b) => b.kind === 'service').settled, sum.settled)
  }
  audit(made, world)
  await stop(server)
  t.diagnostic(`${world.answers} answers: ${world.given.size} given, ${world.redeemed.size} redeemed, ${world.spent.size} spent, ${world.cancelled.size} cancelled, ${world.reversed.size} reversed, ${world.refusals} refused`)
})
