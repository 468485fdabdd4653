// The pictures of the README: docs/screenshots/rider.png and route.png (phone) and console.png (desk), in Chinese, from
// a server of the demo city.
//
//   STAFF_NAME=admin STAFF_PASSWORD=… node tests/browser/screenshots.mjs BASE_URL
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumPath, DESK, hasChromium, launch, openPage, PHONE } from './browser.mjs';
import { makePicture } from './picture.mjs';

const [base] = process.argv.slice(2);
const { STAFF_NAME = 'admin', STAFF_PASSWORD } = process.env;
if (!base || !STAFF_PASSWORD || !hasChromium) {
  console.error(`usage: STAFF_NAME=admin STAFF_PASSWORD=… node tests/browser/screenshots.mjs BASE_URL   (needs ${chromiumPath})`);
  process.exit(2);
}
const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });

const HERE = { latitude: -34.9052, longitude: -56.1868 };
const REPORTS = [
  { lon: -56.1663, lat: -34.8941, description: '井盖缺失，已用树枝围住' },
  { lon: -56.1792, lat: -34.9016, description: '井盖沉陷，雨天看不见' },
  { lon: -56.1871, lat: -34.9049, description: '井盖松动，车轮压过会响' },
].map((one) => ({ ...one, category: 'manhole' }));

async function report({ category, lon, lat, description }, seed) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ category, lon, lat, accuracy: 9, description })) form.set(name, String(value));
  form.set('photo', new Blob([makePicture(640, seed)], { type: 'image/png' }), 'photo.png');
  const answer = await fetch(`${base}/v1/reports`, { method: 'POST', body: form });
  if (answer.status !== 201) throw new Error(`sending a report: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).id;
}

/** Waits until the map has drawn all it asked for. */
async function settle(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(2500);
}

async function shootRider(browser) {
  const context = await browser.newContext({ ...PHONE, locale: 'zh-CN', geolocation: HERE, permissions: ['geolocation'] });
  const { page, faults } = await openPage(context, base);
  await page.goto(base);
  await page.waitForSelector('.cards .card');
  await settle(page);
  await page.screenshot({ path: `${folder}rider.png` });
  await page.click('.chip[data-need=rest_station]');
  await page.waitForFunction(() => [...document.querySelectorAll('.card strong')].every((name) => name.textContent.includes('演示驿站')));
  await page.click('.cards li:nth-child(3) .card');
  await page.click('.place a.button-main');
  await page.waitForSelector('.steps li');
  await settle(page);
  await page.screenshot({ path: `${folder}route.png` });
  await context.close();
  return faults;
}

async function shootConsole(browser, id) {
  const context = await browser.newContext({ ...DESK, locale: 'zh-CN' });
  const { page, faults } = await openPage(context, base);
  await page.goto(`${base}/console/`);
  await page.fill('input[name=name]', STAFF_NAME);
  await page.fill('input[name=password]', STAFF_PASSWORD);
  await page.click('button[type=submit]');
  await page.click(`a[data-report="${id}"]`);
  await page.waitForSelector('.point-map canvas');
  await settle(page);
  await page.screenshot({ path: `${folder}console.png` });
  await context.close();
  return faults;
}

const sent = [];
for (const [i, one] of REPORTS.entries()) sent.push(await report(one, i * 37 + 5));
const chosen = sent[sent.length - 1];
const browser = await launch();
try {
  const faults = [...(await shootRider(browser)), ...(await shootConsole(browser, chosen))];
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
  console.log(`rider.png, route.png and console.png are in ${folder}`);
} finally {
  await browser.close();
}
