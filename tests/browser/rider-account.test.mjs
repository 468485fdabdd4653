// A rider's own in the browser: what was voted and how it is shared out, seats and waiting for one, what is avoided, large text, what waits for a network, a copy of
// all of it, and the end of it (see pages.test.mjs for how to run it).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { chromiumPath, hasChromium, launch, openPage, PHONE } from './browser.mjs';
import { PASSWORD, soon } from './community-city.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';
import { fillShowcase } from './showcase-city.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of a rider's own, because ${reason}`);

const HERE = [-56.18, -34.9];
const END = '-56.166300,-34.894100';
const PATIENCE_MS = 60_000;

describe("a rider's own", { skip: reason ?? false }, () => {
  let server, browser, city, context, page, faults, rider;
  before(async () => {
    server = await startServer();
    city = await fillShowcase(server, HERE);
    browser = await launch();
    rider = city.riders[0];
    ({ context, page, faults } = await phone());
    await signIn(page, rider);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function phone(expect = []) {
    const opened = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: { longitude: HERE[0], latitude: HERE[1] }, permissions: ['geolocation'] });
    opened.setDefaultTimeout(PATIENCE_MS);
    return { context: opened, ...(await openPage(opened, server.base, { expect })) };
  }
  const open = (hash, on = page) => on.goto(`${server.base}/#/${hash}`);
  async function signIn(on, { login }) {
    await open('me', on);
    await on.click('[data-act=sign-in]');
    await on.fill('input[name=name]', login);
    await on.fill('input[name=password]', PASSWORD);
    await on.click('form button[type=submit]');
    await on.waitForSelector('[data-act=sign-out]');
  }
  async function addActivity(title, seats) {
    return city.ask(city.admin, 'POST', '/v1/activities', { kind: 'duty', title, address: '北门', location: HERE, area_id: city.area, seats, from: soon(0.5), to: soon(3), state: 'open' });
  }

  test('reads what a vote decided, and does the sum of the bonus again', async () => {
    await open(`vote/${city.bonus.id}`);
    await page.waitForSelector('[data-plan] tbody tr');
    assert.match(await page.innerText('[data-result]'), /通过[\s\S]*3\/3/);
    const plan = await city.ask(rider.token, 'GET', `/v1/votes/${city.bonus.id}/plan`);
    const shown = await page.$$eval('[data-plan] tbody tr', (rows) => rows.map((row) => Number(row.querySelector('td:last-child').textContent)));
    assert.deepEqual(shown, plan.rows.map(({ amount_fen }) => amount_fen / 100));
    assert.equal(Math.round(100 * shown.reduce((sum, one) => sum + one, 0)), plan.pot_fen);
    assert.equal(await page.locator('[data-plan] tr.mine').count(), 1);
    assert.deepEqual(faults, []);
  });

  test('waits for a seat, has it when somebody leaves, and checks in where it is', async () => {
    const activity = await addActivity('值守一席', 1);
    const first = await city.ask(city.riders[1].token, 'POST', `/v1/activities/${activity.id}/signup`);
    await open(`activity/${activity.id}`);
    await page.click('[data-act=sign-up]:not([disabled])');
    await page.waitForSelector('[data-signup=waiting]');
    assert.equal(await page.locator('[data-act=check-here]').count(), 0, 'who waits does not check in');
    await city.ask(city.riders[1].token, 'POST', `/v1/me/signups/${first.id}/cancel`);
    await open('signups');
    await open(`activity/${activity.id}`);
    await page.waitForSelector('[data-signup=signed]');
    await page.click('[data-act=check-here]:not([disabled])');
    await page.waitForSelector('[data-signup=attended]');
    assert.deepEqual(faults, []);
  });

  /** A spot of the line that was drawn, a good way from its ends, with nothing else around it. */
  async function spotOnLine() {
    const shot = (await page.screenshot({ type: 'png', scale: 'css' })).toString('base64');
    return page.evaluate(async (data) => {
      const picture = Object.assign(new Image(), { src: `data:image/png;base64,${data}` });
      await picture.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
      const pen = canvas.getContext('2d');
      pen.drawImage(picture, 0, 0);
      const { data: rgba } = pen.getImageData(0, 0, canvas.width, canvas.height);
      const isLine = (x, y) => [0x3d, 0x8b, 0xfd].every((want, i) => Math.abs(rgba[4 * (y * canvas.width + x) + i] - want) < 8);
      const isGlaring = (x, y) => {
        const at = 4 * (y * canvas.width + x);
        const [r, g, b] = rgba.subarray(at, at + 3);
        return r - Math.min(g, b) > 70 || (r > 120 && b - g > 50);
      };
      const bottom = document.querySelector('.sheet').getBoundingClientRect().top - 40;
      const spots = [];
      for (let y = 100; y < bottom; y += 2) for (let x = 30; x < canvas.width - 70; x += 2) if (isLine(x, y)) spots.push([x, y]);
      const free = spots.filter(([x, y]) => {
        for (let dy = -16; dy <= 16; dy += 2) for (let dx = -16; dx <= 16; dx += 2) if (isGlaring(x + dx, y + dy)) return false;
        return true;
      });
      return free[Math.floor(free.length / 2)] ?? null;
    }, shot);
  }

  test('avoids a spot of the way that was tapped, and the way back is one tap', async () => {
    await open(`way?to=${END}&view=steps`);
    await page.waitForSelector('.steps li');
    let spot = null;
    for (const end = Date.now() + PATIENCE_MS; spot === null && Date.now() < end; spot = await spotOnLine()) await page.waitForTimeout(300);
    assert.ok(spot, 'the line is there');
    await page.touchscreen.tap(...spot);
    const answered = page.waitForResponse((response) => /\/v1\/route\?.*avoid=/.test(response.url()));
    await page.click('[data-tap=avoid]');
    const route = await (await answered).json();
    await page.waitForSelector('.avoided');
    const ring = new URL((await answered).url()).searchParams.get('avoid').split(';').map((pair) => pair.split(',').map(Number));
    const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
    const inside = route.geometry.coordinates.filter(([lon, lat]) => lon > Math.min(...lons) && lon < Math.max(...lons) && lat > Math.min(...lats) && lat < Math.max(...lats));
    assert.deepEqual(inside, [], 'the way keeps out of it');
    const again = page.waitForResponse((response) => new URL(response.url()).pathname.startsWith('/route/v1/ebike/'));
    await page.click('[data-act=avoid-none]');
    assert.equal((await (await again).json()).code, 'Ok');
    assert.equal(await page.locator('.avoided').count(), 0);
    assert.deepEqual(faults, []);
  });

  test('reads it all in the largest text, with nothing to scroll sideways', async () => {
    await open('settings');
    await page.click('[data-setting=text] [data-choice=huge]');
    const views = [['', '.cards .card'], ['report', '.report'], ['mine', '.cards [data-report]'], [`way?to=${END}`, '.route-sum'], ['community', '[data-activity]'], ['activities', '[data-activity]'], ['votes', '[data-vote]'],
      [`vote/${city.vote.id}`, '[data-question]'], [`vote/${city.bonus.id}`, '[data-plan] td'], ['proposals', '[data-proposal]'], ['rewards', '[data-reward]'], ['points', '[data-balance]'], ['ranking', '.row.mine'],
      ['membership', '[data-card]'], ['inbox', '[data-message]'], ['me', '.entries'], ['settings', '[data-setting=text]'], ['privacy', '[data-act=export]'], ['profile', '[data-profile]']];
    const wide = [];
    for (const lang of ['zh', 'en']) {
      await open('settings');
      await page.click(`[data-setting=lang] [data-choice=${lang}]`);
      for (const [hash, seen] of views) {
        await open(hash);
        await page.waitForSelector(seen);
        wide.push(...await page.$$eval('html, body, .page-head, .page-body, .sheet-body, .tab-nav', (boxes, where) => boxes
          .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => `${where}: ${box.className || box.tagName} ${box.scrollWidth} of ${box.clientWidth}`), `${hash} ${lang}`));
      }
    }
    await open('settings');
    await page.click('[data-setting=text] [data-choice=normal]');
    await page.click('[data-setting=lang] [data-choice=zh]');
    assert.deepEqual(wide, []);
    assert.deepEqual(faults, []);
  });

  test('has a report sent by the service worker after the page was closed, when the network is back', async () => {
    const own = await phone([/ERR_INTERNET_DISCONNECTED|Failed to load resource|ERR_FAILED/, /maplibre/]);
    await open('report', own.page);
    await own.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await own.page.setInputFiles('input[name=photo]', { name: 'photo.png', mimeType: 'image/png', buffer: makePicture(240, 5) });
    await own.page.waitForSelector('.photos img');
    await own.page.click('[data-quick] >> nth=0');
    const said = `断网时写的 ${Date.now()}`;
    await own.page.fill('textarea[name=description]', said);
    await own.page.waitForSelector('.pin-spot', { state: 'attached' });
    await own.quiet();
    await own.context.setOffline(true);
    await own.page.click('.report button[type=submit]');
    await own.page.waitForSelector('[data-kept]');

    const other = await own.context.newPage(); // not one of the app's
    const session = await own.context.newCDPSession(other);
    const registered = new Promise((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const ours = registrations.find(({ scopeURL, isDeleted }) => scopeURL === `${server.base}/` && !isDeleted);
        if (ours) resolve(ours.registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    const registrationId = await registered;
    await own.page.close();
    await own.context.setOffline(false);
    await session.send('ServiceWorker.dispatchSyncEvent', { origin: server.base, registrationId, tag: 'letters', lastChance: false });
    const arrived = async () => (await city.ask(city.admin, 'GET', '/v1/reports?limit=50')).reports.filter(({ description }) => description === said);
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end && (await arrived()).length === 0;) await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal((await arrived()).length, 1, 'once');
    await open('mine', other);
    await other.waitForSelector('.cards [data-report]');
    assert.equal((await arrived()).length, 1, 'and not again by the page');
    assert.deepEqual(own.faults, []);
    await own.context.close();
  });

  test('takes a copy of it all, and then deletes the account by typing its login', async () => {
    await open('privacy');
    const loading = page.waitForEvent('download');
    await page.click('[data-act=export]');
    const file = await loading;
    assert.equal(file.suggestedFilename(), 'yizhan-export.json');
    const pages = [JSON.parse(readFileSync(await file.path(), 'utf8'))].flat();
    const text = JSON.stringify(pages);
    for (const part of [rider.login, city.reports[0].id, '暴雨夜协助疏导']) assert.ok(text.includes(part), `${part} is in it`);
    assert.ok(!text.includes(city.riders[1].login), 'and nothing of others');

    await page.click('[data-act=delete]');
    assert.ok(await page.locator('.confirm [data-act=yes]').isDisabled(), 'not before it is typed');
    await page.fill('#delete-login', rider.login);
    await page.click('.confirm [data-act=yes]:not([disabled])');
    await page.waitForSelector('[data-act=sign-in]');
    const answer = await fetch(`${server.base}/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: rider.login, password: PASSWORD }) });
    assert.equal(answer.status, 401);
    assert.deepEqual(faults, []);
    await context.close();
  });
});
