// Clustered places as a CSV and nearest queries drawn from the same clusters: COUNT CSV QUERIES.
// 300 Gaussian clusters, four categories; the same numbers every time.
import { createWriteStream, writeFileSync } from 'node:fs';

const [count, csv, queries] = process.argv.slice(2);
const categories = ['rest_station', 'toilet', 'fuel', 'charging'];
let state = 42n;
function unit() {
  // SplitMix64 (Steele, Lea, Flood 2014)
  state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
  return Number((z ^ (z >> 31n)) >> 11n) * 2 ** -53;
}
const gauss = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
const centres = Array.from({ length: 300 }, () => [100 + 20 * unit(), 22 + 20 * unit(), 0.02 + 0.05 * unit()]);
function point() {
  const [lon, lat, spread] = centres[Math.floor(unit() * centres.length)];
  return [(lon + gauss() * spread).toFixed(6), (lat + gauss() * spread).toFixed(6)];
}

const out = createWriteStream(csv);
out.write('id,name,category,lon,lat,address,hours\n');
for (let i = 1; i <= Number(count); i++) {
  const [lon, lat] = point();
  out.write(`${i},站点${i},${categories[Math.floor(unit() * 4)]},${lon},${lat},第${i}号,Mo-Su 08:00-20:00\n`);
}
out.end();
let lines = '';
for (let i = 0; i < 20000; i++)
  lines += `/v1/places?near=${point().join(',')}&category=${categories[i % 4]}&radius=5000&limit=10\n`;
writeFileSync(queries, lines);
