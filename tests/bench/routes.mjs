// Requests for whole routes between random places on the streets of an extract, one a line.
//   routes.mjs EXTRACT PROFILE COUNT OUT.txt
import { writeFileSync } from 'node:fs';
import { Extract } from './agreement/extract.mjs';

const [extract, profile, count, out] = process.argv.slice(2);
const places = new Extract(extract).randomPlaces(2 * Number(count));
const lines = [];
for (let i = 0; i + 1 < places.length; i += 2)
  lines.push(`/route/v1/${profile}/${places[i]};${places[i + 1]}?steps=true&overview=full&geometries=polyline`);
writeFileSync(out, `${lines.join('\n')}\n`);
