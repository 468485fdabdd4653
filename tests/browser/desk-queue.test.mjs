// A shift at the desk in a real browser: two hundred cases (or CASES), found, given out, assigned and ended by keyboard alone.
// The keyboard is quicker than the writes that a server takes from one person in a minute, of which giving out takes three: the desk waits, and says so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromiumPath, DESK, hasChromium, launch, openPage, signIn } from './browser.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the test of the queue, because ${reason}`);

const CASES = Number(process.env.CASES ?? 200);
const mark = `夜班${Date.now() % 1_000_000}`;
let server;
let browser;
let bearer;
/** What the browser itself says of an answer that the desk waits after. */
const WAITS = /status of 429/;

async function ask(path) {
  const answer = await fetch(`${server.base}${path}`, { headers: { Authorization: `Bearer ${bearer}` } });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

async function send({ base }, i, headers = {}) {
  for (;;) {
    const form = new FormData();
    const fields = { category: i % 2 ? 'manhole' : 'rubbish', lon: -56.18 + (i % 20) * 0.0015, lat: -34.9 + Math.floor(i / 20) * 0.001, description: `${mark} 第 ${i} 条` };
    for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
    form.append('photo', new Blob([makePicture(64, i)], { type: 'image/png' }), 'photo.png');
    const answer = await fetch(`${base}/v1/reports`, { method: 'POST', headers, body: form });
    if (answer.status === 201) return;
    assert.ok(answer.status === 429 || answer.status === 503, `${answer.status} ${await answer.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get('Retry-After') ?? 1)));
  }
}
/** As many as `count`, some at a time. */
async function sendAll(to, count, headers) {
  let next = 0;
  await Promise.all(Array.from({ length: 6 }, async () => {
    while (next < count) await send(to, next++, headers);
  }));
}

before(async () => {
  if (reason !== null) return;
  server = await startServer();
  browser = await launch();
  const answer = await fetch(`${server.base}/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(server.staff) });
  bearer = (await answer.json()).token;
  await sendAll(server, CASES, { Authorization: `Bearer ${bearer}` });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The desk with its list of the cases of this test, the keyboard at the first. */
async function openQueue({ base, staff }, count) {
  const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
  const { page, faults } = await openPage(context, base, { expect: [WAITS] });
  await signIn(page, base, staff, '#/report?view=table'); // no map, which takes a processor without a graphics card all of its time
  await page.waitForSelector('.rows li');
  await page.keyboard.press('/');
  await page.keyboard.type(mark);
  await page.keyboard.press('Enter');
  await page.waitForFunction((wanted) => decodeURIComponent(location.hash).includes(`text=${wanted}`), mark); // what is looked for stands in the address
  await page.waitForFunction((wanted) => document.querySelector('[data-count=total] b')?.textContent === String(wanted) && document.querySelectorAll('.rows li').length >= Math.min(50, wanted), count);
  await page.keyboard.press('j');
  await page.waitForSelector('.rows li.at');
  return { context, page, faults };
}

/** The case that the keyboard is at is given out; every tenth is assigned instead, and every tenth ended. Returns the state that it is in then. */
async function handle(page, i, id) {
  const rowIs = (state) => page.waitForFunction(([one, wanted]) => document.querySelector(`[data-report="${one}"] [data-state]`)?.dataset.state === wanted, [id, state]);
  if (i % 10 === 4) {
    await page.keyboard.press('a');
    await page.waitForSelector('.quick-box[open] select[name=assign_to]');
    await page.keyboard.press('Enter');
    await page.waitForFunction((one) => document.querySelector(`[data-report="${one}"]`)?.textContent.includes('我 ·'), id);
    return 'submitted';
  }
  if (i % 10 !== 9) {
    await page.keyboard.press('d');
    await rowIs('dispatched');
    return 'dispatched';
  }
  await page.keyboard.press('c');
  await page.waitForSelector('.quick-box[open] select[name=ending]');
  assert.equal(await page.inputValue('select[name=ending]'), 'rejected');
  for (let hop = 0; hop < 4 && (await page.evaluate(() => document.activeElement.getAttribute('name'))) !== 'ending_reason'; hop++) await page.keyboard.press('Tab');
  await page.keyboard.type('不在本市');
  await page.keyboard.press('Enter');
  await rowIs('rejected');
  return 'rejected';
}

test(`a queue of ${CASES} is handled by keyboard alone, one after another, and the list stays where it is`, { skip: reason ?? false }, async () => {
  const { context, page, faults } = await openQueue(server, CASES);
  const at = () => page.evaluate(() => document.querySelector('.rows li.at [data-report]')?.dataset.report ?? null);
  await page.keyboard.press('?');
  await page.waitForSelector('.key-help[open]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.key-help:not([open])', { state: 'attached' });
  await page.evaluate(() => (document.querySelector('.rows li').isTheSame = true));

  const done = { dispatched: 0, rejected: 0, submitted: 0 };
  const seen = new Set();
  for (let i = 0; i < CASES; i++) {
    const id = await at();
    assert.ok(id !== null && !seen.has(id), `case ${i} is another than those before`);
    seen.add(id);
    done[await handle(page, i, id)]++;
    if (i < CASES - 1) await page.waitForFunction((old) => (document.querySelector('.rows li.at [data-report]')?.dataset.report ?? old) !== old, id);
    await page.waitForSelector('.quick-box:not([open])', { state: 'attached' });
  }
  assert.equal(seen.size, CASES);
  assert.equal(await page.evaluate(() => document.querySelector('.rows li').isTheSame), true, 'the list was not built anew');
  assert.ok(await page.evaluate(() => {
    const [row, list] = [document.querySelector('.rows li.at').getBoundingClientRect(), document.querySelector('.queue').getBoundingClientRect()];
    return row.top < list.bottom && row.bottom > list.top;
  }), 'the case that the keyboard is at is in sight');
  const counts = await ask(`/v1/reports/counts?kind=report&text=${encodeURIComponent(mark)}`);
  for (const [state, n] of Object.entries(done)) assert.equal(counts.states[state], n, state);

  // Open, the next one, and back.
  await page.keyboard.press('k');
  const one = await at();
  await page.keyboard.press('Enter');
  await page.waitForFunction((id) => location.hash.includes(id) && document.querySelector('.detail-head h1'), one);
  await page.keyboard.press('k');
  await page.waitForFunction((id) => !location.hash.includes(id) && document.querySelector('.detail-head h1'), one);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.overview');
  assert.deepEqual(faults, []);
  await context.close();
});

test('where the server takes no more for a moment the desk says so and waits, and what was begun meanwhile is done', { skip: reason ?? false }, async (t) => {
  const slow = await startServer('--own-writes-per-minute', '8'); // giving out four takes twelve
  t.after(() => slow.stop());
  await sendAll(slow, 4);
  const { context, page, faults } = await openQueue(slow, 4);
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('d');
    await page.keyboard.press('j');
  }
  await page.waitForFunction(() => /服务器请稍候 \d+ 秒/.test(document.querySelector('.wait-note:not([hidden])')?.textContent ?? ''));
  await page.waitForFunction(() => document.querySelectorAll('.rows [data-state=dispatched]').length === 4, null, { timeout: 120_000 });
  await page.waitForSelector('.wait-note', { state: 'hidden' });
  assert.deepEqual(faults, []);
  await context.close();
});
