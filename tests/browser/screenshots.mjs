// The pictures in docs/screenshots/: the main views of the rider's app (phone) and of the desk, in Chinese and English, light and dark, of a demo city with
// something going on. They are named PAGE-VIEW-LANGUAGE-LOOK.webp.
//
//   YIZHAN_BIN=build/release/bin/yizhan node tests/browser/screenshots.mjs [VIEW…]
//
// Where VIEWs are named (rider-map, desk-queue), only those are drawn anew.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumPath, hasChromium, launch, openPage, PHONE } from './browser.mjs';
import { PASSWORD } from './community-city.mjs';
import { fakeCamera } from './fake-camera.mjs';
import { startServer, whyNot } from './server.mjs';
import { fillShowcase } from './showcase-city.mjs';

const reason = hasChromium ? whyNot() : `${chromiumPath} is missing`;
if (reason !== null) {
  console.error(`no pictures: ${reason}`);
  process.exit(2);
}
const wanted = process.argv.slice(2);
const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const HERE = { longitude: -56.1800, latitude: -34.9000 };
const ME = { longitude: HERE.longitude + 0.0012, latitude: HERE.latitude - 0.0004 };
const END = '-56.166300,-34.894100';
const LANGS = ['zh', 'en'];
const LOOKS = ['light', 'dark'];
const QUALITY = 70;
const DRAWN_MS = 30_000;

/** Name, address, what is there when all of it is. */
const riderViews = ({ station, activity, vote, bonus, proposal, reward, offer, lesson, reports, stories }) => [
  ['map', '', '.cards .walk'], ['place', `place/${station}`, '.place dl'], ['route', `route/${station}`, '.steps li'], ['way', `way?to=${END}`, '.cards [data-detour]'],
  ['report', 'report', '.report'], ['case', `mine/${reports[0].id}`, '.panel-head h2, .panel-head h1'], ['mine', 'mine', '.cards [data-report]'],
  ['community', 'community', '[data-activity]'], ['activities', 'activities', '[data-activity]'], ['activity', `activity/${activity.id}`, '[data-act=sign-up]'],
  ['votes', 'votes', '[data-vote]'], ['ballot', `vote/${vote.id}`, '[data-question]'], ['result', `vote/${bonus.id}`, '[data-plan] td'],
  ['proposals', 'proposals', '[data-proposal]'], ['proposal', `proposal/${proposal.id}`, '[data-act=support], [data-supported]'], ['lesson', `post/${lesson.id}`, '.prose'], ['stories', 'stories', '[data-story] img'], ['story', `story/${stories[1].id}`, '[data-reason]'],
  ['rewards', 'rewards', '[data-reward]'], ['reward', `reward/${reward.id}`, '[data-act=redeem]'], ['offer', `offer/${offer.id}`, '[data-act=card]'],
  ['points', 'points', '[data-balance]'], ['ranking', 'ranking', '.row.mine'], ['card', 'membership', '[data-card] .qr'], ['scan', 'scan', '[data-camera=on]'], ['inbox', 'inbox', '[data-message]'],
  ['me', 'me', '.entries'], ['settings', 'settings', '[data-setting=text]'], ['privacy', 'privacy', '[data-act=export]'], ['help', 'help', '[data-act=ask], .help'],
];
const deskViews = ({ reports, stories, activity, branch, vote, bonus, lesson, place }) => [
  ['queue', 'report', '.queue [data-report]'], ['case', `report/${reports[0].id}`, '.detail-head .badge'], ['places', `place/${place}`, 'main form, main canvas'],
  ['closures', 'closures', 'main canvas, [data-closure]'], ['coverage', 'coverage', 'main canvas'], ['posts', `posts/${lesson.id}`, 'main form'], ['story', `stories/${stories[2].id}`, '[data-picture] img'],
  ['activity', `activities/${activity.id}`, 'main form'],
  ['vote', `votes/${vote.id}`, 'main h2'], ['result', `votes/${bonus.id}`, 'main h2'], ['members', `members/${branch.id}`, 'main h2'], ['points', 'points/ledger', 'main table'],
  ['figures', 'figures', '[data-rate=response_rate]'], ['rules', 'settings', 'main h2'],
];

/** What is drawn does not change any more: the map has its tiles, numbers have come. */
async function settle({ page, quiet }) {
  await quiet(700);
  for (const end = Date.now() + DRAWN_MS, was = { sum: '' }; Date.now() < end;) {
    const sum = (await page.screenshot({ type: 'jpeg', quality: 20 })).toString('base64');
    if (sum === was.sum) return;
    was.sum = sum;
    await page.waitForTimeout(400);
  }
}

async function shoot(opened, file) {
  await settle(opened);
  const session = await opened.page.context().newCDPSession(opened.page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  writeFileSync(`${folder}${file}`, Buffer.from(data, 'base64'));
}

/** Signs in once; the others take the session over. */
async function signedIn(browser, address, { name, password }, seen, asks) {
  const context = await browser.newContext();
  const { page } = await openPage(context, address);
  await page.goto(address);
  if (asks) await page.click(asks);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('form button[type=submit]');
  await page.waitForSelector(seen);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function shootAll(browser, { page: name, base, options, views, state }) {
  const chosen = views.filter(([view]) => wanted.length === 0 || wanted.includes(`${name}-${view}`));
  const faults = [];
  for (const lang of chosen.length === 0 ? [] : LANGS) {
    for (const look of LOOKS) {
      const context = await browser.newContext({ ...options, storageState: state, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', serviceWorkers: 'block' });
      await context.addInitScript(([language, chosenLook]) => {
        localStorage.setItem('yizhan.lang', language);
        localStorage.setItem('yizhan.look', JSON.stringify(chosenLook));
      }, [lang, look]);
      const opened = await openPage(context, base, { expect: [/maplibre/] }); // of tiles that were on their way to a view that is left
      await opened.page.goto(`${base}`);
      for (const [view, address, selector] of chosen) {
        await opened.page.evaluate((to) => { location.hash = `#/${to}`; }, address);
        await opened.page.waitForSelector(selector).catch(() => faults.push(`${name}-${view}: ${selector} did not come`));
        await shoot(opened, `${name}-${view}-${lang}-${look}.webp`);
      }
      faults.push(...opened.faults.map((fault) => `${name} ${lang} ${look}: ${fault}`));
      await context.close();
    }
  }
  return faults;
}

mkdirSync(folder, { recursive: true });
const server = await startServer();
const camera = fakeCamera(); // a wall without a code, which would be followed
const browser = await launch(...camera.args);
try {
  const city = await fillShowcase(server, [HERE.longitude, HERE.latitude]);
  const { places: [{ id: station }] } = await city.ask(null, 'GET', `/v1/places?near=${HERE.longitude},${HERE.latitude}&category=rest_station&limit=1`);
  const rider = await signedIn(browser, `${server.base}/#/me`, { name: city.riders[0].login, password: PASSWORD }, '[data-act=sign-out]', '[data-act=sign-in]');
  const staff = await signedIn(browser, `${server.base}/console/`, server.staff, '.queue');
  const phone = { ...PHONE, deviceScaleFactor: 1.5, geolocation: ME, permissions: ['geolocation'] };
  const faults = [
    ...await shootAll(browser, { page: 'rider', base: `${server.base}/`, options: phone, views: riderViews({ ...city, station }), state: rider }),
    ...await shootAll(browser, { page: 'desk', base: `${server.base}/console/`, options: { viewport: { width: 1280, height: 800 } }, views: deskViews({ ...city, place: station }), state: staff }),
  ];
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await browser.close();
  await server.stop();
  camera.clean();
}
