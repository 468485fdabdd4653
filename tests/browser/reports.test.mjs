// What riders send and how they go on with it, in a real browser (see pages.test.mjs for how to run it).
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { choose, chromiumPath, hasChromium, launch, openPage, PHONE } from './browser.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of reports, because ${reason}`);

const SHOTS = process.env.SHOTS; // a folder for pictures to look at

describe('riders and their reports', { skip: reason ?? false }, () => {
  let server;
  let browser;
  let token;
  before(async () => {
    server = await startServer();
    browser = await launch();
    const answer = await fetch(`${server.base}/v1/sessions`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(server.staff),
    });
    token = (await answer.json()).token;
  });
  // Also after a test that failed: pages that are left open cost the next ones their time.
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** A phone that stands at a place of its own for each test: what is near is only that test's. */
  let stood = 0;
  async function phone(options = {}, expect = []) {
    const geolocation = { latitude: -34.9, longitude: -56.18 + ++stood * 0.003 };
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation, permissions: ['geolocation'], ...options });
    return { context, geolocation, ...(await openPage(context, server.base, { expect })) };
  }
  async function shoot(page, name) {
    if (!SHOTS) return;
    await page.waitForTimeout(1200);
    await page.screenshot({ path: `${SHOTS}/${name}.png` });
  }

  async function ask(method, path, body, headers = { Authorization: `Bearer ${token}` }) {
    const json = body !== undefined && !(body instanceof FormData);
    const answer = await fetch(server.base + path, {
      method, headers: { ...headers, ...(json ? { 'Content-Type': 'application/json' } : {}) },
      ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : body }),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }
  const seen = (id) => ask('GET', `/v1/reports/${id}`);

  /** Staff move a report along; the last step closes it with a photo. */
  async function moveTo(id, ...states) {
    for (const state of states) {
      const { version } = await seen(id);
      const form = new FormData();
      form.set('state', state);
      form.set('version', String(version));
      form.set('text', state === 'closed' ? '井盖已更换' : state === 'awaiting_info' ? '请拍一下灯杆上的编号' : '已安排');
      if (state === 'closed') form.set('photo', new Blob([makePicture(300, 90 + version)], { type: 'image/png' }), 'proof.png');
      await ask('POST', `/v1/reports/${id}/updates`, form);
    }
  }
  const TO_CLOSED = ['accepted', 'filed', 'dispatched', 'handling', 'handled', 'verifying', 'closed'];

  const picture = (seed) => ({ name: `photo${seed}.png`, mimeType: 'image/png', buffer: makePicture(320, seed) });
  const idOf = (page) => decodeURIComponent(/#\/mine\/([^?]+)/.exec(page.url())[1]);

  async function openForm(page, kind = 'report') {
    await page.goto(`${server.base}/#/report?kind=${kind}`);
    await page.waitForSelector(`.chip[data-kind=${kind}][aria-pressed=true]`);
  }
  async function send(page) {
    await page.click('.report button[type=submit]');
    await page.waitForSelector('.thanks');
    return idOf(page);
  }
  async function sendManhole(page, words, seed) {
    await openForm(page);
    await page.setInputFiles('input[name=photo]', picture(seed));
    await page.selectOption('select[name=category]', 'manhole');
    await page.waitForSelector('.pin-spot', { state: 'attached' });
    await page.fill('textarea[name=description]', words);
    return send(page);
  }

  test('who is about to send what is known already joins it, and photo and words go along', async () => {
    const first = await phone();
    const id = await sendManhole(first.page, '井盖松动', 31);
    await moveTo(id, 'accepted');

    const second = await phone({ geolocation: first.geolocation });
    const { page } = second;
    let sent = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST' && new URL(request.url()).pathname === '/v1/reports') sent++;
    });
    await openForm(page);
    await page.setInputFiles('input[name=photo]', picture(32));
    await page.selectOption('select[name=category]', 'manhole');
    await page.fill('textarea[name=description]', '我骑车经过时差点摔倒');
    const known = page.locator(`[data-similar="${id}"]`);
    await known.waitFor();
    assert.match(await known.textContent(), /距此 \d+ 米/);
    assert.equal(await known.locator('img').count(), 1, 'with its photo, since staff took it up');
    assert.match(await page.textContent('.report button[type=submit]'), /都不是/);
    await known.scrollIntoViewIfNeeded();
    await shoot(page, 'similar');
    await known.locator('[data-act=join]').click();
    await page.waitForSelector('.thanks');
    assert.equal(idOf(page), id);
    await page.waitForSelector('.follow [data-outcome]');
    assert.equal(sent, 0, 'no second report was sent');
    const now = await seen(id);
    assert.equal(now.joined, 1);
    assert.equal(now.photos.length, 2);
    assert.equal(now.history.find(({ verb }) => verb === 'written').reason, '我骑车经过时差点摔倒');
    await shoot(page, 'joined');

    await openForm(page);
    await page.setInputFiles('input[name=photo]', picture(33));
    await page.selectOption('select[name=category]', 'manhole');
    await page.waitForSelector(`[data-similar="${id}"] a[href="#/mine/${id}"]`); // it is known to be theirs
    assert.deepEqual([...first.faults, ...second.faults], []);
  });

  test('a category asks its questions, and one that redirects says whom to call and cannot be sent', async () => {
    const { page, faults } = await phone();
    await openForm(page);
    await page.setInputFiles('input[name=photo]', picture(41));
    await page.selectOption('select[name=category]', 'gas_leak');
    const call = page.locator('.redirect a[href="tel:119"]');
    await call.waitFor();
    assert.equal(await page.locator('.report button[type=submit]').count(), 0);
    await call.scrollIntoViewIfNeeded();
    await shoot(page, 'redirect');

    await page.selectOption('select[name=category]', 'lamp');
    await page.click('[data-question=fault] [data-value=flickers]');
    await page.fill('input[name=attribute_pole]', ' A-17 ');
    await page.locator('[data-question=pole]').scrollIntoViewIfNeeded();
    await shoot(page, 'questions');
    await page.click('[data-where=address]');
    await page.click('.report button[type=submit]');
    await page.waitForSelector('.report .field-error');
    assert.match(await page.textContent('.report .field-error'), /地址/);
    await page.fill('input[name=address]', '试验路 12 号门口');
    const id = await send(page);
    const { attributes, address, location } = await seen(id);
    assert.deepEqual(attributes, [{ code: 'fault', value: 'flickers' }, { code: 'pole', value: 'A-17' }]);
    assert.equal(address, '试验路 12 号门口');
    assert.equal(location, undefined);
    assert.match(await page.textContent('.case dl'), /闪烁.*A-17.*试验路 12 号/s);

    // What staff ask for is answered in the same words.
    await moveTo(id, 'accepted', 'filed', 'dispatched', 'handling', 'awaiting_info');
    await page.waitForSelector('.asked', { timeout: 10_000 });
    assert.match(await page.textContent('.asked'), /灯杆上的编号/);
    await page.click('[data-move=handling]');
    assert.equal(await page.inputValue('input[name=attribute_pole]'), 'A-17');
    await page.fill('input[name=attribute_pole]', 'B-3');
    await page.click('.follow-form [data-act=send]');
    await page.waitForSelector('.case-state .badge[data-state=handling]');
    assert.deepEqual((await seen(id)).attributes, [{ code: 'fault', value: 'flickers' }, { code: 'pole', value: 'B-3' }]);
    assert.deepEqual(faults, []);
  });

  test('the sender goes on after a reload: adds a photo without a network, says "not fixed" with one, and rates', async () => {
    const { context, page, faults, quiet } = await phone({}, [/ERR_INTERNET_DISCONNECTED|Failed to load resource/, /maplibre/]);
    const id = await sendManhole(page, '井盖缺失', 51);
    await quiet();
    await page.reload();
    await page.waitForSelector('[data-move=withdrawn]');
    await shoot(page, 'own');

    await page.click('[data-act=write]');
    await page.setInputFiles('input[name=follow_photo]', picture(52));
    await page.fill('textarea[name=follow_words]', '旁边还有一个');
    await context.setOffline(true);
    await page.click('.follow-form [data-act=send]');
    await page.waitForSelector('[data-letter=waiting]');
    await shoot(page, 'offline');
    await context.setOffline(false);
    await page.waitForSelector('.history [data-verb=written] .photo img', { timeout: 20_000 });
    assert.equal((await seen(id)).photos.length, 2);

    await moveTo(id, ...TO_CLOSED);
    await page.waitForSelector('[data-move=reopened]', { timeout: 10_000 });
    assert.match(await page.textContent('.history'), /井盖已更换/);
    assert.deepEqual(await page.$$eval('.follow-buttons [data-move]', (all) => all.map(({ dataset }) => dataset.move).sort()), ['rated', 'reopened']);
    await shoot(page, 'closed');
    await page.click('[data-move=reopened]');
    await page.click('.follow-form [data-act=send]');
    assert.match(await page.textContent('.follow-form .field-error'), /说明情况/);
    await page.setInputFiles('input[name=follow_photo]', picture(53));
    await page.fill('textarea[name=follow_words]', '还是松的，没有修好');
    await shoot(page, 'not-fixed');
    await page.click('.follow-form [data-act=send]');
    await page.waitForSelector('.case-state .badge[data-state=reopened]');
    const reopened = await seen(id);
    const last = reopened.history.at(-1);
    assert.equal(last.reason, '还是松的，没有修好');
    assert.equal(last.actor, 'reporter');
    assert.equal(reopened.photos.filter(({ event }) => event === last.id).length, 1);

    await moveTo(id, ...TO_CLOSED);
    await page.waitForSelector('[data-move=rated]', { timeout: 10_000 });
    await page.click('[data-move=rated]');
    await page.click('[data-stars="4"]');
    await shoot(page, 'rating');
    await page.click('.follow-form [data-act=send]');
    await page.waitForSelector('.case-state .badge[data-state=rated]');
    assert.equal((await seen(id)).rating, 4);
    await page.click('.back');
    await page.waitForSelector(`[data-report="${id}"] .card-news`);
    assert.match(await page.textContent(`[data-report="${id}"] .card-news`), /上报人/);
    await shoot(page, 'mine');
    assert.deepEqual(faults, []);
  });

  test('a difficulty is private, is read with its secret alone, and is gone once it is deleted', async () => {
    const { page, faults } = await phone({}, [/404/]);
    await openForm(page, 'difficulty');
    assert.match(await page.textContent('[data-who-sees]'), /只有你和负责办理的工作人员能看到/);
    await page.selectOption('select[name=category]', 'wages');
    await page.fill('input[name=attribute_owed]', '3200.5');
    await page.fill('textarea[name=description]', '两个月没发工资');
    await page.click('.report button[type=submit]');
    await page.waitForSelector('[data-question=employer] .field-error');
    await shoot(page, 'difficulty');
    await page.fill('input[name=attribute_employer]', '某配送站');
    const id = await send(page);
    assert.equal((await fetch(`${server.base}/v1/reports/${id}`)).status, 404, 'whoever has the id alone is told nothing');
    await page.reload();
    await page.waitForSelector('.case .words');
    assert.match(await page.textContent('.case'), /两个月没发工资.*某配送站/s);
    assert.equal(await page.locator('.case .who-sees.private').count(), 1);
    await shoot(page, 'difficulty-sent');

    await page.click('[data-act=forget]');
    assert.match(await page.textContent('#forget-what'), /撤回.*立即抹去/);
    await page.locator('#forget-what').scrollIntoViewIfNeeded();
    await shoot(page, 'forget');
    await page.click('[data-act=forget-sure]');
    await page.waitForFunction((id) => !location.hash.includes(id), id); // the thanks for sending it stand until it is gone
    await page.waitForSelector('.thanks');
    assert.equal(await page.locator(`[data-report="${id}"]`).count(), 0);
    await page.goto(`${server.base}/#/mine/${id}`);
    await page.waitForSelector('.notice-error');
    assert.deepEqual(faults, []);
  });

  test('a proposal asks to sign in first, is kept with the account, and is there on another phone', async () => {
    const { context, page, faults } = await phone();
    await openForm(page, 'proposal');
    await page.waitForSelector('.sign-in-box');
    assert.equal(await page.locator('.report').count(), 0);
    await shoot(page, 'sign-in');
    await page.fill('input[name=name]', server.staff.name);
    await page.fill('input[name=password]', server.staff.password);
    await page.click('.sign-in-box button[type=submit]');
    await page.waitForSelector('form.report');
    await page.selectOption('select[name=category]', 'welfare');
    await page.fill('textarea[name=description]', '驿站里放一个微波炉');
    const id = await send(page);
    await context.close();

    const other = await phone();
    await other.page.goto(`${server.base}/#/mine`);
    await other.page.click('[data-act=sign-in]');
    await other.page.fill('input[name=name]', server.staff.name);
    await other.page.fill('input[name=password]', server.staff.password);
    await other.page.click('.sign-in-box button[type=submit]');
    await other.page.click(`[data-report="${id}"] .card`);
    await other.page.waitForSelector('[data-move=withdrawn]');
    assert.match(await other.page.textContent('.case .words'), /微波炉/);
    await other.page.click('[data-move=withdrawn]');
    await other.page.click('.follow-form [data-act=send]');
    await other.page.waitForSelector('.case-state .badge[data-state=withdrawn]');
    assert.deepEqual([...faults, ...other.faults], []);
  });

  test('all of it is told in English, too', async () => {
    const { page, faults } = await phone();
    await choose(page, server.base, 'lang', 'en');
    for (const kind of ['report', 'difficulty']) {
      await openForm(page, kind);
      await page.selectOption('select[name=category]', kind === 'report' ? 'lamp' : 'injury');
      await page.waitForSelector('.question');
      const words = await page.$eval('.sheet-body', (sheet) => sheet.innerText);
      assert.doesNotMatch(words, /\p{Script=Han}/u, `${kind} speaks English`);
      await shoot(page, `english-${kind}`);
    }
    assert.deepEqual(faults, []);
  });
});
