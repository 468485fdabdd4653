// Where one engine cannot follow the other's shorter way, and what the map says there.
import { metres } from './extract.mjs';

const SPAN_M = 400; // asked for at once
const SLACK_M = 6; // the other engine counts whole metres
const KEYS =
  /^(highway|access|foot|bicycle|motorcycle|vehicle|motor_vehicle|oneway.*|cycleway.*|barrier|motorroad|service|junction|construction|steps|surface|smoothness|tracktype|conveying|indoor|sidewalk.*|maxheight)$/;

const between = (a, b) => [0, 1].map((i) => Number(((a[i] + b[i]) / 2).toFixed(7)));

// Points in the middle of the line's segments, with how far along it they are.
function stations(line) {
  const list = [];
  let along = 0;
  for (let i = 1; i < line.length; i++) {
    const length = metres(line[i - 1], line[i]);
    if (length > 4) list.push({ at: between(line[i - 1], line[i]), along: along + length / 2, i });
    along += length;
  }
  return list;
}

const plain = (tags) => [...tags].filter(([key]) => KEYS.test(key)).map((tag) => tag.join('='));

// What is tagged on a stretch of a line: its ways, and the nodes on it.
function found(extract, line, from, to) {
  const facts = new Set();
  for (let i = from.i; i <= to.i; i++) {
    const middle = between(line[i - 1], line[i]);
    for (const { way } of extract.near(middle, 1)) facts.add(`way ${way} ${plain(extract.ways.get(way)).join(' ')}`);
    for (const node of extract.nodes)
      if (i < to.i && metres(node.at, line[i]) < 1 && node.tags.has('barrier'))
        facts.add(`node ${node.id} ${plain(node.tags).join(' ')}`);
  }
  return [...facts];
}

// `ask(from, to)` gives the other engine's { metres } or null. The stretches that it cannot follow.
export async function blame(extract, line, ask) {
  const points = stations(line);
  const follows = async (i, j) => {
    const way = await ask(points[i].at, points[j].at);
    const length = points[j].along - points[i].along;
    return way && way.metres <= length * 1.01 + SLACK_M;
  };
  const stretches = [];
  for (let i = 0; i < points.length - 1; ) {
    let j = i + 1;
    while (j < points.length - 1 && points[j].along - points[i].along < SPAN_M) j++;
    if (await follows(i, j)) {
      i = j === points.length - 1 ? j : Math.max(i + 1, Math.floor((i + j) / 2));
      continue;
    }
    let end = i + 1;
    while (end < j && (await follows(i, end))) end++;
    let start = end - 1;
    while (start > i && (await follows(start, end))) start--;
    stretches.push({ from: points[start].at, to: points[end].at, facts: found(extract, line, points[start], points[end]) });
    i = end;
  }
  return stretches;
}

// Whether the other engine's own ways over some point of the line are together shorter than the way it
// gave: then its search is not exact.
export async function beatsItself(line, pair, ask) {
  const points = stations(line);
  for (let share = 1; share < 16; share++) {
    const { at } = points[Math.floor((points.length * share) / 16)];
    const [there, on] = [await ask(pair.from, at), await ask(at, pair.to)];
    if (there && on && there.metres + on.metres < pair.theirs.metres * 0.99) return true;
  }
  return false;
}
