// A rider's own in the browser: what was voted and how it is shared out, seats and waiting for one, a copy of all of it, and the end of it (see pages.test.mjs for
// how to run it).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { chromiumPath, hasChromium, launch, openPage, PHONE } from './browser.mjs';
import { PASSWORD, soon } from './community-city.mjs';
import { startServer, whyNot } from './server.mjs';
import { fillShowcase } from './showcase-city.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the browser tests of a rider's own, because ${reason}`);

const HERE = [-56.18, -34.9];
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

  async function phone() {
    const opened = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: { longitude: HERE[0], latitude: HERE[1] }, permissions: ['geolocation'] });
    opened.setDefaultTimeout(PATIENCE_MS);
    return { context: opened, ...(await openPage(opened, server.base)) };
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
