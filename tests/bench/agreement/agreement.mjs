// Shortest routes on random pairs, ours and the other engine's; where they differ, at what.
//   agreement.mjs EXTRACT TILES_FOLDER SERVER RESULT.json [PAIRS]
import { writeFileSync } from 'node:fs';
import { beatsItself, blame } from './blame.mjs';
import { Extract } from './extract.mjs';
import { buildTiles, shortest } from './valhalla.mjs';

const [file, folder, server, result, count = '500'] = process.argv.slice(2);
const PROFILES = { motorcycle: 'motorcycle', bicycle: 'bicycle', foot: 'pedestrian' };
const OFF_M = 0.5; // both must begin and end on the street that was asked for
const LARGE = 0.02;

async function ours(profile, from, to) {
  const url = `${server}/route/v1/${profile}/${from};${to}?overview=full&geometries=geojson`;
  const answer = await (await fetch(url)).json();
  if (answer.code === 'NoRoute' || answer.code === 'NoSegment') return null;
  if (answer.code !== 'Ok') throw new Error(`${url}: ${answer.code} ${answer.message}`);
  const [route] = answer.routes;
  return {
    metres: route.distance,
    off: Math.max(...answer.waypoints.map((point) => point.distance)),
    line: route.geometry.coordinates,
  };
}

const begunAlike = (pair) => pair.ours?.off < OFF_M && pair.theirs?.off < OFF_M;
const at = (sorted, q) => sorted[Math.floor((sorted.length - 1) * q)] ?? 0;

function sum(pairs, same) {
  const differences = same.map((p) => Math.abs(p.difference)).sort((a, b) => a - b);
  const within = (limit) => (100 * differences.filter((d) => d <= limit).length) / Math.max(1, same.length);
  return {
    pairs: pairs.length,
    no_way_in_ours: pairs.filter((p) => !p.ours && p.theirs).length,
    no_way_in_theirs: pairs.filter((p) => p.ours && !p.theirs).length,
    no_way_in_either: pairs.filter((p) => !p.ours && !p.theirs).length,
    begun_elsewhere: pairs.filter((p) => p.ours && p.theirs).length - same.length,
    compared: same.length,
    within_half_percent: within(0.005),
    within_2_percent: within(0.02),
    within_5_percent: within(0.05),
    p50: at(differences, 0.5),
    p90: at(differences, 0.9),
    p99: at(differences, 0.99),
    mean_signed: same.reduce((all, p) => all + p.difference, 0) / Math.max(1, same.length),
  };
}

function tell(profile, s) {
  const percent = (x) => `${(100 * x).toFixed(2)} %`;
  console.log(
    `${profile.padEnd(11)} ${s.compared} of ${s.pairs} compared; within 0.5 %: ${s.within_half_percent.toFixed(1)} %, ` +
      `2 %: ${s.within_2_percent.toFixed(1)} %, 5 %: ${s.within_5_percent.toFixed(1)} %; difference p50 ${percent(s.p50)}, ` +
      `p90 ${percent(s.p90)}, p99 ${percent(s.p99)}, mean ${percent(s.mean_signed)}`,
  );
  console.log(
    `            no way in either ${s.no_way_in_either}, in ours ${s.no_way_in_ours}, in theirs ` +
      `${s.no_way_in_theirs}; begun on another street ${s.begun_elsewhere}`,
  );
}

// The stretches behind the larger differences, each once, with how many pairs met it.
async function explain(extract, large, theirs, own) {
  const causes = new Map();
  for (const pair of large) {
    const longer = pair.difference > 0 ? 'ours' : 'theirs';
    const line = pair.difference > 0 ? pair.theirs.line : pair.ours.line;
    const stretches = await blame(extract, line, pair.difference > 0 ? own : theirs);
    pair.inexact = !stretches.length && longer === 'theirs' && (await beatsItself(line, pair, theirs));
    pair.unexplained = !stretches.length && !pair.inexact;
    for (const { from, to, facts } of stretches) {
      const key = `${longer} ${from};${to}`;
      const cause = causes.get(key) ?? { longer, from, to, facts, pairs: 0 };
      cause.pairs++;
      causes.set(key, cause);
    }
  }
  return [...causes.values()].sort((a, b) => b.pairs - a.pairs);
}

function tellCauses(large, causes) {
  for (const cause of causes.slice(0, 12))
    console.log(`            ${cause.pairs} x ${cause.longer} longer ${cause.from} > ${cause.to}: ${cause.facts.join(' | ')}`);
  const inexact = large.filter((pair) => pair.inexact).length;
  if (inexact) console.log(`            ${inexact} x theirs longer than its own ways over a point of ours: not exact`);
  for (const pair of large.filter((p) => p.unexplained))
    console.log(`            unexplained: ${pair.from};${pair.to} ${(100 * pair.difference).toFixed(1)} %`);
}

const extract = new Extract(file);
const actor = await buildTiles(file, folder);
const answers = {};
for (const [profile, costing] of Object.entries(PROFILES)) {
  const places = extract.randomPlaces(8 * Number(count));
  const own = (from, to) => ours(profile, from, to);
  const theirs = (from, to) => shortest(actor, costing, from, to);
  const pairs = [];
  for (let i = 0, same = 0; i + 1 < places.length && same < Number(count); i += 2) {
    const [from, to] = places.slice(i, i + 2);
    const pair = { from, to, ours: await own(from, to), theirs: await theirs(from, to) };
    if (pair.ours && pair.theirs) pair.difference = pair.ours.metres / pair.theirs.metres - 1;
    pairs.push(pair);
    same += begunAlike(pair);
  }
  const same = pairs.filter(begunAlike);
  const large = same.filter((p) => Math.abs(p.difference) > LARGE);
  const summary = sum(pairs, same);
  tell(profile, summary);
  const causes = await explain(extract, large, theirs, own);
  tellCauses(large, causes);
  const number = (test) => large.filter(test).length;
  answers[profile] = {
    summary: { ...summary, large: large.length, inexact: number((p) => p.inexact), unexplained: number((p) => p.unexplained) },
    causes,
    one_sided: pairs.filter((p) => !p.ours !== !p.theirs).map(({ from, to, ours: route }) => ({ from, to, off: route?.off ?? null })),
  };
}
writeFileSync(result, `${JSON.stringify(answers, null, 1)}\n`);
