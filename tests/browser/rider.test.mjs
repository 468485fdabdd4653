// The rider's app as an app: from the first visit to a way, without a network, and for everybody (see pages.test.mjs for how to run it).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, describe, test } from 'node:test';
import { chromiumPath, hasChromium, launch, openPage, PHONE } from './browser.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of the rider's app, because ${reason}`);

const HERE = { latitude: -34.9052, longitude: -56.1868 };
const END = '-56.166300,-34.894100';
const OFFLINE = [/ERR_INTERNET_DISCONNECTED|Failed to load resource|ERR_FAILED/, /maplibre/]; // the map complains of tiles meanwhile
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe("the rider's app", { skip: reason ?? false }, () => {
  let server;
  let browser;
  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function phone(options = {}, expect = []) {
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: HERE, permissions: ['geolocation'], ...options });
    return { context, ...(await openPage(context, server.base, { expect })) };
  }
  const ask = async (path) => (await fetch(server.base + path)).json();
  const listed = (page) => page.$$eval('.cards .card', (all) => all.map((card) => Number(card.dataset.place)));

  test('a first visit leads to the nearest toilets by time, alone or in a station, and a way to the first', async () => {
    const { page, faults } = await phone();
    await page.goto(server.base);
    await page.waitForSelector('.cards .card');
    await page.click('.chip[data-need=toilet]');
    const near = `near=${HERE.longitude},${HERE.latitude}&by=time&profile=ebike&limit=30&fields=location,open`;
    const [alone, inside] = await Promise.all([ask(`/v1/places?${near}&category=toilet`), ask(`/v1/places?${near}&amenities=toilet`)]);
    const all = new Map([...alone.places, ...inside.places].map((place) => [place.id, place]));
    const isShut = ({ open }) => open?.state === 'closed';
    const right = [...all.values()].sort((a, b) => isShut(a) - isShut(b) || a.duration_s - b.duration_s).slice(0, 30).map(({ id }) => id);
    assert.ok(right.length > 0);
    await page.waitForFunction((ids) => {
      const now = [...document.querySelectorAll('.cards .card')].map((card) => Number(card.dataset.place));
      return now.length === ids.length && ids.includes(now[0]) && now.every((id) => ids.includes(id));
    }, right);
    assert.equal((await listed(page))[0], right[0]);
    await page.waitForSelector('.cards .walk');

    await page.click('.chip[data-filter=open]');
    await page.waitForFunction(() => location.hash.includes('open=now') && [...document.querySelectorAll('.cards .card')].every((card) => card.querySelector('[data-open=open]')));
    await page.click('.chip[data-filter=open]');
    await page.click(`.card[data-place="${right[0]}"]`);
    await page.click('.place [data-act=go]');
    await page.waitForSelector('.steps li');
    assert.match(await page.textContent('.route-sum strong'), /分钟/);
    assert.deepEqual(faults, []);
  });

  test('what is typed is understood, and a place is handed over to other maps in their own coordinates', async () => {
    const { page, faults } = await phone();
    await page.goto(server.base);
    await page.fill('input[name=search]', '演示驿站');
    await page.click('[data-suggestion=place]');
    await page.waitForSelector('.place dl');
    const id = Number(/#\/place\/(\d+)/.exec(page.url())[1]);
    await page.click('[data-act=hand-over]');
    await page.waitForSelector('[data-map=baidu]');
    const [lon, lat] = (await ask(`/v1/places/${id}?crs=gcj02&fields=location`)).location;
    const [lon2, lat2] = (await ask(`/v1/places/${id}?crs=bd09&fields=location`)).location;
    assert.ok((await page.getAttribute('[data-map=amap]', 'href')).startsWith(`https://uri.amap.com/navigation?to=${lon},${lat},`));
    assert.match(await page.getAttribute('[data-map=tencent]', 'href'), new RegExp(`tocoord=${lat},${lon}&`));
    assert.match(await page.getAttribute('[data-map=baidu]', 'href'), new RegExp(`location=${lat2},${lon2}&`));
    assert.deepEqual(faults, []);
  });

  test('on the way somewhere, what costs the least detour comes first', async () => {
    const { page, faults } = await phone();
    await page.goto(`${server.base}/#/way?to=${END}`);
    await page.waitForSelector('.cards [data-detour]');
    const right = (await ask(`/v1/places?along=${HERE.longitude},${HERE.latitude};${END}&profile=ebike&detour=900&limit=30&fields=location`)).places.map(({ id }) => id);
    assert.deepEqual(await listed(page), right);
    await page.click('[data-view=steps]');
    await page.waitForSelector('.steps li');
    // Without its end there is no way, neither on the map nor in the sheet.
    const isDrawn = () => page.evaluate(() => document.querySelector('.route-sum, .steps') !== null);
    await page.evaluate(() => { location.hash = '#/way'; });
    await page.waitForSelector('.panel-head + .search, .search');
    assert.equal(await isDrawn(), false);
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.evaluate((end) => { location.hash = `#/way?to=${end}&view=steps`; }, END);
    await page.waitForSelector('.steps li');
    assert.ok(asked.some((url) => url.includes('/v1/route?'))); // asked for anew, not shown from before
    assert.deepEqual(faults, []);
  });

  test('what sends a report is in reach from the first, and stands still while it is filled in', async () => {
    const { page, faults } = await phone();
    await page.goto(`${server.base}/#/report?kind=report`);
    await page.waitForSelector('.report .send');
    await page.waitForFunction(() => document.querySelector('.send').getBoundingClientRect().bottom <= window.innerHeight);
    await page.setInputFiles('input[name=photo]', { name: 'photo.png', mimeType: 'image/png', buffer: makePicture(240, 3) });
    await page.waitForSelector('.photos img');
    const small = await page.evaluate(() => [...document.querySelectorAll('.report button')].filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML));
    assert.deepEqual(small, []);
    assert.ok(await page.evaluate(() => document.querySelector('.send').getBoundingClientRect().bottom <= window.innerHeight));
    assert.deepEqual(faults, []);
  });

  const letterOf = (page, key) => page.evaluate((wanted) => new Promise((resolve) => {
    const opening = indexedDB.open('yizhan');
    opening.onsuccess = () => {
      const reading = opening.result.transaction('letters').objectStore('letters').get(wanted);
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result && { words: reading.result.draft?.description ?? null, photos: reading.result.photos?.length ?? 0 });
      };
    };
  }), key);
  async function until(what, ask) {
    for (const end = Date.now() + 30_000; Date.now() < end;) {
      if (await ask()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(what);
  }

  test('a draft outlives the page, down to the last word, and leaves with what was sent', async () => {
    const { page, faults } = await phone({}, OFFLINE); // the map complains of tiles that were on their way
    const atOnce = () => Promise.all([page.waitForEvent('load'), page.evaluate(() => location.reload())]);
    await page.goto(`${server.base}/#/report?kind=report`);
    await page.setInputFiles('input[name=photo]', { name: 'photo.png', mimeType: 'image/png', buffer: makePicture(240, 3) });
    await page.waitForSelector('.photos img');
    await until('the photo is kept', async () => (await letterOf(page, 'draft-photos'))?.photos === 1);
    await page.click('[data-kind=difficulty]');
    await page.click('[data-quick] >> nth=0');
    const category = await page.inputValue('select[name=category]');
    await page.fill('textarea[name=description]', '写到一半');
    await atOnce();
    await page.waitForSelector('textarea[name=description]');
    assert.equal(await page.inputValue('textarea[name=description]'), '写到一半');
    assert.equal(await page.locator('.photos img').count(), 1);
    assert.equal(await page.inputValue('select[name=category]'), category);
    assert.equal(await page.getAttribute('[data-kind=difficulty]', 'aria-pressed'), 'true');

    await page.fill('textarea[name=description]', '写完了');
    await atOnce();
    await page.waitForSelector('textarea[name=description]');
    assert.equal(await page.inputValue('textarea[name=description]'), '写完了');
    await page.click('.report button[type=submit]');
    await page.waitForFunction(() => location.hash.startsWith('#/mine/'));
    await until('nothing is left', async () => !(await letterOf(page, 'draft')) && !(await letterOf(page, 'draft-photos')));
    assert.deepEqual(faults, []);
  });

  test('a draft that was left for longer than three days is gone, with its photo', async () => {
    const { page, faults } = await phone();
    await page.goto(`${server.base}/#/report`);
    await page.waitForSelector('textarea[name=description]');
    await page.evaluate(() => new Promise((resolve, reject) => {
      const opening = indexedDB.open('yizhan');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const work = opening.result.transaction('letters', 'readwrite');
        const draft = { kind: 'report', category: '', description: '很久以前', address: '', where: 'map', accuracyM: null, answers: {} };
        work.objectStore('letters').put({ key: 'draft', draft, pin: null, atMs: Date.now() - 3 * 86_400_000 - 1 });
        work.objectStore('letters').put({ key: 'draft-photos', photos: [new File(['x'], 'x.png', { type: 'image/png' })] });
        work.oncomplete = () => resolve(opening.result.close());
        work.onabort = () => reject(work.error);
      };
    }));
    assert.ok(await letterOf(page, 'draft-photos'));
    await page.reload();
    await page.waitForSelector('textarea[name=description]');
    assert.equal(await page.inputValue('textarea[name=description]'), '');
    await until('nothing is left', async () => !(await letterOf(page, 'draft')) && !(await letterOf(page, 'draft-photos')));
    assert.deepEqual(faults, []);
  });

  test('drafts that are too old go when the app opens, though nobody opens their form again', async () => {
    const { page, faults } = await phone();
    await page.goto(`${server.base}/#/settings`);
    await page.waitForSelector('[data-setting=lang]');
    await page.evaluate(() => new Promise((resolve, reject) => {
      const opening = indexedDB.open('yizhan');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const work = opening.result.transaction('letters', 'readwrite');
        const keep = (key, atMs) => {
          work.objectStore('letters').put({ key, draft: {}, atMs });
          work.objectStore('letters').put({ key: `${key}-photos`, photos: [] });
        };
        keep('story-71-new', Date.now() - 3 * 86_400_000 - 1);
        keep('story-72-new', Date.now());
        work.oncomplete = () => resolve(opening.result.close());
        work.onabort = () => reject(work.error);
      };
    }));
    await page.reload();
    await until('the old one is gone', async () => !(await letterOf(page, 'story-71-new')) && !(await letterOf(page, 'story-71-new-photos')));
    assert.ok((await letterOf(page, 'story-72-new')) && (await letterOf(page, 'story-72-new-photos')), 'the new one stays');
    assert.deepEqual(faults, []);
  });

  test('without a network the app opens with what was near, and a report that is written then arrives after the page was closed', async () => {
    const { context, page, faults, quiet } = await phone({}, OFFLINE);
    await page.goto(server.base);
    await page.waitForSelector('.cards .card');
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await quiet();
    await page.reload(); // under the service worker
    await page.waitForSelector('.cards .card');
    await quiet();
    const before = await listed(page);
    await context.setOffline(true);
    await page.reload();
    await page.waitForSelector('.cards .card');
    await page.waitForSelector('.kept'); // in the place of what the app opens on
    assert.deepEqual(await listed(page), before);

    await page.click('.tab-nav .tab-report');
    await page.setInputFiles('input[name=photo]', { name: 'photo.png', mimeType: 'image/png', buffer: makePicture(240, 4) });
    await page.click('[data-quick=manhole], [data-quick] >> nth=0');
    await page.waitForSelector('.pin-spot', { state: 'attached' });
    await page.click('.report button[type=submit]');
    await page.waitForSelector('[data-kept]');
    const other = await context.newPage();
    await page.close();
    await context.setOffline(false);
    await other.goto(`${server.base}/#/mine`);
    await other.waitForSelector('.cards [data-report]');
    const id = await other.getAttribute('.cards [data-report]', 'data-report');
    assert.equal((await ask(`/v1/reports/${id}`)).photos.length, 1);
    await other.waitForFunction(() => document.querySelector('[data-letter]') === null);
    assert.equal(await other.locator('.cards [data-report]').count(), 1);
    assert.deepEqual(faults, []);
  });

  const VIEWS = [['home', '#/', '.cards .walk'], ['way', `#/way?to=${END}`, '[data-detour]'], ['report', '#/report', '.report'], ['mine', '#/mine', '.panel-head'],
    ['me', '#/me', '.entries'], ['settings', '#/settings', '[data-setting=text]']];
  for (const look of ['light', 'dark']) {
    test(`nobody is shut out of the main views, ${look}`, async () => {
      const { context, page, faults } = await phone();
      await context.addInitScript((chosen) => localStorage.setItem('yizhan.look', JSON.stringify(chosen)), look);
      const station = (await ask(`/v1/places?near=${HERE.longitude},${HERE.latitude}&category=rest_station&limit=1`)).places[0].id;
      const views = [...VIEWS, ['place', `#/place/${station}`, '.place dl'], ['route', `#/route/${station}`, '.steps li']];
      await page.goto(server.base);
      await page.waitForSelector('.tab-nav');
      assert.equal(await page.getAttribute('html', 'theme-mode'), look);
      await page.evaluate(axe); // past the policy of the page, as the browser's own tools are
      const found = [];
      for (const [name, address, ready] of views) {
        await page.evaluate((to) => { location.hash = to; }, address);
        await page.waitForSelector(ready);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        for (const { id, impact, nodes } of violations) {
          if (impact === 'serious' || impact === 'critical') found.push(`${name}: ${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
        }
      }
      assert.deepEqual(found, []);
      assert.deepEqual(faults, []);
    });
  }
});
