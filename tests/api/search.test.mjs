import assert from 'node:assert/strict'
import { test } from 'node:test'
import { join } from 'node:path'
import { ask, at, command, get, refused, serve, signIn, writeCity } from './harness.mjs'

const extra = [
  { id: 'e', category: 'toilet', name: '天桥公共厕所', name_en: 'Tianqiao Public Toilet', address: '福长街12号', at: at(4, 1) },
  { id: 'f', category: 'partner_merchant', name: '重庆银行便利店', at: at(2, 2), amenities: 'toilet' },
  { id: 'g', category: 'rest_station', name: '公益驿站', address: '福长街14号院', at: at(3, 3) },
  { id: 'h', category: 'repair', name: '7-Eleven 旁修车铺', at: at(0, 5) },
]
const enc = encodeURIComponent

test('places are found by what is typed', async (t) => {
  const server = await serve(t)
  await command(server.made.data, 'import', 'places', join(writeCity(join(server.made.folder, 'more'), extra), 'places.geojson'))
  const near = at(1, 1).join(',')
  const found = async (text, more = `near=${near}`) => {
    const answer = await get(server, `/v1/places?text=${enc(text)}&${more}`)
    assert.equal(answer.status, 200, answer.text)
    return answer.json.places
  }
  const names = async (text, more) => (await found(text, more)).map((p) => p.name)
  for (let i = 0; (await get(server, `/v1/places?text=${enc('厕所')}`)).json.places?.length !== 3; i++) {
    assert.ok(i < 200, 'the import is not shown')
    await new Promise((done) => setTimeout(done, 50))
  }

  await t.test('toilets by characters, spelling, initials, English and with errors, nearest first', async () => {
    for (const text of ['厕', '公厕', '厕所', '廁所', 'gongce', 'gongc', 'gc', 'cesuo', 'cs', 'toilet', 'TOILETS', 'tiolet', '公共卫生间', 'wc', 'ＷＣ'])
      assert.deepEqual((await names(text)).slice(0, 2), ['公厕', '天桥公共厕所'], text)
    assert.deepEqual((await names('厕', `near=${at(4, 2)}`)).slice(0, 2), ['天桥公共厕所', '公厕'])
  })
  await t.test('what a place offers comes behind what it is', async () => {
    assert.deepEqual(await names('厕所'), ['公厕', '天桥公共厕所', '重庆银行便利店'])
  })
  await t.test('polyphones, either reading; words in any order; addresses; numbers', async () => {
    for (const text of ['chongqing', 'zhongqing', 'cqyh', 'yinhang', '银行 重庆'])
      assert.deepEqual(await names(text), ['重庆银行便利店'], text)
    assert.deepEqual(await names('天桥 gc'), ['天桥公共厕所'])
    assert.deepEqual(await names('福长街12号'), ['天桥公共厕所'])
    assert.deepEqual(await names('福长街'), ['天桥公共厕所', '公益驿站'])
    assert.deepEqual(await names('7eleven'), ['7-Eleven 旁修车铺'])
    assert.deepEqual(await names('没有这个地方'), [])
  })
  await t.test('every filter narrows, distances are told, and without a point the order is by id', async () => {
    assert.deepEqual(await names('yizhan', `near=${near}&amenities=microwave`), ['东门驿站'])
    assert.deepEqual(await names('厕', `near=${near}&radius=250`), ['公厕'])
    assert.deepEqual(await names('厕', `near=${near}&category=partner_merchant`), ['重庆银行便利店'])
    assert.deepEqual(await names('厕', `bbox=${[...at(3.5, 0.5), ...at(4.5, 1.5)]}`), ['天桥公共厕所'])
    assert.deepEqual(await names('gc', `near=${near}&area=110199002`), ['天桥公共厕所'])
    const places = await found('驿站')
    assert.ok(places.length >= 3)
    assert.ok(places.every((p, i) => i === 0 || places[i - 1].distance_m <= p.distance_m))
    const ids = (await found('驿站', '')).map((p) => p.id)
    assert.deepEqual(ids, [...ids].sort((a, b) => a - b))
    assert.equal((await found('驿站', `near=${near}&limit=2`)).length, 2)
  })
  await t.test('by travel time, and along a way', async () => {
    assert.deepEqual(await names('gc', `near=${near}&by=time&profile=foot`), ['公厕', '天桥公共厕所'])
    assert.deepEqual(await names('jiayou', `along=${at(0, 0)};${at(5, 1)}&profile=foot`), ['加油站'])
  })
  await t.test('GeoJSON, and other systems', async () => {
    const answer = await get(server, `/v1/places?text=gc&near=${near}&f=geojson`)
    assert.equal(answer.json.features[0].properties.name, '公厕')
    assert.equal((await get(server, `/v1/places?text=gc&near=${near}&crs=gcj02`)).json.crs, 'gcj02')
  })
  await t.test('suggestions complete what is typed, each name once, of every kind', async () => {
    const suggest = async (text, more = `&near=${near}`) => {
      const answer = await get(server, `/v1/suggest?text=${enc(text)}${more}`)
      assert.equal(answer.status, 200, answer.text)
      return answer.json.suggestions
    }
    const [first] = await suggest('gc')
    assert.deepEqual([first.kind, first.code, first.name], ['category', 'toilet', '公共卫生间'])
    const places = (await suggest('驿')).filter((s) => s.kind === 'place')
    assert.deepEqual(places.map((s) => s.name), ['东门驿站', '公益驿站', '西门驿站'])
    assert.ok(places[0].id > 0 && places[0].distance_m === 0 && places[0].category === 'rest_station')
    assert.ok(!('distance_m' in (await suggest('驿', '')).find((s) => s.kind === 'place')))
    const areas = (await suggest('xijie')).filter((s) => s.kind === 'area')
    assert.deepEqual(areas.map((s) => [s.name, s.level]), [['西街道', 8]])
    assert.ok(areas[0].id > 0)
    assert.deepEqual((await suggest('weibo')).map((s) => [s.kind, s.code]), [['amenity', 'microwave']])
    assert.equal((await suggest('tianqiao pub'))[0].name, 'Tianqiao Public Toilet')
    assert.equal((await suggest('g', `&near=${near}&limit=2`)).length, 2)
    assert.deepEqual(await suggest('没有这个地方'), [])
  })
  await t.test('what cannot be looked for is refused by name', async () => {
    for (const path of ['/v1/places?text=', '/v1/places?text=%20-!', `/v1/places?text=${'a%20'.repeat(9)}`, `/v1/places?text=${enc('厕'.repeat(80))}`,
      '/v1/suggest', '/v1/suggest?text=', `/v1/suggest?text=${enc('🚻')}`])
      refused(await get(server, path), 400, 'text')
    refused(await get(server, '/v1/places?text=gc&radius=5'), 400, 'radius')
    refused(await get(server, '/v1/suggest?text=gc&limit=11'), 400, 'limit')
    refused(await get(server, '/v1/suggest?text=gc&near=x'), 400, 'near')
    refused(await get(server, '/v1/suggest?text=gc&by=time'), 400, 'by')
    const { json } = await get(server, '/v1/places?limit=1')
    const cursor = new URL(json.next, 'http://x').searchParams.get('cursor')
    refused(await get(server, `/v1/places?text=gc&limit=1&cursor=${enc(cursor)}`), 400, 'cursor')
  })
  await t.test('a place that staff rename is found by its new name within a second, and no longer by the old one', async () => {
    const token = await signIn(server)
    const [place] = await found('gongyi')
    const { json } = await get(server, `/v1/places/${place.id}/record`, { token })
    const edit = { version: json.version, name: '蓝天书屋', names: ['Blue Sky'] }
    assert.equal((await ask(server, 'PUT', `/v1/places/${place.id}`, { token, json: edit })).status, 200)
    const since = Date.now()
    while ((await names('lantian'))[0] !== '蓝天书屋') assert.ok(Date.now() - since < 1000, 'it is not found within a second')
    assert.deepEqual(await names('blue sky'), ['蓝天书屋'])
    assert.deepEqual(await names('ltsw'), ['蓝天书屋'])
    assert.deepEqual(await names('公益'), [])
    assert.equal((await get(server, `/v1/suggest?text=lant`)).json.suggestions[0].name, '蓝天书屋')
  })
  await t.test('names that are imported are found, those that are gone are not', async () => {
    const renamed = extra.map((p) => (p.id === 'e' ? { ...p, name: '虎坊路洗手间', name_en: '' } : p))
    await command(server.made.data, 'import', 'places', join(writeCity(join(server.made.folder, 'renamed'), renamed), 'places.geojson'))
    for (let i = 0; ; i++) {
      const answer = await get(server, `/v1/places?text=hufanglu`)
      if (answer.json.places?.[0]?.name === '虎坊路洗手间') break
      assert.ok([200, 503].includes(answer.status) && i < 200, answer.text)
      if (answer.status === 503) assert.equal(answer.headers['retry-after'], '1')
      await new Promise((done) => setTimeout(done, 20))
    }
    assert.deepEqual(await names('tianqiao'), [])
  })
})
