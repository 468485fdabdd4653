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
