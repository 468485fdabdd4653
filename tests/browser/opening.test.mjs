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
});
