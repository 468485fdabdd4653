#!/usr/bin/env node
// Makes the demo city: Montevideo from the OpenStreetMap tiles of npm's @mapbox/mvt-fixtures, as an ordinary file
// that goes through the same import as anybody's own extract.
//
//   node scripts/demo/demo-city.mjs OUT.osm|OUT.osm.gz
//
// Exit codes: 0 written, 1 could not be made (the last line says why), 2 wrong usage.
import { statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const NOTE = 'Map data © OpenStreetMap contributors, available under the Open Database License (ODbL) 1.0. '
  + 'Montevideo, state of 2017, reassembled from OSM QA tiles: untagged nodes are numbered anew, relations are missing.';

const say = (text) => process.stderr.write(`demo-city: ${text}\n`);

async function loadParts() {
  try {
    return await Promise.all([import('./tiles.mjs'), import('./city.mjs'), import('./osm-xml.mjs')]);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`npm packages are missing; run "npm ci" in ${new URL('.', import.meta.url).pathname}`);
  }
}

function summarise(city, { hasTag, connectedShare }) {
  const highways = city.ways.filter((way) => hasTag(way, 'highway'));
  const count = (value) => [...city.nodes, ...city.ways].filter((o) => hasTag(o, 'amenity', value)).length;
  say(`${city.nodes.length} nodes, ${city.ways.length} ways; ${highways.length} highway ways, `
    + `${(connectedShare(highways) * 100).toFixed(1)} % of their nodes in one component; `
    + `${count('toilets')} toilets, ${count('fuel')} fuel stations`);
}

async function main(file) {
  const started = performance.now();
  const [{ tileFolder, readFeatures }, cityTools, { writeOsm }] = await loadParts();
  const folder = tileFolder();
  say(`reading tiles from ${folder}`);
  const features = [...readFeatures(folder)];
  say(`${features.length} features; joining ways across tile edges`);
  const city = cityTools.buildCity(features);
  summarise(city, cityTools);
  say(`writing ${file}`);
  await writeOsm(file, city, NOTE);
  const megabytes = (statSync(file).size / 1e6).toFixed(1);
  say(`done: ${megabytes} MB in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

const args = process.argv.slice(2);
if (args.length !== 1 || !/\.osm(\.gz)?$/.test(args[0])) {
  say('usage: node scripts/demo/demo-city.mjs OUT.osm|OUT.osm.gz');
  process.exitCode = 2;
} else {
  await main(args[0]).catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}
