// What an extract says: its streets, their tags, and random places on them.
import { execFileSync } from 'node:child_process';

const MIN_SEGMENT_M = 20;
const APART_M = 4; // from any other street, so that every engine begins on the same one
const CELL = 0.001; // degrees

export function metres([lon1, lat1], [lon2, lat2]) {
  const degree = 111195;
  return Math.hypot((lon2 - lon1) * degree * Math.cos((lat1 * Math.PI) / 180), (lat2 - lat1) * degree);
}

// Mulberry32, so that every run takes the same places.
function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const unescape = (text) => text.replace(/%([0-9a-f]+)%/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16)));
const readTags = (text) =>
  new Map(text ? text.split(',').map((pair) => pair.split('=').map(unescape)) : []);

// Metres from a point to a segment.
function beside(point, { a, b }) {
  const flat = Math.cos((point[1] * Math.PI) / 180);
  const [x, y] = [(b[0] - a[0]) * flat, b[1] - a[1]];
  const [u, v] = [(point[0] - a[0]) * flat, point[1] - a[1]];
  const share = Math.min(1, Math.max(0, (u * x + v * y) / (x * x + y * y || 1)));
  return 111195 * Math.hypot(u - share * x, v - share * y);
}

export class Extract {
  segments = []; // { a, b, way }
  ways = new Map(); // tags by number
  nodes = []; // { at, tags, id } of those with tags
  #cells = new Map();

  constructor(file) {
    const text = execFileSync('osmium', ['cat', file, '-f', 'opl'], { encoding: 'utf8', maxBuffer: 2 ** 30 });
    const at = new Map();
    for (const line of text.split('\n')) {
      const fields = new Map(line.split(' ').map((field) => [field[0], field.slice(1)]));
      if (line[0] === 'n') this.#addNode(fields, at);
      else if (line[0] === 'w' && /[T,]highway=/.test(line)) this.#addWay(fields, at);
    }
  }

  #addNode(fields, at) {
    const point = [Number(fields.get('x')), Number(fields.get('y'))];
    at.set(fields.get('n'), point);
    if (fields.get('T')) this.nodes.push({ id: fields.get('n'), at: point, tags: readTags(fields.get('T')) });
  }

  #addWay(fields, at) {
    const way = fields.get('w');
    const refs = (fields.get('N') ?? '').split(',').map((ref) => ref.replace(/^n|x.*$/g, ''));
    this.ways.set(way, readTags(fields.get('T')));
    for (let i = 1; i < refs.length; i++) {
      const [a, b] = [at.get(refs[i - 1]), at.get(refs[i])];
      if (!a || !b) continue;
      const segment = { a, b, way };
      this.segments.push(segment);
      for (const cell of this.#cellsOf(a, b)) {
        if (!this.#cells.has(cell)) this.#cells.set(cell, []);
        this.#cells.get(cell).push(segment);
      }
    }
  }

  *#cellsOf(a, b, margin = 0.0001) {
    const low = (i) => Math.floor((Math.min(a[i], b[i]) - margin) / CELL);
    const high = (i) => Math.floor((Math.max(a[i], b[i]) + margin) / CELL);
    for (let x = low(0); x <= high(0); x++) for (let y = low(1); y <= high(1); y++) yield `${x},${y}`;
  }

  // Segments within some metres of a point.
  near(point, within) {
    const found = this.#cells.get([0, 1].map((i) => Math.floor(point[i] / CELL)).join()) ?? [];
    return found.filter((segment) => beside(point, segment) <= within);
  }

  // In the middle parts of segments that no other street touches, crosses or runs beside.
  randomPlaces(count, seed = 1) {
    const long = this.segments.filter(({ a, b }) => metres(a, b) >= MIN_SEGMENT_M);
    const next = random(seed);
    const places = [];
    for (let tries = 0; places.length < count && tries < 100 * count; tries++) {
      const { a, b } = long[Math.floor(next() * long.length)];
      const share = 0.3 + 0.4 * next();
      const place = [0, 1].map((i) => Number((a[i] + share * (b[i] - a[i])).toFixed(7)));
      if (this.near(place, APART_M).length === 1) places.push(place);
    }
    return places;
  }
}
