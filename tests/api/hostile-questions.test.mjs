// Questions that would keep a server busy, or make it say what is not so: tiles, suggestions, coverage, encodings.
import assert from 'node:assert/strict'
import test from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { ask, at, get, refused, report, multipart, serve, signIn } from './harness.mjs'

const quick = 5000 // ms, of a debug build on a busy machine; what these tests are against took minutes

const timed = async (what) => {
  const began = Date.now(), answer = await what
  assert.ok(Date.now() - began < quick, `took ${Date.now() - began} ms`)
  return answer
}

// Points anywhere in the test's city: neighbours on the ring lie far apart, so that nearly all sides cross.
function tangle(count) {
  let random = 7
  const unit = () => (random = (random * 48271) % 2147483647) / 2147483647
  return Array.from({ length: count }, () => at(5 * unit(), 5 * unit()).map((v) => v.toFixed(6)).join(',')).join(';')
}

test('hostile questions', async (t) => {
  const server = await serve(t)

  await t.test('a polygon whose sides cross a thousand times is refused at once, whatever it is for', async () => {
    for (const count of [60, 330])
      for (const path of ['/v1/places?', '/v1/coverage?limits=60&'])
        refused(await timed(get(server, `${path}polygon=${tangle(count)}`)), 400, 'polygon')
    const tie = [at(0, 0), at(2, 2), at(2, 0), at(0, 2)].join(';')
    assert.deepEqual((await get(server, `/v1/places?polygon=${tie}`)).json.places.map((p) => p.id), [1]) // at its knot
  })

  await t.test('what goes round the world is not looked at for coverage', async () => {
    for (const bbox of ['-180,-90,180,90', '-180,0,180,0.1', '0,-90,179,-89', '0,0,91,0.0001'])
      refused(await timed(get(server, `/v1/coverage?limits=60&bbox=${bbox}`)), 400, 'bbox')
    refused(await timed(get(server, '/v1/coverage?limits=60&polygon=-179,1;179,1;179,-1;-179,-1')), 400, 'polygon')
    assert.equal((await timed(get(server, '/v1/coverage?limits=60&bbox=10,0,11.2,1.3'))).status, 200)
  })

  await t.test('a polygon of hundreds of points is answered', async () => {
    const round = Array.from({ length: 330 }, (_, i) => at(2.5 + 2 * Math.cos((i / 330) * 2 * Math.PI), 2.5 + 2 * Math.sin((i / 330) * 2 * Math.PI))
      .map((v) => v.toFixed(6)).join(',')).join(';')
    assert.equal((await timed(get(server, `/v1/coverage?limits=60&suggest=1&polygon=${round}`))).status, 200)
  })

  await t.test('tiles beyond the world are none, and no number is read for another', async () => {
    for (const [address, status] of [['18/262143/262143', 204], ['18/262144/0', 404], ['19/0/0', 404], ['-1/0/0', 400], ['5/4294967297/3', 400],
      ['4294967296/0/0', 400], ['99999999999999999999/0/0', 400], ['5/1e1/3', 400], ['5/0x3/3', 400], ['5/3.0/3', 400], ['5/nan/3', 400], ['5/%203/3', 400]])
      assert.equal((await get(server, `/tiles/places/${address}.mvt`)).status, status, address)
    for (const set of ['nothing', 'places,,roads', ',']) assert.equal((await get(server, `/tiles/${set}/0/0/0.mvt`)).status, 404, set)
    const many = 'places,'.repeat(1000)
    assert.ok((await get(server, `/tiles/${many}places/0/0/0.mvt`)).bytes.equals((await get(server, '/tiles/places/0/0/0.mvt')).bytes))
    const toilets = await get(server, `/tiles/places/0/0/0.mvt?category=${'toilet,'.repeat(1000)}toilet`)
    assert.ok(toilets.bytes.equals((await get(server, '/tiles/places/0/0/0.mvt?category=toilet')).bytes))
    refused(await get(server, '/tiles/places/0/0/0.mvt?category=' + ','.repeat(7000)), 400, 'category')
  })

  await t.test('what is typed may be anything', async () => {
    for (const text of ['', '%00', 'a%00b', '%ff%fe', '%c0%af', '%ed%a0%80', '%f4%90%80%80', '%e5%8e', '%zz', '%', '%20'.repeat(2000), '%2A%25%5F%27%22',
      '%e5%8e%95'.repeat(880), 'a%20'.repeat(9)])
      for (const path of ['/v1/suggest', '/v1/places']) assert.equal((await timed(get(server, `${path}?text=${text}`))).status, 400, text)
    for (const text of ['a' + '%cc%81'.repeat(1300), 'x'.repeat(8000), '%e5%8e%95'.repeat(60), '%e2%80%ae%e5%8e%95', 'gongce'.repeat(30)])
      for (const path of ['/v1/suggest', '/v1/places']) assert.equal((await timed(get(server, `${path}?text=${text}`))).status, 200, text)
  })

  await t.test('answers are packed for whoever takes gzip, in any spelling, and for nobody else', async () => {
    for (const [accepted, packed] of [['gzip', true], ['GZip', true], ['br, gzip;q=0.1', true], ['gzip,'.repeat(1500), true], ['gzip;q=0', false],
      ['gzip; q=0.0', false], ['identity;q=0', false], ['*;q=0', false], ['xgzip', false], [';;;', false], ['x'.repeat(3000), false]]) {
      const answer = await get(server, '/v1/categories', { headers: { 'Accept-Encoding': accepted }, check: false })
      assert.equal(answer.headers['content-encoding'], packed ? 'gzip' : undefined, accepted.slice(0, 40))
      JSON.parse(packed ? gunzipSync(answer.bytes) : answer.bytes)
      assert.match(answer.headers.vary, /Accept-Encoding/)
    }
  })

  await t.test('a body that comes packed is refused by the name of what it is', async () => {
    const json = gzipSync(JSON.stringify({ name: 'admin', password: 'x' }))
    for (const coding of ['gzip', 'deflate', 'br', 'gzip, gzip'])
      refused(await ask(server, 'POST', '/v1/sessions', { body: json, headers: { 'Content-Type': 'application/json', 'Content-Encoding': coding } }), 415, 'Content-Encoding')
    const { type, body } = multipart(report())
    refused(await ask(server, 'POST', '/v1/reports', { body: gzipSync(body), headers: { 'Content-Type': type, 'Content-Encoding': 'gzip' } }), 415, 'Content-Encoding')
    const plain = await ask(server, 'POST', '/v1/reports', { body, headers: { 'Content-Type': type, 'Content-Encoding': 'identity' } })
    assert.equal(plain.status, 201, plain.text)
    assert.ok(await signIn(server))
  })
})
