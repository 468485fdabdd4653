// Writes OSM XML 0.6 (https://wiki.openstreetmap.org/wiki/OSM_XML), gzipped when the name ends in .gz.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;', '\r': '&#13;' };

/** Text as an attribute's value; the control characters that XML 1.0 cannot carry are left out. */
export function escapeXml(text) {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"\n\t\r]/g, (c) => ENTITIES[c]);
}

function tagLines(tags) {
  return tags.map(([k, v]) => `  <tag k="${escapeXml(k)}" v="${escapeXml(v)}"/>\n`).join('');
}

function nodeXml({ id, version, lon, lat, tags }) {
  const open = ` <node id="${id}" version="${version}" lat="${lat.toFixed(7)}" lon="${lon.toFixed(7)}"`;
  return tags.length === 0 ? `${open}/>\n` : `${open}>\n${tagLines(tags)} </node>\n`;
}

function wayXml({ id, version, tags, refs }) {
  const nds = refs.map((ref) => `  <nd ref="${ref}"/>\n`).join('');
  return ` <way id="${id}" version="${version}">\n${nds}${tagLines(tags)} </way>\n`;
}

function boundsXml(nodes) {
  const box = { minlat: 90, minlon: 180, maxlat: -90, maxlon: -180 };
  for (const { lon, lat } of nodes) {
    box.minlat = Math.min(box.minlat, lat);
    box.minlon = Math.min(box.minlon, lon);
    box.maxlat = Math.max(box.maxlat, lat);
    box.maxlon = Math.max(box.maxlon, lon);
  }
  const sides = Object.entries(box).map(([side, degrees]) => `${side}="${degrees.toFixed(7)}"`);
  return ` <bounds ${sides.join(' ')}/>\n`;
}

function* chunks({ nodes, ways }, note) {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield '<osm version="0.6" generator="yizhan demo-city" copyright="© OpenStreetMap contributors"'
    + ' attribution="https://www.openstreetmap.org/copyright" license="https://opendatacommons.org/licenses/odbl/1-0/">\n';
  yield ` <note>${escapeXml(note)}</note>\n`;
  yield boundsXml(nodes);
  let text = '';
  for (const [list, render] of [[nodes, nodeXml], [ways, wayXml]]) {
    for (const item of list) {
      text += render(item);
      if (text.length > 1 << 16) {
        yield text;
        text = '';
      }
    }
  }
  yield `${text}</osm>\n`;
}

/** Writes the city beside the target first and renames it at the end: a run cut short leaves no half file. */
export async function writeOsm(file, city, note) {
  const part = `${file}.part`;
  const source = Readable.from(chunks(city, note));
  const sink = createWriteStream(part);
  try {
    await (file.endsWith('.gz') ? pipeline(source, createGzip({ level: 6 }), sink) : pipeline(source, sink));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
