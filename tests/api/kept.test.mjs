// The places in a file beside the database: a second start reads it, and shows what was done since.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask, at, command, get, idOf, makeData, remove, signIn, start, stop, until } from './harness.mjs'

const many = 20000

/** So many places on a grid, as a table. */
function table() {
  const lines = ['id,category,name,lon,lat,hours']
  for (let i = 0; i < many; i++) {
    const [lon, lat] = at(10 + (i % 200) / 10, 10 + Math.floor(i / 200) / 10)
    lines.push(`${i},${i % 2 ? 'toilet' : 'rest_station'},站点${i},${lon.toFixed(7)},${lat.toFixed(7)},${i % 3 ? '24/7' : 'Mo-Fr 08:00-18:00'}`)
  }
  return lines.join('\n') + '\n'
}

test('a start from the file beside the database', async (t) => {
  const made = await makeData()
  const file = join(made.data, 'places.yzp')
  let server
  t.after(async () => {
    if (server) await stop(server)
    remove(made)
  })
  writeFileSync(join(made.folder, 'many.csv'), table())
  await command(made.data, 'import', 'places', join(made.folder, 'many.csv'))
  const patience = 60000
  const kept = () => until(async () => /are kept for the next start/.test(server.log), patience)
  const again = async () => {
    await stop(server)
    server = undefined
    server = await start(made)
  }
  const asked = [`/v1/places?near=${at(15, 15)}&limit=20`, `/v1/places?near=${at(20, 12)}&category=toilet&open=2026-11-27T10:00:00%2B08:00&limit=10`,
    `/v1/places?bbox=${[...at(9, 9), ...at(40, 40)]}&limit=1000`]
  const nearest = async () => (await get(server, `/v1/places?near=${at(3, 3)}&limit=1`)).json.places[0].name
  const answers = () => Promise.all(asked.map(async (path) => (await get(server, path)).json.places))

  await t.test('the first start reads the rows and writes it, for its owner alone', async () => {
    writeFileSync(file + '.new-aB3xYz', 'half-written')
    server = await start(made)
    assert.match(server.log, /all places are read from the database/)
    await kept()
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.ok(!existsSync(file + '.new-aB3xYz'))
  })
  await t.test('the second start reads it, answers the same, and shows an edit that was made in between', async () => {
    const before = await answers()
    const id = await idOf(server, '东门驿站')
    const { version } = (await get(server, `/v1/places/${id}`)).json
    const edited = await ask(server, 'PUT', `/v1/places/${id}`, { token: await signIn(server), json: { version, name: '新东门驿站' } })
    assert.equal(edited.status, 200, edited.text)
    await again()
    assert.match(server.log, /20004 places are taken from \S*places\.yzp, 1 of them read anew/)
    assert.equal((await get(server, `/v1/places/${id}`)).json.name, '新东门驿站')
    assert.deepEqual(await answers(), before)
    await until(async () => (await get(server, `/v1/places?text=${encodeURIComponent('站点12345')}`)).status === 200, patience)
    assert.equal((await get(server, `/v1/places?text=${encodeURIComponent('站点12345')}&limit=1`)).json.places[0].name, '站点12345')
    // And it goes on from there as ever.
    const gone = await ask(server, 'DELETE', `/v1/places/${id}?version=${edited.json.version}`, { token: await signIn(server) })
    assert.equal(gone.status, 200, gone.text)
    await until(async () => (await get(server, `/v1/places/${id}`)).status === 404)
  })
  await t.test('check says what it is', async () => {
    const { stdout } = await command(made.data, 'check').catch((error) => error)
    assert.match(stdout, /ok +places +\S*places\.yzp is whole: 20004 places/)
  })
  await t.test('after an import the rows are read, and it is written anew', async () => {
    await stop(server)
    server = undefined
    writeFileSync(join(made.folder, 'one.csv'), `id,category,name,lon,lat\n1,toilet,新来的,${at(3, 3)}\n`)
    await command(made.data, 'import', 'places', join(made.folder, 'one.csv'))
    server = await start(made)
    assert.match(server.log, /all places are read from the database[^\n]*a list was imported since/)
    assert.equal(await nearest(), '新来的')
    await kept()
    await again()
    assert.match(server.log, /20004 places are taken from \S*, 0 of them read anew/)
  })
  await t.test('a file that is cut short is told, and costs nothing but the time', async () => {
    await stop(server)
    server = undefined
    truncateSync(file, Math.floor(statSync(file).size / 2))
    server = await start(made)
    assert.match(server.log, /all places are read from the database[^\n]*should have/)
    assert.equal(await nearest(), '新来的')
    await kept()
  })
  await t.test('a stop while it is written leaves no half of it', async () => {
    await again()
    writeFileSync(join(made.folder, 'one.csv'), `id,category,name,lon,lat\n1,toilet,改名的,${at(3, 3)}\n`)
    await command(made.data, 'import', 'places', join(made.folder, 'one.csv'))
    await until(async () => (await nearest()) === '改名的', patience)
    await stop(server)
    server = undefined
    assert.deepEqual(readdirSync(made.data).filter((name) => name.startsWith('places.yzp.')), [])
  })
})
