// The staff's desk in a real browser: many cases by keyboard, photos blurred, duplicates side by side, views, conflicts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromiumPath, DESK, hasChromium, launch, openPage, signIn } from './browser.mjs';
import { makePicture } from './picture.mjs';
import { startServer, whyNot } from './server.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) console.error(`SKIPPED: the tests of the desk, because ${reason}`);

const HERE = [-56.1822, -34.8985]; // in the demo city
let seed = Date.now() % 100_000;

describe('the desk', { skip: reason ?? false }, () => {
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

  /** Sends a report as a rider's phone does, and gives it as the server answers. */
  async function send(words, { category = 'manhole', at = HERE, picture = makePicture(320, ++seed), accuracy } = {}) {
    const form = new FormData();
    form.set('category', category);
    form.set('lon', String(at[0]));
    form.set('lat', String(at[1]));
    form.set('description', words);
    if (accuracy !== undefined) form.set('accuracy', String(accuracy));
    form.append('photo', new Blob([picture], { type: 'image/png' }), 'photo.png');
    const answer = await fetch(`${server.base}/v1/reports`, { method: 'POST', body: form });
    assert.equal(answer.status, 201, await answer.clone().text());
    return answer.json();
  }
  /** A second session of the same person, by token. */
  async function token() {
    const body = JSON.stringify(server.staff);
    const answer = await fetch(`${server.base}/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return (await answer.json()).token;
  }
  async function ask(path, bearer, method = 'GET', body = undefined) {
    const headers = { Authorization: `Bearer ${bearer}`, ...(body ? { 'Content-Type': 'application/json' } : {}) };
    const answer = await fetch(`${server.base}${path}`, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.status === 204 ? null : answer.json();
  }
  async function desk(where = '', expect = []) {
    const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
    const opened = await openPage(context, server.base, { expect });
    await signIn(opened.page, server.base, server.staff, where);
    return { context, ...opened };
  }
  const words = (text) => `${text} ${++seed}`;
  const shoot = (page, name) => (process.env.SHOTS ? page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: false }) : null);

  test('several cases are selected by keyboard and moved at once, and what was refused says why', async () => {
    const mark = words('批量');
    const [first, second, third] = [await send(mark), await send(mark), await send(mark)];
    const { context, page, faults } = await desk(`#/report?text=${encodeURIComponent(mark)}`, [/409/]);
    await page.waitForFunction(() => document.querySelectorAll('.rows li').length === 3);
    // Newest first: the cursor goes to the third, and Shift takes the others along.
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+J');
    await page.keyboard.press('Shift+J');
    assert.equal(await page.$$eval('.rows li.selected', (all) => all.length), 3);
    // Somebody else rejects one of them meanwhile; the page cannot know yet.
    await page.route('**/v1/reports?**', (route) => route.abort());
    const bearer = await token();
    await ask(`/v1/reports/${second.id}/state`, bearer, 'POST', { state: 'rejected', version: second.version, reason: '不属实' });
    await page.selectOption('select[name=bulk]', 'state:accepted');
    await shoot(page, 'bulk');
    await page.unroute('**/v1/reports?**');
    await page.click('button[name=bulk_run]');
    await page.waitForSelector('[data-bulk-done]');
    await page.waitForFunction(() => document.querySelectorAll('[data-bulk]').length === 3);
    assert.match(await page.textContent('[data-bulk-done]'), /成功 2 条，未成 1 条/);
    assert.match(await page.textContent(`[data-bulk="${second.id}"]`), /变化|版本|changed|state/);
    for (const { id } of [first, third]) assert.equal((await ask(`/v1/reports/${id}`, bearer)).state, 'accepted');
    assert.equal((await ask(`/v1/reports/${second.id}`, bearer)).state, 'rejected');
    await shoot(page, 'bulk-done');
    assert.deepEqual(faults.filter((fault) => !/ERR_FAILED/.test(fault)), []);
    await context.close();
  });

  test('part of a photo is blurred for good, by mouse and by keys, once it is confirmed', async () => {
    const report = await send(words('车牌'));
    const { context, page, faults } = await desk(`#/report/${report.id}`);
    const [before] = report.photos;
    await page.click(`[data-photo="${before.id}"] [data-act=blur]`);
    await page.waitForFunction(() => document.querySelector('.blur-stage img')?.naturalWidth > 0);
    await page.locator('.blur-stage').scrollIntoViewIfNeeded();
    const stage = await page.locator('.blur-stage').boundingBox();
    await page.mouse.move(stage.x + stage.width * 0.2, stage.y + stage.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(stage.x + stage.width * 0.5, stage.y + stage.height * 0.45, { steps: 4 });
    await page.mouse.up();
    await page.click('button[name=add_box]');
    assert.equal(await page.$$eval('.blur-region', (all) => all.length), 2);
    const at = await page.getAttribute('.blur-region:nth-of-type(2)', 'aria-label');
    await page.focus('.blur-region:nth-of-type(2)');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    assert.notEqual(await page.getAttribute('.blur-region:nth-of-type(2)', 'aria-label'), at);
    await shoot(page, 'blur');
    assert.equal(await page.isDisabled('button[name=blur]'), true, 'it is not done without a word that it is for good');
    await page.check('input[name=blur_sure]');
    await page.click('button[name=blur]');
    await page.waitForFunction((old) => !document.querySelector(`[data-photo="${old}"]`) && document.querySelector('[data-photo]'), before.id);
    assert.equal((await fetch(`${server.base}/v1/photos/${before.id}`)).status, 404, 'the picture as it was is gone');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('two that say the same are held side by side, merged, and split again', async () => {
    const one = await send(words('井盖翘起'), { at: [-56.19, -34.9] });
    const two = await send(words('井盖响'), { at: [-56.19003, -34.90002] });
    const { context, page, faults } = await desk(`#/report/${two.id}`);
    await page.click(`[data-compare="${one.id}"]`);
    await page.waitForSelector(`[data-side="${one.id}"]`);
    await page.waitForFunction(() => [...document.querySelectorAll('.sides img')].filter((img) => img.naturalWidth > 0).length === 2);
    await page.locator('.side-by-side').scrollIntoViewIfNeeded();
    await shoot(page, 'side-by-side');
    await page.click('button[name=merge]');
    await page.waitForSelector('.detail-head .badge[data-state=duplicate]');
    const bearer = await token();
    assert.equal((await ask(`/v1/reports/${two.id}`, bearer)).duplicate_of, one.id);
    await page.fill('input[name=split_reason]', '是另一个井盖');
    await page.click('button[name=split]');
    await page.waitForSelector('.detail-head .badge[data-state=submitted]');
    assert.match(await page.textContent('.history'), /是另一个井盖/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a case is given to a unit, noted on, answered, made urgent and handed over, and its history says so in words', async () => {
    const report = await send(words('路灯不亮'));
    const bearer = await token();
    const { areas } = await ask('/v1/areas?limit=100', bearer);
    const other = areas.find(({ id, level }) => id !== report.area?.id && level >= 8) ?? areas.find(({ id }) => id !== report.area?.id);
    const { context, page, faults } = await desk(`#/report/${report.id}`);
    await page.selectOption('select[name=assign_to]', 'unit');
    await page.fill('.manage input[name=unit]', '市政所');
    await page.click('button[name=assign]');
    await page.waitForFunction(() => document.querySelector('[data-holder]')?.textContent === '市政所');
    await page.selectOption('select[name=case_priority]', '2');
    await page.waitForSelector('.detail-head [data-priority="2"]');
    await page.fill('textarea[name=note]', '已电话核实');
    await page.click('[data-words=note]');
    await page.waitForSelector('.history [data-verb=noted]');
    await page.fill('textarea[name=write]', '今晚派人');
    await page.click('[data-words=write]');
    await page.waitForSelector('.history [data-verb=written]');
    await page.selectOption('select[name=case_area]', String(other.id));
    await page.fill('input[name=area_reason]', '在对面街道');
    await page.click('button[name=hand_over]');
    await page.waitForSelector('.history [data-verb=transferred]');
    const story = await page.textContent('.history');
    for (const part of ['派给市政所', '特急', '已电话核实', '今晚派人', '在对面街道', other.name]) assert.ok(story.includes(part), `${part} in ${story}`);
    const seen = await (await fetch(`${server.base}/v1/reports/${report.id}`)).text();
    assert.doesNotMatch(seen, /已电话核实/, 'a note is for staff alone');
    await shoot(page, 'case');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a view is saved, found again after a reload, and deleted', async () => {
    const mark = words('视图');
    const report = await send(mark);
    const { context, page, faults } = await desk('#/report');
    await page.fill('input[name=text]', mark);
    await page.waitForFunction((id) => document.querySelectorAll('.rows li').length === 1 && document.querySelector(`[data-report="${id}"]`), report.id);
    await page.selectOption('select[name=sort]', 'due');
    await page.click('button[name=save_view]');
    await page.fill('input[name=view_name]', mark);
    await page.click('.views form button[type=submit]');
    await page.waitForFunction((name) => document.querySelector('select[name=saved_view]').selectedOptions[0].textContent === name, mark);
    await page.goto(`${server.base}/console/#/place`);
    await page.goto(`${server.base}/console/#/report`);
    await page.waitForFunction((name) => [...document.querySelectorAll('select[name=saved_view] option')].some((one) => one.textContent === name), mark);
    await page.selectOption('select[name=saved_view]', { label: mark });
    await page.waitForFunction((id) => document.querySelectorAll('.rows li').length === 1 && document.querySelector(`[data-report="${id}"]`), report.id);
    assert.match(page.url(), /sort=due/);
    await page.click('button[name=as_table]');
    await page.waitForSelector(`table [data-row="${report.id}"]`);
    const href = await page.getAttribute('[data-export=csv]', 'href');
    const csv = await page.evaluate(async (url) => (await fetch(url)).text(), href);
    assert.equal(csv.trim().split(/\r?\n/).length, 2, 'the file has what the queue shows');
    await shoot(page, 'table');
    await page.click('button[name=delete_view]');
    await page.click('button[name=delete_view]');
    await page.waitForFunction((name) => ![...document.querySelectorAll('select[name=saved_view] option')].some((one) => one.textContent === name), mark);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('when somebody else was faster, the page says what changed and keeps what was typed', async () => {
    const report = await send(words('冲突'));
    const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
    const { page, faults } = await openPage(context, server.base, { expect: [/409|412|ERR_FAILED|events/] });
    await page.route('**/v1/events?**', (route) => route.abort()); // nothing is told live
    await signIn(page, server.base, server.staff, `#/report/${report.id}`);
    await page.fill('textarea[name=reason]', '不在本街道');
    const bearer = await token();
    await ask(`/v1/reports/${report.id}/priority`, bearer, 'PUT', { version: report.version, priority: 1, reason: '领导过问' });
    await page.click('button[data-move=rejected]');
    await page.waitForSelector('.moves .field-error');
    assert.equal(await page.inputValue('textarea[name=reason]'), '不在本街道');
    await page.waitForSelector('.history [data-verb=prioritised]');
    await page.waitForSelector('[data-changed]');
    assert.match(await page.textContent('[data-changed]'), /领导过问/);
    await shoot(page, 'conflict');
    await page.click('[data-changed] button');
    await page.click('button[data-move=rejected]');
    await page.waitForSelector('.detail-head .badge[data-state=rejected]');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('the same photo in two cases is flagged, with the other case to compare with', async () => {
    const picture = makePicture(320, ++seed);
    const one = await send(words('原图'), { picture, at: [-56.17, -34.9] });
    const two = await send(words('同图'), { picture, at: [-56.2, -34.89], accuracy: 400 });
    const { context, page, faults } = await desk(`#/report/${two.id}`);
    await page.waitForSelector('[data-reuse=exact]');
    await page.waitForSelector('.detail-head [data-flag=reused]');
    await page.waitForSelector('.detail-head [data-flag=inaccurate]');
    await page.click('[data-reuse=exact] button');
    await page.waitForSelector(`[data-side="${one.id}"]`);
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a road is shut from a case and opened again', async () => {
    const report = await send(words('塌陷'), { category: 'collapse' });
    const { context, page, faults } = await desk(`#/report/${report.id}`);
    await page.fill('input[name=road_radius]', '60');
    await page.fill('input[name=road_reason]', '路面塌陷');
    await page.click('button[name=try_road]');
    await page.click('button[name=close_road]');
    await page.waitForSelector('[data-closure=active]');
    await page.click('button[name=end_closure]');
    await page.waitForSelector('[data-closure=ended]');
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('figures, templates and the audit trail are there, and a template fills itself in', async () => {
    const report = await send(words('常用语'));
    const { context, page, faults } = await desk();
    await shoot(page, 'queue');
    await page.click('[data-tab=figures]');
    await page.waitForSelector('[data-rate=response_rate]');
    await page.waitForSelector('tr[data-key=manhole]');
    await page.waitForSelector('.heat-map canvas');
    await page.waitForFunction(() => Number(document.querySelector('[data-most]')?.dataset.most) > 0);
    await shoot(page, 'figures');
    await page.click('[data-tab=templates]');
    await page.click('button[name=new_template]');
    const name = words('已受理');
    await page.fill('input[name=template_name]', name);
    await page.fill('textarea[name=template_text]', '您反映的{category}已受理，编号 {id}。');
    await page.click('.templates button[type=submit]');
    await page.waitForSelector('[data-template]');
    await shoot(page, 'templates');
    await page.goto(`${server.base}/console/#/report/${report.id}`);
    await page.waitForFunction((wanted) => [...document.querySelectorAll('.moves select[name=template] option')].some((one) => one.textContent.startsWith(wanted)), name);
    await page.locator('.moves select[name=template]').first().selectOption({ label: name });
    const text = await page.inputValue('textarea[name=reason]');
    assert.ok(text.includes(report.id) && !text.includes('{'), text);
    await page.click('[data-tab=audit]');
    await page.waitForSelector('[data-audit=signed_in]');
    assert.deepEqual(faults, []);
    await context.close();
  });
});
