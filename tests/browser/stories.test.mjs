// Riders' own stories in a real browser: written on a phone, judged at the desk, read by all.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { violations } from './axe.mjs';
import { choose, chromiumPath, DESK, hasChromium, launch, openPage, PHONE, signIn } from './browser.mjs';
import { asker, PASSWORD, signInAt } from './community-city.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of riders' stories, because ${reason}`);

const HERE = [-56.1822, -34.8985]; // in the demo city
const PATIENCE_MS = 60_000;
const mark = Date.now().toString(36);

describe('riders’ own stories', { skip: reason ?? false }, () => {
  let server, browser, ask, admin, area, rider, phone, desk;
  before(async () => {
    server = await startServer();
    browser = await launch();
    ask = asker(server.base);
    admin = await signInAt(ask, server.staff.name, server.staff.password);
    const { areas } = await ask(null, 'GET', `/v1/areas?at=${HERE.join(',')}`);
    area = areas.reduce((least, one) => (one.level > least.level ? one : least)).id;
    rider = await ask(admin, 'POST', '/v1/people', { login: `lan${mark}`, name: '兰师傅', password: PASSWORD, role: 'rider' });
    phone = await opened({ ...PHONE, geolocation: { longitude: HERE[0], latitude: HERE[1] }, permissions: ['geolocation'] });
    desk = await opened(DESK, [/409|404/]);
    await signIn(desk.page, server.base, server.staff);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function opened(options, expect = []) {
    const context = await browser.newContext({ ...options, locale: 'zh-CN' });
    context.setDefaultTimeout(PATIENCE_MS);
    return { context, ...await openPage(context, server.base, { expect }) };
  }
  const onPhone = (hash) => phone.page.goto(`${server.base}/#/${hash}`);
  const atDesk = (hash) => desk.page.goto(`${server.base}/console/#/${hash}`);
  /** No fault, and nothing that keeps somebody out, on the page as it is now. */
  async function look({ page, faults }, name) {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/story-${name}.png`, fullPage: true });
    assert.deepEqual(await violations(page), [], name);
    assert.deepEqual(faults, [], name);
  }
  const mine = async () => (await ask(await signInAt(ask, rider.login), 'GET', '/v1/me/stories')).stories;
  async function write({ title, body }) {
    await onPhone('story/new');
    await phone.page.fill('#story-title', title);
    await phone.page.fill('#story-body', body);
    await phone.page.waitForFunction(() => document.querySelector('#area')?.value !== '');
  }
  async function send() {
    await phone.page.click('[data-act=send]:not([disabled])');
    await phone.page.waitForSelector('.thanks');
  }

  test('a rider finds the way from the news, signs in, and there is nothing yet', async () => {
    const { page } = phone;
    await onPhone('posts');
    await page.click('[data-act=write-story]');
    await page.fill('input[name=name]', rider.login);
    await page.fill('input[name=password]', PASSWORD);
    await look(phone, 'sign-in');
    await page.click('form button[type=submit]');
    await page.waitForSelector('[data-story-form]');
    await onPhone('posts');
    await page.click('[data-act=my-stories]');
    await page.waitForSelector('.notice a[href="#/story/new"]');
    await look(phone, 'none');
  });

  test('a story with a picture outlives a closed tab, and is sent once', async () => {
    await write({ title: `雪夜送药 ${mark}`, body: '那天**雪**很大。\n\n药送到了。' });
    await phone.page.setInputFiles('input[name=photo]', { name: 'a.png', mimeType: 'image/png', buffer: makePicture(320, 3) });
    await phone.page.waitForSelector('[data-story-form] .photo img');
    await phone.page.fill('#story-author', '小兰');
    assert.equal(await phone.page.inputValue('#area'), String(area), 'the area around the rider is chosen');
    await look(phone, 'form');

    const words = phone.page.waitForFunction(() => new Promise((resolve) => {
      const opening = indexedDB.open('yizhan', 1);
      opening.onsuccess = () => {
        const all = opening.result.transaction('letters').objectStore('letters').getAll();
        all.onsuccess = () => resolve(all.result.some(({ draft }) => draft?.author === '小兰') && all.result.some(({ photos }) => photos?.length === 1));
      };
    }));
    await words;
    await phone.page.close();
    Object.assign(phone, await openPage(phone.context, server.base));
    await onPhone('story/new');
    await phone.page.waitForSelector('[data-story-form] .photo img');
    assert.equal(await phone.page.inputValue('#story-title'), `雪夜送药 ${mark}`);
    await send();
    await phone.page.waitForSelector('[data-story][data-state=sent] img');
    const [sent, ...others] = await mine();
    assert.deepEqual([others.length, sent.state, sent.author, sent.pictures.length, sent.area_id], [0, 'sent', '小兰', 1, area]);
    await look(phone, 'waiting');
    await onPhone('story/new');
    await phone.page.waitForSelector('[data-story-form]');
    assert.equal(await phone.page.inputValue('#story-title'), '', 'what was sent is no draft any more');
  });

  test('the desk publishes it as it is and pins it, and everybody reads it in the news', async () => {
    const [sent] = await mine();
    await atDesk('stories');
    await desk.page.waitForSelector(`[data-row="${sent.id}"]`);
    assert.match(await desk.page.textContent('[data-count]'), /1/);
    await look(desk, 'desk-list');
    await desk.page.click(`[data-row="${sent.id}"] a`);
    await desk.page.waitForSelector('.hub-article strong');
    await desk.page.waitForFunction(() => document.querySelector('[data-picture] img')?.naturalWidth > 0);
    await look(desk, 'desk-judge');
    await desk.page.click('button[name=publish]');
    await desk.page.waitForSelector('[data-state=published]');
    await desk.page.check('input[name=pinned]');
    await desk.page.click('button[name=save]');
    await desk.page.waitForSelector('.hub-done');
    await look(desk, 'desk-published');
    assert.equal((await ask(null, 'GET', `/v1/posts/${sent.id}`)).pinned, true);
    await atDesk(`posts/${sent.id}`);
    await desk.page.waitForSelector('[data-state=published]');
    assert.match(desk.page.url(), /#\/stories\//, 'its words are not the desk’s to change');
    await atDesk('stories?state=shown');
    await desk.page.waitForSelector(`[data-row="${sent.id}"]`);

    await onPhone('inbox');
    await phone.page.click('[data-message="story.published"]');
    await phone.page.waitForSelector('[data-story-state=published]');
    await look(phone, 'published');
    await phone.page.click('[data-act=look]');
    await phone.page.waitForSelector('.prose strong');
    const guest = await opened(PHONE);
    await guest.page.goto(`${server.base}/#/posts`);
    await guest.page.click(`[data-post="${sent.id}"]`);
    await guest.page.waitForFunction(() => document.querySelector('.picture-strip img')?.naturalWidth > 0);
    assert.match(await guest.page.textContent('.card-box'), /小兰/);
    await guest.context.close();
  });

  test('another is sent back with the reason, which the rider reads, mends and sends again, and takes back', async () => {
    await write({ title: `爬楼的人 ${mark}`, body: '六楼没有电梯。' });
    await send();
    const [{ id }] = await mine();
    await atDesk(`stories/${id}`);
    await desk.page.click('button[name=return]');
    await desk.page.fill('input[name=return_reason]', '请写明时间和地点。');
    await look(desk, 'desk-return');
    await desk.page.click('button[name=return_sure]');
    await desk.page.waitForSelector('[data-state=returned]');
    await atDesk('stories?state=returned');
    await desk.page.waitForSelector(`[data-row="${id}"]`);
    await atDesk(`stories/${id}`);
    await desk.page.waitForSelector('[data-state=returned]');

    await onPhone('inbox');
    await phone.page.click('[data-message="story.returned"]');
    await phone.page.waitForSelector('[data-reason]');
    await onPhone('stories');
    await phone.page.waitForSelector(`[data-story="${id}"][data-state=returned]`);
    assert.match(await phone.page.textContent(`[data-story="${id}"]`), /请写明时间和地点/);
    await look(phone, 'returned-list');
    await phone.page.click(`[data-story="${id}"]`);
    await phone.page.waitForSelector('[data-reason]');
    assert.equal(await phone.page.textContent('[data-reason]'), '请写明时间和地点。');
    await look(phone, 'returned');
    await phone.page.fill('#story-body', '十一月的一个晚上，北门小区，六楼没有电梯。');
    await send();
    await phone.page.waitForSelector('[data-story-state=sent]');
    assert.deepEqual((await mine()).filter((one) => one.id === id).map((one) => [one.state, one.body]), [['sent', '十一月的一个晚上，北门小区，六楼没有电梯。']]);

    // What is open at the desk meanwhile is told to be another by now.
    await desk.page.reload();
    await desk.page.waitForSelector('button[name=publish]:not([disabled])');
    await phone.page.fill('#story-title', `爬六楼的人 ${mark}`);
    await phone.page.click('[data-act=send]:not([disabled])');
    await phone.page.waitForSelector('.thanks');
    await desk.page.click('button[name=publish]');
    await desk.page.waitForSelector('[data-stale]');
    assert.match(await desk.page.textContent('h1'), /爬六楼的人/);
    await look(desk, 'desk-stale');

    await phone.page.click('[data-act=remove]');
    await phone.page.click('.confirm [data-act=yes]');
    await phone.page.waitForSelector('.thanks');
    assert.equal((await mine()).some((one) => one.id === id), false);
    await desk.page.click('button[name=publish]');
    await desk.page.waitForSelector('[data-gone]');
    await look(desk, 'desk-gone');
  });

  test('what staff decide while it is being mended is told, and what was typed stays', async () => {
    await write({ title: `桥洞 ${mark}`, body: '积水三十厘米。' });
    await send();
    const [{ id, version }] = await mine();
    const changing = await openPage(phone.context, server.base, { expect: [/409/] });
    await changing.page.goto(`${server.base}/#/story/${id}`);
    await changing.page.fill('#story-body', '积水三十厘米，绕行北路。');
    await ask(admin, 'PUT', `/v1/posts/${id}/judged`, { published: false, reason: '请补充照片', version });
    await changing.page.click('[data-act=send]:not([disabled])');
    await changing.page.waitForSelector('.send-trouble');
    assert.equal(await changing.page.textContent('[data-reason]'), '请补充照片');
    assert.equal(await changing.page.inputValue('#story-body'), '积水三十厘米，绕行北路。');
    await look(changing, 'moved');
    await changing.page.click('[data-act=send]:not([disabled])');
    await changing.page.waitForSelector('[data-story-state=sent]');
    await changing.page.fill('#story-body', '积水退了。');
    const again = (await mine()).find((one) => one.id === id);
    await ask(admin, 'PUT', `/v1/posts/${id}/judged`, { published: true, version: again.version });
    await changing.page.click('[data-act=send]:not([disabled])');
    await changing.page.waitForSelector('[data-story-state=published]');
    assert.match(await changing.page.textContent('.send-trouble'), /已发布/);
    assert.deepEqual(changing.faults, []);
    await changing.page.close();
  });

  test('no more than ten wait, which is said in words, and the draft stays', async () => {
    const own = await signInAt(ask, rider.login);
    const waiting = (await mine()).filter(({ state }) => state !== 'published').length;
    for (let i = waiting; i < 10; i++) await ask(own, 'POST', '/v1/me/stories', { title: `第 ${i} 篇`, body: '雨很大。', area_id: area });
    const full = await openPage(phone.context, server.base, { expect: [/409/] });
    await full.page.goto(`${server.base}/#/story/new`);
    await full.page.fill('#story-title', '第十一篇');
    await full.page.fill('#story-body', '还有话说。');
    await full.page.waitForFunction(() => document.querySelector('#area')?.value !== '');
    await full.page.click('[data-act=send]:not([disabled])');
    await full.page.waitForSelector('.send-trouble');
    assert.match(await full.page.textContent('.send-trouble'), /10 篇/);
    await full.page.reload();
    await full.page.waitForFunction(() => document.querySelector('#story-title')?.value === '第十一篇');
    await full.page.click('[data-act=remove]');
    await full.page.click('.confirm [data-act=yes]');
    await full.page.waitForFunction(() => document.querySelector('#story-title')?.value === '');
    assert.deepEqual(full.faults, []);
    await full.page.close();
  });

  test('the pages are as good in English, in the dark and in very large text', async () => {
    const { page } = phone;
    await choose(page, server.base, 'lang', 'en');
    await choose(page, server.base, 'look', 'dark');
    await choose(page, server.base, 'text', 'huge');
    const [{ id }] = await mine();
    for (const [name, seen] of [['posts', '[data-act=write-story]'], ['stories', '[data-story]'], ['story/new', '[data-story-form] #area option:nth-child(2)'], [`story/${id}`, '[data-story-state=sent]']]) {
      await onPhone(name);
      await page.waitForSelector(seen, { state: 'attached' });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} is no wider than the phone`);
      await look(phone, `dark-${name.replaceAll('/', '-')}`);
    }
    await desk.page.emulateMedia({ colorScheme: 'dark' });
    for (const [name, seen] of [['stories', '[data-row]'], [`stories/${id}`, 'button[name=publish]']]) {
      await atDesk(name);
      await desk.page.waitForSelector(seen);
      await look(desk, `desk-dark-${name.replaceAll('/', '-')}`);
    }
  });
});
