// The community desk in a real browser: what a branch's staff does in a week, from a post to a flag.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { violations } from './axe.mjs';
import { chromiumPath, DESK, hasChromium, launch, openPage, signIn } from './browser.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the tests of the community desk, because ${reason}`);

const HERE = [-56.1822, -34.8985]; // in the demo city
const PASSWORD = 'correct horse battery staple';
const stamp = Date.now() % 1_000_000;
const soon = (hours) => new Date(Date.now() + hours * 3_600_000);
/** A moment as a datetime-local field takes it. */
const local = (time) => new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

describe('the community desk', { skip: reason ?? false }, () => {
  let server;
  let browser;
  let staff;
  const riders = [];

  before(async () => {
    server = await startServer();
    browser = await launch();
    staff = await token(server.staff.name, server.staff.password);
    for (const name of ['lan', 'mei', 'bo']) {
      const login = `${name}${stamp}`;
      const { id } = await ask('/v1/people', staff, 'POST', { login, name: login, password: PASSWORD, role: 'rider' });
      riders.push({ id, login, token: await token(login, PASSWORD) });
    }
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function token(name, password) {
    const answer = await fetch(`${server.base}/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, password }) });
    assert.equal(answer.status, 201, await answer.clone().text());
    return (await answer.json()).token;
  }
  async function ask(path, bearer, method = 'GET', body = undefined) {
    const headers = { Authorization: `Bearer ${bearer}`, ...(body ? { 'Content-Type': 'application/json' } : {}) };
    const answer = await fetch(`${server.base}${path}`, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.status === 204 ? null : answer.json();
  }
  async function send(bearer, picture, at = HERE) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ category: 'manhole', lon: at[0], lat: at[1], description: `井盖 ${stamp}` })) form.set(name, String(value));
    form.append('photo', new Blob([picture], { type: 'image/png' }), 'photo.png');
    const answer = await fetch(`${server.base}/v1/reports`, { method: 'POST', headers: { Authorization: `Bearer ${bearer}` }, body: form });
    assert.equal(answer.status, 201, await answer.clone().text());
    return answer.json();
  }
  async function desk(where, expect = []) {
    const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
    const opened = await openPage(context, server.base, { expect });
    await signIn(opened.page, server.base, server.staff);
    await opened.page.goto(`${server.base}/console/${where}`);
    opened.page.setDefaultTimeout(30_000);
    return { context, ...opened };
  }
  /** The page as it is now has no grave fault for who cannot see or use a mouse; with SHOTS its picture is kept. */
  async function hold(page, name) {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/hub-${name}.png` });
    assert.deepEqual(await violations(page), [], name);
  }
  /** Two presses, and a reason where one is owed. */
  async function sure(page, name, why) {
    await page.click(`button[name="${name}"]`);
    if (why !== undefined) await page.fill(`input[name="${name}_reason"]`, why);
    await page.click(`button[name="${name}_sure"]`);
  }

  test('a post is drafted, seen as the server renders it, and published with a picture', async () => {
    const { context, page, faults } = await desk('#/posts');
    await page.waitForSelector('[data-tab=posts][aria-current=page]');
    await page.click('[data-act=new]');
    await page.fill('input[name=title]', `高温津贴 ${stamp}`);
    await page.selectOption('select[name=kind]', 'news');
    await page.fill('textarea[name=body]', '# 发放标准\n\n每月 **300 元**，<script>alert(1)</script>见 [细则](https://example.org/)。');
    await page.setInputFiles('input[name=pictures]', { name: 'a.png', mimeType: 'image/png', buffer: makePicture(320, stamp) });
    await page.waitForSelector('[data-picture]');
    await page.click('button[name=preview]');
    await page.waitForSelector('[data-state=draft]');
    await page.waitForSelector('.hub-article strong');
    assert.equal(await page.textContent('.hub-article strong'), '300 元');
    assert.equal(await page.$('.hub-article script'), null, 'raw HTML is gone');
    await hold(page, 'post');
    await page.click('button[name=publish]');
    await page.waitForSelector('[data-state=shown]');
    const id = Number(/posts\/(\d+)/.exec(page.url())[1]);
    const seen = await (await fetch(`${server.base}/v1/posts/${id}`)).json();
    assert.equal(seen.title, `高温津贴 ${stamp}`);
    assert.equal(seen.pictures.length, 1);
    await page.goto(`${server.base}/console/#/posts`);
    await page.waitForSelector(`[data-row="${id}"]`);
    await hold(page, 'posts');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a lesson has its questions, and a change that came first is told and not lost', async () => {
    const { context, page, faults } = await desk('#/posts/new', [/409/]);
    await page.waitForSelector('select[name=kind] option[value=lesson]', { state: 'attached' });
    await page.fill('input[name=title]', `骑行安全 ${stamp}`);
    await page.selectOption('select[name=kind]', 'lesson');
    await page.fill('textarea[name=body]', '转弯让直行。');
    await page.click('button[name=add_question]');
    await page.fill('input[name=question_0]', '转弯时让谁先行？');
    await page.fill('input[name=option_0_0]', '直行');
    await page.fill('input[name=option_0_1]', '谁也不让');
    await page.check('input[name=right_0] >> nth=0');
    await hold(page, 'lesson');
    await page.click('button[name=publish]');
    await page.waitForSelector('[data-state=shown]');
    const id = Number(/posts\/(\d+)/.exec(page.url())[1]);
    const { quiz, version, body, kind } = await ask(`/v1/posts/${id}`, staff);
    assert.deepEqual(quiz.questions[0].answer, ['a']);
    const questions = [{ type: 'single', text: quiz.questions[0].text, options: ['直行', '谁也不让'], answer: ['a'] }];
    await ask(`/v1/posts/${id}`, staff, 'PUT', { kind, title: '别人改的', body, questions, version });
    await page.fill('input[name=title]', `我的标题 ${stamp}`);
    await page.click('button[name=publish]');
    await page.waitForSelector('[data-stale]');
    assert.equal(await page.inputValue('input[name=title]'), `我的标题 ${stamp}`, 'what was typed is still there');
    await page.click('[data-stale] button');
    assert.equal(await page.inputValue('input[name=title]'), '别人改的');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a task is published with its place on the map, and who came is checked in and confirmed', async () => {
    const { context, page, faults } = await desk('#/activities/new');
    await page.waitForSelector('select[name=kind] option[value=visit]', { state: 'attached' });
    await page.fill('input[name=title]', `走访独居老人 ${stamp}`);
    await page.selectOption('select[name=kind]', 'visit');
    await page.fill('input[name=seats]', '2');
    await page.fill('input[name=from]', local(soon(0.5)));
    await page.fill('input[name=to]', local(soon(3)));
    await page.check('input[name=has_location]');
    await page.fill('input[name=location]', HERE.join(', '));
    await page.press('input[name=location]', 'Tab');
    await page.waitForSelector('.point-map canvas');
    await hold(page, 'activity-form');
    await page.click('button[name=publish]');
    await page.waitForSelector('[data-state=open]');
    const id = Number(/activities\/(\d+)/.exec(page.url())[1]);
    const made = await ask(`/v1/activities/${id}`, staff);
    assert.ok(Math.abs(made.location[0] - HERE[0]) < 1e-5);
    const signups = [];
    for (const rider of riders) signups.push(await ask(`/v1/activities/${id}/signup`, rider.token, 'POST'));
    assert.equal(signups[2].state, 'waiting');
    await page.reload();
    await page.waitForSelector(`[data-row="${signups[2].id}"]`);
    await page.click(`[data-row="${signups[0].id}"] [data-act=check-in]`);
    await page.waitForFunction((row) => document.querySelector(`[data-row="${row}"] .badge`)?.textContent.includes('已签到'), signups[0].id);
    await page.fill(`[data-row="${signups[0].id}"] input[name=tally_visits]`, '4');
    await page.click(`[data-row="${signups[0].id}"] [data-act=confirm]`);
    await page.waitForFunction((row) => document.querySelector(`[data-row="${row}"] .badge`)?.textContent.includes('已确认'), signups[0].id);
    await page.evaluate(() => window.scrollTo(0, 0));
    await hold(page, 'signups');
    const kept = await ask(`/v1/me/signups/${signups[0].id}`, riders[0].token);
    assert.equal(kept.state, 'confirmed');
    await page.goto(`${server.base}/console/#/activities/tally`);
    await page.waitForSelector('[data-tally=confirmed]');
    const { total } = await ask('/v1/activities/tally', staff);
    assert.equal(await page.textContent('[data-tally=confirmed] strong'), String(total.confirmed));
    await hold(page, 'tally');
    await page.goto(`${server.base}/console/#/activities`);
    await page.waitForSelector(`[data-row="${id}"]`);
    await hold(page, 'activities');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a branch takes in a member, and a vote of its members is made and opened', async () => {
    const { context, page, faults } = await desk('#/members/new');
    await page.fill('input[name=name]', `北辰骑手工会 ${stamp}`);
    await page.fill('textarea[name=consent]', '为办理入会处理您的姓名与手机号，退会即删除。');
    await hold(page, 'branch-form');
    await page.click('button[name=save]');
    await page.waitForSelector('[data-qr]');
    await page.waitForFunction(() => document.querySelector('[data-qr]').naturalWidth > 0);
    const branch = Number(/members\/(\d+)/.exec(page.url())[1]);
    const { code, form } = await ask(`/v1/branches/${branch}`, staff);
    for (const [i, rider] of riders.entries()) {
      await ask(`/v1/join/${code}`, rider.token, 'POST', { form: form.version, consent: true, answers: { name: `王小${'一二三'[i]}`, phone: `1380000000${i}` } });
    }
    await page.reload();
    await page.waitForSelector('[data-act=approve]');
    await page.click('[data-act=look] >> nth=0');
    await page.waitForSelector('[data-answers]');
    await hold(page, 'branch');
    for (let left = riders.length; left > 0; left--) {
      await page.waitForFunction((n) => document.querySelectorAll('[data-act=approve]').length === n, left);
      await page.click('[data-act=approve] >> nth=0');
    }
    await page.waitForFunction(() => document.querySelectorAll('[data-act=approve]').length === 0);
    await page.click('button[name=members]');
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 3);
    assert.equal((await ask(`/v1/branches/${branch}`, staff)).members, 3);

    await page.goto(`${server.base}/console/#/votes/new`);
    await page.waitForSelector(`select[name=branch_id] option[value="${branch}"]`, { state: 'attached' });
    await page.fill('input[name=title]', `食堂满意度 ${stamp}`);
    await page.selectOption('select[name=branch_id]', String(branch));
    await page.fill('input[name=to]', local(soon(48)));
    await page.fill('input[name=question_0]', '最该改什么');
    await page.fill('input[name=option_0_0]', '味道');
    await page.fill('input[name=option_0_1]', '价钱');
    await hold(page, 'vote-form');
    await page.click('button[name=save]');
    await page.waitForSelector('[data-state=draft]');
    await sure(page, 'open');
    await page.waitForSelector('[data-state=open]');
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 3);
    const vote = Number(/votes\/(\d+)/.exec(page.url())[1]);
    await ask(`/v1/votes/${vote}/ballot`, riders[0].token, 'POST', { answers: [{ choice: 1 }] });
    await page.click('button[name=remind]');
    await page.selectOption('select[name=voted]', 'true');
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 1);
    await hold(page, 'vote');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a reward is offered, and its code is looked at and taken once', async () => {
    const { context, page, faults } = await desk('#/rewards/new', [/404|409/]);
    await page.waitForSelector('select[name=kind] option[value=service]', { state: 'attached' });
    await page.fill('input[name=name]', `热汤面 ${stamp}`);
    await page.selectOption('select[name=kind]', 'service');
    await page.fill('input[name=cost]', '5');
    await page.fill('input[name=supply]', '3');
    await page.click('button[name=save]');
    await page.waitForSelector('.hub-tiles');
    const reward = Number(/rewards\/(\d+)/.exec(page.url())[1]);
    await page.goto(`${server.base}/console/#/points/give`);
    await page.waitForSelector('select[name=kind] option[value=service]', { state: 'attached' });
    await page.fill('input[name=person]', String(riders[1].id));
    await page.selectOption('select[name=kind]', 'service');
    await page.fill('input[name=amount]', '50');
    await page.fill('textarea[name=reason]', '帮助走失老人');
    await page.click('button[name=give]');
    await page.waitForSelector('.hub-done');
    await page.goto(`${server.base}/console/#/points/ledger`);
    await page.waitForSelector(`[data-row]:has-text("${riders[1].login}")`);
    await hold(page, 'ledger');
    const { code } = await ask(`/v1/rewards/${reward}/redeem`, riders[1].token, 'POST');
    await page.goto(`${server.base}/console/#/verify`);
    await page.fill('input[name=verify_code]', 'aaaa-bbbb-cccc');
    await page.click('button[name=look]');
    await page.waitForSelector('.field-error');
    await page.fill('input[name=verify_code]', code);
    await page.click('button[name=look]');
    await page.waitForSelector('[data-redemption]');
    await page.click('button[name=take]');
    await page.waitForSelector('[data-taken]');
    await hold(page, 'verify');
    await page.click('button[name=next]');
    await page.fill('input[name=verify_code]', code);
    await page.click('button[name=look]');
    await page.waitForSelector('.field-error');
    assert.equal(await page.$('[data-taken]'), null, 'a code is good once');
    await page.goto(`${server.base}/console/#/rewards`);
    await page.waitForSelector(`[data-row="${reward}"]`);
    await hold(page, 'rewards');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('an offer of a partner is kept', async () => {
    const { context, page, faults } = await desk('#/offers/new');
    await page.click('[data-place] >> nth=0');
    await page.waitForSelector('[data-partner]');
    await page.fill('input[name=title]', `工作餐九折 ${stamp}`);
    await page.selectOption('select[name=kind]', 'meals');
    await page.click('button[name=save]');
    await page.waitForFunction(() => /offers\/\d+/.test(location.hash));
    const id = Number(/offers\/(\d+)/.exec(page.url())[1]);
    await page.goto(`${server.base}/console/#/offers`);
    await page.waitForSelector(`[data-row="${id}"]`);
    await hold(page, 'offers');
    await page.goto(`${server.base}/console/#/voices`);
    await page.waitForSelector('.hub-tabs');
    await page.goto(`${server.base}/console/#/voices/results`);
    await page.waitForSelector('[data-count=received]');
    await page.goto(`${server.base}/console/#/voices/comments`);
    await page.waitForSelector('.notice, [data-row]');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('points that a photo speaks against are looked at and taken back', async () => {
    const picture = makePicture(320, stamp + 7);
    await send(riders[0].token, picture);
    const again = await send(riders[2].token, picture, [-56.19, -34.9]);
    let at = again;
    for (const state of ['accepted', 'filed']) at = await ask(`/v1/reports/${again.id}/state`, staff, 'POST', { state, version: at.version, reason: '属实' });
    const { context, page, faults } = await desk('#/points');
    await page.waitForSelector('[data-flag=reused]');
    const entry = await page.getAttribute(`[data-flagged]:has(a[href="#/report/${again.id}"])`, 'data-flagged');
    await hold(page, 'flags');
    await sure(page, `reverse_${entry}`, '照片重复使用');
    await page.waitForSelector(`[data-flagged="${entry}"] [data-reversed]`);
    const { entries } = await ask(`/v1/points?person=${riders[2].id}`, staff);
    assert.ok(entries.some(({ phase, reason: why }) => phase === 'reversed' && why === '照片重复使用'));
    assert.deepEqual(faults, []);
    await context.close();
  });
});
