// Every filter with every order: what a list holds is what a plain scan of the whole list keeps, in the same order.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { at, command, get, makeData, remove, start, stop, writeCity } from './harness.mjs'

const seed = Number(process.env.FILTERS_SEED ?? process.env.TEST_SEED ?? Date.now() % 1e9)
let state = seed
const random = () => { // mulberry32 (T. Ettinger, 2017)
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const below = (n) => Math.floor(random() * n)
const pick = (list) => list[below(list.length)]
const some = (list) => list.filter(() => random() < 0.4)

const categories = ['rest_station', 'toilet', 'fuel', 'clinic', 'shelter']
const amenities = ['water', 'wifi', 'microwave', 'charging', 'seats']
/** Hours, and whether they are open at an hour of the day in Shanghai. */
const hours = [
  ['24/7', () => true], ['off', () => false], ['08:00-12:00', (h) => h >= 8 && h < 12],
  ['Mo-Su 20:00-04:00', (h) => h >= 20 || h < 4], ['when it rains', () => false], ['', () => false],
]

function makePlace(i) {
  const [text, open] = pick(hours)
  const kept = at(random() * 8 - 1.5, random() * 8 - 1.5).map((deg) => Math.round(deg * 1e7) / 1e7) // as places are
  return { id: `p${i}`, category: pick(categories), name: `地点${i}`, at: kept,
    amenities: some(amenities).join(' '), hours: text, open }
}

/** A filter: what to ask, and what a place must be. Corners lie between the places, so that none is on an edge. */
const filters = {
  category() {
    const wanted = some(categories)
    return wanted.length ? [`category=${wanted}`, (p) => wanted.includes(p.category)] : null
  },
  amenities() {
    const wanted = [pick(amenities), pick(amenities)]
    return [`amenities=${wanted}`, (p) => wanted.every((a) => p.amenities.split(' ').includes(a))]
  },
  amenities_any() {
    const wanted = [pick(amenities), pick(amenities)]
    return [`amenities_any=${wanted}`, (p) => wanted.some((a) => p.amenities.split(' ').includes(a))]
  },
  open() {
    const h = below(24)
    const utc = new Date(Date.UTC(2026, 2, 3, h - 8, 30)).toISOString()
    return [`open=${utc}`, (p) => p.open(h)]
  },
  bbox() {
    const [x0, y0] = [random() * 6 - 1.5, random() * 6 - 1.5], [x1, y1] = [x0 + random() * 5, y0 + random() * 5]
    const [[w, s], [e, n]] = [at(x0, y0), at(x1, y1)]
    return [`bbox=${[w, s, e, n]}`, ({ at: [lon, lat] }) => lon >= w && lon <= e && lat >= s && lat <= n]
  },
  polygon() { // a triangle
    const c = [0, 1, 2].map(() => at(random() * 8 - 1.5, random() * 8 - 1.5))
    const side = (a, b, p) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    return [`polygon=${c.map((p) => p.join(',')).join(';')}`, ({ at: p }) => {
      const s = c.map((a, i) => Math.sign(side(a, c[(i + 1) % 3], p)))
      return s.every((v) => v >= 0) || s.every((v) => v <= 0)
    }]
  },
  area() { // the two streets of the test city are rectangles
    const [code, [x0, x1]] = pick([['110199001', [-1, 3]], ['110199002', [3, 7]]])
    const [[w, s], [e, n]] = [at(x0, -1), at(x1, 7)]
    return [`area=${code}`, ({ at: [lon, lat] }) => lon >= w && lon <= e && lat >= s && lat <= n]
  },
}

test('every combination of filters is a full scan', async (t) => {
  t.diagnostic(`FILTERS_SEED=${seed}`)
  const made = await makeData()
  const places = Array.from({ length: 400 }, (_, i) => makePlace(i))
  writeCity(made.city, places.map(({ open, ...p }) => p))
  await command(made.data, 'import', 'places', join(made.city, 'places.geojson'))
  const server = await start(made)
  t.after(async () => {
    await stop(server)
    remove(made)
  })
  const byName = new Map(places.map((p) => [p.name, p]))
  const list = async (query) => (await get(server, `/v1/places?limit=1000&fields=name&${query}`)).json.places.map((p) => p.name)
  const point = () => at(random() * 5, random() * 5).join(',')
  const orders = {
    id: () => '',
    distance: () => `near=${point()}`,
    within: () => `near=${point()}&radius=${100 + below(900)}`,
    time: () => `near=${point()}&by=time&profile=${pick(['foot', 'ebike'])}`,
    along: () => `along=${point()};${point()}&detour=${60 + below(600)}&profile=foot`,
  }
  for (const [name, order] of Object.entries(orders))
    await t.test(`by ${name}`, async () => {
      let kept = 0
      for (let round = 0; round < 40; round++) {
        const asked = order()
        const all = (await list(asked)).filter((n) => byName.has(n))
        const chosen = Object.values(filters).filter(() => random() < 0.35).map((f) => f()).filter(Boolean)
        const query = [asked, ...chosen.map(([q]) => q)].filter(Boolean).join('&')
        const wanted = all.filter((n) => chosen.every(([, keeps]) => keeps(byName.get(n))))
        assert.deepEqual((await list(query)).filter((n) => byName.has(n)), wanted, query)
        kept += wanted.length
      }
      assert.ok(kept > 100, `${kept}`)
    })
})
