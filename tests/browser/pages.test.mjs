// The two pages in a real browser against a real server:
//   YIZHAN_BIN=…/yizhan node --test .      or      BASE_URL=http://… STAFF_NAME=… STAFF_PASSWORD=… node --test .
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { choose, chromiumPath, DESK, hasChromium, launch, openPage, PHONE, signIn } from './browser.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests, because ${reason}`);

const HERE = { latitude: -34.8985, longitude: -56.1822 }; // in the demo city, a kilometre from its nearest rest station
const MY_REPORTS = '我的上报';

describe('the pages', { skip: reason ?? false }, () => {
  let server;
  let browser;
  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  // What a test that failed left open would slow the next ones.
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function phone(options = {}, expect = []) {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: HERE, permissions: ['geolocation'], ...options });
    const opened = await openPage(context, server.base, { expect });
    return { context, ...opened };
  }

  async function signedIn() {
    const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
    const opened = await openPage(context, server.base);
    await signIn(opened.page, server.base, server.staff);
    return { context, ...opened };
  }

  /** Sends one report through the page and gives its id. */
  async function sendReport(page, words, seed) {
    await page.goto(`${server.base}/#/report`);
    await page.setInputFiles('input[name=photo]', { name: 'photo.png', mimeType: 'image/png', buffer: makePicture(320, seed) });
    const options = await page.waitForFunction(() => {
      const codes = [...document.querySelectorAll('select[name=category] option')].map((option) => option.value).filter(Boolean);
      return codes.length > 0 ? codes : null;
    });
    const codes = await options.jsonValue();
    await page.selectOption('select[name=category]', codes.includes('manhole') ? 'manhole' : codes[0]);
    await page.fill('textarea[name=description]', words);
    await page.click('button[type=submit]');
    await page.waitForSelector('.thanks');
    return decodeURIComponent(/#\/mine\/([^?]+)/.exec(page.url())[1]);
  }

  test('a rider sees the nearest places, picks one and gets a way there', async () => {
    const { context, page, faults } = await phone();
    await page.goto(server.base);
    await page.waitForSelector('.cards .card');
    const distances = await page.$$eval('.card .distance', (all) => all.map((one) => one.textContent));
    assert.ok(distances.length > 3);
    await page.waitForFunction(() => [...document.querySelectorAll('.card .distance')].every((one) => /分/.test(one.textContent)));
    assert.equal(await page.textContent('.heading h1'), '离我最近');

    await page.click('.chip[data-need=rest_station]');
    await page.waitForFunction(() => [...document.querySelectorAll('.card strong')].every((name) => name.textContent.includes('演示驿站')));
    await page.click('.cards .card');
    await page.waitForSelector('.place dl');
    await page.click('.place a.button-main');
    await page.waitForSelector('.steps li');
    assert.match(await page.textContent('.route-sum'), /分钟/);
    const minutes = (await page.textContent('.route-sum strong')).trim();
    const asked = page.waitForResponse((response) => new URL(response.url()).pathname.startsWith('/route/v1/foot/'));
    await page.click('[data-profile=foot]');
    assert.equal((await (await asked).json()).code, 'Ok', 'the line is that of the profile');
    await page.waitForFunction((before) => document.querySelector('.route-sum strong').textContent.trim() !== before, minutes);
    assert.ok(await lineIsDrawn(page), 'the line of the route is on the map');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a tap on the map asks again around that point', async () => {
    const { context, page, faults } = await phone({ permissions: [], geolocation: undefined });
    await page.goto(server.base);
    await page.waitForSelector('.cards .card');
    assert.equal(await page.textContent('.heading h1'), '离地图中心最近');
    await page.waitForSelector('.map-box canvas');
    await page.touchscreen.tap(60, 180);
    await page.waitForFunction(() => document.querySelector('.heading h1')?.textContent === '离所选位置最近');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the map has the icons of all that it shows, near and far out', async () => {
    const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
    const { page, faults, quiet } = await openPage(context, server.base);
    const answered = new Map(), warnings = [];
    page.on('response', (response) => answered.set(new URL(response.url()).pathname, response.status()));
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await page.goto(server.base);
    await page.waitForSelector('.map-box canvas');
    await quiet();
    for (let i = 0; i < 3; i++) {
      await page.click('.map-buttons .zoom >> nth=1');
      await page.waitForTimeout(500);
    }
    await quiet();
    for (const path of ['/tiles/sprite.json', '/tiles/sprite.png', '/tiles/places.json', '/tiles/areas,roads.json']) {
      assert.equal(answered.get(path), 200, path);
    }
    const zooms = new Set([...answered.keys()].flatMap((path) => /^\/tiles\/places\/(\d+)\//.exec(path)?.[1] ?? []));
    assert.ok(zooms.size > 2, `tiles of places were asked for at ${[...zooms]}`);
    // MapLibre warns of every icon that the sprite does not have.
    assert.deepEqual(warnings.filter((text) => /image|icon|sprite/i.test(text)), []);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the page speaks English when asked to, and remembers it', async () => {
    const { context, page, faults, quiet } = await phone();
    await page.goto(server.base);
    await page.waitForSelector('.cards .card');
    assert.match(await page.getAttribute('html', 'lang'), /^zh/);
    await choose(page, server.base, 'lang', 'en');
    await page.click('.tab-nav .tab-map');
    await page.waitForFunction(() => document.querySelector('.heading h1')?.textContent === 'Nearest to me');
    // A reload cuts off what the map is still fetching, which it would complain of.
    await quiet();
    await page.reload();
    await page.waitForFunction(() => document.querySelector('.heading h1')?.textContent === 'Nearest to me');
    assert.match(await page.getAttribute('html', 'lang'), /^en/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a report with a photo arrives, staff moves it, and the rider reads what became of it', async () => {
    const rider = await phone();
    const words = `井盖松动 ${Date.now()}`;
    const id = await sendReport(rider.page, words, Date.now() % 1000);
    assert.equal(await rider.page.getAttribute('.case-state .badge', 'data-state'), 'submitted');
    assert.match(await rider.page.textContent('.case dl'), /演示街道/);
    const seen = await rider.page.waitForFunction(() => {
      const photo = document.querySelector('.case .photo img');
      return photo?.complete && photo.naturalWidth;
    });
    assert.ok((await seen.jsonValue()) > 0);

    const staff = await signedIn();
    await staff.page.click(`a[data-report="${id}"]`);
    await staff.page.waitForSelector('.detail .words');
    assert.equal((await staff.page.textContent('.detail .words')).trim(), words);
    await staff.page.fill('textarea[name=reason]', '已核实，马上安排');
    await staff.page.click('button[data-move=accepted]');
    await staff.page.waitForSelector('.detail-head .badge[data-state=accepted]');
    await staff.page.waitForSelector(`a[data-report="${id}"] .badge[data-state=accepted]`);
    await staff.page.waitForSelector('.point-map canvas');

    await rider.page.waitForSelector('.case-state .badge[data-state=accepted]', { timeout: 10_000 }); // by itself
    const other = await phone();
    const later = await sendReport(other.page, `${words} 2`, 1 + (Date.now() % 1000));
    await staff.page.waitForSelector(`a[data-report="${later}"]`, { timeout: 10_000 });
    await other.context.close();
    assert.match(await rider.page.textContent('.history'), /已核实，马上安排/);
    assert.doesNotMatch(await rider.page.textContent('.history'), new RegExp(server.staff.name), 'a rider does not read the names of staff');
    await rider.page.goto(`${server.base}/#/mine`);
    await rider.page.waitForSelector(`[data-report="${id}"] .badge[data-state=accepted]`);
    assert.equal((await rider.page.textContent('.panel-head h1')).trim(), MY_REPORTS);
    assert.deepEqual([...rider.faults, ...staff.faults], []);
    await rider.context.close();
    await staff.context.close();
  });

  test('a report that could not be sent is kept and sent once when the network is back', async () => {
    const { context, page, faults } = await phone({}, [/ERR_INTERNET_DISCONNECTED|Failed to load resource/, /maplibre/]); // the map complains of tiles meanwhile
    await page.goto(`${server.base}/#/report`);
    await page.waitForSelector('select[name=category] option[value]:not([value=""])', { state: 'attached' });
    await page.setInputFiles('input[name=photo]', { name: 'photo.png', mimeType: 'image/png', buffer: makePicture(200, 7) });
    const code = await page.$eval('select[name=category]', (select) => [...select.options].map((option) => option.value).find(Boolean));
    await page.selectOption('select[name=category]', code);
    await page.waitForSelector('.pin-spot', { state: 'attached' });
    await context.setOffline(true);
    await page.click('button[type=submit]');
    await page.waitForSelector('[data-kept]');
    assert.match(await page.textContent('[data-kept]'), /网络/);
    const key = await page.getAttribute('[data-letter]', 'data-letter');
    assert.ok(key);
    await context.setOffline(false);
    await page.waitForSelector('.cards [data-report]');
    await page.waitForSelector(`[data-letter="${key}"]`, { state: 'detached' });
    assert.equal(await page.locator('.cards [data-report]').count(), 1);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a photo from a large camera is made smaller before it is sent, and stays the picture it was', async () => {
    const { context, page, faults } = await phone();
    const large = makePicture(2700, 11);
    let sent = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') sent = request.sizes().then(({ requestBodySize }) => requestBodySize);
    });
    await page.goto(`${server.base}/#/report`);
    await page.waitForSelector('select[name=category] option[value=manhole]', { state: 'attached' });
    await page.setInputFiles('input[name=photo]', { name: 'large.png', mimeType: 'image/png', buffer: large });
    await page.selectOption('select[name=category]', 'manhole');
    await page.click('button[type=submit]'); // at once: sending waits for the photo
    await page.waitForSelector('.thanks');
    const id = decodeURIComponent(/#\/mine\/([^?]+)/.exec(page.url())[1]);
    const { photos } = await (await fetch(`${server.base}/v1/reports/${id}`)).json();
    assert.deepEqual(photos.map(({ width, height }) => [width, height]), [[2048, 2048]]);
    assert.ok((await sent) < large.length, 'fewer bytes went out than the camera made');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a file that the browser cannot read is sent as it is, and the refusal is told in words', async () => {
    const { context, page, faults } = await phone({}, [/415/]);
    await page.goto(`${server.base}/#/report`);
    await page.waitForSelector('select[name=category] option[value=manhole]', { state: 'attached' });
    await page.setInputFiles('input[name=photo]', { name: 'photo.heic', mimeType: 'image/heic', buffer: Buffer.from('no photo at all') });
    await page.selectOption('select[name=category]', 'manhole');
    await page.click('button[type=submit]');
    await page.waitForSelector('.send-trouble');
    assert.match(await page.textContent('.send-trouble'), /JPEG/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a form that lacks the photo and the category says so and sends nothing', async () => {
    const { context, page, faults } = await phone();
    let posts = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') posts++;
    });
    await page.goto(`${server.base}/#/report`);
    await page.waitForSelector('form.report');
    await page.click('button[type=submit]');
    const complaints = await page.$$eval('.field-error', (all) => all.map((one) => one.textContent));
    assert.equal(complaints.length, 2);
    assert.equal(posts, 0);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a wrong password is refused in words, and the desk stays closed', async () => {
    const context = await browser.newContext(DESK);
    const { page, faults } = await openPage(context, server.base, { expect: [/401|429/] });
    await page.goto(`${server.base}/console/`);
    await page.fill('input[name=name]', 'nobody');
    await page.fill('input[name=password]', 'not the password');
    await page.click('button[type=submit]');
    await page.waitForSelector('.sign-in .field-error');
    assert.equal(await page.$('.queue'), null);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the session of the desk is out of the reach of scripts, survives a reload, and ends everywhere at once', async () => {
    const { context, page, faults } = await signedIn();
    const kept = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));
    assert.doesNotMatch(kept, /yzs_/);
    const cookie = (await context.cookies()).find(({ name }) => name === 'yizhan');
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, 'Strict');
    await page.reload();
    await page.waitForSelector('.queue');
    await page.click('a.who');
    await page.waitForSelector('.open-sessions li');
    await page.click('button[name=everywhere]');
    await page.waitForSelector('.sign-in');
    await page.reload();
    await page.waitForSelector('.sign-in');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a place and a report that do not exist are told as such, with a way back', async () => {
    const { context, page, faults } = await phone({}, [/404/]);
    await page.goto(`${server.base}/#/place/999999999`);
    await page.waitForSelector('.notice-error');
    await page.click('.back');
    await page.waitForSelector('.cards .card');
    await page.goto(`${server.base}/#/mine/no-such-report`);
    await page.waitForSelector('.notice-error');
    assert.deepEqual(faults, []);
    await context.close();
  });
});

/** Whether pixels of the route's colour are on the screen. */
async function lineIsDrawn(page) {
  for (let i = 0; i < 20; i++) {
    await page.waitForTimeout(300);
    const shot = (await page.screenshot({ type: 'png' })).toString('base64');
    const found = await page.evaluate(async (data) => {
      const picture = new Image();
      picture.src = `data:image/png;base64,${data}`;
      await picture.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
      const pen = canvas.getContext('2d');
      pen.drawImage(picture, 0, 0);
      const { data: rgba } = pen.getImageData(0, 0, canvas.width, canvas.height);
      let blue = 0;
      for (let p = 0; p < rgba.length; p += 4) {
        if (Math.abs(rgba[p] - 0x3d) < 6 && Math.abs(rgba[p + 1] - 0x8b) < 6 && Math.abs(rgba[p + 2] - 0xfd) < 6) blue++;
      }
      return blue > 400;
    }, shot);
    if (found) return true;
  }
  return false;
}
