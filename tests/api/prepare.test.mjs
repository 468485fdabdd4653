// While the first road file is being prepared: what needs no roads is answered, the rest says that it will be.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { at, command, get, makeData, remove, start, stop } from './harness.mjs'

/** A grid of `size` streets by `size`, so that preparing it takes a while. */
function grid(size) {
  const id = (x, y) => 1 + x + y * size
  const lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      lines.push(`<node id="${id(x, y)}" version="1" lon="${at(x, y)[0].toFixed(7)}" lat="${at(x, y)[1].toFixed(7)}"/>`)
  for (let i = 0; i < size; i++)
    for (const across of [true, false]) {
      const refs = Array.from({ length: size }, (_, j) => `<nd ref="${across ? id(j, i) : id(i, j)}"/>`)
      lines.push(`<way id="${i * 2 + across + 1}" version="1">${refs.join('')}<tag k="highway" v="residential"/></way>`)
    }
  return [...lines, '</osm>', ''].join('\n')
}

test('before the first roads are ready', async (t) => {
  const made = await makeData()
  writeFileSync(join(made.folder, 'grid.osm'), grid(60))
  await command(made.data, 'import', 'osm', join(made.folder, 'grid.osm'))
  await command(made.data, 'build-roads')
  const needing = [`/v1/places?near=${at(1, 1)}&by=time`, `/v1/places?along=${at(0, 0)};${at(3, 3)}`, `/v1/route?from=${at(0, 0)}&to=${at(3, 3)}`,
    `/v1/reachable?from=${at(0, 0)}&limits=300`, `/table/v1/foot/${at(0, 0)};${at(3, 3)}`]
  const seen = needing.map(() => 0)
  const early = async (server) => {
    const ready = await get(server, '/readyz')
    for (const [i, path] of needing.entries()) {
      const answer = await get(server, path)
      if (answer.status === 200) continue
      assert.equal(answer.status, 503, answer.text)
      assert.ok(answer.headers['retry-after'] > 0, path)
      if (!/being prepared/.test(answer.text)) continue // the places themselves are still being loaded
      const plain = await get(server, `/v1/places?near=${at(1, 1)}`)
      assert.equal(plain.status, 200, plain.text)
      seen[i]++
    }
    return ready.status === 200
  }
  const server = await start(made, { early })
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  for (const [i, path] of needing.entries()) {
    assert.ok(seen[i] > 0, `${path} was never asked too early`)
    assert.equal((await get(server, path)).status, 200, path)
  }
})
