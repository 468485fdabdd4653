// QR codes before the camera of the rider's app and of the desk's counter, all drawn by the server itself (see pages.test.mjs for how to run it).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { violations } from './axe.mjs';
import { chromiumPath, DESK, hasChromium, launch, openPage, PHONE, signIn } from './browser.mjs';
import { fillCommunity, PASSWORD, signInAt, soon } from './community-city.mjs';
import { fakeCamera } from './fake-camera.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of the scanner, because ${reason}`);

const SHOTS = process.env.SHOTS; // a folder for pictures to look at
const HERE = [-56.18, -34.9];
const PATIENCE_MS = 60_000;

describe('the scanner of QR codes', { skip: reason ?? false }, () => {
  const camera = fakeCamera();
  let server, browser, city, rider, easel;
  before(async () => {
    server = await startServer();
    city = await fillCommunity(server, HERE);
    rider = await signInAt(city.ask, city.riders[0].login);
    browser = await launch(...camera.args);
    easel = await (await browser.newContext()).newPage();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    camera.clean();
  });

  const svgOf = async (token, path) => {
    const answer = await fetch(server.base + path, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal(answer.headers.get('content-type'), 'image/svg+xml');
    return answer.text();
  };
  /** What nobody of ours draws: by the library of the page itself. */
  const foreignSvg = async (text) => (await import(new URL('../../web/node_modules/qr/index.js', import.meta.url).href)).default(text, 'svg', { border: 4 });
  async function open(options = {}, from = browser) {
    const { script, ...others } = options;
    const context = await from.newContext({ ...PHONE, locale: 'zh-CN', serviceWorkers: 'block', ...others });
    context.setDefaultTimeout(PATIENCE_MS);
    // All that the camera was opened for, to see that it is closed again.
    await context.addInitScript(() => {
      globalThis.streams = [];
      const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
      if (ask) navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await ask(wanted);
        globalThis.streams.push(stream);
        return stream;
      };
    });
    if (script) await context.addInitScript(script);
    return openPage(context, server.base);
  }
  async function look({ page, faults }, name) {
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/scan-${name}.png` });
    assert.deepEqual(await violations(page), [], name);
    assert.deepEqual(faults, [], name);
  }
  const isShut = () => globalThis.streams.length > 0 && globalThis.streams.every((stream) => stream.getTracks().every(({ readyState }) => readyState === 'ended'));
  async function signedIn() {
    const opened = await open();
    await opened.page.goto(`${server.base}/#/me`);
    await opened.page.click('[data-act=sign-in]');
    await opened.page.fill('input[name=name]', city.riders[0].login);
    await opened.page.fill('input[name=password]', PASSWORD);
    await opened.page.click('form button[type=submit]');
    await opened.page.waitForSelector('[data-act=sign-out]');
    return opened;
  }

  test('the poster of a branch leads from “Me” to its form, and the camera is closed', async () => {
    await camera.show(easel, await svgOf(city.union, `/v1/branches/${city.branch.id}/qr`));
    const opened = await open();
    await opened.page.goto(`${server.base}/#/me`);
    await opened.page.click('[data-entry=scan]');
    await opened.page.waitForSelector('.consent-text');
    assert.equal(new URL(opened.page.url()).hash, `#/join/${city.branch.join_url.split('/').at(-1)}`);
    await opened.page.waitForFunction(isShut);
    await opened.page.goBack();
    await opened.page.waitForSelector('[data-entry=scan]');
    assert.deepEqual(opened.faults, []);
    await opened.page.context().close();
  });

  test('the code shown at an activity is scanned there, and checks in when its owner says so', async () => {
    const activity = await city.ask(city.admin, 'POST', '/v1/activities', {
      kind: 'market', title: '午间大集', title_en: 'Market at noon', address: '北门广场', location: HERE, area_id: city.area, seats: 9, from: soon(0.4), to: soon(3), state: 'open',
    });
    await camera.show(easel, await svgOf(city.admin, `/v1/activities/${activity.id}/code/qr`));
    const opened = await signedIn();
    const { page } = opened;
    await page.goto(`${server.base}/#/activity/${activity.id}`);
    await page.click('[data-act=sign-up]');
    await page.waitForSelector('[data-signup=signed]');
    await page.click('.check-in [data-act=scan]');
    // The field is there before the scanner is, too.
    await page.waitForFunction(() => /^\w{4,}/.test(document.querySelector('#check-code')?.value ?? ''));
    await look(opened, 'check-in');
    await page.click('[data-act=check-code]');
    await page.waitForSelector('[data-signup=attended], [data-signup=confirmed]');
    await page.context().close();
  });

  test('a code of somebody else is shown as text and never opened; what is for the counter is said', async () => {
    const foreign = 'https://evil.example/join/23456789abcdefghjkmnpq';
    const others = [['other', await foreignSvg(foreign)], ['other', await foreignSvg('javascript:alert(1)')], ['other', await foreignSvg(`${server.base}/console/`)], ['card', await foreignSvg('4821-0937-5512-7760')]];
    for (const [meaning, svg] of others) {
      await camera.show(easel, svg);
      const opened = await open();
      await opened.page.goto(`${server.base}/#/scan`);
      await opened.page.waitForSelector(`[data-scanned=${meaning}]`);
      if (svg === others[0][1]) assert.equal(await opened.page.innerText('[data-scanned-text]'), foreign);
      assert.equal(await opened.page.locator('[data-scanned] a[href^=http]').count(), 0);
      assert.equal(new URL(opened.page.url()).hash, '#/scan');
      await look(opened, `refused-${meaning}`);
      await opened.page.context().close();
    }
  });

  test('where the reader cannot be fetched, the camera is closed and that is said', async () => {
    await camera.show(easel, null);
    const opened = await openPage((await open({ script: () => delete globalThis.BarcodeDetector })).page.context(), server.base, { expect: [/Failed to load resource/] });
    const { page, faults } = opened;
    await page.route('**/assets/decode-*.js', (route) => route.abort());
    await page.goto(`${server.base}/#/scan`);
    await page.waitForSelector('[data-camera=failed]');
    await page.waitForFunction(isShut);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test('the camera is closed while the page is hidden, and opened again; its torch is lit where it has one', async () => {
    await camera.show(easel, null);
    const opened = await open({
      script: () => {
        globalThis.asked = [];
        MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
        MediaStreamTrack.prototype.applyConstraints = async (wanted) => { globalThis.asked.push(wanted.advanced[0].torch); };
      },
    });
    const { page } = opened;
    await page.goto(`${server.base}/#/scan`);
    await page.waitForSelector('[data-camera=on]');
    await look(opened, 'aim');
    await page.click('[data-act=torch]');
    await page.click('[data-act=torch][aria-pressed=true]');
    await page.waitForSelector('[data-act=torch][aria-pressed=false]');
    assert.deepEqual(await page.evaluate(() => globalThis.asked), [true, false]);
    const see = (state) => page.evaluate((now) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => now });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
    await see('hidden');
    await page.waitForFunction(isShut);
    await see('visible');
    await page.waitForSelector('[data-camera=on]');
    assert.equal(await page.evaluate(isShut), false);
    await page.evaluate(() => { location.hash = '#/settings'; });
    await page.waitForSelector('[data-setting=text]');
    await page.waitForFunction(isShut);
    await page.context().close();
  });

  test('the browser’s own detector is asked first, and one that fails is not asked again', async () => {
    const svg = await svgOf(city.union, `/v1/branches/${city.branch.id}/qr`);
    const detector = (detect) => `globalThis.BarcodeDetector = class { static getSupportedFormats() { return Promise.resolve(['qr_code']); } async detect() { ${detect} } };`;
    for (const [detect, scene, isFetched] of [[`return [{ rawValue: '${city.branch.join_url}' }];`, null, false], ['throw new Error("no service");', svg, true]]) {
      await camera.show(easel, scene);
      const opened = await open({ script: detector(detect) });
      const asked = [];
      opened.page.on('request', (request) => asked.push(request.url()));
      await opened.page.goto(`${server.base}/#/scan`);
      await opened.page.waitForSelector('.consent-text');
      assert.equal(asked.some((url) => /assets\/decode-/.test(url)), isFetched);
      assert.deepEqual(opened.faults, []);
      await opened.page.context().close();
    }
  });

  test('without a camera, or without leave to use it, a picture or the code by hand will do', async () => {
    const png = await camera.show(easel, await svgOf(city.union, `/v1/branches/${city.branch.id}/qr`));
    for (const [state, permissions, words] of [['none', ['camera'], []], ['refused', [], ['--use-fake-device-for-media-stream']]]) {
      const bare = await launch(...words);
      try {
        const opened = await open({ permissions, colorScheme: 'dark' }, bare);
        const { page } = opened;
        if (state === 'refused') {
          const cdp = await page.context().newCDPSession(page);
          await cdp.send('Browser.setPermission', { permission: { name: 'camera' }, setting: 'denied', origin: server.base });
        }
        await page.goto(`${server.base}/#/scan`);
        await page.waitForSelector(`[data-camera=${state}]`);
        await look(opened, state);
        const choose = (buffer, mimeType = 'image/png') => page.setInputFiles('input[name=scan_picture]', { name: 'picture', mimeType, buffer });
        await choose(makePicture());
        await page.waitForSelector('[data-picture-trouble]');
        await choose(Buffer.from('no picture at all'));
        await page.waitForFunction(() => document.querySelector('[data-picture-trouble]')?.textContent.includes('JPEG'));
        await choose(png);
        await page.waitForSelector('.consent-text');
        assert.deepEqual(opened.faults, []);
      } finally {
        await bare.close();
      }
    }
  });

  test('what is typed leads where it says, and nowhere but within this server', async () => {
    await camera.show(easel, null);
    const code = city.branch.join_url.split('/').at(-1);
    const host = new URL(server.base).host;
    const opened = await open();
    const { page } = opened;
    for (const [typed, hash] of [
      [code, `#/join/${code}`], [` ${city.branch.join_url} `, `#/join/${code}`], [`${host}/join/${code}`, `#/join/${code}`], [`/join/${code}`, `#/join/${code}`],
      [`${server.base}/activities/${city.activity.id}?code=x&other=y`, `#/activity/${city.activity.id}?code=x`], [`${server.base}/#/vote/${city.vote.id}`, `#/vote/${city.vote.id}`],
      [`https://evil.example/join/${code}`, null], [`//evil.example/join/${code}`, null], [`${server.base}@evil.example/join/${code}`, null], [`${server.base}/constructor/1`, null],
      [`${server.base}/join/a/b`, null], [`${server.base}/#/nowhere`, null], ['4821-0937-5512-7760', null], ['javascript:alert(1)', null], ['工会', null],
    ]) {
      await page.goto(`${server.base}/#/settings`);
      await page.waitForSelector('[data-setting=text]');
      await page.goto(`${server.base}/#/scan`);
      await page.fill('#join-code', typed);
      await page.click('[data-act=open-code]');
      if (hash === null) {
        await page.waitForSelector('#join-code-bad');
        assert.equal(new URL(page.url()).hash, '#/scan', typed);
      } else {
        await page.waitForFunction((wanted) => location.hash === wanted, hash);
      }
      assert.equal(new URL(page.url()).host, host, typed);
    }
    await page.goto(`${server.base}/#/join/23456789abcdefghjkmnpq`).then(() => page.waitForSelector('.notice [data-act=scan]'));
    await page.context().close();
  });

  test('the counter at the desk scans the code of a reward, and lets a foreign one be', async () => {
    await city.ask(city.admin, 'POST', '/v1/points', { person: city.riders[0].id, kind: 'service', amount: 80, area_id: city.area, reason: '大集志愿者' });
    const { id } = await city.ask(rider, 'POST', `/v1/rewards/${city.reward.id}/redeem`);
    await camera.show(easel, await foreignSvg('https://evil.example/'));
    const opened = await open({ ...DESK, isMobile: false, hasTouch: false });
    const { page } = opened;
    await signIn(page, server.base, server.staff);
    await page.goto(`${server.base}/console/#/verify`);
    await page.click('[name=scan]');
    await page.waitForSelector('[data-foreign]');
    await look(opened, 'counter');
    await page.click('[name=scan]');
    await page.waitForFunction(isShut);
    await camera.show(easel, await svgOf(rider, `/v1/me/redemptions/${id}/qr`));
    await page.click('[name=scan]');
    await page.click('[data-redemption] [name=take]');
    await page.waitForSelector('[data-taken]');
    assert.equal(await page.locator('.scanner').count(), 0);
    assert.deepEqual(opened.faults, []);
    await page.context().close();
  });
});
