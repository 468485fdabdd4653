// Keeping places true, in a real browser: staff at the desk, riders on their phones (see pages.test.mjs for how to run it).
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { chromiumPath, DESK, hasChromium, launch, openPage, PHONE, signIn } from './browser.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of places, because ${reason}`);

const CEDED = /409/; // the browser itself notes an answer of 409 on its console

describe('keeping places true', { skip: reason ?? false }, () => {
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
  // What a test that failed left open would slow the next ones.
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function ask(method, path, json) {
    const answer = await fetch(server.base + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(json ? { 'Content-Type': 'application/json' } : {}) },
      ...(json ? { body: JSON.stringify(json) } : {}),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.json();
  }
  const record = (id) => ask('GET', `/v1/places/${id}/record`);
  const shown = (id) => ask('GET', `/v1/places/${id}`);

  /** A place of its own for a test, near the middle of the demo city, once everybody sees it. */
  let made = 0;
  async function makePlace(more = {}) {
    const name = `测试站${++made}号${Date.now() % 100000}`;
    const place = await ask('POST', '/v1/places', {
      name, category: 'rest_station', location: [-56.18 + made * 0.002, -34.9], address: '试验路 1 号', amenities: ['water', 'charging'], hours: '24/7', ...more,
    });
    await until(async () => (await fetch(`${server.base}/v1/places/${place.id}`)).ok);
    return place;
  }
  async function until(what, patience = 5000) {
    const began = Date.now();
    while (!(await what())) {
      assert.ok(Date.now() - began < patience, 'it never became so');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return Date.now() - began;
  }

  async function phone(options = {}, expect = []) {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', ...options });
    return { context, ...(await openPage(context, server.base, { expect })) };
  }
  async function phoneAt(place) {
    const rider = await phone();
    await rider.page.goto(`${server.base}/#/place/${place.id}`);
    return rider;
  }
  async function desk(where, { options = DESK, expect = [] } = {}) {
    const context = await browser.newContext({ ...options, locale: 'zh-CN' });
    const opened = await openPage(context, server.base, { expect });
    await signIn(opened.page, server.base, server.staff, where);
    return { context, ...opened };
  }
  /** Drags the red pin of the form by so many pixels. */
  async function dragPin(page, dx, dy) {
    const pin = page.locator('.place-form .maplibregl-marker');
    await pin.scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const box = await pin.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + dx / 2, y + dy / 2, { steps: 4 });
    await page.mouse.move(x + dx, y + dy, { steps: 4 });
    await page.mouse.up();
  }

  test('staff finds a place by its words, drags it, saves, and a rider who looks at it sees it move', async () => {
    const place = await makePlace();
    const rider = await phoneAt(place);
    await rider.page.waitForSelector('.place dl');
    const staff = await desk('#/place');
    await staff.page.waitForSelector('.rows li');
    await staff.page.fill('input[name=words]', place.name.slice(2, 6));
    await staff.page.waitForSelector(`[data-place="${place.id}"]`);
    await staff.page.fill('input[name=words]', 'ceshizhan'); // the same by its sound
    await until(async () => /ceshizhan/.test(decodeURIComponent(staff.page.url())));
    await staff.page.click(`[data-place="${place.id}"]`);
    await staff.page.waitForSelector('.place-form .maplibregl-marker');
    assert.equal(await staff.page.inputValue('input[name=name]'), place.name);
    assert.ok(await staff.page.isDisabled('button[data-act=save]'), 'there is nothing to save yet');
    await dragPin(staff.page, 60, -40);
    await staff.page.waitForSelector('[data-moved]');
    const [lon, lat] = (await staff.page.inputValue('input[name=location]')).split(', ').map(Number);
    assert.ok(lon > place.location[0] && lat > place.location[1], `${lon}, ${lat}`);
    await staff.page.click('button[data-act=save]');
    await staff.page.waitForSelector('.done');
    const took = await until(async () => Math.abs((await shown(place.id)).location[0] - lon) < 1e-5);
    assert.ok(took < 1500, `${took} ms`);
    await rider.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))); // as if the phone was just taken up
    await rider.page.waitForResponse(async (answer) => answer.url().endsWith(`/v1/places/${place.id}`) && Math.abs((await answer.json()).location[0] - lon) < 1e-5, { timeout: 15000 })
      .catch(() => assert.fail('the rider never heard of it'));
    assert.deepEqual([...rider.faults, ...staff.faults], []);
    await rider.context.close();
    await staff.context.close();
  });

  test('a place that is looked at is asked for again cheaply, without a flicker, and not while the page is hidden', async () => {
    const place = await makePlace();
    const { page, context, faults, quiet } = await phoneAt(place);
    await page.waitForSelector('.place dl');
    await quiet();
    const asked = () => page.evaluate((path) => performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname === path)
      .map(({ transferSize, encodedBodySize }) => ({ transferSize, encodedBodySize })), `/v1/places/${place.id}`);
    const lookUp = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.evaluate(() => {
      window.flickers = 0;
      new MutationObserver((changes) => (window.flickers += changes.length))
        .observe(document.querySelector('.place').parentElement, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    const before = (await asked()).length;
    for (let i = 0; i < 3; i++) {
      await lookUp();
      await quiet(300);
    }
    const again = (await asked()).slice(before);
    assert.ok(again.length >= 3, `${again.length}`);
    // What came is a head without a body: the browser has that already.
    for (const { transferSize, encodedBodySize } of again) assert.ok(transferSize <= 300 && encodedBodySize > 100, `${transferSize}, ${encodedBodySize}`);
    assert.equal(await page.evaluate(() => window.flickers), 0);

    await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }));
    await quiet();
    const hidden = (await asked()).length;
    await page.waitForTimeout(11_000); // it would be asked for every ten seconds
    assert.equal((await asked()).length, hidden);
    await page.evaluate(() => delete document.visibilityState);
    await lookUp();
    await until(async () => (await asked()).length > hidden);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('closed for a while, with a reason and an end, riders read both; opened again they do not', async () => {
    const place = await makePlace();
    const staff = await desk(`#/place/${place.id}`);
    await staff.page.click('button[data-act=close]');
    await staff.page.waitForSelector('.closing .field-error'); // a reason is owed
    await staff.page.fill('input[name=closing_reason]', '空调检修');
    await staff.page.fill('input[name=closing_to]', '2020-01-01T10:00');
    await staff.page.click('button[data-act=close]');
    await staff.page.waitForSelector('.closing input[name=closing_to] + .field-error'); // where the fault is
    assert.equal(await staff.page.inputValue('input[name=closing_reason]'), '空调检修');
    const end = new Date(Date.now() + 3 * 86400000);
    await staff.page.fill('input[name=closing_to]', `${end.toISOString().slice(0, 10)}T10:00`);
    await staff.page.click('button[data-act=close]');
    await staff.page.waitForSelector('[data-closed]');
    await until(async () => (await shown(place.id)).closed);
    const rider = await phoneAt(place);
    await rider.page.waitForSelector('.place .closed');
    assert.match(await rider.page.textContent('.place .closed'), /暂停开放.*空调检修/);
    await staff.page.waitForSelector('.place-history [data-verb=closed] [data-closing]');
    assert.match(await staff.page.textContent('.place-history [data-verb=closed]'), new RegExp(`至 .*${end.getUTCDate()}日.*10:00`));
    await staff.page.click('button[data-act=open]');
    await staff.page.waitForSelector('input[name=closing_reason]');
    await staff.page.waitForSelector('.place-history [data-verb=opened] [data-closing]');
    await until(async () => !(await shown(place.id)).closed);
    await rider.page.waitForSelector('.place .open-now [data-open=open]', { timeout: 15000 }); // by itself, without a reload
    assert.deepEqual(rider.faults, []);
    assert.deepEqual(staff.faults.filter((fault) => !/400/.test(fault)), []);
    await rider.context.close();
    await staff.context.close();
  });

  test('a rider says that a place is closed, staff mends it from the queue, and the rider reads what became of it', async () => {
    const place = await makePlace();
    const rider = await phoneAt(place);
    await rider.page.click('button[data-act=tell]');
    await rider.page.click('[data-problem=closed]');
    await rider.page.fill('textarea[name=tell_words]', '门口贴了告示');
    await rider.page.setInputFiles('input[name=tell_photo]', { name: 'door.png', mimeType: 'image/png', buffer: makePicture(240, made) });
    await rider.page.click('button[data-act=send]');
    await rider.page.waitForSelector('[data-letter=held]');
    await rider.page.click('[data-outcome] a', { timeout: 15000 });
    await rider.page.waitForSelector('.case .badge[data-state=submitted]');
    const id = decodeURIComponent(/#\/mine\/([^?]+)/.exec(rider.page.url())[1]);

    const staff = await desk('');
    await staff.page.click('[data-tab=feedback]');
    await staff.page.click(`[data-report="${id}"]`);
    await staff.page.waitForSelector('.mend');
    assert.equal((await staff.page.textContent('.detail .words')).trim(), '门口贴了告示');
    assert.equal(await staff.page.$$eval('.pictures img', (all) => all.length), 1);
    await staff.page.click('button[data-act=mend]');
    await staff.page.waitForSelector('.mend .field-error'); // a reason for everybody is owed
    await staff.page.fill('input[name=mend_reason]', '店面装修');
    await staff.page.click('button[data-act=mend]');
    await staff.page.waitForSelector('.detail-head .badge[data-state=handled]');
    await until(async () => (await shown(place.id)).closed?.reason === '店面装修');
    await rider.page.reload();
    await rider.page.waitForSelector('.case .badge[data-state=handled]');
    await staff.page.click('[data-about]');
    await staff.page.waitForSelector('[data-closed]');
    assert.deepEqual([...rider.faults, ...staff.faults], []);
    await rider.context.close();
    await staff.context.close();
  });

  test('the history shows who changed what, and undo puts it back', async () => {
    const place = await makePlace();
    const staff = await desk(`#/place/${place.id}`);
    await staff.page.fill('input[name=address]', '改错的路 9 号');
    await staff.page.click('.amenity-chips [data-amenity=wifi]');
    await staff.page.fill('input[name=place_reason]', '现场核对');
    await staff.page.click('button[data-act=save]');
    await staff.page.waitForSelector('.place-history [data-verb=edited]');
    const row = await staff.page.textContent('.place-history [data-verb=edited]');
    assert.match(row, /我/);
    assert.match(row, /现场核对/);
    assert.match(row, /试验路 1 号 → 改错的路 9 号/);
    await staff.page.click('.place-history [data-verb=edited] [data-act=undo]');
    await staff.page.waitForFunction(() => document.querySelector('input[name=address]').value === '试验路 1 号');
    const now = await record(place.id);
    assert.deepEqual([now.address, [...now.amenities].sort(), now.version], ['试验路 1 号', ['charging', 'water'], 3]);
    await staff.page.waitForFunction(() => document.querySelectorAll('.place-history [data-verb=edited]').length === 2);
    assert.equal(await staff.page.$$eval('.place-history [data-act=undo]', (all) => all.length), 1, 'what no longer stands cannot be undone');

    await staff.page.fill('input[name=remove_reason]', '测试');
    await staff.page.click('button[data-act=remove]');
    await staff.page.waitForSelector('.off-map');
    await until(async () => (await fetch(`${server.base}/v1/places/${place.id}`)).status === 404);
    await staff.page.click('.off-map button[data-act=restore]');
    await staff.page.waitForSelector('.off-map', { state: 'detached' });
    await until(async () => (await fetch(`${server.base}/v1/places/${place.id}`)).ok);
    assert.deepEqual(staff.faults, []);
    await staff.context.close();
  });

  test('an edit over that of somebody else is told, and nothing that was typed is lost', async () => {
    const place = await makePlace();
    const staff = await desk(`#/place/${place.id}`, { expect: [CEDED] });
    await staff.page.fill('input[name=phone]', '010-1111');
    await staff.page.fill('input[name=name_en]', 'Typed here');
    await ask('PUT', `/v1/places/${place.id}`, { version: place.version, phone: '010-2222', address: '别人的路 2 号' });
    await staff.page.click('button[data-act=save]');
    await staff.page.waitForSelector('.conflict [data-conflict=phone]');
    assert.match(await staff.page.textContent('.conflict'), /还在/);
    assert.match(await staff.page.textContent('.conflict [data-conflict=phone]'), /010-2222.*010-1111/s);
    assert.equal(await staff.page.inputValue('input[name=phone]'), '010-1111');
    assert.equal(await staff.page.inputValue('input[name=name_en]'), 'Typed here');
    assert.equal(await staff.page.inputValue('input[name=address]'), '别人的路 2 号', 'what nobody touched here follows');
    await staff.page.click('.conflict [data-conflict=phone] [data-act=take-theirs]');
    assert.equal(await staff.page.inputValue('input[name=phone]'), '010-2222');
    await staff.page.click('button[data-act=save]');
    await staff.page.waitForSelector('.done');
    const now = await record(place.id);
    assert.deepEqual([now.phone, now.address, now.name_en, now.version], ['010-2222', '别人的路 2 号', 'Typed here', 3]);

    await staff.page.fill('input[name=phone]', '010-3333'); // looking elsewhere loses nothing either
    const other = await makePlace();
    await staff.page.evaluate((id) => {
      location.hash = `#/place/${id}`;
    }, other.id);
    await staff.page.waitForFunction((name) => document.querySelector('input[name=name]')?.value === name, other.name);
    await staff.page.goBack();
    await staff.page.waitForFunction(() => document.querySelector('input[name=phone]')?.value === '010-3333');
    await staff.page.click('button[data-act=revert]');
    assert.deepEqual(staff.faults, []);
    await staff.context.close();
  });

  test('hours are told in words while they are typed, and refused where they stand', async () => {
    const place = await makePlace();
    const staff = await desk(`#/place/${place.id}`, { expect: [/400/] });
    await staff.page.fill('input[name=hours]', '周一至周五 8:00-18:00');
    await staff.page.waitForFunction(() => /周一/.test(document.querySelector('[data-says=hours]')?.textContent ?? ''));
    await staff.page.fill('input[name=hours]', 'whenever');
    await staff.page.waitForSelector('[data-problem=hours]');
    await staff.page.click('button[data-act=save]');
    await staff.page.waitForSelector('[data-trouble=hours]');
    await staff.page.check('input[name=hours_force]');
    await staff.page.click('button[data-act=save]');
    await staff.page.waitForSelector('.done');
    assert.equal((await record(place.id)).hours, 'whenever');
    assert.deepEqual(staff.faults, []);
    await staff.context.close();
  });

  test('staff makes a place, adds photos, puts them in order and takes one off', async () => {
    const staff = await desk('#/place/new');
    await staff.page.waitForSelector('.place-form .maplibregl-marker');
    const name = `新站${Date.now() % 100000}`;
    await staff.page.fill('input[name=name]', name);
    await staff.page.click('button[data-act=save]');
    await staff.page.waitForSelector('[data-trouble=category]');
    await staff.page.selectOption('select[name=place_category]', 'repair');
    await staff.page.fill('input[name=location]', '-56.17, -34.9');
    await staff.page.click('button[data-act=save]');
    await staff.page.waitForURL(/#\/place\/\d+/);
    const id = Number(/#\/place\/(\d+)/.exec(staff.page.url())[1]);
    await staff.page.waitForSelector('input[name=place_photo]', { state: 'attached' });
    await staff.page.setInputFiles('input[name=place_photo]', [1, 2].map((seed) => ({ name: `${seed}.png`, mimeType: 'image/png', buffer: makePicture(160, seed + 70) })));
    await staff.page.waitForFunction(() => document.querySelectorAll('.shots figure').length === 2);
    const [first, second] = (await record(id)).photos;
    await staff.page.click('[data-act=photo-forward]');
    await staff.page.waitForFunction((photo) => document.querySelector('.shots figure').dataset.photo === photo, second);
    await staff.page.click('.shots figure:first-child [data-act=remove-photo]');
    assert.equal((await record(id)).photos.length, 2, 'it is asked first');
    await staff.page.click('.shots figure:first-child [data-act=remove-photo]');
    await staff.page.waitForFunction(() => document.querySelectorAll('.shots figure').length === 1);
    assert.deepEqual((await record(id)).photos, [first]);
    await until(async () => (await shown(id)).photos?.length === 1);
    const rider = await phone();
    await rider.page.goto(`${server.base}/#/place/${id}`);
    await rider.page.waitForFunction(() => document.querySelector('.place .photo img')?.naturalWidth > 0);
    assert.deepEqual([...staff.faults, ...rider.faults], []);
    await rider.context.close();
    await staff.context.close();
  });

  test('a rider confirms a place, may take that back, and sees that it was confirmed', async () => {
    const place = await makePlace();
    const { context, page, faults } = await phone();
    let posts = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') posts++;
    });
    await page.goto(`${server.base}/#/place/${place.id}`);
    await page.waitForSelector('.place .open-now [data-open=open]');
    assert.match(await page.textContent('.confirmed'), /还没有人/);
    await page.click('button[data-act=confirm]');
    await page.click('[data-act=take-back]');
    await page.waitForSelector('[data-letter]', { state: 'detached' });
    await page.waitForTimeout(6000);
    assert.equal(posts, 0, 'what was taken back is not sent');
    await page.click('button[data-act=confirm]');
    await page.waitForSelector('[data-outcome]', { timeout: 15000 });
    await page.waitForFunction(() => /骑手.*确认/.test(document.querySelector('.confirmed').textContent), null, { timeout: 15000 });
    assert.equal(posts, 1);
    assert.equal((await record(place.id)).confirmed_as, 'rider');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('what is said without a network waits on the phone, over a reload, and arrives once', async () => {
    const place = await makePlace();
    const { context, page, faults, quiet } = await phone({}, [/ERR_INTERNET_DISCONNECTED|Failed to load resource/, /maplibre|AJAXError|Failed to fetch/]);
    await page.goto(`${server.base}/#/place/${place.id}`);
    await page.click('button[data-act=tell]');
    await page.click('[data-problem=missing_facility]');
    await page.click('button[data-act=send]');
    await page.waitForSelector('.tell .field-error'); // which one is owed
    await page.click('.tell [data-amenity=charging]');
    await quiet();
    await context.setOffline(true);
    await page.click('button[data-act=send]');
    await page.waitForSelector('[data-letter=waiting]', { timeout: 15000 });
    await context.setOffline(false);
    await page.waitForSelector('[data-outcome]', { timeout: 20000 });

    await page.click('button[data-act=tell]');
    await page.click('[data-problem=other]');
    await page.fill('textarea[name=tell_words]', '名字写错了');
    await page.click('button[data-act=send]');
    await page.waitForSelector('[data-letter=held]');
    await page.goto('about:blank'); // it goes out while the page goes, or when it comes again
    await page.goto(`${server.base}/#/mine`);
    await page.waitForFunction(() => document.querySelectorAll('.cards [data-report] .badge').length === 2, null, { timeout: 20000 });
    assert.equal(await page.$('[data-letter]'), null);
    const { reports } = await ask('GET', `/v1/reports?kind=place_feedback&place=${place.id}`);
    assert.deepEqual(reports.map(({ category, amenity }) => [category, amenity]), [['other', undefined], ['missing_facility', 'charging']]);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the rider shows where a place has moved to, and staff moves it there', async () => {
    const place = await makePlace();
    const rider = await phoneAt(place);
    await rider.page.click('button[data-act=tell]');
    await rider.page.click('[data-problem=moved]');
    await rider.page.waitForSelector('.map-box canvas');
    await rider.page.touchscreen.tap(250, 250);
    await rider.page.waitForSelector('.pin-spot', { state: 'attached' });
    await rider.page.click('button[data-act=send]');
    await rider.page.waitForSelector('[data-outcome]', { timeout: 15000 });
    const [report] = (await ask('GET', `/v1/reports?kind=place_feedback&place=${place.id}`)).reports;
    const staff = await desk(`#/feedback/${report.id}`);
    await staff.page.waitForSelector('.mend input[value=move]:checked');
    await staff.page.click('button[data-act=mend]');
    await staff.page.waitForSelector('.detail-head .badge[data-state=handled]');
    assert.deepEqual((await record(place.id)).location, report.moved_to);
    assert.deepEqual([...rider.faults, ...staff.faults], []);
    await rider.context.close();
    await staff.context.close();
  });

  test('the desk says so where nothing fits, and opens a place off the map by its number', async () => {
    const place = await makePlace();
    await ask('DELETE', `/v1/places/${place.id}?version=${place.version}`);
    const staff = await desk('#/place?text=qqxxzzvv');
    await staff.page.waitForSelector('.queue .notice');
    await staff.page.click('.queue .notice button');
    await staff.page.waitForSelector('.rows li');
    await staff.page.fill('input[name=words]', String(place.id));
    await staff.page.click('.by-number');
    await staff.page.waitForSelector('.off-map');
    await staff.page.selectOption('.place-filters select[name=category]', 'fuel');
    await until(async () => /category=fuel/.test(staff.page.url()));
    assert.deepEqual(staff.faults, []);
    await staff.context.close();
  });
});
