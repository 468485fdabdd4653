// Every route of docs/openapi.yaml, as everybody, for what is one's own and what is another's, public and private, held against docs/roles.md.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { addUser, another, ask, at, command, get, makeData, multipart, openapi, password, png, remove, root, signIn, soon, start, stop, until } from './harness.mjs'

// ---- what the page says

const page = readFileSync(join(root, 'docs/roles.md'), 'utf8')
const cells = (line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', ''))
const table = (head) => page.slice(page.indexOf(head)).split('\n\n')[0].trim().split('\n').map(cells)
const [[, , ...roles], , ...rightRows] = table('| right |')
const rights = Object.fromEntries(rightRows.map(([right, , ...marks]) => [right, new Set(roles.filter((_, i) => marks[i] === 'yes'))]))
const asked = new Map(table('| route |').slice(2))
const everybody = ['nobody', ...roles]
const integratorKinds = ['report', 'place_feedback'], branchKinds = ['vote', 'member', 'offer']

/** Whether the grant of a role, in the area called own, reaches this kind there; as the page says below its table. */
function reaches(role, kind, area) {
  if (role === 'city_admin') return true
  if (area !== 'own' || role === 'nobody') return false
  if (role === 'branch_staff') return branchKinds.includes(kind)
  return role !== 'integrator' || integratorKinds.includes(kind)
}

/** 'in' is every answer that lets the caller in, whatever it then says of the request; a thing that nobody has is 404 for those. */
function expected(route, way, role, thing) {
  const who = asked.get(route), inside = way.missing && role !== 'nobody' ? 404 : 'in'
  const holds = (right) => rights[right].has(role) && (!thing || reaches(role, way.kind ?? thing.kind, thing.area))
  const unseen = thing?.hidden && !holds(thing.sees ?? 'see')
  if (who === 'anyone') return 'in'
  if (who === 'anyone, recognised') return unseen ? 404 : 'in'
  if (who === 'the sender, or move') {
    if (thing.hidden && !holds('see')) return 404
    return role === 'nobody' ? 401 : holds('move') ? 'in' : 403
  }
  if (who === 'the sender') return thing.hidden && !holds('see') ? 404 : role === 'nobody' ? 401 : 403
  if (who === 'the sender, or who joined') return thing.hidden && !holds('see') ? 404 : role === 'nobody' ? 401 : 403
  if (role === 'nobody') return 401
  if (who === 'signed in') return role === 'integrator' ? 'in' : unseen ? 404 : inside
  if (!rights[who].has(role)) return 403
  if (way.also && !way.also(role)) return 403
  if (holds(who)) return inside
  return unseen ? 404 : 403
}

// ---- how each is asked: harmless, and right but for a version that nothing has, so that only rights decide

const stale = { version: 999 }
const json = (value) => () => ({ body: JSON.stringify(value), type: 'application/json' })
const person = (more = {}) => ({ of: 'person', ...more })
const ofArea = (more = {}) => ({ of: 'area', ...more })
const vote = (more = {}) => ({ of: 'vote', ...more }), branch = (more = {}) => ({ of: 'branch', ...more }), offer = (more = {}) => ({ of: 'offer', ...more })
const place = (more = {}) => ({ of: 'place', ...more }), ofCase = (more = {}) => ({ of: 'case', ...more })
const fine = {}, missing = { missing: true }
const pick = (path) => ({ path })
const ways = {
  'GET /v1/places': fine, 'GET /v1/suggest': pick('/v1/suggest?text=yi'), 'GET /v1/places/{id}': place(),
  'POST /v1/places': place({ send: (thing, role) => json({ category: 'toilet', name: `公厕 ${role} ${thing.area}`, location: thing.at, force: true })() }),
  'PUT /v1/places/{id}': place({ send: json({ ...stale, name: '新名' }) }), 'DELETE /v1/places/{id}': place({ query: 'version=999' }),
  'POST /v1/places/{id}/restore': place({ send: json(stale) }), 'PUT /v1/places/{id}/closing': place({ send: json({ ...stale, reason: '停水' }) }),
  'DELETE /v1/places/{id}/closing': place({ query: 'version=999' }), 'GET /v1/places/{id}/history': place(), 'GET /v1/places/off': fine,
  'GET /v1/places/{id}/record': place(), 'POST /v1/places/{id}/photos': place({ send: () => form([['nonsense', '1']]) }),
  'PUT /v1/places/{id}/photos': place({ send: json({ ...stale, photos: [] }) }),
  'DELETE /v1/places/{id}/photos/{photo}': place({ missing: true }), 'POST /v1/places/{id}/confirm': place(),
  'POST /v1/places/{id}/feedback': place({ send: () => form([['nonsense', '1']]) }),
  'GET /v1/hours': pick('/v1/hours?value=24/7'), 'GET /v1/categories': fine, 'GET /v1/areas': fine, 'GET /v1/areas/{id}': pick('/v1/areas/1'),
  'GET /v1/route': pick(`/v1/route?from=${at(0, 0)}&to=${at(1, 1)}`), 'GET /v1/reachable': pick(`/v1/reachable?from=${at(1, 1)}&limits=300`),
  'GET /v1/coverage': pick('/v1/coverage?limits=300&area=110199'),
  'GET /route/v1/{profile}/{coordinates}': pick(`/route/v1/foot/${at(0, 0)};${at(1, 1)}`), 'GET /nearest/v1/{profile}/{coordinates}': pick(`/nearest/v1/foot/${at(0, 0)}`),
  'GET /table/v1/{profile}/{coordinates}': pick(`/table/v1/foot/${at(0, 0)};${at(1, 1)}`), 'GET /trip/v1/{profile}/{coordinates}': pick(`/trip/v1/foot/${at(0, 0)};${at(1, 1)}`),
  'GET /match/v1/{profile}/{coordinates}': pick(`/match/v1/foot/${at(0, 0)};${at(1, 1)}`),
  'GET /tiles/{layers}/{z}/{x}/{y}.mvt': pick('/tiles/places/10/843/387.mvt'), 'GET /tiles/reports/{z}/{x}/{y}.mvt': pick('/tiles/reports/10/843/387.mvt'),
  'GET /tiles/reports.json': fine, 'GET /tiles/basemap/{z}/{x}/{y}.mvt': { path: '/tiles/basemap/0/0/0.mvt', missing: true }, 'GET /tiles/basemap.json': missing,
  'GET /tiles/{layers}.json': pick('/tiles/places.json'), 'GET /tiles/style.json': fine, 'GET /tiles/sprite.json': missing, 'GET /tiles/sprite@2x.json': missing,
  'GET /tiles/sprite.png': missing, 'GET /tiles/sprite@2x.png': missing, 'GET /ogc': fine, 'GET /ogc/': fine, 'GET /ogc/style.css': fine, 'GET /ogc/api': fine,
  'GET /ogc/conformance': fine, 'GET /ogc/collections': fine, 'GET /ogc/collections/{collection}': pick('/ogc/collections/places'),
  'GET /ogc/collections/{collection}/queryables': pick('/ogc/collections/places/queryables'), 'GET /ogc/collections/{collection}/items': pick('/ogc/collections/places/items'),
  'GET /ogc/collections/{collection}/items/{feature}': pick('/ogc/collections/places/items/1'),
  'POST /v1/reports': { send: () => form([['nonsense', '1']]) }, 'GET /v1/reports': fine, 'GET /v1/reports/counts': fine, 'GET /v1/reports/export': fine, 'GET /v1/reports/statistics': fine,
  'GET /v1/reports/heat': pick('/v1/reports/heat?bbox=116,39,117,40'), 'GET /v1/kinds': fine,
  'GET /v1/reports/similar': pick(`/v1/reports/similar?category=manhole&near=${at(1, 1)}`), 'GET /v1/reports/{id}': ofCase(), 'POST /v1/reports/bulk': { send: json({}) },
  'POST /v1/reports/{id}/state': ofCase({ send: json({ ...stale, state: 'accepted' }) }), 'PUT /v1/reports/{id}/state': ofCase({ send: json({ ...stale, state: 'accepted' }) }),
  'POST /v1/reports/{id}/updates': ofCase({ send: () => form([['state', 'accepted'], ['version', '999']]) }),
  'POST /v1/reports/{id}/forget': ofCase(), 'POST /v1/reports/{id}/join': ofCase(), // in this order: who joined may have that forgotten
  'PUT /v1/reports/{id}/assignment': ofCase({ send: json({ ...stale, unit: '园林' }) }), 'PUT /v1/reports/{id}/priority': ofCase({ send: json({ ...stale, priority: 1 }) }),
  'PUT /v1/reports/{id}/area': ofCase({ send: json({ ...stale, area_id: 1, reason: '不属于本街道' }) }),
  'PUT /v1/reports/{id}/category': ofCase({ send: json({ ...stale, category: 'bin' }) }),
  'GET /v1/reports/{id}/links': ofCase(), 'PUT /v1/reports/{id}/links/{other}': ofCase({ ...missing, send: json(stale) }), 'DELETE /v1/reports/{id}/links/{other}': ofCase({ ...missing, query: 'version=999' }),
  'POST /v1/reports/{id}/merge': ofCase({ send: json({ ...stale, into: 'nothing' }) }),
  'POST /v1/reports/{id}/mend': ofCase({ send: json(stale) }), 'GET /v1/events': ofCase({ path: '/v1/events?report={id}' }),
  'GET /v1/events/poll': ofCase({ path: '/v1/events/poll?wait=0&report={id}' }),
  'GET /open311/v2/discovery.{format}': pick('/open311/v2/discovery.xml'), 'GET /open311/v2/services.{format}': pick('/open311/v2/services.json'),
  'GET /open311/v2/services/{code}.{format}': pick('/open311/v2/services/lamp.json'), 'GET /open311/v2/requests.{format}': pick('/open311/v2/requests.json'),
  'POST /open311/v2/requests.{format}': { path: '/open311/v2/requests.json', send: () => form([['nonsense', '1']]) },
  'GET /open311/v2/requests/{id}.{format}': { path: '/open311/v2/requests/222.json', missing: true }, 'GET /open311/v2/tokens/{id}.{format}': { path: '/open311/v2/tokens/2.json', missing: true },
  'GET /open311/v2/servicerequestupdates.{format}': pick('/open311/v2/servicerequestupdates.json'),
  'POST /open311/v2/servicerequestupdates.{format}': { path: '/open311/v2/servicerequestupdates.json', send: () => form([['nonsense', '1']]) },
  'PUT /v1/reports/{id}/description': ofCase({ send: json({ ...stale, description: '改' }) }),
  'PUT /v1/reports/{id}/support': { path: `/v1/reports/${'2'.repeat(22)}/support`, ...missing, send: json({ edition: 1 }) }, 'DELETE /v1/reports/{id}/support': { path: `/v1/reports/${'2'.repeat(22)}/support`, ...missing },
  'GET /v1/reports/{id}/comments': ofCase(), 'POST /v1/reports/{id}/comments': { path: `/v1/reports/${'2'.repeat(22)}/comments`, ...missing, send: json({ text: '好' }) },
  'GET /v1/comments': fine, 'DELETE /v1/comments/{comment}': missing, 'PUT /v1/comments/{comment}/hidden': { ...missing, send: json({ hidden: false }) },
  'GET /v1/me/supports': fine, 'GET /v1/me/comments': fine, 'GET /v1/proposals': fine, 'GET /v1/proposals/results': fine,
  'GET /v1/reports/{id}/assignees': ofCase(), 'GET /v1/people': fine, 'POST /v1/people': ofArea({ send: (thing, role) => json({ login: `by-${role}-${thing.area}`.replace('_', '-'), role: 'handler', area_id: thing.id, kind: 'report' })() }),
  'GET /v1/people/{id}': person(), 'PUT /v1/people/{id}': person({ send: json({ name: '新名' }) }), 'POST /v1/people/{id}/grants': person({ send: (thing) => json({ role: 'handler', area_id: thing.areaId, kind: 'report' })() }),
  'DELETE /v1/people/{id}/grants/{grant}': missing, 'POST /v1/people/{id}/password': person({ send: json({ password: 'short' }) }), 'DELETE /v1/people/{id}/sessions': person(),
  'DELETE /v1/people/{id}/totp': missing, 'GET /v1/people/{id}/keys': person(), 'POST /v1/people/{id}/keys': person({ send: json({ label: 'a' }) }), 'DELETE /v1/people/{id}/keys/{label}': missing,
  'GET /v1/views': fine, 'POST /v1/views': { send: json({}) }, 'PUT /v1/views/{id}': { missing: true, send: json({}) }, 'DELETE /v1/views/{id}': { missing: true, query: 'version=999' },
  'GET /v1/templates': fine, 'POST /v1/templates': ofArea({ send: (thing, role) => json({ kind: 'report', area_id: thing.id, name: role, text: '已处理' })() }),
  'PUT /v1/templates/{id}': { of: 'template', send: (thing) => json({ ...stale, kind: 'report', area_id: thing.areaId, name: '新名', text: '已处理' })() },
  'DELETE /v1/templates/{id}': { of: 'template', query: 'version=999' },
  'GET /v1/webhooks': fine, 'POST /v1/webhooks': { send: json({}) }, 'GET /v1/webhooks/{id}': missing, 'DELETE /v1/webhooks/{id}': missing,
  'GET /v1/webhooks/{id}/deliveries': missing, 'POST /v1/webhooks/{id}/retry': missing, 'POST /v1/webhooks/{id}/deliveries/{delivery}/retry': missing,
  'POST /v1/photos/{id}/blur': ofCase({ photo: true, send: json({}) }), 'GET /v1/photos/{id}': ofCase({ photo: true }), 'GET /v1/photos/{id}/middle': ofCase({ photo: true }),
  'GET /v1/photos/{id}/thumb': ofCase({ photo: true }),
  'POST /v1/closures': { of: 'closure', query: 'dry_run=true', send: (thing) => json(street(thing.at))() }, 'GET /v1/closures': fine,
  'GET /v1/closures/{id}': { of: 'closure', free: true }, 'PUT /v1/closures/{id}': { of: 'closure', send: (thing) => json({ ...stale, ...street(thing.at) })() },
  'DELETE /v1/closures/{id}': { of: 'closure', query: 'version=999' },
  'GET /v1/places/export': fine, 'GET /v1/areas/export': fine,
  // A key brings in places where a grant of its names them, which none of this one's does.
  'POST /v1/imports': { send: () => form([['source', 'union'], ['file', '[]', 'a.geojson', 'application/geo+json']]), also: (role) => role !== 'integrator' },
  'GET /v1/imports': fine, 'GET /v1/imports/{id}': missing,
  'POST /v1/sessions': { send: json({}) }, 'GET /v1/sessions': fine, 'DELETE /v1/sessions': { ends: true }, 'DELETE /v1/sessions/current': { ends: true },
  'DELETE /v1/sessions/{id}': missing, 'GET /v1/me': fine, 'GET /v1/me/export': fine, 'PUT /v1/me/password': { send: json({}) }, 'POST /v1/me/totp': { send: json({}) }, 'PUT /v1/me/totp': { send: json({}) },
  'POST /v1/me/totp/remove': { send: json({}) }, 'GET /v1/audit': fine,
  'POST /v1/sessions/wechat': { send: json({}), missing: true }, 'GET /v1/me/wechat': missing, 'PUT /v1/me/wechat': { ...missing, send: json({}) }, 'DELETE /v1/me/wechat': missing,
  'GET /v1/messages/deliveries': fine, 'POST /v1/messages/deliveries/{id}/retry': missing,
  'PUT /v1/me': { send: json({}) }, 'GET /v1/me/inbox': fine, 'GET /v1/me/inbox/counts': fine, 'PUT /v1/me/inbox/read': { send: json({}) }, 'PUT /v1/me/inbox/{id}/read': missing,
  'GET /v1/me/inbox/preferences': fine, 'PUT /v1/me/inbox/preferences/{group}': { path: '/v1/me/inbox/preferences/posts', send: json({}) },
  'GET /v1/points/rules': fine, 'GET /v1/points/ranking': fine, 'GET /v1/points/flags': fine, 'GET /v1/points': fine, 'POST /v1/points': { send: json({}) },
  'GET /v1/points/{entry}': missing, 'POST /v1/points/{entry}/reverse': { ...missing, send: json({}) }, 'GET /v1/me/points': fine, 'GET /v1/me/ranking': fine,
  'PUT /v1/me/ranking': { send: json({}) }, 'GET /v1/rewards': fine, 'POST /v1/rewards': { send: json({}) }, 'GET /v1/rewards/{id}': pick('/v1/rewards/1'),
  'PUT /v1/rewards/{id}': { ...missing, send: json({}) }, 'DELETE /v1/rewards/{id}': { ...missing, query: 'version=1' }, 'POST /v1/rewards/{id}/redeem': missing,
  'GET /v1/votes': fine, 'POST /v1/votes': ofArea({ kind: 'vote', send: (thing) => json(survey(thing.id))() }), 'GET /v1/votes/{id}': vote(), 'PUT /v1/votes/{id}': vote({ send: (thing) => json({ ...stale, ...survey(thing.areaId) })() }),
  'DELETE /v1/votes/{id}': vote({ query: 'version=999' }), 'POST /v1/votes/{id}/open': vote({ send: json(stale) }), 'POST /v1/votes/{id}/ballot': vote({ ...missing, send: json({ answers: [{ value: 1 }] }) }),
  'GET /v1/votes/{id}/ballots': vote(), 'GET /v1/votes/{id}/electors': vote(), 'POST /v1/votes/{id}/remind': vote(), 'GET /v1/votes/{id}/plan': missing,
  'PUT /v1/votes/{id}/plan': vote({ send: json({ ...stale, pot_fen: 1, rows: [{ name: '王', scores: [1, 1] }] }) }),
  'GET /v1/me/redemptions': fine, 'GET /v1/me/redemptions/{id}': missing, 'GET /v1/me/redemptions/{id}/qr': missing, 'POST /v1/me/redemptions/{id}/cancel': missing,
  'POST /v1/redemptions/verify': { send: json({}) },
  'GET /v1/activities': fine, 'POST /v1/activities': { send: json({}) }, 'GET /v1/activities/kinds': fine, 'GET /v1/activities/{id}': pick('/v1/activities/1'),
  'PUT /v1/activities/{id}': { ...missing, send: json({}) }, 'DELETE /v1/activities/{id}': { ...missing, query: 'version=1' }, 'PUT /v1/activities/{id}/state': { ...missing, send: json({}) },
  'POST /v1/activities/{id}/signup': missing, 'GET /v1/me/signups': fine, 'GET /v1/activities/tally': fine, 'GET /v1/activities/{id}/event.ics': pick('/v1/activities/1/event.ics'), 'GET /v1/me/signups.ics': fine, 'PUT /v1/activities/{id}/signups/{signup}/deed': { ...missing, send: json({}) }, 'GET /v1/me/signups/{id}/deed': missing,
  'PUT /v1/me/signups/{id}/deed': { ...missing, send: json({}) }, 'DELETE /v1/me/signups/{id}/deed': { ...missing, query: 'version=1' }, 'GET /v1/deeds': fine, 'GET /v1/deeds/{id}': missing,
  'PUT /v1/deeds/{id}/published': { ...missing, send: json({}) },
  'GET /v1/activities/{id}/signups': missing, 'PUT /v1/activities/{id}/signups/{signup}': { ...missing, send: json({}) }, 'POST /v1/activities/{id}/signups/{signup}/check-in': missing,
  'GET /v1/activities/{id}/code': missing, 'GET /v1/activities/{id}/code/qr': missing, 'POST /v1/me/signups/{id}/check-in': { ...missing, send: json({ code: 'x' }) },
  'GET /v1/me/signups/{id}': missing, 'POST /v1/me/signups/{id}/cancel': missing,
  'GET /v1/posts': fine, 'POST /v1/posts': { send: json({}) }, 'GET /v1/posts/kinds': fine, 'GET /v1/posts/{id}': missing, 'PUT /v1/posts/{id}': { ...missing, send: json({}) },
  'DELETE /v1/posts/{id}': { ...missing, query: 'version=1' }, 'GET /v1/posts/{id}/figures': missing, 'POST /v1/posts/{id}/read': missing,
  'PUT /v1/posts/{id}/judged': { ...missing, send: json({ ...stale, published: true }) }, 'GET /v1/me/stories': fine, 'POST /v1/me/stories': { send: json({}) }, 'GET /v1/me/stories/{id}': missing,
  'PUT /v1/me/stories/{id}': { ...missing, send: json({}) }, 'DELETE /v1/me/stories/{id}': { ...missing, query: 'version=1' },
  'POST /v1/posts/{id}/attempts': { ...missing, send: json({}) }, 'GET /v1/me/attempts': fine, 'GET /v1/me/attempts/{id}': missing, 'GET /v1/me/reads': fine,
  'POST /v1/pictures': { send: () => form([['nonsense', '1']]) }, 'GET /v1/pictures': fine, 'GET /v1/pictures/{id}': missing, 'GET /v1/pictures/{id}/middle': missing,
  'GET /v1/pictures/{id}/thumb': missing, 'DELETE /v1/pictures/{id}': missing,
  'GET /v1/branches': fine, 'POST /v1/branches': ofArea({ kind: 'member', send: (thing) => json(branchForm(thing.id))() }), 'GET /v1/branches/{id}': branch(), 'PUT /v1/branches/{id}': branch({ send: (thing) => json({ ...stale, ...branchForm(thing.areaId) })() }),
  'DELETE /v1/branches/{id}': branch({ query: 'version=999' }), 'POST /v1/branches/{id}/code': branch({ send: json(stale) }), 'GET /v1/branches/{id}/qr': branch(),
  'GET /v1/branches/{id}/members': branch(), 'GET /v1/branches/{id}/members/export': branch(), 'POST /v1/members/verify': { send: json({}), also: (role) => role !== 'integrator' }, // whose grants name neither members nor offers
  'GET /v1/members/{id}': missing, 'POST /v1/members/{id}/approve': { ...missing, send: json(stale) }, 'POST /v1/members/{id}/refuse': { ...missing, send: json(stale) },
  'POST /v1/members/{id}/remove': { ...missing, send: json(stale) }, 'GET /v1/join/{code}': missing, 'POST /v1/join/{code}': { ...missing, send: json({}) },
  'GET /v1/me/memberships': fine, 'GET /v1/me/memberships/{id}': missing, 'PUT /v1/me/memberships/{id}': { ...missing, send: json({}) },
  'POST /v1/me/memberships/{id}/leave': missing, 'GET /v1/me/card': fine, 'GET /v1/me/card/qr': missing,
  'GET /v1/offers': fine, 'POST /v1/offers': offer({ send: (thing) => json(terms(thing.placeId))() }), 'GET /v1/offers/kinds': fine, 'GET /v1/offers/tally': fine, 'GET /v1/offers/{id}': offer(), 'PUT /v1/offers/{id}': offer({ send: (thing) => json({ ...stale, ...terms(thing.placeId) })() }),
  'DELETE /v1/offers/{id}': offer({ query: 'version=999' }), 'POST /v1/offers/{id}/use': offer({ send: json({}) }),
  'GET /healthz': fine, 'GET /readyz': fine, 'GET /metrics': fine,
  'DELETE /v1/me': { ends: true }, // the last, since there is no rider after it
}
const survey = (area_id) => ({ purpose: 'survey', title: '食堂', electorate: 'area', area_id, secret: true, to: soon(3600), questions: [{ type: 'scale', title: '饭菜', max: 5 }] })
const branchForm = (area_id) => ({ name: '工会', area_id, consent: '同意', fields: [{ code: 'name', label: '姓名', type: 'name', required: true }] })
const terms = (place_id) => ({ place_id, kind: 'meals', title: '九折' })
const street = ([lon, lat]) => ({ geometry: { type: 'Point', coordinates: [lon, lat] }, radius_m: 20, from: soon(3600), effect: 'closed', reason: '施工' })
function form(fields) {
  const { body, type } = multipart(fields)
  return { body, type }
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })
/** The status alone: what is answered may never end. */
function status(server, method, path, token, sent) {
  const headers = { 'X-Forwarded-For': another(), ...(token ? { Authorization: `Bearer ${token}` } : {}) }
  if (sent) Object.assign(headers, { 'Content-Type': sent.type, 'Content-Length': Buffer.byteLength(sent.body) })
  return new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, method, path, headers, agent }, (response) => {
      done(response.statusCode)
      if (response.headers['content-type'] === 'text/event-stream') response.destroy()
      else response.resume()
    })
    request.on('error', fail)
    request.end(sent?.body)
  })
}

// ---- the scene

async function makeScene(t) {
  const made = await makeData(), share = mkdtempSync(join(tmpdir(), 'yizhan-share-'))
  cpSync(join(root, 'data'), share, { recursive: true, filter: (path) => !/\.(c|h|cc|sql|txt)$/.test(path) })
  const kind = join(share, 'kinds/place_feedback.yaml')
  writeFileSync(kind, readFileSync(kind, 'utf8').replace('private: false', 'private: true').replace(/^public: \w+$/m, 'public: none'))
  const points = join(share, 'points/service.yaml') // what is private brings none
  writeFileSync(points, readFileSync(points, 'utf8').replace(/^  - kind: place_feedback[^]*/m, ''))
  const staff = roles.filter((role) => role !== 'integrator' && role !== 'city_admin')
  for (const role of staff) await addUser(made.data, role, password, '--role', role, ...(role === 'rider' ? [] : ['--area', '110199001']))
  await command(made.data, 'user', 'add', 'partner', '--role', 'integrator', '--kind', 'report', '--area', '110199001')
  await command(made.data, 'user', 'add', 'partner', '--role', 'integrator', '--kind', 'place_feedback', '--area', '110199001')
  const key = (await command(made.data, 'key', 'add', 'partner')).stdout.trim()
  const server = await start(made, '--share', share, '--writes-per-minute', '100000', '--requests-per-minute', '100000')
  t.after(async () => {
    agent.destroy()
    await stop(server)
    remove(made)
    rmSync(share, { recursive: true, force: true })
  })
  const tokens = { nobody: undefined, integrator: key, city_admin: await signIn(server) }
  for (const role of staff) tokens[role] = await signIn(server, role)
  const reward = await ask(server, 'POST', '/v1/rewards', { token: tokens.city_admin, json: { name: '雨衣', kind: 'service', cost: 5, supply: 1 } })
  assert.equal(reward.status, 201, reward.text)
  const market = await ask(server, 'POST', '/v1/activities', { token: tokens.city_admin, json: { kind: 'market', title: '大集', location: at(1, 1), from: soon(3600), to: soon(7200), state: 'open' } })
  assert.equal(market.status, 201, market.text)
  const things = []
  for (const [area, spot] of [['own', at(1, 1)], ['other', at(4, 4)]]) {
    const [{ id }] = (await get(server, `/v1/places?near=${spot}&limit=1`)).json.places
    const photo = ['photo', png(12 + things.length, 12), 'a.png', 'image/png']
    const sent = await ask(server, 'POST', '/v1/reports', { form: [['category', 'manhole'], ['lon', spot[0]], ['lat', spot[1]], photo] })
    const told = await ask(server, 'POST', `/v1/places/${id}/feedback`, { form: [['problem', 'closed'], ['description', '门锁着'], photo] })
    const closure = await ask(server, 'POST', '/v1/closures', { token: tokens.city_admin, json: street(spot) })
    const areaId = (await get(server, `/v1/areas?at=${spot}`)).json.areas[0].id
    const template = await ask(server, 'POST', '/v1/templates', { token: tokens.city_admin, json: { kind: 'report', area_id: areaId, name: '模板', text: '已转交{area}' } })
    const ofAdmin = (path, sent) => ask(server, 'POST', path, { token: tokens.city_admin, json: sent })
    const merchant = await ofAdmin('/v1/places', { category: 'partner_merchant', name: '面馆', location: spot, force: true })
    await until(async () => (await get(server, `/v1/places/${merchant.json.id}`)).status === 200, 30000)
    const drafted = await ofAdmin('/v1/votes', survey(areaId)), union = await ofAdmin('/v1/branches', branchForm(areaId)), offered = await ofAdmin('/v1/offers', terms(merchant.json.id))
    for (const made of [sent, told, closure, template, merchant, drafted, union, offered]) assert.equal(made.status, 201, made.text)
    const aCase = async (public_id, kind, hidden) => {
      const seen = (await get(server, `/v1/reports/${public_id}`, { token: tokens.city_admin })).json
      return { of: 'case', kind, area, hidden, id: public_id, photo: /photos\/(\w+)/.exec(seen.photos[0].url)[1], seen }
    }
    const worker = await ask(server, 'POST', '/v1/people', { token: tokens.city_admin, json: { login: `worker-${area}`, password, role: 'handler', kind: 'report', area_id: areaId } })
    assert.equal(worker.status, 201, worker.text)
    // Who reaches nobody there is told that there is nobody.
    things.push({ of: 'person', kind: 'report', area, hidden: true, sees: 'people', id: worker.json.id, areaId })
    things.push({ of: 'vote', kind: 'vote', area, hidden: true, sees: 'votes', id: drafted.json.id, areaId }, { of: 'branch', kind: 'member', area, id: union.json.id, areaId },
      { of: 'offer', kind: 'offer', area, id: offered.json.id, placeId: merchant.json.id })
    things.push({ of: 'area', kind: 'report', area, id: areaId }, { of: 'template', kind: 'report', area, hidden: true, id: template.json.id, areaId })
    things.push({ of: 'place', kind: 'place', area, id, at: spot }, { of: 'closure', kind: 'closure', area, id: closure.json.id, at: spot },
      await aCase(told.json.id, 'place_feedback', true), await aCase(sent.json.id, 'report', false))
  }
  return { server, tokens, things }
}

test('the page has a row for every route, and the test knows how to ask it', () => {
  const routes = Object.entries(openapi.paths).flatMap(([path, item]) =>
    Object.keys(item).filter((verb) => ['get', 'post', 'put', 'delete'].includes(verb)).map((verb) => `${verb.toUpperCase()} ${path}`))
  assert.deepEqual([...asked.keys()].sort(), routes.sort())
  assert.deepEqual(Object.keys(ways).sort(), routes)
})

test('each route lets in whom the page says, where it says, and nobody else', async (t) => {
  const { server, tokens, things } = await makeScene(t)
  const wrong = []
  let count = 0
  for (const [route, way] of Object.entries(ways)) {
    const [method, pattern] = route.split(' ')
    const about = way.of ? things.filter((thing) => thing.of === way.of) : [undefined]
    for (const thing of about)
      for (const role of everybody) {
        const id = way.photo ? thing.photo : thing?.id ?? '999'
        const path = (way.path ?? pattern).replace('{id}', id).replace(/\{\w+\}/g, '2'.repeat(22)) + (way.query ? `?${way.query}` : '')
        const token = way.ends && role !== 'nobody' && role !== 'integrator' ? await signIn(server, role === 'city_admin' ? 'admin' : role) : tokens[role]
        const got = await status(server, method, path, token, way.send?.(thing, role))
        if (way.ends && route === 'DELETE /v1/sessions' && role !== 'nobody' && role !== 'integrator') tokens[role] = await signIn(server, role === 'city_admin' ? 'admin' : role)
        const want = expected(route, way, role, way.free ? undefined : thing)
        const seen = [401, 403, 404].includes(got) ? got : 'in'
        const isMissing = way.missing && asked.get(route).startsWith('anyone') && seen === 404
        count++
        if (got >= 500 || (seen !== want && !isMissing)) wrong.push(`${route} as ${role}, ${thing?.area ?? ''} ${thing?.kind ?? ''}: ${got}, not ${want}`)
      }
  }
  assert.deepEqual(wrong, [])
  assert.ok(count > 1000, `${count} were asked`)
})
