// Makes the app's icons for home screens from shared/ui/icon.svg: dist/icons/*.png. A maskable one leaves the outer fifth to the device's own shape.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const mark = readFileSync(join(here, '../shared/ui/icon.svg'), 'utf8').replace(/^<svg\b[^>]*>|<\/svg>\s*$/g, '');
const out = join(here, '../dist/icons');
mkdirSync(out, { recursive: true });

/** `share` is how much of a side the mark takes; `ground` what lies behind it. */
function draw(name, side, share, ground) {
  const at = (64 * (1 - share)) / 2;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${ground}<g transform="translate(${at} ${at}) scale(${share})">${mark}</g></svg>`;
  writeFileSync(join(out, name), execFileSync('rsvg-convert', ['-w', String(side), '-h', String(side)], { input: svg, stdio: ['pipe', 'pipe', 'inherit'] }));
}
const rounded = '<rect width="64" height="64" rx="14" fill="#fff4ee"/>';
const whole = '<rect width="64" height="64" fill="#fff4ee"/>';
for (const side of [192, 512]) draw(`icon-${side}.png`, side, 0.78, rounded);
draw('maskable-512.png', 512, 0.6, whole);
draw('apple-180.png', 180, 0.72, whole);
