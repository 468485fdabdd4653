// How much longer a question takes on the large network than in the city.
//   growth.mjs CITY.json LARGE.json
import { readFileSync } from 'node:fs';

const [city, large] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
console.log(`${large.arcs} arcs beside ${city.arcs}: how many times as long at the median`);
for (const [key, value] of Object.entries(large))
  if (value.p50_us && city[key]?.p50_us)
    console.log(`${key.padEnd(28)} ${(value.p50_us / city[key].p50_us).toFixed(1).padStart(10)}`);
