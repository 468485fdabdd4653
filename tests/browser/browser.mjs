// Chromium as Debian has it, and a watch over what a page does: errors on its console, requests to other hosts.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const hasChromium = existsSync(chromiumPath);

const OPTIONS = {
  executablePath: chromiumPath,
  // No sandbox as root; the software renderer draws WebGL where there is no graphics card.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
};

/** `more` are further words of the command line. */
export const launch = (...more) => chromium.launch({ ...OPTIONS, args: [...OPTIONS.args, ...more] });

/** A browser with one context that keeps what it learns in `dir`, as a phone does: other contexts keep no compiled scripts. */
export const launchKept = (dir, options) => chromium.launchPersistentContext(dir, { ...OPTIONS, ...options });

/** Opens a page that notes its faults; `faults` is empty as long as all is well. `expect` forgives console errors. `quiet` waits until
 *  nothing has been asked of the server for a while, whatever was asked before. */
export async function openPage(context, base, { expect = [] } = {}) {
  const page = await context.newPage();
  const faults = [];
  const host = new URL(base).host;
  const asked = new Set();
  let since = Date.now();
  for (const event of ['request', 'requestfinished', 'requestfailed']) {
    page.on(event, (request) => {
      if (new URL(request.url()).pathname === '/v1/events') return; // stays open for as long as the page does
      if (event === 'request') asked.add(request);
      else asked.delete(request);
      since = Date.now();
    });
  }
  const quiet = async (ms = 1000) => {
    while (asked.size > 0 || Date.now() - since < ms) await page.waitForTimeout(50);
  };
  // What is on its way when a page is left fails, and the page may still say so: that is no fault of it.
  let leaving = false;
  for (const leave of ['goto', 'reload']) {
    const go = page[leave].bind(page);
    page[leave] = async (...options) => {
      leaving = true;
      try {
        return await go(...options);
      } finally {
        leaving = false;
      }
    };
  }
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:|^wss?:/.test(url.protocol) && url.host !== host) faults.push(`request to another host: ${request.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const text = `${message.text()} (${message.location().url})`;
    if (leaving && /Failed to fetch/.test(text)) return;
    if (!expect.some((pattern) => pattern.test(text))) faults.push(`console: ${text}`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.stack ?? error.message}`));
  return { page, faults, quiet };
}

/** Signs in at the desk, whatever it was opened at, and waits for its list. */
export async function signIn(page, base, { name, password }, where = '') {
  await page.goto(`${base}/console/${where}`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('.sign-in button[type=submit]');
  await page.waitForSelector('.queue');
}

/** Chooses a setting of the rider's app by its page: choose(page, base, 'lang', 'en'). */
export async function choose(page, base, setting, choice) {
  await page.goto(`${base}/#/settings`);
  await page.click(`[data-setting=${setting}] [data-choice=${choice}]`);
}

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
export const DESK = { viewport: { width: 1440, height: 900 } };
