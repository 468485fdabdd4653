// Builds nodes and ways out of tile features: the same point is the same node, within a tile and across tiles.
import { gridToLonLat } from './tiles.mjs';
import { stitchWay } from './stitch.mjs';

const pointKey = ([x, y]) => `${x},${y}`;

function makeNode(id, version, point, tags) {
  const [lon, lat] = gridToLonLat(point[0], point[1]);
  return { id, version, lon, lat, tags };
}

/** Hands out the smallest numbers that no mapped object has, always in the same order. */
function idSource(taken) {
  let last = 0;
  return () => {
    do last++;
    while (taken.has(last));
    return last;
  };
}

function splitFeatures(features) {
  const points = new Map();
  const ways = new Map();
  for (const feature of features) {
    if (feature.type === 'node') points.set(feature.id, feature);
    else if (feature.type === 'way') ways.set(feature.id, [...(ways.get(feature.id) ?? []), feature]);
  }
  const byId = (a, b) => a[0] - b[0];
  return { points: [...points].sort(byId), ways: [...ways].sort(byId) };
}

function stitchAll(ways) {
  const nextId = idSource(new Set(ways.map(([id]) => id)));
  const out = [];
  for (const [id, pieces] of ways) {
    const { version, tags } = pieces[0];
    // A way that leaves the tiles and comes back is several; the first keeps the number.
    stitchWay(pieces).forEach((chain, nth) => out.push({ id: nth === 0 ? id : nextId(), version, tags, chain }));
  }
  return out.sort((a, b) => a.id - b.id);
}

/**
 * {nodes, ways} ready to be written, both sorted by id: nodes {id, version, lon, lat, tags}, ways {id, version,
 * tags, refs}. Tagged nodes keep the numbers they have in OpenStreetMap; the tiles do not tell those of the others.
 */
export function buildCity(features) {
  const { points, ways } = splitFeatures(features);
  const nodeAt = new Map();
  const nodes = points.map(([id, { version, lines, tags }]) => {
    const point = lines[0][0];
    if (!nodeAt.has(pointKey(point))) nodeAt.set(pointKey(point), id);
    return makeNode(id, version, point, tags);
  });
  const nextId = idSource(new Set(points.map(([id]) => id)));
  const refOf = (point) => {
    const key = pointKey(point);
    if (!nodeAt.has(key)) {
      nodeAt.set(key, nextId());
      nodes.push(makeNode(nodeAt.get(key), 1, point, []));
    }
    return nodeAt.get(key);
  };
  const stitched = stitchAll(ways).map(({ id, version, tags, chain }) => {
    const refs = chain.map(refOf).filter((ref, i, all) => ref !== all[i - 1]);
    return { id, version, tags, refs };
  });
  nodes.sort((a, b) => a.id - b.id);
  return { nodes, ways: stitched.filter((way) => way.refs.length > 1) };
}

function findRoot(parent, node) {
  while (parent.get(node) !== node) {
    parent.set(node, parent.get(parent.get(node)));
    node = parent.get(node);
  }
  return node;
}

/** The share of highway ways' nodes that hang together in the largest component, 0 to 1. */
export function connectedShare(ways) {
  const parent = new Map();
  for (const { refs } of ways) {
    for (const ref of refs) if (!parent.has(ref)) parent.set(ref, ref);
    for (let i = 1; i < refs.length; i++) parent.set(findRoot(parent, refs[i - 1]), findRoot(parent, refs[i]));
  }
  const sizes = new Map();
  for (const node of parent.keys()) {
    const root = findRoot(parent, node);
    sizes.set(root, (sizes.get(root) ?? 0) + 1);
  }
  return parent.size === 0 ? 0 : Math.max(...sizes.values()) / parent.size;
}

export function hasTag(object, key, value) {
  return object.tags.some(([k, v]) => k === key && (value === undefined || v === value));
}
