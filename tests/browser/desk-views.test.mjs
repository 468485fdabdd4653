// Every view of the desk in a real browser, light and dark: nothing wrong on its console, and no grave fault for who cannot see or use a mouse.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { violations } from './axe.mjs';
import { chromiumPath, DESK, hasChromium, launch, openPage, signIn } from './browser.mjs';
import { fillCommunity, signInAt } from './community-city.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the tests of the desk's views, because ${reason}`);

const HERE = [-56.1822, -34.8985]; // in the demo city

describe('the views of the desk', { skip: reason ?? false }, () => {
  let server;
  let browser;
  let views;

  async function fill() {
    const city = await fillCommunity(server, HERE);
    const { ask, admin } = city;
    const sent = [];
    for (let i = 0; i < 3; i++) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ category: 'manhole', lon: HERE[0] + i * 0.001, lat: HERE[1], description: `井盖 ${i}` })) form.set(name, String(value));
      form.append('photo', new Blob([makePicture(320, 7 + i)], { type: 'image/png' }), 'photo.png');
      sent.push(await ask(admin, 'POST', '/v1/reports', form));
    }
    const { closures } = await ask(admin, 'GET', '/v1/closures?limit=1');
    const closure = closures[0] ?? await ask(admin, 'POST', '/v1/closures', { geometry: { type: 'Point', coordinates: HERE }, radius_m: 40, effect: 'closed', reason: '道路施工' });
    const { places } = await ask(admin, 'GET', `/v1/places?near=${HERE.join(',')}&limit=1`);
    const form = new FormData();
    form.append('photo', new Blob([makePicture(320, 11)], { type: 'image/png' }), 'photo.png');
    const rider = await signInAt(ask, city.riders[0].login), picture = await ask(rider, 'POST', '/v1/pictures', form);
    const story = await ask(rider, 'POST', '/v1/me/stories', { title: '雪夜送药', body: '那天雪很大。', area_id: city.area, pictures: [picture.id] });
    return { ...city, sent, closure, story, place: places[0] };
  }

  /** What is opened beside the pages of the menu, which are found in the menu. */
  const further = ({ sent, place, closure, story, news, lesson, activity, vote, branch, offer, reward, proposal }) => [
    `report/${sent[0].id}`, 'report?view=map', 'report?view=table', `report/${proposal.id}?kind=proposal`, `place/${place.id}`, `closures/${closure.id}`, 'account',
    `posts/${news.id}`, `posts/${lesson.id}`, 'posts/new', `stories/${story.id}`, 'stories?state=shown', `activities/${activity.id}`, 'activities/new', 'activities/tally', 'activities/deeds', `votes/${vote.id}`, 'votes/new',
    'voices/results', 'voices/comments', `members/${branch.id}`, `members/${branch.id}/members`, 'members/new', `offers/${offer.id}`, 'offers/new', `rewards/${reward.id}`, 'rewards/new',
    'points/ledger', 'points/give',
  ];

  before(async () => {
    server = await startServer();
    browser = await launch();
    const city = await fill();
    const { page, context } = await desk('light');
    const menu = await page.$$eval('.side-menu a[data-tab]', (links) => links.map((link) => link.getAttribute('href').replace(/^#\//, '')));
    assert.ok(menu.length >= 15, `${menu}`);
    views = [...menu, ...further(city)];
    await context.close();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function desk(look) {
    const context = await browser.newContext({ ...DESK, locale: 'zh-CN', colorScheme: look });
    const opened = await openPage(context, server.base);
    await signIn(opened.page, server.base, server.staff);
    return { context, ...opened };
  }

  for (const look of ['light', 'dark']) {
    test(`each is read and used by anybody, and is quiet on the console: ${look}`, async () => {
      const { context, page, faults, quiet } = await desk(look);
      assert.equal(await page.getAttribute('html', 'theme-mode'), look);
      const found = [];
      for (const view of views) {
        await page.evaluate((to) => { location.hash = `#/${to}`; }, view);
        await quiet(600);
        await page.waitForFunction(() => !document.querySelector('main .spinner'));
        const name = view.replaceAll(/[^a-z]+/g, '-');
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${look}-${name}.png` });
        assert.ok((await page.textContent('main')).trim().length > 10, `${view} is not empty`);
        found.push(...(await violations(page)).map((what) => `${view}: ${what}`), ...faults.splice(0).map((what) => `${view}: ${what}`));
      }
      assert.deepEqual(found, []);
      await context.close();
    });
  }

  /** What the map on a page shows, by its pixels: how many colours, how many pixels are likely to be what, and how light they are (0 to 255). */
  async function pixels(page) {
    const shot = (await page.locator('[data-map]').screenshot()).toString('base64');
    return page.evaluate(async (text) => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
      canvas.drawImage(image, 0, 0);
      const { data } = canvas.getImageData(0, 0, image.width, image.height);
      const seen = { colours: new Set(), red: 0, blue: 0, light: 0 };
      for (let i = 0; i < data.length; i += 4) {
        const [r, g, b] = data.subarray(i, i + 3);
        seen.colours.add((r << 16) | (g << 8) | b);
        if (r > g + 30 && r > b + 30) seen.red++;
        if (b > r + 80 && b > g + 60) seen.blue++;
        seen.light += (r + g + b) / 3;
      }
      return { colours: seen.colours.size, red: seen.red, blue: seen.blue, light: seen.light / (data.length / 4) };
    }, shot);
  }

  test('each map is dark where the desk is, and turns with it while it is open', async () => {
    const { context, page, faults } = await desk('dark');
    const { reports } = await page.evaluate(async () => (await fetch('/v1/reports?limit=1')).json());
    const drawn = async (isDark) => {
      await page.waitForSelector('[data-map=drawn]', { timeout: 120_000 });
      const { light, colours } = await pixels(page);
      assert.ok((isDark ? light < 80 : light > 170) && colours > 20, `${page.url()}: ${light} light, ${colours} colours`);
    };
    for (const view of ['report?view=map', `report/${reports[0].id}`, 'place', 'closures', 'coverage?minutes=3', 'figures']) {
      await page.evaluate(() => { location.hash = '#/account'; });
      await page.waitForSelector('[data-map]', { state: 'detached' });
      await page.evaluate((to) => { location.hash = `#/${to}`; }, view);
      await drawn(true);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/map-${view.replaceAll(/[^a-z]+/g, '-')}.png` });
    }
    for (const look of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: look });
      await page.waitForSelector(`html[theme-mode=${look}]`);
      await drawn(look === 'dark');
    }
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the map of coverage shows streets, what is out of reach, and where the next place should stand', async () => {
    const { context, page, faults } = await desk('light');
    await page.evaluate(() => { location.hash = '#/coverage?minutes=3'; });
    await page.waitForSelector('[data-suggestion="1"]');
    await page.waitForSelector('[data-map=drawn]', { timeout: 120_000 });
    let seen = await pixels(page);
    for (const end = Date.now() + 60_000; Date.now() < end && (seen.red < 1000 || seen.blue < 100);) seen = await pixels(page);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/coverage-drawn.png` });
    assert.ok(seen.red > 1000 && seen.blue > 100 && seen.colours > 20, JSON.stringify(seen));
    assert.deepEqual(faults, []);
    await context.close();
  });
});
