// Opening the rider's app: what is near does not wait for the map.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromiumPath, hasChromium, launch, openPage, PHONE } from './browser.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of opening the app, because ${reason}`);

const HERE = { latitude: -34.9052, longitude: -56.1868 };

describe('opening the app', { skip: reason ?? false }, () => {
  let server;
  let browser;
  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('the list is there, and leads to a place, while the map library is still on its way', async () => {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: HERE, permissions: ['geolocation'], serviceWorkers: 'block' });
    const { page, faults } = await openPage(context, server.base);
    const held = [];
    await page.route(/\/assets\/maplibre-.*\.js/, (route) => held.push(route));
    await page.goto(server.base);
    await page.waitForSelector('.cards .card');
    await page.click('.cards .card');
    await page.waitForSelector('.place [data-act=go]');
    assert.ok(held.length > 0, 'the map library is asked for');
    assert.equal(await page.locator('canvas.maplibregl-canvas').count(), 0);
    for (const route of held) await route.continue();
    await page.waitForSelector('canvas.maplibregl-canvas');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the second time the app opens on the list of the last time, until the server has answered', async () => {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: HERE, permissions: ['geolocation'], serviceWorkers: 'block' });
    const { page, faults, quiet } = await openPage(context, server.base);
    await page.goto(server.base);
    await page.waitForSelector('.cards[aria-busy=false] .walk');
    await quiet();
    const names = () => page.$$eval('.cards .card strong', (all) => all.map(({ textContent }) => textContent));
    const before = await names();
    const held = [];
    let holds = true;
    await page.route(/\/v1\/(places|categories)|\/tiles\/all\.json/, (route) => (holds ? held.push(route) : route.continue()));
    await page.reload();
    await page.waitForSelector('.cards .card');
    assert.match(await page.textContent('[data-last]'), /正在更新/);
    const last = await names();
    assert.ok(last.length > 0 && last.length <= before.length);
    assert.deepEqual(last, before.slice(0, last.length));
    assert.ok((await page.$$('.cards .walk')).length > 0, 'with the time to walk');
    holds = false;
    for (const route of held) await route.continue();
    await page.waitForSelector('[data-last]', { state: 'detached' });
    await page.waitForSelector('.cards[aria-busy=false]');
    assert.deepEqual(await names(), before);
    const { places } = JSON.parse(await page.evaluate(() => localStorage.getItem('yizhan.near')));
    assert.ok(places.length <= 8, 'as many as are seen at once');
    assert.deepEqual(faults, []);
    await context.close();
  });

  /** A page that has been open before, and keeps how it looked. */
  async function openedBefore(options = {}) {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: HERE, permissions: ['geolocation'], serviceWorkers: 'block', ...options });
    const opened = await openPage(context, server.base, { expect: [/ERR_FAILED/, /401/] });
    await opened.page.goto(server.base);
    await opened.page.waitForFunction(() => (JSON.parse(localStorage.getItem('yizhan.view'))?.map ?? '') !== '', null, { timeout: 90_000 });
    await opened.page.waitForSelector('.cards[aria-busy=false] .walk');
    await opened.quiet();
    return { ...opened, context };
  }
  const APP = /\/assets\/start-.*\.js/;
  /** The app is there, with the server's list of now. */
  const NOW = '#app[data-v-app] .heading:not(:has([data-last])) ~ .cards .card';

  test('what stood there the last time is there before the app is, with its map, and its links lead on', async () => {
    const { page, faults, context } = await openedBefore();
    const names = () => page.$$eval('.cards .card strong', (all) => all.map(({ textContent }) => textContent));
    const before = (await names()).slice(0, 8);
    const held = [];
    await page.route(APP, (route) => held.push(route));
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector('.cards .card');
    assert.equal(await page.locator('#app[data-v-app]').count(), 0, 'the app is not there');
    assert.deepEqual(await names(), before);
    assert.equal(await page.textContent('.heading h1'), '上次看到的');
    assert.match(await page.textContent('.heading'), /正在更新/);
    await page.waitForFunction(() => document.querySelector('.map-picture').naturalWidth > 0);
    assert.match(await page.textContent('.map-credit'), /OpenStreetMap/);
    const colour = await page.$eval('.cards .sign', (sign) => getComputedStyle(sign).backgroundColor);
    assert.match(colour, /^rgb\(/, 'as its category has it');
    assert.equal(await page.getAttribute('.sheet', 'class'), 'sheet middle');
    const chips = await page.$$eval('.chips > *', (all) => all.map((chip) => chip.getBoundingClientRect().left));
    assert.ok(chips.length > 2 && chips.length < 12 && chips.every((left) => left <= PHONE.viewport.width), `chips in sight, and no others: ${chips}`);
    await page.evaluate(() => document.querySelector('.search input').focus());
    await page.keyboard.type('厕所');
    await page.keyboard.press('Enter');
    assert.equal(page.url(), `${server.base}/`, 'what is typed before the app is there goes nowhere');
    await page.click('.cards li:nth-child(2) .card');
    for (const route of held) await route.continue();
    await page.waitForSelector('.place [data-act=go]');
    assert.ok((await page.textContent('.sheet-body')).includes(before[1]), before[1]);
    await page.waitForSelector('.map-picture', { state: 'detached' });
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('where the map is known before the app stands, the list becomes that of now', async () => {
    const { page, faults, context } = await openedBefore();
    let isExtentThere;
    const extentIsThere = new Promise((resolve) => (isExtentThere = resolve));
    await page.route('**/v1/categories', (route) => extentIsThere.then(() => route.continue()));
    page.on('requestfinished', (request) => {
      if (new URL(request.url()).pathname === '/tiles/all.json') setTimeout(isExtentThere, 300);
    });
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector(NOW);
    assert.equal(await page.locator('.field-error').count(), 0);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a browser that does not tell when it has painted gets the app, too', async () => {
    for (const poor of [() => delete globalThis.PerformanceObserver, () => Object.defineProperty(PerformanceObserver, 'supportedEntryTypes', { value: ['mark'] })]) {
      const { page, faults, context } = await openedBefore();
      await page.addInitScript(poor);
      await page.reload({ waitUntil: 'commit' });
      await page.waitForSelector(NOW);
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  /** Opened again on a device that looks where it is until told, by `tell()` or `fail()`; `asked`: what is asked for around where. */
  async function openedWhileLooking(here = HERE) {
    const opened = await openedBefore({ geolocation: here });
    const { page } = opened, before = await viewOf(page), asked = [];
    page.on('request', (request) => {
      const near = new URL(request.url()).searchParams.get('near');
      if (near !== null) asked.push(near);
    });
    await page.addInitScript((found) => {
      navigator.geolocation.getCurrentPosition = (tell, fail) => {
        globalThis.tell = () => tell({ coords: { ...found, accuracy: 20 } });
        globalThis.fail = () => fail({ code: 3 });
      };
    }, here);
    await page.reload({ waitUntil: 'commit' });
    return { ...opened, before, asked };
  }
  const isHere = (near) => near.startsWith(`${HERE.longitude}`);
  const viewOf = async (page) => (await page.getAttribute('.map-box', 'data-view')).split(',').map(Number);

  test('while the device looks where the rider is, list and map of the last time stay, and no other list is asked for', async () => {
    const there = { latitude: -34.9052, longitude: -56.165 }; // not in the middle of the map
    const { page, faults, context, before, asked } = await openedWhileLooking(there);
    await page.waitForSelector('[data-view]', { state: 'attached' });
    assert.match(await page.textContent('[data-last]'), /正在更新/);
    const [lon, lat, zoom] = await viewOf(page);
    assert.ok(Math.abs(lon - before[0]) < 0.006 && Math.abs(lat - before[1]) < 0.006 && Math.abs(zoom - before[2]) < 2, `${[lon, lat, zoom]}, before ${before}`);
    assert.deepEqual(asked, [], 'nothing is asked for elsewhere');
    await page.evaluate(() => globalThis.tell());
    await page.waitForSelector(NOW);
    assert.ok(asked.length > 0 && asked.every((near) => near.startsWith(`${there.longitude}`)), asked.join(' '));
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('coming back to the list leaves the map as it is, for who tells no position, too', async () => {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', permissions: [], serviceWorkers: 'block' });
    const { page, faults, quiet } = await openPage(context, server.base);
    await page.goto(server.base);
    await page.waitForSelector('[data-view]', { state: 'attached' });
    const first = await viewOf(page);
    await page.click('.cards li:nth-child(5) .card');
    await page.waitForFunction((was) => document.querySelector('.map-box').dataset.view !== was, first.map((n, i) => n.toFixed(i < 2 ? 5 : 2)).join());
    const seen = await viewOf(page);
    assert.notDeepEqual(seen, first);
    await page.click('.tab-nav a');
    await page.waitForSelector(NOW);
    await quiet(1500);
    assert.deepEqual(await viewOf(page), seen);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a device that does not find where it is holds the list up for some seconds only', async () => {
    const { page, faults, context, asked } = await openedWhileLooking();
    await page.waitForSelector(NOW, { timeout: 12_000 });
    assert.ok(asked.length > 0 && !asked.some(isHere), asked.join(' '));
    assert.match(await page.textContent('.heading h1'), /中心/);
    await page.evaluate(() => globalThis.fail());
    await page.waitForSelector('.toast'); // which says so
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('what was asked for while the device looks is not mistaken for what is near', async () => {
    const { page, faults, context } = await openedWhileLooking();
    await page.waitForSelector('#app[data-v-app] .chips [data-need=toilet]');
    let come;
    const mayCome = new Promise((resolve) => (come = resolve));
    await page.route(/\/v1\/places\?.*toilet/, (route) => mayCome.then(() => route.continue()));
    await page.click('.chips [data-need=toilet]');
    await page.waitForSelector('.chips [data-need=toilet][aria-pressed=true]');
    await page.click('.chips [data-need=toilet]');
    come();
    await page.waitForSelector(NOW);
    await page.waitForSelector('.cards[aria-busy=false]');
    const kinds = new Set(await page.$$eval('.cards .sign', (all) => all.map(({ textContent }) => textContent)));
    assert.ok(kinds.size > 1, `not toilets alone: ${[...kinds]}`);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a point tapped while the device looks stays when it has found', async () => {
    const { page, faults, context, asked } = await openedWhileLooking();
    await page.waitForSelector('.map-picture', { state: 'detached' });
    const box = await page.locator('canvas.maplibregl-canvas').boundingBox();
    await page.mouse.click(box.x + box.width * 0.3, box.y + 150);
    await page.waitForSelector('.pin-tap');
    await page.evaluate(() => globalThis.tell());
    await page.waitForSelector('.pin-me');
    await page.waitForSelector(NOW);
    assert.equal(await page.locator('.pin-tap').count(), 1);
    assert.ok(!asked.some(isHere), asked.join(' '));
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('with the list of the last time the map is made after that of now', async () => {
    const { page, faults, context } = await openedBefore();
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.replace(/-[\w-]+\.js$/, '')));
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector('canvas.maplibregl-canvas');
    const [list, map] = ['/v1/places', '/assets/maplibre'].map((path) => asked.indexOf(path));
    assert.ok(list >= 0 && list < map, asked.join(' '));
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the kept map goes when the live one is drawn', async () => {
    const { page, faults, context } = await openedBefore({ colorScheme: 'dark' });
    let come;
    const mayCome = new Promise((resolve) => (come = resolve));
    await page.route(/\/assets\/maplibre-.*\.js/, (route) => mayCome.then(() => route.continue()));
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector('#app[data-v-app] .cards .card');
    assert.equal(await page.locator('.map-picture').count(), 1);
    assert.equal(await page.getAttribute('html', 'theme-mode'), 'dark');
    come();
    await page.waitForSelector('.map-picture', { state: 'detached' });
    assert.equal(await page.locator('canvas.maplibregl-canvas').count(), 1);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('another page is opened without the map of the first', async () => {
    const { page, faults, context } = await openedBefore();
    const place = await page.getAttribute('.cards .card', 'href');
    let come;
    const mayCome = new Promise((resolve) => (come = resolve));
    await page.route(/\/assets\/maplibre-.*\.js/, (route) => mayCome.then(() => route.continue()));
    await page.goto('about:blank');
    await page.goto(`${server.base}/${place}`);
    await page.waitForSelector('.place [data-act=go]');
    assert.equal(await page.locator('.map-picture').count(), 0);
    come();
    await page.waitForSelector('canvas.maplibregl-canvas');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a session that is over takes along what was seen', async () => {
    const { page, faults, context } = await openedBefore();
    // The server knows of no session; and nothing new is to be kept while this looks.
    await page.evaluate(() => localStorage.setItem('yizhan.signed_in', 'true'));
    await page.route(/\/assets\/maplibre-.*\.js|\/v1\/places/, () => {});
    await page.reload({ waitUntil: 'commit' });
    await page.waitForFunction(() => ['yizhan.view', 'yizhan.near'].every((store) => localStorage.getItem(store) === 'null'));
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('what stood there is not shown where it does not fit', async () => {
    const { page, faults, context } = await openedBefore();
    const kept = await page.evaluate(() => localStorage.getItem('yizhan.view'));
    await page.route(APP, () => {}); // the app never comes
    const isDrawn = async (text, path = '/') => {
      await page.evaluate((value) => localStorage.setItem('yizhan.view', value), text);
      await page.goto('about:blank');
      await page.goto(`${server.base}${path}`, { waitUntil: 'commit' });
      await page.waitForFunction(() => document.documentElement.hasAttribute('theme-mode'));
      return (await page.locator('#app > *').count()) > 0;
    };
    const changed = (change) => JSON.stringify({ ...JSON.parse(kept), ...change });
    assert.equal(await isDrawn(kept), true);
    assert.equal(await isDrawn(kept, '/#/me'), false, 'another page');
    assert.equal(await isDrawn(changed({ untilMs: Date.now() - 1 })), false, 'true no more');
    assert.equal(await isDrawn(changed({ width: 800 })), false, 'another window');
    assert.equal(await isDrawn(changed({ theme: 'dark' })), false, 'by night');
    assert.equal(await isDrawn(changed({ text: 'huge' })), false, 'in larger text');
    assert.equal(await isDrawn(changed({ locale: 'en-GB' })), false, 'another language');
    assert.equal(await isDrawn(changed({ version: '/assets/rider-old.js' })), false, 'another version');
    for (const broken of ['{', '3', 'null', changed({ html: 7 })]) assert.equal(await isDrawn(broken), false, broken);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('with another language what stood there is forgotten', async () => {
    const { page, faults, context } = await openedBefore();
    await page.goto(`${server.base}/#/settings`);
    await page.click('label:has-text("English")');
    await page.waitForFunction(() => localStorage.getItem('yizhan.view') === 'null');
    await page.click('.tab-nav a');
    await page.waitForFunction(() => JSON.parse(localStorage.getItem('yizhan.view'))?.locale === 'en-GB');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('an app that cannot be loaded says so', async () => {
    const { page, context } = await openedBefore();
    await page.route(APP, (route) => route.abort());
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector('.not-started');
    await page.unroute(APP);
    await page.click('.not-started');
    await page.waitForSelector('#app[data-v-app] .cards .card');
    await context.close();
  });

  test('a list of the last time that the server does not answer is told as such', async () => {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: HERE, permissions: ['geolocation'], serviceWorkers: 'block' });
    const { page, quiet } = await openPage(context, server.base);
    await page.goto(server.base);
    await page.waitForSelector('.cards[aria-busy=false] .walk');
    await quiet();
    await page.route(/\/v1\/places/, (route) => route.abort());
    await page.reload();
    await page.waitForSelector('.field-error');
    assert.match(await page.textContent('.field-error'), /之前的结果/);
    assert.ok((await page.$$('.cards .card')).length > 0);
    await context.close();
  });

  test('where nobody rides, and the server says so late, the list comes by distance', async () => {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', serviceWorkers: 'block' });
    const { page, faults } = await openPage(context, server.base);
    let isExtentThere;
    const extentIsThere = new Promise((resolve) => (isExtentThere = resolve));
    await page.route('**/v1/categories', async (route) => {
      await extentIsThere;
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), profiles: [] } });
    });
    page.on('requestfinished', (request) => {
      if (new URL(request.url()).pathname === '/tiles/all.json') setTimeout(isExtentThere, 300);
    });
    await page.goto(server.base);
    await page.waitForSelector('.cards .card');
    assert.doesNotMatch(await page.textContent('.cards'), /电动/, 'nobody is said to ride');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('without a position, what is near the centre is asked for once', async () => {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', permissions: [], serviceWorkers: 'block' });
    const { page, faults, quiet } = await openPage(context, server.base);
    const asked = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === '/v1/places' && searchParams.has('near')) asked.push(request.url());
    });
    await page.goto(server.base);
    await page.waitForSelector('.cards[aria-busy=false] .card');
    await quiet(3500); // longer than the app waits for the device
    assert.equal(asked.length, new Set(asked).size, asked.join('\n'));
    assert.deepEqual(faults, []);
    await context.close();
  });
});
