// OGC API – Features, 18-058r1, annex A: the abstract tests of Coordinate Reference Systems by Reference, by their names.
import assert from 'node:assert/strict'
import { at, refused } from './harness.mjs'
import { project } from './ogc-project.mjs'
import { collections, crs84, epsg, ids, points, q, walk } from './ogc-reader.mjs'

const near = (a, b, slack) => a.every((v, i) => Math.abs(v - b[i]) <= slack)

walk('crs', [
  ['crs-uri', async ({ get }) => {
    for (const c of (await get('/ogc/collections')).json.collections) {
      for (const uri of [...c.crs, c.storageCrs])
        assert.match(uri, /^http:\/\/www\.opengis\.net\/def\/crs\/(OGC\/1\.3\/CRS84|EPSG\/0\/\d{4,5})$/)
      for (const code of [4326, 4490, 3857, 4547, 4548, 32650]) assert.ok(c.crs.includes(epsg(code)), `${c.id} ${code}`)
    }
  }],
  ['default-crs', async ({ get }) => {
    for (const id of collections) assert.equal((await get(`/ogc/collections/${id}`)).json.crs[0], crs84)
  }],
  ['storageCrs', async ({ get }) => {
    for (const c of (await get('/ogc/collections')).json.collections) assert.ok(c.crs.includes(c.storageCrs))
  }],
  ['crs-parameter', async ({ get, every }) => {
    for (const id of collections)
      for (const uri of (await get(`/ogc/collections/${id}`)).json.crs)
        for (const p of [`/ogc/collections/${id}/items`, `/ogc/collections/${id}/items/${every[id][0].id}`]) {
          const answer = await get(`${p}?${q({ crs: uri })}`)
          assert.equal(answer.status, 200, answer.text)
          assert.equal(answer.headers['content-crs'], `<${uri}>`)
        }
  }],
  ['crs-parameter-invalid', async ({ get, every }) => {
    for (const id of collections)
      for (const p of [`/ogc/collections/${id}/items`, `/ogc/collections/${id}/items/${every[id][0].id}`])
        refused(await get(`${p}?${q({ crs: epsg(27700) })}`), 400, 'crs')
  }],
  ['crs-parameter-default', async ({ get, every }) => {
    for (const id of collections)
      for (const p of [`/ogc/collections/${id}/items`, `/ogc/collections/${id}/items/${every[id][0].id}`])
        assert.equal((await get(p)).headers['content-crs'], `<${crs84}>`)
  }],
  ['crs-parameter-transform', async ({ get, page, every }) => {
    for (const id of collections)
      for (const uri of (await get(`/ogc/collections/${id}`)).json.crs) {
        const { features } = await page(id, { crs: uri, limit: 1000 })
        const one = (await get(`/ogc/collections/${id}/items/${features[0].id}?${q({ crs: uri })}`)).json
        assert.deepEqual(one.geometry, features[0].geometry)
        features.forEach((f, i) => points(f.geometry).forEach((p, k) => {
          const [wanted, slack] = project(uri, points(every[id][i].geometry)[k])
          assert.ok(near(p, wanted, slack), `${uri}: ${p} is not ${wanted}`)
        }))
      }
  }],
  ['bbox-crs-parameter', async ({ count, get, page, every }) => {
    for (const uri of (await get('/ogc/collections/places')).json.crs) {
      const [low] = project(uri, at(0.9, 0.9)), [high] = project(uri, at(3.1, 4.1))
      const json = await page('places', { bbox: [...low, ...high], 'bbox-crs': uri, limit: 1000 })
      const inside = (f) => project(uri, f.geometry.coordinates)[0].every((v, i) => v >= low[i] && v <= high[i])
      assert.deepEqual(ids(json.features), ids(every.places.filter(inside)), uri)
      assert.ok(json.features.length > 5 && json.features.length < count)
      assert.ok(json.features.every((f) => f.geometry.coordinates[0] > 116 && f.geometry.coordinates[0] < 117), 'in the default system')
    }
  }],
  ['bbox-crs-parameter-invalid', async ({ items }) => {
    for (const id of collections) refused(await items(id, { bbox: '0,0,1,1', 'bbox-crs': epsg(27700) }), 400, 'bbox-crs')
  }],
  ['bbox-crs-parameter-default', async ({ page }) => {
    const bbox = [...at(0.9, 0.9), ...at(3.1, 4.1)]
    for (const id of collections)
      assert.deepEqual((await page(id, { bbox })).features, (await page(id, { bbox, 'bbox-crs': crs84 })).features)
  }],
])
