// Programs that speak OSRM's HTTP API, as npm has them, against this server: they must find what they know.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import compiler from 'osrm-text-instructions'
import { chromium } from 'playwright-core'
import { at, get, hold, serve } from '../api/harness.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const line = (...points) => points.map((p) => p.map((v) => v.toFixed(6)).join(',')).join(';')

test('osrm-text-instructions has a sentence for every step, in Chinese and in English', { timeout: 120_000 }, async (t) => {
  const server = await serve(t), instructions = compiler('v5')
  const corners = [[0, 0], [3, 4], [5, 1], [2, 5], [0, 3]]
  let told = 0
  for (const profile of ['ebike', 'foot'])
    for (const a of corners)
      for (const b of corners) {
        const { json } = await get(server, `/route/v1/${profile}/${line(at(...a), at(...b))}?steps=true&overview=false`)
        for (const leg of json.routes[0].legs)
          for (const step of leg.steps)
            for (const language of ['en', 'zh-Hans']) {
              const text = instructions.compile(language, step, { legCount: 1, legIndex: 0 })
              assert.ok(text.length > 3 && !/undefined|\{/.test(text), `${text} ${JSON.stringify(step)}`)
              told++
            }
      }
  assert.ok(told > 200, told) // two sentences a step
  const { json } = await get(server, `/route/v1/ebike/${line(at(0, 0), at(3, 4))}?steps=true`)
  const en = json.routes[0].legs[0].steps.map((step) => instructions.compile('en', step, {}))
  assert.match(en[0], /^Head (north|east) on (横|竖)街0$/)
  assert.ok(en.some((text) => /^Turn (left|right) onto (横|竖)街\d$/.test(text)), en)
  assert.match(en.at(-1), /^You have arrived at your destination/)
})

const types = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript', css: 'text/css', png: 'image/png' }

/** The packages' own files, and the page that loads them. */
async function pages(t) {
  const server = http.createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname
    const file = path === '/' ? join(here, 'page.html') : join(here, 'node_modules', path)
    if (path.includes('..') || !existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': types[file.split('.').at(-1)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => server.close())
  return `http://127.0.0.1:${server.address().port}/`
}

/** Every answer that a page gets is one that the specification describes. */
function watch(page, base) {
  const held = [], faults = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('response', (response) => {
    const url = new URL(response.url())
    if (url.origin !== new URL(base).origin) return
    held.push(response.text().then((text) => {
      hold('GET', url.pathname, response.status(), response.headers()['content-type'].split(';')[0], text)
      return url
    }))
  })
  return { faults, settled: () => Promise.all(held) }
}

test('maps in a browser', { timeout: 120_000, skip: existsSync(chromiumPath) ? false : `there is no ${chromiumPath}` }, async (t) => {
  const server = await serve(t), address = await pages(t)
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  })
  t.after(() => browser.close())
  const page = await browser.newPage()
  const { faults, settled } = watch(page, server.base)
  await page.goto(address)
  await page.waitForFunction('window.ready === true')

  await t.test('leaflet-routing-machine shows a route, moves a waypoint, and sends the hints back', async () => {
    const points = [at(0, 0), at(3, 4)]
    const found = await page.evaluate(async ({ base, points }) => {
      const map = L.map('leaflet').setView([points[0][1], points[0][0]], 14)
      const control = L.Routing.control({
        router: L.Routing.osrmv1({ serviceUrl: `${base}/route/v1`, profile: 'ebike' }),
        waypoints: points.map(([lon, lat]) => L.latLng(lat, lon)),
        showAlternatives: true,
      })
      const routes = () => new Promise((done, fail) => {
        control.once('routesfound', (event) => done(event.routes.map((r) => ({
          name: r.name, metres: r.summary.totalDistance, seconds: r.summary.totalTime,
          texts: r.instructions.map((i) => i.text), points: r.coordinates.length, waypoints: r.waypoints.length,
        }))))
        control.once('routingerror', (event) => fail(new Error(JSON.stringify(event.error))))
      })
      const first = routes()
      control.addTo(map)
      const before = await first
      const again = routes()
      control.spliceWaypoints(1, 0, L.latLng(points[0][1] + 0.004, points[0][0]))
      const after = await again
      return { before, after, rows: document.querySelectorAll('.leaflet-routing-alt tr').length }
    }, { base: server.base, points })
    const metres = 3 * 170.6 + 4 * 222
    assert.ok(Math.abs(found.before[0].metres - metres) < 10, JSON.stringify(found))
    assert.ok(found.before[0].seconds > 100 && found.before[0].points > 3)
    assert.match(found.before[0].texts[0], /^Head (north|east) on/)
    assert.match(found.before[0].texts.at(-1), /arrived/)
    assert.equal(found.after[0].waypoints, 3)
    assert.ok(found.rows > 2)
  })
  await t.test('maplibre-gl-directions draws legs between snapped waypoints, in every geometry', async () => {
    const points = [at(0, 0), at(2, 2), at(5, 4)]
    for (const geometries of ['polyline', 'polyline6', 'geojson'])
      for (const overview of ['full', 'simplified']) {
        const drawn = await page.evaluate(async ({ base, points, geometries, overview }) => {
          const map = window.map ?? new maplibregl.Map({
            container: 'maplibre', style: { version: 8, sources: {}, layers: [] }, center: points[0], zoom: 13,
          })
          if (!window.map) await new Promise((done) => map.once('load', done))
          window.map = map
          const directions = new MapLibreGlDirections(map, {
            api: `${base}/route/v1`, profile: 'ebike', bearings: true, sourceName: `${geometries}-${overview}`,
            requestOptions: { alternatives: 'true', steps: 'true', overview, geometries, annotations: 'true' },
          })
          await directions.setWaypoints(points)
          const lines = directions.routelines[0]
          return {
            snapped: directions.snappoints.map((p) => p.geometry.coordinates),
            legs: lines.map((l) => l.properties.legIndex),
            ends: lines.map((l) => [l.geometry.coordinates[0], l.geometry.coordinates.at(-1)]),
          }
        }, { base: server.base, points, geometries, overview })
        const label = `${geometries} ${overview} ${JSON.stringify(drawn)}`
        const near = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) < 2e-5
        assert.equal(drawn.snapped.length, 3, label)
        assert.deepEqual(drawn.legs, [0, 1], label)
        assert.ok(near(drawn.ends[0][1], drawn.snapped[1]) && near(drawn.ends[1][1], drawn.snapped[2]), label)
        assert.ok(drawn.snapped.every((p, i) => near(p, points[i])), label)
      }
  })
  await t.test('and a bearing leaves a waypoint that way', async () => {
    const points = [at(2, 1.5), at(2, 4)] // north is the way; south is asked for
    const metres = await page.evaluate(async ({ base, points }) => {
      const directions = new MapLibreGlDirections(window.map, {
        api: `${base}/route/v1`, profile: 'motorcycle', bearings: true, sourceName: 'bearings', requestOptions: { overview: 'full' },
      })
      let told
      directions.on('fetchroutesend', (event) => { told = event.data.directions.routes[0].distance })
      await directions.setWaypoints(points)
      const plain = told
      directions.waypointsBearings = [[180, 30], undefined]
      await new Promise((done) => directions.on('fetchroutesend', done))
      return [plain, told]
    }, { base: server.base, points })
    assert.ok(metres[1] > metres[0] + 200, metres)
  })
  const urls = await settled()
  assert.ok(urls.some((u) => u.searchParams.has('hints')) && urls.some((u) => u.searchParams.get('bearings')))
  assert.deepEqual(faults, [])
})
