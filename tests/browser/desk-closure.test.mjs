// A street is closed at the desk, in a real browser: drawn on the map, looked at with a route that it changes, kept, ended.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromiumPath, DESK, hasChromium, launch, openPage, signIn } from './browser.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the test of closures, because ${reason}`);

const [FROM, TO] = [[-56.1905, -34.9052], [-56.1800, -34.9040]]; // in the demo city
let server;
let browser;
before(async () => {
  if (reason !== null) return;
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function route() {
  const answer = await fetch(`${server.base}/v1/route?from=${FROM}&to=${TO}&profile=ebike`);
  assert.ok(answer.ok, `${answer.status}`);
  return answer.json();
}
const metres = ([a, b], [c, d]) => Math.hypot((a - c) * 91_300, (b - d) * 111_000);
/** How far a point is from a stretch of the way. */
function away(from, to, at) {
  const [dx, dy, px, py] = [(to[0] - from[0]) * 91_300, (to[1] - from[1]) * 111_000, (at[0] - from[0]) * 91_300, (at[1] - from[1]) * 111_000];
  const share = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(px - share * dx, py - share * dy);
}

/** Changes its reason and its end; another version in between is told, and what was typed stays. */
async function change(page) {
  const id = /closures\/([^?]+)/.exec(page.url())[1];
  const read = () => page.evaluate(async (path) => (await fetch(path)).json(), `/v1/closures/${id}`);
  await page.click('button[name=edit_closure]');
  await page.fill('input[name=edit_reason]', '管道抢修，延长');
  await page.fill('input[name=edit_to]', '2099-01-02T03:04');
  const { version, geometry, radius_m, effect } = await read();
  const status = await page.evaluate(async ([path, body]) => {
    const { csrf } = await (await fetch('/v1/me')).json();
    return (await fetch(path, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(body) })).status;
  }, [`/v1/closures/${id}`, { version, geometry, radius_m, effect, reason: '别人改的' }]);
  assert.equal(status, 200);
  await page.click('button[name=save_closure]');
  await page.waitForSelector('[data-closure-edit] [role=alert]');
  await page.waitForFunction(() => document.querySelector('h1').textContent === '别人改的');
  assert.equal(await page.inputValue('input[name=edit_reason]'), '管道抢修，延长');
  await page.click('button[name=save_closure]');
  await page.waitForSelector('[data-closure-edit]', { state: 'detached' });
  const kept = await read();
  assert.deepEqual([kept.reason, new Date(kept.to).getFullYear(), kept.geometry], ['管道抢修，延长', 2099, geometry]);
  await page.waitForFunction(() => document.querySelectorAll('.history [data-verb=changed]').length === 2);
}

test('a closure is drawn on the map, its preview shows the way round, and routes avoid it until it is ended', { skip: reason ?? false }, async () => {
  const first = (await route()).geometry.coordinates;
  // Across the middle of the longest stretch of the way.
  const longest = first.slice(1).map((to, i) => [first[i], to]).sort(([a, b], [c, d]) => metres(c, d) - metres(a, b))[0];
  const middle = [(longest[0][0] + longest[1][0]) / 2, (longest[0][1] + longest[1][1]) / 2];
  const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
  const { page, faults } = await openPage(context, server.base, { expect: [/status of 409/] });
  await signIn(page, server.base, server.staff);
  await page.click('[data-tab=closures]');
  await page.click('[data-act=draw]');
  await page.waitForSelector('[data-closure-map] canvas');
  // A click on the map is a corner; the same field takes numbers.
  await page.click('[data-shape=Polygon]');
  const box = await page.locator('[data-closure-map]').boundingBox();
  for (const [dx, dy] of [[-60, -60], [60, -60], [0, 60]]) await page.mouse.click(box.x + box.width / 2 + dx, box.y + box.height / 2 + dy);
  await page.waitForFunction(() => document.querySelector('input[name=closure_points]').value.split(';').length === 3);
  await page.click('button[name=undo_point]');
  await page.waitForFunction(() => document.querySelector('input[name=closure_points]').value.split(';').length === 2);
  await page.click('[data-shape=Point]');
  await page.fill('input[name=closure_points]', middle.join(', '));
  await page.fill('input[name=closure_radius]', '12');
  await page.fill('input[name=closure_reason]', '管道抢修');
  await page.click('button[name=pick_from]');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForFunction(() => document.querySelector('input[name=end_from]').value !== '');
  await page.waitForSelector('button[name=pick_to][aria-pressed=true]');
  for (const [name, at] of [['end_from', FROM], ['end_to', TO]]) {
    await page.fill(`input[name=${name}]`, at.join(', '));
    await page.press(`input[name=${name}]`, 'Tab');
  }
  await page.click('button[name=look]');
  await page.waitForSelector('[data-covers]');
  assert.ok(Number(await page.getAttribute('[data-covers]', 'data-covers')) > 0);
  await page.waitForSelector('[data-before]');
  await page.waitForSelector('[data-after]');
  assert.deepEqual((await route()).geometry.coordinates, first, 'a preview closes nothing');
  await page.click('button[name=keep_closure]');
  await page.waitForSelector('[data-closure-is=active]');
  const until = async (what, why) => {
    for (const end = Date.now() + 30_000; !(await what());) {
      assert.ok(Date.now() < end, why);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const isAsBefore = async () => JSON.stringify((await route()).geometry.coordinates) === JSON.stringify(first);
  await until(async () => !(await isAsBefore()), 'routes avoid it');
  const way = (await route()).geometry.coordinates;
  assert.ok(way.slice(1).every((to, i) => away(way[i], to, middle) > 8), 'no stretch of the way comes near to what is closed');
  await change(page);
  await page.click('button[name=end_closure]');
  await page.click('button[name=end_closure]');
  await page.waitForSelector('[data-closure-is=ended]');
  await until(isAsBefore, 'the way is as it was');
  await page.waitForSelector('.history [data-verb=ended]');
  assert.deepEqual(faults, []);
  await context.close();
});
