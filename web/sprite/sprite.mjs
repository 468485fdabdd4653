// Makes the map's icons into a sprite: dist/tiles/sprite.{json,png} and sprite@2x.{json,png}, all of Maki and Temaki (both CC0),
// white, so that whoever edits data/categories may name any of them. One that both have is Maki's; Temaki's is then temaki-NAME.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whiten } from './whiten.mjs';

const SIDE = 15; // what both sets are drawn for
const STEP = SIDE + 2; // a pixel of air all round, so that nothing bleeds into its neighbour

const here = dirname(fileURLToPath(import.meta.url));
const sets = [['maki', '@mapbox/maki/icons'], ['temaki', '@rapideditor/temaki/icons']];

/** What is drawn inside of an icon's own box, without its colours. */
function readIcon(path) {
  const text = readFileSync(path, 'utf8');
  const open = /<svg\b[^>]*>/.exec(text);
  const box = /viewBox="([\d.\s-]+)"/.exec(open?.[0] ?? '')?.[1];
  const inner = text.slice((open?.index ?? 0) + (open?.[0].length ?? 0), text.lastIndexOf('</svg>'));
  if (!box) throw new Error(`${path} is no icon: it has no viewBox`);
  return { box, inner: inner.replace(/\s(fill|stroke|id|class|style)="[^"]*"/g, (all, name) => (all.includes('none') && name === 'fill' ? all : '')) };
}

const icons = new Map();
for (const [set, folder] of sets) {
  const root = join(here, '../node_modules', folder);
  for (const file of readdirSync(root).filter((name) => name.endsWith('.svg')).sort()) {
    const name = file.slice(0, -4);
    icons.set(icons.has(name) ? `${set}-${name}` : name, readIcon(join(root, file)));
  }
}

const shipped = readFileSync(join(here, '../../data/categories/places.yaml'), 'utf8');
const missing = [...shipped.matchAll(/\bicon: ([\w-]+)/g)].map(([, name]) => name).filter((name) => !icons.has(name));
if (missing.length) throw new Error(`data/categories/places.yaml names icons that neither set has: ${missing.join(', ')}`);

const names = [...icons.keys()].sort();
const columns = Math.ceil(Math.sqrt(names.length));
const at = (i) => ({ x: (i % columns) * STEP + 1, y: Math.floor(i / columns) * STEP + 1 });
const width = columns * STEP, height = Math.ceil(names.length / columns) * STEP;
const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="#fff">${names.map((name, i) => {
  const { x, y } = at(i), { box, inner } = icons.get(name);
  return `<svg x="${x}" y="${y}" width="${SIDE}" height="${SIDE}" viewBox="${box}">${inner}</svg>`;
}).join('')}</svg>`;

const out = join(here, '../dist/tiles');
mkdirSync(out, { recursive: true });
for (const [ratio, suffix] of [[1, ''], [2, '@2x']]) {
  const index = Object.fromEntries(names.map((name, i) => {
    const { x, y } = at(i);
    return [name, { x: x * ratio, y: y * ratio, width: SIDE * ratio, height: SIDE * ratio, pixelRatio: ratio }];
  }));
  writeFileSync(join(out, `sprite${suffix}.json`), JSON.stringify(index));
  const png = execFileSync('rsvg-convert', ['--zoom', String(ratio)], { input: sheet, stdio: ['pipe', 'pipe', 'inherit'], maxBuffer: 1 << 26 });
  writeFileSync(join(out, `sprite${suffix}.png`), whiten(png));
}
