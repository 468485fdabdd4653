// Somebody copies the data directory after every ballot of a secret vote, and tries to find out who voted what.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask, get, makeData, password, remove, signIn, soon, start, stop, until } from './harness.mjs'

const voters = 6
const files = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile())
/** What is in a copy, row by row: what a copier reads, the log included. */
const rows = (data, text) => execFileSync('sqlite3', [join(data, 'yizhan.db')], { input: text, maxBuffer: 1 << 28 }).toString().trim().split('\n').filter(Boolean)
const tables = ['votes', 'vote_questions', 'vote_options', 'vote_electors', 'vote_ballots', 'vote_counts', 'vote_people', 'idempotency', 'changes', 'audit', 'inbox_messages', 'guesses', 'people', 'case_events']
const dump = (data) => {
  const had = new Set(rows(data, `SELECT name FROM sqlite_master WHERE type = 'table'`))
  return new Set(tables.filter((name) => had.has(name)).flatMap((name) => rows(data, `.mode insert ${name}\nSELECT * FROM ${name};`)))
}
const minus = (a, b) => [...a].filter((row) => !b.has(row))

/** A server whose key lies elsewhere, and a secret vote of six, who have all been told. */
async function scene(t) {
  const made = await makeData(), key = join(made.folder, 'elsewhere.key')
  const server = await start(made, '--secret-key', key)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const admin = await signIn(server), team = []
  for (let i = 0; i < voters; i++) {
    const person = await ask(server, 'POST', '/v1/people', { token: admin, json: { login: `voter${i}`, password, role: 'rider' } })
    team.push({ id: person.json.id, token: await signIn(server, `voter${i}`) })
  }
  const post = {
    purpose: 'decision', title: '选组长', electorate: 'people', people: team.map((one) => one.id), secret: true, to: soon(30),
    questions: [{ type: 'choice', title: '谁', options: [{ name: '甲' }, { name: '乙' }, { name: '丙' }] }],
  }
  const vote = (await ask(server, 'POST', '/v1/votes', { token: admin, json: post })).json
  assert.equal((await ask(server, 'POST', `/v1/votes/${vote.id}/open`, { token: admin, json: { version: 1 } })).status, 200)
  await until(() => rows(made.data, 'SELECT count(*) FROM inbox_messages')[0] === String(voters), 10000)
  let count = 0
  const copy = () => {
    const to = join(made.folder, `copy${count++}`)
    cpSync(made.data, to, { recursive: true, filter: (path) => !/\/(roads|basemap|blobs)/.test(path) })
    return to
  }
  return { server, made, key, admin, team, vote, copy }
}

/** All that a ballot changed is one mark, and one row of sealed bytes that is as long as every other. */
function sealedOf(copies, vote, team) {
  const sealed = team.map((one, i) => {
    const before = dump(copies[i]), after = dump(copies[i + 1])
    const fresh = minus(after, before), gone = minus(before, after)
    assert.deepEqual(fresh.map((row) => /INTO (\w+)/.exec(row)[1]).sort(), ['vote_ballots', 'vote_electors'], fresh.join('\n'))
    assert.deepEqual(gone.map((row) => /INTO (\w+)/.exec(row)[1]), ['vote_electors'])
    const mark = fresh.find((row) => row.includes('vote_electors'))
    assert.match(mark, new RegExp(`VALUES\\(\\d+,${vote.id},${one.id},1,X'\\w{64}',NULL,1\\)`), 'who voted is known, and not what')
    const [, key, bytes] = /X'(\w+)',X'(\w+)',NULL/.exec(fresh.find((row) => row.includes('vote_ballots')))
    return { key: Buffer.from(key, 'hex'), bytes: Buffer.from(bytes, 'hex') }
  })
  assert.equal(new Set(sealed.map((one) => one.bytes.length)).size, 1)
  assert.equal(new Set(sealed.map((one) => one.bytes.toString('hex'))).size, voters, 'the same choice is never the same bytes')
  return sealed
}

/** As the files are, before anybody opens them: neither the key, nor what was sent, nor a hash that it could be guessed by. */
function holdFiles(copies, key, bodies) {
  const secret = readFileSync(key), told = [secret, Buffer.from(secret.toString('hex'))]
  for (const body of bodies) {
    const hash = createHash('sha256').update(body).digest(), hex = hash.toString('hex')
    told.push(Buffer.from(body), hash, Buffer.from(hex), createHash('sha256').update(`${hex} `).digest())
  }
  for (const path of copies.flatMap(files)) {
    const bytes = readFileSync(path)
    for (const what of told) assert.ok(!bytes.includes(what), `${path} has what tells a ballot`)
  }
}

test('a copy of the data directory after each ballot ties no ballot to its voter', async (t) => {
  const { server, made, key, admin, team, vote, copy } = await scene(t)
  const copies = [copy()], choices = [1, 2, 3, 1, 1, 2], bodies = []
  for (let i = 0; i < voters; i++) {
    const json = { answers: [{ choice: choices[i] }] }
    bodies.push(JSON.stringify(json))
    const got = await ask(server, 'POST', `/v1/votes/${vote.id}/ballot`, { token: team[i].token, json, headers: { 'Idempotency-Key': `key-of-${i}` } })
    assert.equal(got.status, 201, got.text)
    copies.push(copy())
  }
  holdFiles(copies, key, bodies)
  const sealed = sealedOf(copies, vote, team)
  assert.ok(!server.log.includes('choice') && !server.log.includes('voter'), server.log)

  // Once it is closed, ballots are open, under other keys; nothing is left of the sealed ones, in pages, free pages, or the log.
  let end
  await until(async () => (end = (await get(server, `/v1/votes/${vote.id}`, { token: admin })).json).state === 'closed', 60000)
  assert.deepEqual([end.ballots, end.result[0].counts], [voters, [3, 2, 1]])
  const kept = (data) => files(data).filter((path) => !/roads|basemap/.test(path)).map((path) => readFileSync(path))
  await until(() => kept(made.data).every((bytes) => sealed.every((one) => !bytes.includes(one.bytes))), 15000)
  const last = copy()
  for (const bytes of kept(last)) assert.ok(sealed.every((one) => !bytes.includes(one.key) && !bytes.includes(one.bytes)))
  const ballots = rows(last, `SELECT hex(answers) FROM vote_ballots WHERE vote_id = ${vote.id}`)
  assert.deepEqual(ballots.map((row) => Number(`0x${row}`)).sort(), [...choices].sort())
  assert.deepEqual(rows(last, 'SELECT count(*) FROM vote_electors WHERE once IS NOT NULL OR answers IS NOT NULL'), ['0'])
})

test('a key that is named and missing is not made anew where one lies in the data directory', async (t) => {
  const made = await makeData(), key = join(made.folder, 'elsewhere.key')
  t.after(() => remove(made))
  await stop(await start(made)) // makes secret.key
  await assert.rejects(start(made, '--secret-key', key), /there is no .*elsewhere\.key: move .*secret\.key there first/)
  renameSync(join(made.data, 'secret.key'), key)
  await stop(await start(made, '--secret-key', key))
  assert.ok(!existsSync(join(made.data, 'secret.key')))
})
