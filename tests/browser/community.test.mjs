// The community in the rider's app, walked through on a phone (see pages.test.mjs for how to run it).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { violations } from './axe.mjs';
import { chromiumPath, hasChromium, launch, openPage, PHONE } from './browser.mjs';
import { fillCommunity, PASSWORD, signInAt } from './community-city.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of the community, because ${reason}`);

const SHOTS = process.env.SHOTS; // a folder for pictures to look at
const HERE = [-56.18, -34.9];
const PATIENCE_MS = 60_000;

describe('the community in the rider’s app', { skip: reason ?? false }, () => {
  let server, browser, city, page, faults, rider;
  before(async () => {
    server = await startServer();
    city = await fillCommunity(server, HERE);
    browser = await launch();
    const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: { longitude: HERE[0], latitude: HERE[1] }, permissions: ['geolocation'] });
    context.setDefaultTimeout(PATIENCE_MS);
    ({ page, faults } = await openPage(context, server.base));
    rider = city.riders[0];
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const open = (hash) => page.goto(`${server.base}/#/${hash}`);
  /** Looks at the page as it is now: no fault, nothing that keeps somebody out. */
  async function look(name) {
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
    assert.deepEqual(await violations(page), [], name);
    assert.deepEqual(faults, [], name);
  }
  const textOf = (selector) => page.locator(selector).first().innerText();

  test('a guest sees what there is, and signs in', async () => {
    await open('community');
    await page.waitForSelector(`[data-activity="${city.activity.id}"]`);
    await page.waitForSelector(`[data-post="${city.news.id}"]`);
    await look('home-guest');
    await page.click('.home-head .button');
    await page.click('[data-act=sign-in]');
    await page.fill('input[name=name]', rider.login);
    await page.fill('input[name=password]', PASSWORD);
    await page.click('.sign-in-here button[type=submit], form button[type=submit]');
    await page.waitForSelector('[data-act=sign-out]');
    await look('me');
  });

  test('signs up to an activity, takes it back and signs up again', async () => {
    await open('activities');
    await page.click(`[data-activity="${city.activity.id}"]`);
    await page.click('[data-act=sign-up]');
    await page.waitForSelector('[data-signup=signed]');
    assert.match(await textOf('[data-seats]'), /1\/30/);
    await look('activity');
    await page.click('[data-act=cancel]');
    await page.click('.confirm [data-act=yes]');
    await page.click('[data-act=sign-up]');
    await page.waitForSelector('[data-signup=signed]');
    assert.equal((await city.ask(city.admin, 'GET', `/v1/activities/${city.activity.id}`)).taken, 1);
  });

  test('reads a lesson, fails its quiz, and passes it at the second try', async () => {
    await open('lessons');
    await page.click(`[data-post="${city.lesson.id}"]`);
    await page.waitForSelector('.prose strong');
    const answer = async (first) => {
      await page.check(`[data-question="1"] input[value=${first}]`);
      await page.check('[data-question="2"] input[value=true]');
      await page.click('[data-act=send-quiz]');
    };
    await answer('a');
    await page.waitForSelector('.quiz-result.not-yet');
    assert.match(await textOf('[data-question="1"] .verdict'), /轮胎才抓得住地/);
    assert.equal(await page.locator('[data-question="1"] .verdict', { hasText: '正确答案' }).count(), 0, 'told while a try is left');
    await look('quiz-failed');
    await page.click('[data-act=again]');
    await answer('b');
    await page.waitForSelector('.quiz-result.well');
    await look('quiz-passed');
    await open('lessons');
    await page.waitForSelector(`[data-post="${city.lesson.id}"]`);
    assert.equal(await page.locator(`[data-post="${city.lesson.id}"] .dot`).count(), 0, 'it is read');
    await page.click(`[data-post="${city.lesson.id}"]`);
    await page.waitForSelector('.quiz-head .badge-good');
    assert.equal(await page.locator('[data-act=send-quiz]').count(), 0, 'a quiz that was passed is not asked again');
  });

  test('votes with a number, choices and weights, once', async () => {
    await open('votes');
    await page.click(`[data-vote="${city.vote.id}"]`);
    assert.ok(await page.locator('[data-act=cast]').isDisabled());
    await page.click('[data-question="1"] .scale-step:nth-child(4)');
    await page.click('[data-question="2"] .option:nth-of-type(1)');
    await page.click('[data-act=even]');
    await look('ballot');
    await page.click('[data-act=cast]');
    await page.click('.confirm [data-act=yes]');
    await page.waitForSelector('[data-voted]');
    assert.equal((await city.ask(await signInAt(city.ask, rider.login), 'GET', `/v1/votes/${city.vote.id}`)).voted, true);
  });

  test('supports a proposal, comments, and takes both back and gives them again', async () => {
    await open('proposals');
    await page.click(`[data-proposal="${city.proposal.id}"]`);
    await page.click('[data-act=support]');
    await page.waitForSelector('[data-supported=true] [data-act=withdraw]:not([disabled])');
    await page.click('[data-act=withdraw]');
    await page.click('[data-act=support]:not([disabled])');
    await page.waitForSelector('[data-supported=true] [data-act=withdraw]:not([disabled])');
    await page.fill('#comment', '我们站点也需要，夜里太黑');
    await page.click('[data-act=comment]');
    await page.waitForSelector('[data-comment=other]');
    await look('proposal');
    const { supports, comments } = await city.ask(null, 'GET', `/v1/reports/${city.proposal.id}`);
    assert.deepEqual([supports, comments], [1, 1]);
    await open('results/proposal');
    await page.waitForSelector('.tiles');
    await look('results');
  });

  test('redeems a reward, shows its code, and sees it used', async () => {
    await city.ask(city.admin, 'POST', '/v1/points', { person: rider.id, kind: 'service', amount: 80, area_id: city.area, reason: '大集志愿者' });
    await open(`reward/${city.reward.id}`);
    await page.click('[data-act=redeem]:not([disabled])');
    await page.click('.confirm [data-act=yes]');
    await page.waitForSelector('[data-redemption=open] .qr');
    await page.waitForFunction(() => document.querySelector('.qr')?.naturalWidth > 0);
    const code = await textOf('[data-code]');
    assert.match(code, /^[2-9a-z]{4}(-[2-9a-z]{4}){2}$/);
    await look('redemption');
    await city.ask(city.admin, 'POST', '/v1/redemptions/verify', { code });
    await page.waitForSelector('[data-redemption=spent]');
    await open('points');
    await page.waitForSelector('[data-balance=service]');
    assert.equal(await textOf('[data-balance=service] .balance-number'), '50');
    await page.waitForSelector('[data-phase=spent]');
    await look('points');
    await open('ranking');
    await page.waitForSelector('.row.mine');
    await look('ranking');
  });

  test('joins a branch by the address of its QR code, and shows the card once approved', async () => {
    await page.goto(new URL(new URL(city.branch.join_url).pathname, server.base).href);
    await page.waitForSelector('.consent-text');
    assert.equal(await page.locator('#join-name').count(), 0, 'nothing is asked before consent');
    await page.check('input[name=consent]');
    await page.fill('#join-name', '王师傅');
    await page.selectOption('#join-platform', '外卖');
    await look('join');
    await page.click('[data-act=join]');
    await page.waitForSelector('[data-joined]');
    const { members } = await city.ask(city.union, 'GET', `/v1/branches/${city.branch.id}/members?state=waiting`);
    await city.ask(city.union, 'POST', `/v1/members/${members[0].id}/approve`, { version: members[0].version });
    await open('membership');
    await page.waitForSelector('[data-card] [data-code]');
    await page.waitForFunction(() => document.querySelector('[data-card] .qr')?.naturalWidth > 0);
    await look('card');
    const checked = await city.ask(city.admin, 'POST', '/v1/members/verify', { code: await textOf('[data-card] [data-code]') });
    assert.deepEqual([checked.valid, checked.branch.id], [true, city.branch.id]);
    await open(`offer/${city.offer.id}`);
    await page.waitForSelector('[data-act=card]');
    await look('offer');
  });

  test('is told of it in the inbox, reads it and turns a group off', async () => {
    await open('inbox');
    await page.waitForSelector('[data-message="member.approved"].waits');
    assert.ok(await page.locator('.tab-count').count() > 0, 'the tab tells of it');
    await look('inbox');
    await page.click('[data-message="member.approved"]');
    await page.waitForSelector('[data-card]');
    await open('inbox');
    await page.click('[data-act=read-all]:not([disabled])');
    await page.waitForFunction(() => document.querySelectorAll('.message.waits').length === 0);
    await open('wants');
    await page.click('[data-want=offers]');
    await page.waitForFunction(() => document.querySelector('[data-want=offers]:not([disabled])')?.checked === false);
    await look('wants');
  });

  test('keeps what is private apart: help, profile, devices, privacy, in English and dark too', async () => {
    await open('settings');
    await page.click('[data-choice=en]');
    await page.click('[data-choice=dark]');
    for (const [name, seen] of [['help', '[data-act=ask]'], ['profile', '[data-profile]'], ['devices', '[data-device]'], ['privacy', '[data-act=export]'], ['community', '.home-points'],
      ['offers', `[data-offer="${city.offer.id}"]`], ['posts', `[data-post="${city.news.id}"]`], ['rules', '.rules'], ['deeds', '.notice'], ['branches', '#join-code'], ['signups', '[data-signup]']]) {
      await open(name);
      await page.waitForSelector(seen);
      await look(`dark-${name}`);
    }
    await open('rules');
    await page.waitForSelector('.rules');
    assert.match(await textOf('.rules >> nth=1'), /1 for who saw the same · 1 for a repeat/); // the rider's words, and no sign where there is nothing beside it
    assert.doesNotMatch(await textOf('.page-body'), /^\s*·/m);
    await open('devices');
    assert.match(await textOf('[data-device] strong'), /^[^/]+$/); // a name, not "Mozilla/5.0"
    await open('profile');
    await page.fill('#prof-phone', '13800005678');
    await page.click('[data-profile] button[type=submit]');
    await page.waitForSelector('[data-profile] .thanks');
    assert.match(await textOf('[data-profile]'), /138\*{4}5678/);
  });
});
