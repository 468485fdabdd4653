// A list of places comes in at the desk, in a real browser: first dry, line by line, then for real, and riders find what is in it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromiumPath, DESK, hasChromium, launch, openPage, signIn } from './browser.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the test of lists, because ${reason}`);

let server;
let browser;
before(async () => {
  if (reason !== null) return;
  server = await startServer();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a spreadsheet is looked at line by line in a dry run, mended, brought in, and does what was promised', { skip: reason ?? false }, async () => {
  const source = `工会${Date.now() % 1_000_000}`;
  const rows = ['编号,站点名称,站点类型,经度,纬度,详细地址,服务设施', `A1,${source}一号,驿站,-56.1801,-34.9001,试验路 1 号,饮水、充电`, `A2,${source}二号,驿站,-56.1702,-34.8952,试验路 2 号,`, `A3,${source}三号,博物馆,-56.1750,-34.9010,,`];
  const listOf = (lines) => ({ name: '站点.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
  const { page, faults } = await openPage(context, server.base);
  await signIn(page, server.base, server.staff);
  const find = async () => (await (await fetch(`${server.base}/v1/places?text=${encodeURIComponent(`${source}一号`)}`)).json()).places.filter(({ name }) => name === `${source}一号`);

  await page.click('[data-tab=imports]');
  await page.setInputFiles('input[name=import_file]', listOf(rows));
  assert.equal(await page.inputValue('input[name=import_source]'), '站点', 'the file proposes whose list it is');
  await page.fill('input[name=import_source]', source);
  await page.click('button[name=import_try]');
  await page.waitForSelector('[data-import-report][data-dry=true]');
  const fates = () => page.$$eval('tr[data-fate]', (all) => all.map((row) => [Number(row.dataset.line), row.dataset.fate]));
  assert.deepEqual(await fates(), [[2, 'created'], [3, 'created'], [4, 'refused']]);
  assert.match(await page.textContent('tr[data-fate=refused]'), /博物馆/, 'it says what is wrong with the line');
  await page.click('[data-fate-count=refused]');
  await page.waitForFunction(() => document.querySelectorAll('tr[data-fate]').length === 1);
  assert.deepEqual(await find(), [], 'a dry run changes nothing');

  // The third line is mended: what was looked at no longer holds.
  await page.setInputFiles('input[name=import_file]', listOf([...rows.slice(0, 3), rows[3].replace('博物馆', '公厕')]));
  await page.waitForSelector('[data-import-report]', { state: 'detached' });
  assert.equal(await page.$('button[name=import_run]'), null, 'nothing is brought in that was not looked at');
  await page.click('button[name=import_try]');
  await page.waitForFunction(() => document.querySelector('[data-fate-count=created] strong')?.textContent === '3');
  await page.click('button[name=import_run]');
  await page.waitForSelector('[data-import-report][data-dry=false]');
  await page.waitForSelector('[data-as-promised=true]');
  assert.match(page.url(), /#\/imports\/\d+/);
  await page.reload();
  await page.waitForSelector('[data-import-report][data-dry=false]');
  for (const end = Date.now() + 30_000; (await find()).length !== 1;) {
    assert.ok(Date.now() < end, 'riders find it');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await page.click('.sheet-head a[href="#/imports"]');
  await page.waitForFunction((wanted) => [...document.querySelectorAll('table.cases tbody tr')].some((row) => row.textContent.includes(wanted)), source);
  assert.deepEqual(faults, []);
  await context.close();
});
