// Profiles with the shipped rules of access, direction and barriers, but one speed everywhere and nothing
// lost at junctions, so that the quickest way is the shortest.
//   even.mjs PROFILES_FOLDER OUT_FOLDER
//
// Where the other engine's rules are known to differ they are followed (docs/routing.md says why ours are
// what they are): trunk roads are open to all; cycles are carried over steps; nobody walks on cycleways
// that are not signed for it; neither construction=yes nor motorroad closes anything;
// motor vehicles do not pass through what is private or for destinations only, and others do so freely.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SPEED = 20; // km/h
const THROUGH = 3600; // seconds of reluctance
const [from, to] = process.argv.slice(2);

const OPENED = { foot: ['trunk', 'trunk_link'], motorcycle: ['trunk', 'trunk_link'], other: ['trunk', 'trunk_link', 'steps'] };
const table = (names) => names.map((highway) => `    ${highway}: ${SPEED}`);

function even(text) {
  const name = /^name: (\w+)/m.exec(text)[1];
  const opened = OPENED[name] ?? OPENED.other;
  const moved = new Set([...opened, ...(name === 'foot' ? ['cycleway'] : [])]);
  let section = '';
  let dropping = false;
  const lines = [];
  for (const line of text.split('\n')) {
    section = /^(\w+):/.exec(line)?.[1] ?? section;
    if (/^ {0,2}\S/.test(line)) dropping = /^ {2}(push|forbid):/.test(line);
    let bare = line.replace(/\s#.*|^#.*/, '');
    const highway = section === 'speeds' && /^ {4}(\w+):/.exec(bare)?.[1];
    if (dropping || moved.has(highway)) continue;
    if (section === 'speeds') bare = bare.replace(/: -?[\d.]+/g, `: ${SPEED}`);
    if (/^ {2}(destination|private):/.test(bare)) bare = bare.replace(/: .*/, `: ${name === 'motorcycle' ? THROUGH : 0}`);
    else if (section === 'junctions') bare = bare.replace(/: -?[\d.]+/g, ': 0');
    lines.push(bare.replace(/^ {2}maxspeed:.*/, '  maxspeed: no'));
    if (bare === '  ride:') lines.push(...table(opened));
    if (bare === '  ride_if_signed:') lines.push(...table(name === 'foot' ? ['cycleway'] : []));
  }
  return lines.join('\n');
}

mkdirSync(to, { recursive: true });
for (const file of readdirSync(from).filter((one) => one.endsWith('.yaml')))
  writeFileSync(join(to, file), even(readFileSync(join(from, file), 'utf8')));
