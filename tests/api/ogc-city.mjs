// The test city with more in it, for the OGC façade: names that mean harm, places that somebody confirmed, an area with a hole,
// and, wide, places on both sides of the antimeridian.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { at, command, makeData, start, writeCity } from './harness.mjs'

export const hostile = `<script>alert(1)</script><img src=x onerror="alert('2')">&amp;\\ {"} \u2028`

/** When some places were confirmed, by their source's id. */
export const confirmed = { p3: '2024-03-01T08:00:00Z', p4: '2024-06-01T00:00:00Z', p5: '2025-01-01T12:30:00Z' }

const extra = Array.from({ length: 60 }, (_, i) => ({
  id: `p${i}`,
  category: ['toilet', 'fuel', 'rest_station'][i % 3],
  name: i === 7 ? hostile : `点${i}`,
  at: at((i * 0.37) % 6, (i * 0.61) % 6),
  ...(i % 4 ? {} : { amenities: i % 8 ? 'water' : 'water wifi', name_en: `Point ${i}` }),
}))
const islands = [[179.5, -17], [179.9, -16.5], [-179.9, -16.8], [-179.2, -17.2], [180, -17]].map((c, i) => ({
  id: `i${i}`, category: 'toilet', name: `岛${i}`, at: c,
}))

/** An area like a frame around the city, a slope whose box holds more than it does, and circles of a megabyte each. */
function addAreas(folder, large) {
  const file = join(folder, 'areas.geojson'), collection = JSON.parse(readFileSync(file, 'utf8'))
  const ring = (...corners) => corners.map(([x, y]) => at(x, y))
  const add = (id, name, rings) => collection.features.push({
    type: 'Feature', properties: { id, name, level: 7 }, geometry: { type: 'Polygon', coordinates: rings },
  })
  add('frame', '框', [ring([-4, -4], [-4, 10], [10, 10], [10, -4], [-4, -4]), ring([-2, -2], [8, -2], [8, 8], [-2, 8], [-2, -2])])
  add('slope', '坡', [ring([20, 0], [30, 0], [20, 10], [20, 0])])
  const corners = 40000
  for (let i = 0; i < large; i++)
    add(`large${i}`, `大${i}`, [Array.from({ length: corners + 1 }, (_, k) => {
      const angle = ((k % corners) / corners) * 2 * Math.PI
      return at(Math.cos(angle) * (50 + i), Math.sin(angle) * (50 + i)).map((v) => Number(v.toFixed(7)))
    })])
  writeFileSync(file, JSON.stringify(collection))
}

export async function makeCity({ wide = false, large = 0 } = {}) {
  const made = await makeData()
  writeCity(made.city, wide ? [...extra, ...islands] : extra)
  addAreas(made.city, large)
  await command(made.data, 'import', 'places', join(made.city, 'places.geojson'))
  await command(made.data, 'import', 'areas', join(made.city, 'areas.geojson'))
  // Through GDAL, whose SQLite has the functions that the table's generated columns call.
  for (const [id, t] of Object.entries(confirmed))
    execFileSync('ogrinfo', ['-q', '-update', join(made.data, 'yizhan.db'), '-sql',
      `UPDATE places SET confirmed_ms = ${Date.parse(t)}, confirmed_as = 'staff' WHERE source_id = '${id}'`], { stdio: ['ignore', 'ignore', 'inherit'] })
  return { made, count: 4 + extra.length + (wide ? islands.length : 0), areas: 5 + large }
}

export async function serveCity(t, options) {
  const { stop, remove } = await import('./harness.mjs')
  const city = await makeCity(options)
  const server = await start(city.made)
  t.after(async () => {
    await stop(server)
    remove(city.made)
  })
  return { ...city, server }
}
